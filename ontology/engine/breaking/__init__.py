"""What a change of an ontology breaks, for whom, and how to get there safely.

``findings`` compares two states by the keys that differ; ``with_usage`` says which registered consumers are
broken. ``RULES`` is the table of all that is looked for. Nothing here reads anything but the two states.
"""

from ontology.engine.breaking.finding import SEVERITIES, Audience, Finding, Severity
from ontology.engine.breaking.migration import Migration, Operation, Reverse, Step
from ontology.engine.breaking.report import differing, findings
from ontology.engine.breaking.rule import Rule
from ontology.engine.breaking.rules import RULES
from ontology.engine.breaking.sides import Change
from ontology.engine.breaking.usage import Mode, Usage, with_usage

__all__ = [
    "RULES",
    "SEVERITIES",
    "Audience",
    "Change",
    "Finding",
    "Migration",
    "Mode",
    "Operation",
    "Reverse",
    "Rule",
    "Severity",
    "Step",
    "Usage",
    "differing",
    "findings",
    "with_usage",
]
