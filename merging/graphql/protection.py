"""What protects branches, over GraphQL."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self, cast

import strawberry

from gateway.graphql import Info, Limit, Offset, page
from history.permissions import ADMINISTER, require
from history.selectors import ref_resolve, repository_get
from merging import models, selectors, services


@strawberry.type(description="What is asked of every move of the branches that a pattern describes.")
class ProtectionRule:
    id: int
    pattern: str
    mode: str
    requires_proposal: bool
    required_approvals: int
    requires_owner_approval: bool
    author_may_not_approve: bool
    dismisses_stale_approvals: bool
    requires_resolved_comments: bool
    requires_up_to_date: bool
    forbids_findings_from: str
    required_checks: list[str]
    requires_linear_history: bool
    forbids_deletion: bool
    forbids_reset: bool
    bypass_roles: list[str]
    created_by: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: models.ProtectionRule) -> Self:
        return cls(
            id=row.pk,
            created_by=row.created_by.username,
            created_at=row.created_at,
            updated_at=row.updated_at,
            **services.rule_settings(row),
        )


@strawberry.input(description="What a protection rule says; of what is left out a new one has the defaults.")
class ProtectionRuleInput:
    pattern: str | None = strawberry.UNSET
    mode: str | None = strawberry.UNSET
    requires_proposal: bool | None = strawberry.UNSET
    required_approvals: int | None = strawberry.UNSET
    requires_owner_approval: bool | None = strawberry.UNSET
    author_may_not_approve: bool | None = strawberry.UNSET
    dismisses_stale_approvals: bool | None = strawberry.UNSET
    requires_resolved_comments: bool | None = strawberry.UNSET
    requires_up_to_date: bool | None = strawberry.UNSET
    forbids_findings_from: str | None = strawberry.UNSET
    required_checks: list[str] | None = strawberry.UNSET
    requires_linear_history: bool | None = strawberry.UNSET
    forbids_deletion: bool | None = strawberry.UNSET
    forbids_reset: bool | None = strawberry.UNSET
    bypass_roles: list[str] | None = strawberry.UNSET

    def fields(self) -> services.RuleFields:
        """What is given; null is as if it were left out."""
        given: Mapping[str, Any] = vars(self)
        unsaid = (None, strawberry.UNSET)
        return cast("services.RuleFields", {name: value for name, value in given.items() if value not in unsaid})


@strawberry.type(description="Who owns the resources that a pattern describes.")
class Owners:
    id: int
    pattern: str
    position: int
    users: list[str]
    groups: list[str]

    @classmethod
    def of(cls, row: models.Ownership) -> Self:
        return cls(
            id=row.pk,
            pattern=row.pattern,
            position=row.position,
            users=[user.username for user in row.users.all()],
            groups=[group.name for group in row.groups.all()],
        )


@strawberry.type(description="What another system has found out about a commit.")
class Check:
    name: str
    state: str
    url: str
    summary: str
    commit: str
    posted_by: str
    posted_at: datetime

    @classmethod
    def of(cls, row: models.Check) -> Self:
        return cls(
            name=row.name,
            state=row.state,
            url=row.url,
            summary=row.summary,
            commit=row.commit_id,
            posted_by=row.posted_by.username,
            posted_at=row.posted_at,
        )


@strawberry.type(description="That somebody answers for a finding of a proposal.")
class FindingOverride:
    id: int
    rule: str
    path: str
    severity: str
    reason: str
    overridden_by: str
    overridden_at: datetime

    @classmethod
    def of(cls, row: models.FindingOverride) -> Self:
        return cls(
            id=row.pk,
            rule=row.rule,
            path=row.path,
            severity=row.severity,
            reason=row.reason,
            overridden_by=row.overridden_by.username,
            overridden_at=row.overridden_at,
        )


@strawberry.type
class Query:
    @strawberry.field
    def protection_rules(
        self, info: Info, repository: str, limit: Limit = 50, offset: Offset = 0
    ) -> list[ProtectionRule]:
        """The rules that protect branches, by pattern."""
        rows = selectors.protection_rules_of(repository_get(info.context.user, repository))
        return [ProtectionRule.of(row) for row in rows[page(limit, offset)]]

    @strawberry.field
    def owners(self, info: Info, repository: str, limit: Limit = 50, offset: Offset = 0) -> list[Owners]:
        """Who owns what; of several patterns that describe a resource the last counts."""
        rows = selectors.ownerships_of(repository_get(info.context.user, repository))
        return [Owners.of(row) for row in rows[page(limit, offset)]]

    @strawberry.field
    def checks(self, info: Info, repository: str, ref: str, limit: Limit = 50, offset: Offset = 0) -> list[Check]:
        """What was posted for the commit that a ref names, the newest first; of a name the last counts."""
        row = repository_get(info.context.user, repository)
        return [Check.of(each) for each in selectors.checks_of(ref_resolve(row, ref))[page(limit, offset)]]

    @strawberry.field
    def finding_overrides(
        self, info: Info, repository: str, proposal: int, limit: Limit = 50, offset: Offset = 0
    ) -> list[FindingOverride]:
        """The findings of a proposal that somebody answers for."""
        row = _proposal(info, repository, proposal)
        return [FindingOverride.of(each) for each in selectors.finding_overrides_of(row)[page(limit, offset)]]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def protection_rule_create(self, info: Info, repository: str, settings: ProtectionRuleInput) -> ProtectionRule:
        """Make a rule; it holds from the next move of a head on."""
        row = repository_get(info.context.user, repository)
        made = services.protection_rule_create(actor=info.context.user, repository=row, fields=settings.fields())
        return ProtectionRule.of(made)

    @strawberry.mutation
    def protection_rule_update(
        self,
        info: Info,
        repository: str,
        id: int,  # noqa: A002 - as the rule has it
        settings: ProtectionRuleInput,
    ) -> ProtectionRule:
        """Change what a rule says."""
        rule = selectors.protection_rule_get(repository_get(info.context.user, repository), id)
        changed = services.protection_rule_update(actor=info.context.user, rule=rule, fields=settings.fields())
        return ProtectionRule.of(changed)

    @strawberry.mutation
    def protection_rule_delete(self, info: Info, repository: str, id: int) -> int:  # noqa: A002 - as the rule has it
        """Delete a rule."""
        rule = selectors.protection_rule_get(repository_get(info.context.user, repository), id)
        services.protection_rule_delete(actor=info.context.user, rule=rule)
        return id

    @strawberry.mutation
    def owners_set(
        self,
        info: Info,
        repository: str,
        pattern: str,
        users: list[str] | None = None,
        groups: list[str] | None = None,
        position: int | None = None,
    ) -> Owners:
        """Have exactly these people and groups own what a pattern describes, whoever did before."""
        row = repository_get(info.context.user, repository)
        require(info.context.user, ADMINISTER, row)  # first, or anybody could ask who has an account
        made = services.owners_set(
            actor=info.context.user,
            repository=row,
            pattern=pattern,
            users=users or (),
            groups=groups or (),
            position=position,
        )
        return Owners.of(made)

    @strawberry.mutation
    def owners_remove(self, info: Info, repository: str, id: int) -> int:  # noqa: A002 - as the owners have it
        """Have a pattern say nothing of owners any more."""
        row = repository_get(info.context.user, repository)
        services.owners_remove(actor=info.context.user, ownership=selectors.ownership_get(row, id))
        return id

    @strawberry.mutation
    def check_post(
        self, info: Info, repository: str, commit: str, name: str, state: str, url: str = "", summary: str = ""
    ) -> Check:
        """Say how a check of a commit went; of a name the last counts."""
        row = ref_resolve(repository_get(info.context.user, repository), commit)
        posted = services.check_post(
            actor=info.context.user, commit=row, name=name, state=state, url=url, summary=summary
        )
        return Check.of(posted)

    @strawberry.mutation
    def finding_override(
        self, info: Info, repository: str, proposal: int, rule: str, path: str, reason: str
    ) -> FindingOverride:
        """Let a finding land with a proposal, as grave as it is now, for a reason."""
        row = _proposal(info, repository, proposal)
        made = services.finding_override(actor=info.context.user, proposal=row, rule=rule, path=path, reason=reason)
        return FindingOverride.of(made)

    @strawberry.mutation
    def finding_override_withdraw(
        self,
        info: Info,
        repository: str,
        proposal: int,
        id: int,  # noqa: A002 - as the override has it
    ) -> int:
        """Answer for a finding no longer."""
        override = selectors.finding_override_get(_proposal(info, repository, proposal), id)
        services.finding_override_withdraw(actor=info.context.user, override=override)
        return id


def _proposal(info: Info, repository: str, number: int) -> models.Proposal:
    return selectors.proposal_get(repository_get(info.context.user, repository), number)
