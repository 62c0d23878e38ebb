"""Validation: which rules a state of an ontology breaks, and what a change can have touched of that."""

from ontology.engine.validation.affected import affected
from ontology.engine.validation.neighbourhood import gather
from ontology.engine.validation.rule import Rule, Severity
from ontology.engine.validation.rules import OFF, RULE_FAILED, RULES, with_severities
from ontology.engine.validation.run import Found, Witness, in_document, nobody, validate

__all__ = [
    "OFF",
    "RULES",
    "RULE_FAILED",
    "Found",
    "Rule",
    "Severity",
    "Witness",
    "affected",
    "gather",
    "in_document",
    "nobody",
    "validate",
    "with_severities",
]
