"""Reads of merging: how kinds and states merge, proposals, their conflicts, and what protects branches."""

from merging.selectors.ancestry import Ancestry
from merging.selectors.creations import facts_of_creation
from merging.selectors.custom_values import custom_value
from merging.selectors.documents import DocumentMerge, merge_documents
from merging.selectors.facts import NOTHING_KNOWN, facts_of
from merging.selectors.landings import Landing, MadeLanding, Outcome
from merging.selectors.merger import Merger, Recall, nothing_remembered
from merging.selectors.owners import (
    OVERRIDE,
    overrides_counting,
    ownership_get,
    ownerships_of,
    paths_overridable,
)
from merging.selectors.proposals import (
    ProposalHeads,
    Reviewer,
    TimelineEntry,
    comment_get,
    heads_of,
    is_decidable,
    memory_applies,
    merge_settings_of,
    proposal_commits,
    proposal_get,
    proposals_of,
    proposals_tally,
    review_get,
    reviewers_of,
    reviews_of,
    thread_get,
    threads_of,
    timeline_entries,
    timeline_events,
)
from merging.selectors.protection import (
    checks_of,
    finding_override_get,
    finding_overrides_of,
    protection_in,
    protection_of,
    protection_rule_get,
    protection_rules_of,
    requirements_of,
    rules_in,
)
from merging.selectors.queue import merge_queue_of, queue_entry_get, queue_entry_of
from merging.selectors.reverts import Reverted, reverts_met
from merging.selectors.schema import merge_schema
from merging.selectors.strategies import StrategyMisconfigured, registered_strategies, strategies_of, strategy_get
from merging.selectors.trees import TreeMerge, merge_trees

__all__ = [
    "NOTHING_KNOWN",
    "OVERRIDE",
    "Ancestry",
    "DocumentMerge",
    "Landing",
    "MadeLanding",
    "Merger",
    "Outcome",
    "ProposalHeads",
    "Recall",
    "Reverted",
    "Reviewer",
    "StrategyMisconfigured",
    "TimelineEntry",
    "TreeMerge",
    "checks_of",
    "comment_get",
    "custom_value",
    "facts_of",
    "facts_of_creation",
    "finding_override_get",
    "finding_overrides_of",
    "heads_of",
    "is_decidable",
    "memory_applies",
    "merge_documents",
    "merge_queue_of",
    "merge_schema",
    "merge_settings_of",
    "merge_trees",
    "nothing_remembered",
    "overrides_counting",
    "ownership_get",
    "ownerships_of",
    "paths_overridable",
    "proposal_commits",
    "proposal_get",
    "proposals_of",
    "proposals_tally",
    "protection_in",
    "protection_of",
    "protection_rule_get",
    "protection_rules_of",
    "queue_entry_get",
    "queue_entry_of",
    "registered_strategies",
    "requirements_of",
    "reverts_met",
    "review_get",
    "reviewers_of",
    "reviews_of",
    "rules_in",
    "strategies_of",
    "strategy_get",
    "thread_get",
    "threads_of",
    "timeline_entries",
    "timeline_events",
]
