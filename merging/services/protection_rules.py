"""Making, changing and deleting the rules that protect branches."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypedDict

from django.db import IntegrityError, transaction
from django.utils import timezone

from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError
from history.engine.names import branch_name_problem
from history.models import Repository, Role
from history.permissions import ADMINISTER, require
from history.services import event_record
from merging.exceptions import ProtectionRuleExists, ProtectionRuleInvalid, ProtectionRuleNotFound
from merging.models import MAX_APPROVALS, PATTERN_LENGTH, FindingSeverity, ProtectionRule, RuleMode
from merging.services.checks import check_name_problem

MAX_CHECKS: Final = 50
GLOBS: Final = re.compile(r"\*+|\?|\[[^\]/]+\]")


class RuleFields(TypedDict, total=False):
    """What a protection rule says, by the fields of ``merging.models.ProtectionRule``."""

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


RULE_FIELDS: Final = tuple(RuleFields.__annotations__)
"""The names of these fields, for edges that show or take all of them."""


@transaction.atomic
def protection_rule_create(*, actor: Any, repository: Repository, fields: RuleFields) -> ProtectionRule:
    """A rule that says what is given, and the defaults of the rest. It holds from the next move of a head on.

    Raises ProtectionRuleInvalid with all that is wrong, or ProtectionRuleExists.
    """
    require(actor, ADMINISTER, repository)
    rule = ProtectionRule(repository=repository, created_by=actor)
    _fill(rule, fields)
    _save(rule)
    _tell("io.oms.merging.protection_rule.created", actor, rule)
    return rule


@transaction.atomic
def protection_rule_update(*, actor: Any, rule: ProtectionRule, fields: RuleFields) -> ProtectionRule:
    """Have ``rule`` say what is given; nothing happens where it does. Raises what making it so would."""
    require(actor, ADMINISTER, rule.repository)
    rule = _locked(rule)
    before = rule_settings(rule)
    _fill(rule, fields)
    changed = sorted(name for name, value in rule_settings(rule).items() if value != before[name])
    if changed:
        rule.updated_at = timezone.now()
        _save(rule)
        _tell("io.oms.merging.protection_rule.updated", actor, rule, fields=changed)
    return rule


@transaction.atomic
def protection_rule_delete(*, actor: Any, rule: ProtectionRule) -> None:
    """Have nothing be asked by ``rule`` any more."""
    require(actor, ADMINISTER, rule.repository)
    rule = _locked(rule)
    _tell("io.oms.merging.protection_rule.deleted", actor, rule)
    rule.delete()


def rule_settings(rule: ProtectionRule) -> dict[str, Any]:
    """What ``rule`` says."""
    return {name: getattr(rule, name) for name in RULE_FIELDS}


def _locked(rule: ProtectionRule) -> ProtectionRule:
    rows = ProtectionRule.objects.select_for_update(of=("self",)).select_related("repository", "created_by")
    found = rows.filter(pk=rule.pk).first()
    if found is None:
        raise ProtectionRuleNotFound(sentence("The rule {pattern} is gone already.", pattern=rule.pattern))
    return found


def _fill(rule: ProtectionRule, fields: RuleFields) -> None:
    errors = list(_errors({"pattern": rule.pattern, **fields}))
    if errors:
        raise ProtectionRuleInvalid(errors=errors)
    for name, value in fields.items():
        setattr(rule, name, sorted(set(value)) if isinstance(value, list) else value)


def _save(rule: ProtectionRule) -> None:
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        message = sentence("There is a rule of this mode for {pattern} already.", pattern=rule.pattern)
        raise ProtectionRuleExists(message, errors=[FieldError("/pattern", "TAKEN", message)]) from error


def _errors(fields: Mapping[str, Any]) -> Iterator[FieldError]:
    """What is wrong with the values that are given."""
    if problem := _pattern_problem(fields["pattern"]):
        yield FieldError("/pattern", "PATTERN_INVALID", problem)
    closed = (("mode", RuleMode.values), ("forbids_findings_from", ["", *FindingSeverity.values]))
    for name, values in closed:
        if name in fields and fields[name] not in values:
            yield _unknown(f"/{name}", values)
    if not 0 <= fields.get("required_approvals", 0) <= MAX_APPROVALS:
        message = sentence("Between 0 and {limit} approvals can be asked for.", limit=MAX_APPROVALS)
        yield FieldError("/required_approvals", "OUT_OF_RANGE", message)
    checks = fields.get("required_checks", [])
    if len(checks) > MAX_CHECKS:
        message = sentence("At most {limit} checks can be asked for.", limit=MAX_CHECKS)
        yield FieldError("/required_checks", "TOO_MANY", message)
    for place, name in enumerate(checks[:MAX_CHECKS]):
        if problem := check_name_problem(name):
            yield FieldError(f"/required_checks/{place}", "CHECK_NAME", problem)
    for place, role in enumerate(fields.get("bypass_roles", [])):
        if role not in Role.values:
            yield _unknown(f"/bypass_roles/{place}", Role.values)


def _unknown(field: str, values: list[str]) -> FieldError:
    message = sentence("This is one of {values}.", values=", ".join(filter(None, values)))
    return FieldError(field, "VALUE_UNKNOWN", message)


def _pattern_problem(pattern: str) -> str | None:
    """Why no branch could ever have a name that ``pattern`` describes."""
    if len(pattern) > PATTERN_LENGTH:
        return sentence("A pattern has at most {limit} characters.", limit=PATTERN_LENGTH)
    if not pattern:
        return sentence("A pattern is needed.")
    return branch_name_problem(GLOBS.sub("x", pattern))


def _tell(event: str, actor: Any, rule: ProtectionRule, **data: Any) -> None:
    repository = rule.repository
    event_record(
        type=event,
        subject=f"repositories/{repository.name}/protection-rules/{rule.pk}",
        actor=actor,
        repository=repository,
        data={"repository": repository.name, "rule": rule.pk, "settings": rule_settings(rule), **data},
    )
