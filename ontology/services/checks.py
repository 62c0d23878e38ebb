"""The commit hook: no branch gets a state that breaks a rule of validation."""

from collections.abc import Sequence

from gateway.exceptions import FieldError
from history.services import Transition
from ontology.engine.validation import Found, Severity, in_document
from ontology.exceptions import OntologyInvalid
from ontology.selectors import TreeState, rules_of, violations_between


def check_commit(transition: Transition) -> None:
    """Raise OntologyInvalid with every error that what the change can have touched would have.

    Its fields are pointers into the OMS document of the state that was refused. Warnings block nothing.
    """
    violations = map(in_document, violations_of(transition))
    errors = [FieldError(each.path, each.rule, each.message) for each in violations if each.severity == Severity.ERROR]
    if errors:
        raise OntologyInvalid(errors=errors)


def violations_of(transition: Transition) -> Sequence[Found]:
    """What the change can have touched and breaks, warnings among it."""
    before, after = TreeState(transition.before), TreeState(transition.after, transition.known)
    return violations_between(before, after, rules_of(transition.repository))
