"""The rules that protect a branch, what they ask of a proposal, and what else protection goes by."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import QuerySet

from accounts.backends import roles_in
from accounts.models import User
from gateway.engine.sentences import sentence
from history.models import Commit, Repository
from merging.engine.globs import matches
from merging.engine.protection import Requirement, evaluate
from merging.engine.rules import Rule, strictest
from merging.exceptions import FindingOverrideNotFound, ProtectionRuleNotFound
from merging.models import Check, FindingOverride, Proposal, ProtectionRule, RuleMode
from merging.selectors.facts import facts_of
from merging.selectors.landings import ForeseenLanding, Foresight
from merging.selectors.proposals import heads_of
from ontology.engine.breaking import SEVERITIES, Severity


def protection_of(repository_id: UUID, branch: str) -> list[ProtectionRule]:
    """The rules, of both modes, whose pattern describes the branch of that name."""
    return protection_in(repository_id, [branch])[branch]


def protection_in(repository_id: UUID, branches: Iterable[str]) -> dict[str, list[ProtectionRule]]:
    """The same of several branches, by their names."""
    rows = ProtectionRule.objects.filter(repository=repository_id).order_by("pattern", "id")
    return {branch: [row for row in rows if matches(row.pattern, branch)] for branch in branches}


def rules_in(rows: Collection[ProtectionRule], mode: RuleMode) -> list[Rule]:
    """Those of ``rows`` that are of the mode, as the engine takes them."""
    return [_rule(row) for row in rows if row.mode == mode]


def requirements_of(
    proposal: Proposal,
    actor: User,
    *,
    foresee: Foresight = lambda: None,
    makes_merge_commit: bool = False,
    mode: RuleMode = RuleMode.ACTIVE,
) -> list[Requirement]:
    """What has to be so before ``proposal`` lands, whether it is, and what ``actor`` may go past with a reason.

    By the same rules and facts that the guard goes by when it is merged. ``foresee`` tells what the merge would do;
    without it what the source alone did is looked at. Empty where nothing is asked for, the proposal has ended or
    a branch is gone. Edges ask ``merging.services.proposal_requirements``.
    """
    repository, heads = proposal.repository, heads_of(proposal)
    source, target = heads.source, heads.target
    rules = rules_in(protection_of(repository.pk, proposal.target), mode)
    if not (rules and proposal.is_pending and source and target):
        return []
    landing = ForeseenLanding(
        repository,
        proposal,
        source,
        target,
        foresee,
        makes_merge_commit,
    )
    return evaluate(rules, facts_of(strictest(rules), landing), roles_in(actor, repository))


def _rule(row: ProtectionRule) -> Rule:
    severity = row.forbids_findings_from
    return Rule(
        id=row.pk,
        pattern=row.pattern,
        requires_proposal=row.requires_proposal,
        required_approvals=row.required_approvals,
        requires_owner_approval=row.requires_owner_approval,
        author_may_not_approve=row.author_may_not_approve,
        dismisses_stale_approvals=row.dismisses_stale_approvals,
        requires_resolved_comments=row.requires_resolved_comments,
        requires_up_to_date=row.requires_up_to_date,
        forbids_findings_from=SEVERITIES.index(Severity(severity)) if severity else None,
        required_checks=frozenset(row.required_checks),
        requires_linear_history=row.requires_linear_history,
        forbids_deletion=row.forbids_deletion,
        forbids_reset=row.forbids_reset,
        bypass_roles=frozenset(row.bypass_roles),
    )


# --- What there is ------------------------------------------------------------------------------------


def protection_rules_of(repository: Repository) -> "QuerySet[ProtectionRule]":
    """The rules of a repository, by pattern."""
    rows: QuerySet[ProtectionRule] = repository.protection_rules.select_related("repository", "created_by")
    return rows.order_by("pattern", "mode")


def protection_rule_get(repository: Repository, identifier: int) -> ProtectionRule:
    """One rule of a repository. Raises ProtectionRuleNotFound."""
    found = protection_rules_of(repository).filter(pk=identifier).first()
    if found is None:
        message = sentence("{repository} has no protection rule {id}.", repository=repository.name, id=identifier)
        raise ProtectionRuleNotFound(message)
    return found


def checks_of(commit: Commit) -> "QuerySet[Check]":
    """What was posted for a commit, the newest first."""
    rows: QuerySet[Check] = commit.checks.select_related("posted_by").order_by("-id")
    return rows


def finding_overrides_of(proposal: Proposal) -> "QuerySet[FindingOverride]":
    """The findings of a proposal that somebody answers for, the oldest first."""
    rows = proposal.finding_overrides.select_related("proposal__repository", "overridden_by").order_by("id")
    found: QuerySet[FindingOverride] = rows
    return found


def finding_override_get(proposal: Proposal, identifier: int) -> FindingOverride:
    """One of them. Raises FindingOverrideNotFound."""
    found = finding_overrides_of(proposal).filter(pk=identifier).first()
    if found is None:
        raise FindingOverrideNotFound
    return found
