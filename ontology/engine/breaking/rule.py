"""The vocabulary in which the rules are declared, and the checks that many of them are."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Final

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import Word
from ontology.engine.breaking.difference import Difference, Fate, Place, Sort
from ontology.engine.breaking.finding import Audience, Severity
from ontology.engine.breaking.known import Known
from ontology.engine.breaking.migration import Step
from ontology.engine.breaking.sides import plain

Json = Any

LOW, MEDIUM, HIGH, CRITICAL = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL

NOBODY: Final[frozenset[Audience]] = frozenset()
READERS: Final = frozenset({Audience.READERS})
WRITERS: Final = frozenset({Audience.WRITERS})
DATA: Final = frozenset({Audience.DATA})
USERS: Final = READERS | WRITERS
INPUT: Final = WRITERS | DATA
"""What is written and what has been."""
EVERYBODY: Final = READERS | WRITERS | DATA


class Reach(Enum):
    """Whom a finding lists as its users."""

    NOBODY = auto()
    DEPENDANTS = auto()
    """What inherits it, is of it, or has a value of it."""
    REFERRERS = auto()
    """What named it."""


@dataclass(frozen=True)
class Broken:
    """One occasion on which a rule speaks.

    ``at`` leads on below the difference. ``words`` fill the rule's sentence beside ``it``,
    ``before`` and ``after``; ``severity`` is another one of the rule's. ``places`` are reached beside
    the dependants of the difference itself. What is ``safe`` is told as low and breaks nobody.
    """

    before: Json = None
    after: Json = None
    at: Place = ()
    severity: Severity | None = None
    words: Mapping[str, Word] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    safe: bool = False


Check = Callable[[Difference, Known], Iterator[Broken]]
Plan = Callable[[Difference, Broken], tuple[Step, ...]]


def no_plan(_difference: Difference, _broken: Broken) -> tuple[Step, ...]:
    """There is nothing to migrate, or nothing that data could say."""
    return ()


@dataclass(frozen=True)
class Rule:
    """When something breaks, how gravely and for whom.

    ``of`` and ``fates`` say to which differences the rule is put. ``sentence`` is the template of what it says, which
    ``makemessages`` finds in the table of all rules. ``severities`` begins with the one that
    holds where the check names no other. Of the place where a rule spoke, and of the fields that it ``tells``
    with it, no more needs saying; what no rule spoke of is told by those at the end of the table.
    """

    of: frozenset[Sort]
    id: str
    severities: tuple[Severity, ...]
    breaks: frozenset[Audience]
    sentence: str
    check: Check
    fates: tuple[Fate, ...] = (Fate.KEPT,)
    tells: tuple[str, ...] = ()
    reach: Reach = Reach.NOBODY
    plan: Plan = no_plan


def address(path: Place) -> str:
    """Where something is or was in the OMS document."""
    return pointer("/resources", *(plain(token) for token in path))


# --- Checks ---------------------------------------------------------------------------------------


def always(difference: Difference, _known: Known) -> Iterator[Broken]:
    """It came or went, whatever it was."""
    was = difference.before is not None and difference.former_name
    now = difference.after is not None and difference.name
    yield Broken(was or None, now or None)


def renamed(difference: Difference, _known: Known) -> Iterator[Broken]:
    if difference.name != difference.former_name:
        yield Broken(difference.former_name, difference.name)


def differs(*path: str) -> Check:
    """A field is not what it was."""

    def check(difference: Difference, _known: Known) -> Iterator[Broken]:
        if difference.differs(*path):
            yield Broken(*difference.both(*path), at=path)

    return check


def replaced(*path: str) -> Check:
    """A field that said something says something else, or nothing."""

    def check(difference: Difference, _known: Known) -> Iterator[Broken]:
        was, now = difference.both(*path)
        if was not in (None, "") and was != now:
            yield Broken(was, now, at=path)

    return check


def became(path: str, value: Json) -> Check:
    """A field came to be ``value``."""

    def check(difference: Difference, _known: Known) -> Iterator[Broken]:
        was, now = difference.both(path)
        if was != value and now == value:
            yield Broken(was, now, at=(path,))

    return check


def gained(path: str) -> Check:
    """A set has an item more; one finding each."""

    def check(difference: Difference, _known: Known) -> Iterator[Broken]:
        was, now = difference.both(path)
        for item in sorted(set(now) - set(was)):
            yield Broken(None, item, at=(path,))

    return check


def untold(fields: frozenset[str]) -> Check:
    """What differs in ``fields`` and that no rule before spoke of, all of it in one finding."""

    def check(difference: Difference, _known: Known) -> Iterator[Broken]:
        left = [name for name in difference.changed_fields() if name.split("/")[0] in fields]
        if len(left) == 1:
            yield _told(difference, left[0])
        elif left:
            was, now = ({name: _side(difference, name, side) for name in left} for side in (0, 1))
            yield Broken(was, now, words={"fields": ", ".join(left)})

    return check


def rest(*groups: frozenset[str]) -> Check:
    """What differs and no rule before spoke of: each of ``groups`` in one finding, every other field by itself."""
    grouped = frozenset[str]().union(*groups)

    def check(difference: Difference, known: Known) -> Iterator[Broken]:
        for group in groups:
            yield from untold(group)(difference, known)
        for name in difference.changed_fields():
            if name.split("/")[0] not in grouped:
                yield _told(difference, name)

    return check


def _told(difference: Difference, field: str) -> Broken:
    was, now = (_side(difference, field, side) for side in (0, 1))
    at = () if field == "api_name" else tuple(field.split("/"))
    return Broken(was, now, at=at, words={"fields": field})


def _side(difference: Difference, field: str, side: int) -> Json:
    names = (difference.former_name, difference.name)
    return names[side] if field == "api_name" else difference.both(*field.split("/"))[side]
