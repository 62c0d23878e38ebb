"""Migration plans as data: ordered steps that a pipeline can execute, each with its reverse."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gateway.engine.sentences import Sentence

Json = Any


class Operation(StrEnum):
    """What a step does. :data:`REVERSES` has what undoes it."""

    DEPRECATE = "deprecate"
    REINSTATE = "reinstate"
    RENAME_WITH_ALIAS = "rename_with_alias"
    RENAME_BACK = "rename_back"
    DROP_ALIAS = "drop_alias"
    ADD_ALIAS = "add_alias"
    ADD_NULLABLE = "add_nullable"
    REMOVE_ADDED = "remove_added"
    MAKE_NULLABLE = "make_nullable"
    MAKE_REQUIRED = "make_required"
    BACKFILL = "backfill"
    CLEAR_BACKFILLED = "clear_backfilled"
    CAST = "cast"
    CAST_BACK = "cast_back"
    MAP_VALUES = "map_values"
    UNMAP_VALUES = "unmap_values"
    SPLIT = "split"
    JOIN = "join"
    DUAL_WRITE = "dual_write"
    SINGLE_WRITE = "single_write"
    SWITCH = "switch"
    COPY = "copy"
    DISCARD_COPY = "discard_copy"
    DROP = "drop"
    RESTORE = "restore"
    CONSTRAIN = "constrain"
    UNCONSTRAIN = "unconstrain"


_PAIRS = (
    (Operation.DEPRECATE, Operation.REINSTATE),
    (Operation.RENAME_WITH_ALIAS, Operation.RENAME_BACK),
    (Operation.DROP_ALIAS, Operation.ADD_ALIAS),
    (Operation.ADD_NULLABLE, Operation.REMOVE_ADDED),
    (Operation.MAKE_NULLABLE, Operation.MAKE_REQUIRED),
    (Operation.BACKFILL, Operation.CLEAR_BACKFILLED),
    (Operation.CAST, Operation.CAST_BACK),
    (Operation.MAP_VALUES, Operation.UNMAP_VALUES),
    (Operation.SPLIT, Operation.JOIN),
    (Operation.DUAL_WRITE, Operation.SINGLE_WRITE),
    (Operation.COPY, Operation.DISCARD_COPY),
    (Operation.DROP, Operation.RESTORE),
    (Operation.CONSTRAIN, Operation.UNCONSTRAIN),
)
REVERSES: Mapping[Operation, Operation] = {
    **dict(_PAIRS),
    **{reverse: operation for operation, reverse in _PAIRS},
    Operation.SWITCH: Operation.SWITCH,
}
"""What undoes each operation. It takes the same arguments; a ``DIRECTED`` one the other way round."""

DIRECTED = frozenset(
    {
        Operation.RENAME_WITH_ALIAS,
        Operation.RENAME_BACK,
        Operation.CAST,
        Operation.CAST_BACK,
        Operation.SWITCH,
        Operation.CONSTRAIN,
        Operation.UNCONSTRAIN,
    }
)
"""The operations that lead from what stands in ``from`` to what stands in ``to``."""

ARGUMENTS: Mapping[Operation, frozenset[str]] = {
    operation: frozenset(names.split())
    for operation, names in {
        Operation.DEPRECATE: "at",
        Operation.RENAME_WITH_ALIAS: "at from to",
        Operation.DROP_ALIAS: "at alias",
        Operation.ADD_NULLABLE: "at definition",
        Operation.MAKE_NULLABLE: "at",
        Operation.BACKFILL: "at by",
        Operation.CAST: "at from to",
        Operation.MAP_VALUES: "at from to",
        Operation.SPLIT: "at into by",
        Operation.DUAL_WRITE: "from to",
        Operation.SWITCH: "from to",
        Operation.COPY: "from to",
        Operation.DROP: "at copy",
        Operation.CONSTRAIN: "at aspect from to",
    }.items()
    for operation in (operation, REVERSES[operation])
}
"""The arguments that each operation takes.

``at``, and ``from`` and ``to`` where things are copied, written or switched, are pointers into the
OMS document; ``from`` and ``to`` elsewhere are what something is before and afterwards; ``by`` is
``{"value": ...}`` or ``{"expression": ...}``, whose function a pipeline fills in as the step needs it.
"""


@dataclass(frozen=True)
class Reverse:
    """What undoes a step."""

    operation: Operation
    arguments: Mapping[str, Json]
    words: Sentence


@dataclass(frozen=True)
class Step:
    """One operation, what must hold or be given before it, what undoes it, and all that in words."""

    operation: Operation
    arguments: Mapping[str, Json]
    needs: tuple[Sentence, ...]
    reverse: Reverse
    words: Sentence


@dataclass(frozen=True)
class Migration:
    """Steps in the order in which they are safe. To roll back, their reverses the other way round."""

    steps: tuple[Step, ...]
