"""What a merge answers: the merged resources, the conflicts, and what settled the rest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from history.engine.canonical import canonical_bytes, digest
from history.engine.content import Content, Key
from merging.engine.values import ABSENT, Json, Sides, Value, same


class ConflictKind(StrEnum):
    """What two sides can disagree about, in git's words where git knows the case.

    The first three are about one field, ``COUPLED`` is about several of a record. ``DANGLING``, which is about a
    reference, and ``VIOLATION`` are seen in the merged state alone. The others are about a resource or an entry
    of a map.
    """

    VALUE = "value"
    """Both sides gave a field different values, or one of them took it away."""
    TEXT = "text"
    """Both sides changed the same words differently."""
    ORDER = "order"
    """Both sides changed the same part of an ordered list differently."""
    MODIFY_DELETE = "modify_delete"
    """One side changed what the other deleted."""
    RENAME_DELETE = "rename_delete"
    """One side renamed what the other deleted."""
    RENAME_RENAME = "rename_rename"
    """The sides gave one thing different names."""
    RENAME_ADD = "rename_add"
    """Two different things came to one name, at least one of them by a rename."""
    COUPLED = "coupled"
    """One side changed a field, the other another one that means something only together with it."""
    DANGLING = "dangling"
    """One side deleted what the other refers to."""
    VIOLATION = "violation"
    """What the sides have, each of them valid, breaks a rule together, or means something else together."""


class Strategy(StrEnum):
    """What settled a place that both sides changed."""

    SAME_CHANGE = "same_change"
    SET_UNION = "set_union"
    TEXT_MERGE = "text_merge"
    LIST_MERGE = "list_merge"
    SMALLER_RID = "smaller_rid"
    RENAME_FOLLOWED = "rename_followed"
    WIDER = "wider"
    FURTHER = "further"


class Option(StrEnum):
    """How every conflict can be resolved; by a strategy where one is offered, too."""

    OURS = "ours"
    THEIRS = "theirs"
    BASE = "base"
    CUSTOM = "custom"


_OPTIONS: Mapping[ConflictKind, tuple[Option, ...]] = {
    # Who gets the name is a choice between the sides; there is no third value to give.
    ConflictKind.RENAME_ADD: (Option.OURS, Option.THEIRS, Option.BASE),
}


@dataclass(frozen=True)
class Conflict:
    """A place where the sides disagree; the merged document holds the base's value there.

    ``path`` is an RFC 6901 pointer into the OMS document by our names; what we do not have goes
    by the base's name, else by theirs. ``base``, ``ours`` and ``theirs`` are JSON values or
    ``ABSENT``, their references by the merged names. About a whole resource or entry they are
    its contents with its name; about its name alone the path ends in the name's field.
    Merging with the sides swapped gives the same conflict with ``ours`` and ``theirs`` swapped.
    Of a reference that dangles the path is its place in the merged state, and the sides are what it
    names, again with its name: whoever resolves the conflict says as which of them that stays, or that it goes, and
    the references with it. A violation
    has the sides of the place that breaks a rule; until it is resolved the merged value stays there.
    """

    kind: ConflictKind
    path: str
    base: Value
    ours: Value
    theirs: Value
    meant: str = ""
    """Of a reference that dangles: the path of what it names, of which the sides are versions."""
    offering: Callable[[], Mapping[str, Value]] = field(default=dict, compare=False, repr=False)
    """Tells the ``offers``, which are found only where somebody asks: for the newest side history is read."""

    @property
    def sides(self) -> Sides:
        return Sides(self.base, self.ours, self.theirs)

    @property
    def subject(self) -> str:
        """The path of that of which the sides are versions."""
        return self.meant or self.path

    @cached_property
    def id(self) -> str:
        """64 hexadecimal digits that name (path, base, ours, theirs).

        Which item of a list dangles is told by what it names; where in the list it stands does not matter.
        """
        path, _, last = self.path.rpartition("/")
        is_item = self.kind is ConflictKind.DANGLING and last.isdigit()
        return digest("conflict", canonical_bytes({"path": path if is_item else self.path, **self.sides.there}))

    @cached_property
    def offers(self) -> Mapping[str, Value]:
        """The strategies by which it could be settled, by name, with what they come to."""
        return self.offering()

    @property
    def options(self) -> tuple[str, ...]:
        """What a resolution of it may be."""
        if self.kind is ConflictKind.VIOLATION and same(self.base, self.ours) and same(self.base, self.theirs):
            return (Option.CUSTOM,)
        return (*_OPTIONS.get(self.kind, tuple(Option)), *self.offers)

    def to_json(self) -> dict[str, Json]:
        """The conflict as an object, with null as a side on which there is nothing."""
        sides = zip(("base", "ours", "theirs"), self.sides, strict=True)
        return {
            "id": self.id,
            "kind": self.kind.value,
            "path": self.path,
            **{name: None if value is ABSENT else value for name, value in sides},
            "options": [str(option) for option in self.options],
        }

    def to_open_json(self) -> dict[str, Json]:
        """Likewise, with null as its resolution."""
        return {**self.to_json(), "resolution": None}


@dataclass(frozen=True)
class Settled:
    """A place that both sides changed, and what settled it, for all that is below ``path``.

    That is a :class:`Strategy`, or the option or the name of the strategy that somebody chose.
    """

    path: str
    strategy: str

    def to_json(self) -> dict[str, Json]:
        return {"path": self.path, "strategy": str(self.strategy)}


@dataclass(frozen=True)
class Chosen:
    """A conflict that there is not, since a strategy that was chosen for its place beforehand settles it."""

    conflict: Conflict
    strategy: str


@dataclass(frozen=True)
class MergeResult:
    """The merged state of every key that any side has (None: not there), and how it came about.

    Conflicts and strategies are sorted by path. A key that all three sides have alike is
    there as well.
    """

    resources: Mapping[Key, Content | None]
    conflicts: tuple[Conflict, ...]
    strategies: tuple[Settled, ...]
    decided: tuple[Conflict, ...] = ()
    """The conflicts that decisions about them have settled, in the order in which they were met."""
    chosen: tuple[Chosen, ...] = ()
    origins: Mapping[Key, Sides] = field(default_factory=dict, compare=False, repr=False)
    """What the three have of every resource that is there, its references by the merged names."""
    renames: Sides = field(default=Sides({}, {}, {}), compare=False, repr=False)
    """The merged names of what each of the three has, by its keys, where they are others."""

    @property
    def clean(self) -> bool:
        return not self.conflicts

    @property
    def documents(self) -> dict[Key, Content]:
        """The resources that are there."""
        return {key: content for key, content in self.resources.items() if content is not None}
