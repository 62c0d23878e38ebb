"""What breaks where link types change."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from gateway.engine.sentences import Sentence, joined, phrase
from ontology.engine.breaking import plans
from ontology.engine.breaking.difference import Difference, Fate, Sort
from ontology.engine.breaking.known import Known
from ontology.engine.breaking.rule import (
    CRITICAL,
    DATA,
    EVERYBODY,
    HIGH,
    INPUT,
    LOW,
    MEDIUM,
    NOBODY,
    READERS,
    USERS,
    Broken,
    Check,
    Reach,
    Rule,
    always,
    became,
    renamed,
)
from ontology.engine.breaking.words import in_words
from ontology.engine.kinds import SIDE_NOUNS

LINK_TYPE: Final = frozenset({Sort.LINK_TYPE})
SIDES: Final = ("source", "target")

_MANY: Final = {
    "one_to_one": (False, False),
    "one_to_many": (False, True),
    "many_to_one": (True, False),
    "many_to_many": (True, True),
}
"""Whether several may stand on (the source's, the target's) side."""


def _side_renamed(difference: Difference, _known: Known) -> Iterator[Broken]:
    for side in SIDES:
        was, now = difference.both(side, "api_name")
        if was is not None and was != now:
            yield Broken(was, now, at=(side, "api_name"), words={"side": SIDE_NOUNS[side]})


def _end(*, wider: bool, narrower: bool) -> Check:
    """The types on a side take in all that they did, or all of what they take in was taken in before, or neither."""

    def check(difference: Difference, known: Known) -> Iterator[Broken]:
        for side in SIDES:
            was, now = difference.both(side, "types")
            if was != now:
                found = known.covers(now, was), known.covers(was, now)
                if found == (wider, narrower):
                    words = {"side": SIDE_NOUNS[side], "what": _taken_in(was, now)}
                    yield Broken(was, now, at=(side, "types"), words=words)

    return check


def _taken_in(was: list[str], now: list[str]) -> Sentence:
    """What the side takes in less or more; the two differ."""
    gone, new = sorted(set(was) - set(now)), sorted(set(now) - set(was))
    if gone and new:
        return phrase("no longer takes in {gone} and takes in {new}", gone=in_words(gone), new=in_words(new))
    if gone:
        return phrase("no longer takes in {gone}", gone=in_words(gone))
    return phrase("takes in {new}", new=in_words(new))


def _sides_that_became(*, many: bool) -> Check:
    def check(difference: Difference, _known: Known) -> Iterator[Broken]:
        was, now = difference.both("cardinality")
        sides = [
            SIDE_NOUNS[side]
            for side, before, after in zip(SIDES, _MANY[was], _MANY[now], strict=True)
            if before != after and after == many
        ]
        if sides:
            yield Broken(was, now, at=("cardinality",), words={"side": joined("{first} and the {second}", sides)})

    return check


def _key(difference: Difference, known: Known) -> Iterator[Broken]:
    """Links are found by another property, or in another way, than before; a property's new name is no other."""
    was, now = difference.both("foreign_key")
    if was != now and was not in known.former_names_of_joined(difference, now):
        yield Broken(was, now, at=("foreign_key",))
    was, now = difference.both("join")
    if was != now:
        yield Broken(was, now, at=("join",))


def _implied(difference: Difference, _known: Known) -> Iterator[Broken]:
    """What follows from a link is not what it was."""
    for field in ("inverse_of", "symmetric", "transitive", "cascade_delete"):
        was, now = difference.both(field)
        if was != now and (was is not None):
            yield Broken(was, now, at=(field,), words={"field": field})
    was, now = difference.both("extends")
    for parent in sorted(set(was) - set(now)):
        yield Broken(parent, None, at=("extends",), words={"field": "extends"})


_rule = partial(Rule, LINK_TYPE)
_high = partial(Rule, LINK_TYPE, severities=(HIGH,), reach=Reach.REFERRERS)

RULES: tuple[Rule, ...] = (
    _rule(
        "LK_DELETED",
        (CRITICAL,),
        EVERYBODY,
        "{it} is deleted.",
        always,
        fates=(Fate.REMOVED,),
        reach=Reach.REFERRERS,
        plan=plans.retirement,
    ),
    _high(
        id="LK_RENAMED",
        breaks=USERS,
        sentence="{it} is called {after}.",
        check=renamed,
        tells=("api_name",),
        plan=plans.renaming,
    ),
    _high(
        id="LK_SIDE_RENAMED",
        breaks=USERS,
        sentence="The {side} of {it} was called {before} and is called {after}.",
        check=_side_renamed,
        plan=plans.renaming,
    ),
    _high(
        id="LK_END_CHANGED",
        breaks=EVERYBODY,
        sentence="The {side} of {it} {what}.",
        check=_end(wider=False, narrower=False),
        plan=plans.narrower_end,
    ),
    _high(
        id="LK_END_NARROWED",
        breaks=INPUT,
        sentence="The {side} of {it} {what}, which is less.",
        check=_end(wider=False, narrower=True),
        plan=plans.narrower_end,
    ),
    _high(
        id="LK_MANY_TO_ONE",
        breaks=DATA,
        sentence="Only one may stand at the {side} of {it}, which was {before} and is {after}.",
        check=_sides_that_became(many=False),
        plan=plans.many_to_one,
    ),
    _high(
        id="LK_ONE_TO_MANY",
        breaks=READERS,
        sentence="Several may stand at the {side} of {it}, which was {before} and is {after}.",
        check=_sides_that_became(many=True),
        plan=plans.one_to_many,
    ),
    _high(
        id="LK_KEY_CHANGED",
        breaks=EVERYBODY,
        sentence="The links of {it} were found by {before} and are by {after}.",
        check=_key,
        plan=plans.another_key,
    ),
    _high(
        id="LK_BECAME_REQUIRED",
        breaks=INPUT,
        sentence="There must be a link of {it}.",
        check=became("required", True),
        plan=plans.filling,
    ),
    _high(
        id="LK_INVERSE_CHANGED",
        breaks=USERS,
        sentence="What follows from {it} changed: {field} was {before} and is {after}.",
        check=_implied,
    ),
    _rule(
        "LK_END_WIDENED",
        (MEDIUM,),
        READERS,
        "The {side} of {it} {what}, which is more.",
        _end(wider=True, narrower=False),
        reach=Reach.REFERRERS,
    ),
    _rule("LK_ADDED", (LOW,), NOBODY, "{it} is new.", always, fates=(Fate.ADDED,)),
)
