"""Who may do what, and why. Whatever nothing gives is denied."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from accounts.engine.api_keys import allows
from accounts.engine.roles import ADMINISTRATOR, OF_RESOURCES, granted

PATTERN_LENGTH = 200
_STARS = re.compile(r"(\*\*|\*)")
_PATTERN = re.compile(r"[^\x00-\x20\x7f]+")
_OF_RESOURCES = re.compile(r"[^/]+/[^/]+|.*\*\*.*")
"""Of a kind and a name, or of anything somewhere."""


def is_pattern(text: str) -> bool:
    """Whether ``text`` can describe resources, which are called ``kind/api_name``: without blanks, and with no more
    than two stars beside one another.
    """
    is_written_right = _PATTERN.fullmatch(text) is not None and "***" not in text
    return len(text) <= PATTERN_LENGTH and is_written_right and _OF_RESOURCES.fullmatch(text) is not None


def readings(pattern: str) -> list[tuple[str, str]]:
    """The patterns of a kind and of a name that ``pattern`` can be read as; ``**`` may hold the slash between them."""
    if "/" in pattern:
        kind, _slash, name = pattern.partition("/")
        return [(kind, name)]
    return [(pattern[: stars.end()], pattern[stars.start() :]) for stars in re.finditer(r"\*\*", pattern)]


def matches(pattern: str, path: str) -> bool:
    """Whether ``pattern`` describes all of ``path``: ``*`` is any characters but ``/``, ``**`` any at all.

    The time that it takes grows with the product of the lengths at most, whoever wrote the pattern.
    """
    reached = {0}
    pieces = _pieces(pattern)
    for piece in pieces:
        reached = _after(piece, path, reached)
        if not reached:
            return False
    return len(path) in reached


@lru_cache(maxsize=1024)
def _pieces(pattern: str) -> tuple[str, ...]:
    return tuple(piece for piece in _STARS.split(pattern) if piece)


def _after(piece: str, path: str, reached: set[int]) -> set[int]:
    """The places in ``path`` that ``piece`` can end at, beginning at one of ``reached``."""
    if piece == "**":
        return set(range(min(reached), len(path) + 1))
    if piece != "*":
        return {start + len(piece) for start in reached if path.startswith(piece, start)}
    ends: set[int] = set()
    for start in sorted(reached):
        if start not in ends:  # else another star has been here
            slash = path.find("/", start)
            ends.update(range(start, (len(path) if slash < 0 else slash) + 1))
    return ends


class Origin(StrEnum):
    """Where a role comes from."""

    INSTANCE = "instance"
    MEMBERSHIP = "membership"
    GRANT = "grant"


@dataclass(frozen=True, order=True)
class Held:
    """A role that an account has. ``group`` is that by which it has it, ``pattern`` what a grant describes."""

    role: str
    origin: Origin
    group: str = ""
    pattern: str = ""


class Denial(StrEnum):
    """Why a question is answered with no."""

    INACTIVE = "inactive"
    SCOPE = "scope"
    NOT_A_MEMBER = "not_a_member"
    NO_ROLE = "no_role"


@dataclass(frozen=True)
class Standing:
    """All that counts of an account: on the instance, or in one repository.

    ``scopes`` are those of the API key that it comes with, None without one. ``memberships`` and
    ``grants`` are those in the repository, in person and by groups.
    """

    is_active: bool
    role: str
    scopes: tuple[str, ...] | None = None
    in_repository: bool = False
    is_private: bool = False
    memberships: frozenset[Held] = frozenset()
    grants: frozenset[Held] = frozenset()

    @property
    def roles(self) -> frozenset[Held]:
        """The roles that hold on all of the repository, or on the instance.

        A private repository knows none of who is no member, save administrators of the instance; a
        grant makes nobody a member.
        """
        own = Held(self.role, Origin.INSTANCE)
        if self.in_repository and self.is_private and not self.memberships and self.role != ADMINISTRATOR:
            return frozenset()
        return self.memberships | {own}


@dataclass(frozen=True)
class Decision:
    """The answer, and what it rests on.

    Where ``allowed``, ``held`` are the roles that give it; else ``denial`` says why not and ``held``
    are the roles that do not suffice.
    """

    allowed: bool
    held: tuple[Held, ...] = ()
    denial: Denial | None = None


def decide(permission: str, standing: Standing, resource: str | None = None) -> Decision:
    """Whether an account may do ``permission``: on ``resource`` (``kind/api_name``), or on any at all."""
    if not standing.is_active:
        return Decision(allowed=False, denial=Denial.INACTIVE)
    if standing.scopes is not None and not allows(standing.scopes, permission):
        return Decision(allowed=False, denial=Denial.SCOPE)
    giving = [held for held in standing.roles if granted([held.role], permission)]
    giving += granting(permission, standing.grants, resource)
    if giving:
        return Decision(allowed=True, held=tuple(sorted(giving)))
    held = tuple(sorted(standing.roles | standing.grants))
    return Decision(allowed=False, held=held, denial=Denial.NO_ROLE if held else Denial.NOT_A_MEMBER)


def granting(permission: str, grants: Iterable[Held], resource: str | None) -> list[Held]:
    """Those of ``grants`` that give ``permission`` on ``resource``, or on any resource where it is None."""
    if permission not in OF_RESOURCES:
        return []
    giving = (held for held in grants if granted([held.role], permission))
    return [held for held in giving if resource is None or matches(held.pattern, resource)]
