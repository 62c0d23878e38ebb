"""JSON values with nothing among them."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, NamedTuple

Json = Any
"""A JSON value: None, a boolean, a number, a text, a list, or a mapping with text keys."""


class Absent(Enum):
    """There is no value here, which is not the same as null."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT

Value = Any
"""A JSON value or :data:`ABSENT`."""


def same(left: Value, right: Value) -> bool:
    """Whether two values are the same JSON. Other than for Python, ``true`` is not ``1``."""
    if left is right:
        return True
    if left != right:
        return False
    # Written out alike is the usual case and fast; else it is the order of keys, or 1 and 1.0, or true and 1.
    return isinstance(left, str) or repr(left) == repr(right) or _alike(left, right)


def _alike(left: Value, right: Value) -> bool:
    """Whether values that Python finds equal have booleans at the same places."""
    if isinstance(left, dict):
        return all(_alike(value, right[key]) for key, value in left.items())
    if isinstance(left, list):
        return all(map(_alike, left, right))
    return isinstance(left, bool) == isinstance(right, bool)


class Sides(NamedTuple):
    """One place as the base and the two sides have it."""

    base: Any
    ours: Any
    theirs: Any

    @property
    def there(self) -> Mapping[str, Json]:
        """The values that are there, by side."""
        return {side: value for side, value in self._asdict().items() if value is not ABSENT}

    @property
    def still_there(self) -> bool:
        """The three-way merge of whether there is a value at all; it cannot conflict."""
        base, ours, theirs = (value is not ABSENT for value in self)
        return theirs if ours == base else ours

    def objects(self) -> "Sides | None":
        """The three as objects, an absent one as an empty one; None if another value is among them."""
        if all(isinstance(value, dict) for value in self.there.values()):
            return Sides(*({} if value is ABSENT else value for value in self))
        return None

    def names(self) -> list[str]:
        """The names that any of three objects has, sorted."""
        return sorted({*self.base, *self.ours, *self.theirs})

    def at(self, name: str, default: Value = ABSENT) -> "Sides":
        """The members of three objects; one that equals ``default`` counts as absent."""
        members = (value.get(name, ABSENT) for value in self)
        return Sides(*(ABSENT if same(member, default) else member for member in members))
