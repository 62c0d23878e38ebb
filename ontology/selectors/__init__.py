"""Reads of ontologies: states as engines look at them, what differs between two, and whom that breaks."""

from ontology.selectors.comparison import Comparison, compare, findings_of
from ontology.selectors.compatibility import (
    BranchCompatibility,
    Counts,
    Verdict,
    branches_asked,
    compatibility_of,
)
from ontology.selectors.consumers import (
    ConsumerUsages,
    consumer_get,
    consumers_of,
    registered_of,
    standings_of,
    with_consumers,
)
from ontology.selectors.states import (
    RuleWeight,
    TreeState,
    content_schema,
    document_export,
    effective_type,
    network_at,
    ontology_export,
    rule_failed,
    rule_weights,
    rules_of,
    step_read,
    violations_at,
    violations_between,
)

__all__ = [
    "BranchCompatibility",
    "Comparison",
    "ConsumerUsages",
    "Counts",
    "RuleWeight",
    "TreeState",
    "Verdict",
    "branches_asked",
    "compare",
    "compatibility_of",
    "consumer_get",
    "consumers_of",
    "content_schema",
    "document_export",
    "effective_type",
    "findings_of",
    "network_at",
    "ontology_export",
    "registered_of",
    "rule_failed",
    "rule_weights",
    "rules_of",
    "standings_of",
    "step_read",
    "violations_at",
    "violations_between",
    "with_consumers",
]
