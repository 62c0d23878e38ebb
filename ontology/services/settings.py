"""What a repository decides for itself."""

from typing import Any

from django.db import transaction

from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError
from history.models import Repository
from history.permissions import ADMINISTER, require
from history.services import event_record
from ontology.engine.validation import RULES
from ontology.exceptions import RuleImmovable, RuleNotFound
from ontology.models import RuleSetting, RuleSeverity
from ontology.selectors import rule_weights


@transaction.atomic
def rule_setting_set(*, actor: Any, repository: Repository, rule: str, severity: RuleSeverity) -> None:
    """Have ``rule`` weigh ``severity`` in ``repository`` from the next commit on; nothing happens where it does.

    Raises RuleNotFound, and RuleImmovable where the rule is no movable one.
    """
    require(actor, ADMINISTER, repository)
    if rule not in RULES:
        raise RuleNotFound(sentence("There is no rule {rule}.", rule=rule))
    before = next(weight.severity for weight in rule_weights(repository) if weight.rule.id == rule)
    if severity == before:
        return
    if not RULES[rule].movable:
        message = sentence("{rule} is of the severity {severity} in every repository.", rule=rule, severity=before)
        raise RuleImmovable(message, errors=[FieldError("/severity", "RULE_IMMOVABLE", message)])
    RuleSetting.objects.update_or_create(repository=repository, rule=rule, defaults={"severity": severity})
    event_record(
        type="io.oms.ontology.rule.set",
        subject=f"repositories/{repository.name}",
        actor=actor,
        repository=repository,
        data={"repository": repository.name, "rule": rule, "severity": severity},
    )
