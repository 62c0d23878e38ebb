"""Conflicts, what settled the rest, and turns in the merge queue, made ready to be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gateway.http.translation import translated
from merging.engine.result import Conflict, ConflictKind, Option, Settled, Strategy
from merging.engine.values import ABSENT, Value
from merging.models import QueueEntry
from merging.services import Way
from ontology.engine.comparison import words_aligned
from ontology.engine.places import shape_at
from ontology.engine.shapes import FreeJson, Shape, Text
from ontology.views.places import Place, place_of, taken_apart
from ontology.views.presentation import NOTHING, Piece, Shown, shown

CONFLICTS: Final[Mapping[str, Promise]] = {
    ConflictKind.VALUE: _("Both sides gave this different values."),
    ConflictKind.TEXT: _("Both sides changed the same words differently."),
    ConflictKind.ORDER: _("Both sides changed the same part of this list differently."),
    ConflictKind.MODIFY_DELETE: _("One side changed what the other deleted."),
    ConflictKind.RENAME_DELETE: _("One side renamed what the other deleted."),
    ConflictKind.RENAME_RENAME: _("Both sides renamed this differently."),
    ConflictKind.RENAME_ADD: _("Two different things came to one name."),
    ConflictKind.COUPLED: _("The sides changed different fields that mean something together only."),
    ConflictKind.DANGLING: _("One side deleted what the other refers to."),
    ConflictKind.VIOLATION: _("What the sides have, each of them valid, breaks a rule together."),
}
STRATEGIES: Final[Mapping[str, Promise]] = {
    Strategy.SAME_CHANGE: _("both sides made the same change"),
    Strategy.SET_UNION: _("additions and removals of both sides hold"),
    Strategy.TEXT_MERGE: _("merged word by word"),
    Strategy.LIST_MERGE: _("merged in order"),
    Strategy.SMALLER_RID: _("the smaller identity stays, the other is an alias"),
    Strategy.RENAME_FOLLOWED: _("follows a rename"),
    Strategy.WIDER: _("both sides widened it; the narrowest that holds both"),
    Strategy.FURTHER: _("the status that is further along"),
}
RESOLUTIONS: Final[Mapping[str, Promise]] = {
    Option.OURS: _("what the target has"),
    Option.THEIRS: _("what the source has"),
    Option.BASE: _("what there was before"),
    Option.CUSTOM: _("another value"),
    "union": _("everything that either has"),
    "wider": _("the wider of both"),
    "looser": _("the bound that allows more"),
    "stricter": _("the bound that allows less"),
    "newest": _("what was changed last"),
}
"""By what a conflict is resolved."""
WAYS: Final[Mapping[str, Promise]] = {
    Way.MERGE: _("Merge commit"),
    Way.SQUASH: _("Squash"),
    Way.REBASE: _("Rebase"),
}
"""The ways in which a proposal is merged."""


def resolution_label(option: str) -> str:
    return str(RESOLUTIONS.get(option, option))


@dataclass(frozen=True)
class ShownConflict:
    place: Place
    sentence: str
    base: Shown
    ours: Shown
    theirs: Shown


@dataclass(frozen=True)
class ShownStrategy:
    place: Place
    sentence: str


@dataclass(frozen=True)
class Turn:
    """A proposal's turn in the merge queue, with its position (:meth:`QueueEntryQuerySet.with_position`)."""

    entry: QueueEntry

    @property
    def way(self) -> str:
        return str(WAYS[self.entry.method])

    @property
    def reason(self) -> str:
        return translated(self.entry.reason)

    @property
    def errors(self) -> list[tuple[Place | None, str]]:
        """What was wrong when it failed, each with the place in the ontology where it is about one."""
        fields = [(error["field"], translated(error["message"])) for error in self.entry.errors]
        return [(place_of(field) if field.startswith("/resources/") else None, words) for field, words in fields]


def shown_conflict(conflict: Conflict) -> ShownConflict:
    kind, _name, path = taken_apart(conflict.subject)
    shape = shape_at(kind, path)
    return ShownConflict(
        place_of(conflict.path),
        str(CONFLICTS.get(conflict.kind, conflict.kind)),
        _shown(shape, conflict.base),
        _beside(shape, conflict.base, conflict.ours),
        _beside(shape, conflict.base, conflict.theirs),
    )


def shown_side(conflict: Conflict, value: Value) -> Shown:
    """A value for the place of ``conflict``, with the words of a text marked that the base has not."""
    kind, _name, path = taken_apart(conflict.subject)
    return _beside(shape_at(kind, path), conflict.base, value)


def shown_strategies(settled: Sequence[Settled]) -> list[ShownStrategy]:
    return [
        ShownStrategy(place_of(each.path), str(STRATEGIES.get(each.strategy) or resolution_label(each.strategy)))
        for each in settled
    ]


def _beside(shape: Shape | None, base: Value, side: Value) -> Shown:
    """A side, with the words of a text marked that the base has not."""
    if isinstance(shape, Text) and isinstance(base, str) and isinstance(side, str):
        segments = words_aligned(base, side)[1]
        return Shown("text", tuple(Piece(segment.value, segment.changed) for segment in segments))
    return _shown(shape, side)


def _shown(shape: Shape | None, value: Value) -> Shown:
    if value is ABSENT:
        return NOTHING
    return shown(FreeJson() if shape is None else shape, value)
