"""Asking the rules."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import sentence
from history.engine.content import Content, Key, Violation
from ontology.engine.state import State
from ontology.engine.validation.neighbourhood import Neighbourhood, gather
from ontology.engine.validation.rule import Rule, Severity
from ontology.engine.validation.rules import RULE_FAILED, RULES

Found = tuple[Key, Violation]

Witness = Callable[[str, Key, Exception], object]
"""Told of a rule that failed at a resource, and with what."""


def nobody(_rule: str, _key: Key, _error: Exception) -> None:
    """Nobody wants to know why a rule failed."""


def validate(
    state: State, subjects: Iterable[Key], rules: Mapping[str, Rule] = RULES, failed: Witness = nobody
) -> list[Found]:
    """The violations of those of ``subjects`` that exist, in order of key and path.

    Whatever the rules look at is read before they are asked, so that what goes wrong in reading is raised
    and what goes wrong in a rule is a violation: RULE_FAILED of the resource, an error.
    """
    near = gather(state, subjects)
    found = [
        (key, violation)
        for key in sorted(near.subjects)
        for rule in rules.values()
        if key[0] in rule.kinds
        for violation in _violations(rule, near, key, failed)
    ]
    return sorted(found, key=lambda each: (each[0], each[1].path, each[1].rule))


def in_document(found: Found) -> Violation:
    """A violation with a pointer into the OMS document of the state."""
    key, violation = found
    return replace(violation, path=pointer("/resources", *key) + violation.path)


def _violations(rule: Rule, near: Neighbourhood, key: Key, failed: Witness) -> list[Violation]:
    try:
        return list(_broken(rule, near, key, near.contents[key]))
    except Exception as error:  # noqa: BLE001  (whatever a rule raises must block, and block nothing else)
        failed(rule.id, key, error)
        message = sentence(
            "The rule {rule} could not be checked here: it failed with {error}.",
            rule=rule.id,
            error=type(error).__name__,
        )
        return [Violation(RULE_FAILED, "", message, Severity.ERROR.value)]


def _broken(rule: Rule, near: Neighbourhood, key: Key, content: Content) -> Iterator[Violation]:
    for each in rule.check(near, key, content):
        yield Violation(rule.id, each.path, each.message, (each.severity or rule.severity).value)
