"""What merging a proposal would do, and resolving its conflicts, over GraphQL."""

from datetime import datetime
from typing import Self

import strawberry

from gateway.graphql import JSON, Info
from gateway.http.translation import translated
from history.selectors import repository_get
from merging import models, selectors, services
from merging.engine.values import ABSENT
from merging.graphql.merges import MergePreview, MergeWay, Violation


@strawberry.type(description="How the same conflict was resolved in another proposal.")
class RememberedResolution:
    resolution: str
    value: JSON | None
    by: str
    at: datetime
    proposal: int

    @classmethod
    def of(cls, row: models.Resolution) -> Self:
        return cls(
            resolution=row.option,
            value=_value(row),
            by=row.resolved_by.get_username(),
            at=row.resolved_at,
            proposal=row.proposal.number,
        )


@strawberry.type(description="A conflict of a proposal; its resolution is null while it is open.")
class ProposalConflict:
    conflict: JSON
    resolution: str | None
    value: JSON | None
    resolved_by: str | None
    resolved_at: datetime | None
    from_memory: bool
    remembered: RememberedResolution | None

    @classmethod
    def of(cls, found: services.ProposalConflict) -> Self:
        row, remembered = found.resolution, found.remembered
        return cls(
            conflict=JSON(found.to_json()),
            resolution=row.option if row else None,
            value=_value(row) if row else None,
            resolved_by=row.resolved_by.get_username() if row else None,
            resolved_at=row.resolved_at if row else None,
            from_memory=found.is_from_memory,
            remembered=RememberedResolution.of(remembered) if remembered else None,
        )


@strawberry.type(description="What merging a proposal would do, and all its conflicts, resolved ones among them.")
class ProposalDifference:
    preview: MergePreview
    conflicts: list[ProposalConflict]

    @classmethod
    def of(cls, found: services.ProposalPreview) -> Self:
        return cls(
            preview=MergePreview.of(found.preview),
            conflicts=[ProposalConflict.of(conflict) for conflict in found.conflicts],
        )


@strawberry.type(description="A conflict after somebody said something about it, and what that would break.")
class ResolvedConflict:
    conflict: ProposalConflict
    violations: list[Violation]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def conflict_resolve(
        self,
        info: Info,
        repository: str,
        number: int,
        conflict: str,
        *,
        resolution: str | None = None,
        value: JSON | None = strawberry.UNSET,
        method: MergeWay = MergeWay.MERGE,
    ) -> ResolvedConflict:
        """Resolve a conflict by one of its options, value going with custom, or open it again by null.

        It is one of those that a merge by ``method`` meets.
        """
        resolved = services.conflict_resolve(
            actor=info.context.user,
            proposal=selectors.proposal_get(repository_get(info.context.user, repository), number),
            conflict=conflict,
            resolution=resolution,
            value=ABSENT if value is strawberry.UNSET else value,
            way=services.Way(method.value),
        )
        violations = [
            Violation(rule=each.rule, path=each.field, message=translated(each.message)) for each in resolved.violations
        ]
        return ResolvedConflict(conflict=ProposalConflict.of(resolved.conflict), violations=violations)


def _value(row: models.Resolution) -> JSON | None:
    value = row.decision.value
    return None if value is ABSENT else JSON(value)
