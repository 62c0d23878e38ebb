"""What a merge would do, and doing it."""

from collections.abc import Sequence
from enum import Enum
from typing import Self

import strawberry

from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError, Malformed
from gateway.graphql import JSON, Info
from gateway.http.translation import translated, translated_json
from history.http.authority import authority_of
from history.selectors import repository_get
from merging import selectors, services
from merging.engine import result
from merging.engine.policy import Decision, Decisions
from merging.engine.values import ABSENT
from ontology.engine.breaking.notation import finding_json
from ontology.graphql import ResourceChange


@strawberry.enum(description="How a merge is asked for; by fast-forward where it is one where it is left out.")
class MergeWay(Enum):
    MERGE = services.Way.MERGE.value
    SQUASH = services.Way.SQUASH.value
    REBASE = services.Way.REBASE.value


@strawberry.input(description="How the conflict of an id is resolved; the value is that of custom, left out for none.")
class DecisionInput:
    conflict: str
    resolution: str
    value: JSON | None = strawberry.UNSET


def way_of(method: MergeWay | None) -> services.Way:
    return services.Way.AUTOMATIC if method is None else services.Way(method.value)


def decisions_of(given: Sequence[DecisionInput] | None) -> Decisions:
    """The decisions by their conflicts. Raises Malformed where one is decided twice."""
    decisions: dict[str, Decision] = {}
    for place, each in enumerate(given or ()):
        if each.conflict in decisions:
            message = sentence("This conflict is decided more than once.")
            field = f"/decisions/{place}/conflict"
            raise Malformed(message, errors=[FieldError(field, "DUPLICATE_KEY", message)])
        decisions[each.conflict] = Decision(each.resolution, ABSENT if each.value is strawberry.UNSET else each.value)
    return decisions


@strawberry.type(description="What merging one ref into another would do.")
class MergePreview:
    source: str
    target: str
    merge_bases: list[str]
    method: str
    fast_forward: bool
    changes: list[ResourceChange]
    conflicts: list[JSON]
    strategies: list["Settled"]
    violations: list["Violation"]
    findings: list[JSON]
    decided: list[JSON]
    reverted: list["Reverted"]
    stopped_at: str | None

    @classmethod
    def of(cls, preview: services.MergePreview) -> Self:
        return cls(
            source=preview.source.digest,
            target=preview.target.digest,
            merge_bases=[base.digest for base in preview.bases],
            method=preview.method.value,
            fast_forward=preview.fast_forward,
            changes=[ResourceChange.of(change) for change in preview.changes],
            conflicts=[JSON(conflict.to_open_json()) for conflict in preview.conflicts],
            strategies=[Settled.of(each) for each in preview.strategies],
            violations=[
                Violation(rule=each.rule, path=each.field, message=translated(each.message))
                for each in preview.violations
            ],
            findings=[JSON(translated_json(finding_json(finding))) for finding in preview.findings],
            decided=[JSON(each.to_json()) for each in preview.decided],
            reverted=[Reverted.of(each) for each in preview.reverted],
            stopped_at=preview.stopped_at.digest if preview.stopped_at else None,
        )


@strawberry.type(description="A place that both sides changed, and the strategy that settled it.")
class Settled:
    path: str
    strategy: str

    @classmethod
    def of(cls, row: result.Settled) -> Self:
        return cls(path=row.path, strategy=str(row.strategy))


@strawberry.type(description="A rule that the merged state would break.")
class Violation:
    rule: str
    path: str
    message: str


@strawberry.type(description="A commit that did what the source has, and that the target has taken back.")
class Reverted:
    commit: str
    by: str
    returns: bool = strawberry.field(description="Whether the merge brings it back; else it stays taken back.")

    @classmethod
    def of(cls, row: selectors.Reverted) -> Self:
        return cls(commit=row.commit.digest, by=row.by.digest, returns=row.returns)


@strawberry.type(description="A branch's head after a merge.")
class Merged:
    commit: str
    method: str
    strategies: list[Settled]
    reverted: list[Reverted]

    @classmethod
    def of(cls, merged: services.Merged) -> Self:
        return cls(
            commit=merged.commit.digest,
            method=merged.method.value,
            strategies=[Settled.of(each) for each in merged.strategies],
            reverted=[Reverted.of(each) for each in merged.reverted],
        )


@strawberry.type
class Query:
    @strawberry.field
    def merge_preview(
        self,
        info: Info,
        repository: str,
        source: str,
        target: str,
        method: MergeWay | None = None,
        decisions: list[DecisionInput] | None = None,
    ) -> MergePreview:
        """What merging ``source`` into ``target`` would do; nothing is written."""
        preview = services.merge_preview(
            actor=info.context.user,
            repository=repository_get(info.context.user, repository),
            source=source,
            target=target,
            way=way_of(method),
            decisions=decisions_of(decisions),
        )
        return MergePreview.of(preview)


@strawberry.type
class Mutation:
    @strawberry.mutation
    def branch_merge(
        self,
        info: Info,
        repository: str,
        source: str,
        target: str,
        *,
        message: str = "",
        expected_head: str | None = None,
        method: MergeWay | None = None,
        decisions: list[DecisionInput] | None = None,
    ) -> Merged:
        """Merge ``source`` into the branch ``target``; an error with the conflicts where there are any."""
        merged = services.branch_merge(
            actor=info.context.user,
            repository=repository_get(info.context.user, repository),
            source=source,
            target=target,
            message=message,
            expected_head=expected_head,
            way=way_of(method),
            decisions=decisions_of(decisions),
            authority=authority_of(info.context.request.headers),
        )
        return Merged.of(merged)
