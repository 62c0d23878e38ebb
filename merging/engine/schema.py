"""How the fields of each kind of resource merge, declared as data."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from history.engine.content import Content, Key
from merging.engine.values import ABSENT, Json, Value


@dataclass(frozen=True)
class Scalar:
    """A value that is taken whole from one side and never looked into, whatever its shape."""


@dataclass(frozen=True)
class Text:
    """Prose, merged by lines and words; an object is a text per language."""


@dataclass(frozen=True)
class SetOf:
    """A list without order, of strings: additions and removals of both sides hold, nothing conflicts."""


@dataclass(frozen=True)
class OrderedList:
    """A list whose order means something. An ``atomic`` one conflicts where both sides changed it at all."""

    atomic: bool = False


@dataclass(frozen=True)
class Joined:
    """A value of a partial order. Where both sides only went up, the least value that is above both is taken.

    ``join`` gives the least upper bound of two values, None where there is none; it is commutative,
    and of two values of which one is above the other it gives that one.
    """

    join: Callable[[Json, Json], Json | None]


@dataclass(frozen=True)
class Ranked:
    """A stage of a life: the later of ``stages`` wins. What is none of them is a scalar."""

    stages: tuple[str, ...]


@dataclass(frozen=True)
class Limit:
    """A bound of what is allowed; a ``lower`` one is looser the less it is, and no bound is the loosest.

    Two bounds conflict, and the looser and the stricter are offered.
    """

    lower: bool = False


@dataclass(frozen=True)
class FreeJson:
    """Any JSON, of no meaning here: objects merge by key, at every depth; all else is scalar."""


@dataclass(frozen=True)
class Record:
    """An object with known fields. Fields that are not declared are :class:`FreeJson`.

    An absent record is one with all fields absent. The fields of a ``coupled`` group mean something
    together only: where one side changed one of them and the other side another, that is a conflict.
    So it is where one side took away what the other changed, of a record that is ``whole``.
    """

    fields: Mapping[str, "Field"] = field(default_factory=dict)
    coupled: tuple[tuple[str, ...], ...] = ()
    whole: bool = False

    def field(self, name: str) -> "Field":
        return self.fields.get(name, _UNDECLARED)


@dataclass(frozen=True)
class KeyedMap:
    """Entries by name, each with an identity of its own, so that one that is renamed is known again."""

    entry: Record


Rule = Scalar | Text | SetOf | OrderedList | Joined | Ranked | Limit | FreeJson | Record | KeyedMap


@dataclass(frozen=True)
class Field:
    """A field's rule, and the value that it stands for when it is left out."""

    rule: Rule
    default: Value = ABSENT


_UNDECLARED = Field(FreeJson())


def _follow_nothing(_kind: str, content: Content, _renames: Mapping[Key, str]) -> Content:
    return content


def _follow_no_member(_kind: str, content: Content, _field: str, _renames: Mapping[str, str]) -> Content:
    return content


@dataclass(frozen=True)
class MergeSchema:
    """The records of all kinds, and what is common to them.

    ``rewrite`` gives a content's references to the keys of a mapping their new names, all at
    once; ``rewrite_members`` does so with its references to its own entries in a :class:`KeyedMap`
    of a field. They must not change their arguments. ``identity`` is the field by which a resource or an
    entry is known again under another name, ``name`` the one that a document may repeat the
    name in, ``aliases`` a set in which an identity that gives way is kept, in those records
    that declare it.
    """

    kinds: Mapping[str, Record]
    rewrite: Callable[[str, Content, Mapping[Key, str]], Content] = _follow_nothing
    rewrite_members: Callable[[str, Content, str, Mapping[str, str]], Content] = _follow_no_member
    identity: str = "rid"
    name: str = "api_name"
    aliases: str = "aliases"

    def record(self, kind: str) -> Record:
        return self.kinds.get(kind, _UNKNOWN)

    def rule_at(self, kind: str, path: Iterable[str]) -> Rule:
        """The rule of what stands at ``path`` in a resource of ``kind``."""
        rule: Rule = self.record(kind)
        for token in path:
            match rule:
                case Record():
                    rule = rule.field(token).rule
                case KeyedMap(entry=entry):
                    rule = entry
                case FreeJson() | Text():
                    pass  # all below has the same rule
                case _:
                    rule = Scalar()
        return rule


_UNKNOWN = Record()
