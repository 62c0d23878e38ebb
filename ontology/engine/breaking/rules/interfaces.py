"""What breaks where interfaces change, which is whatever implements them too."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from gateway.engine.sentences import phrase
from ontology.engine.breaking import plans
from ontology.engine.breaking.difference import Difference, Fate, Sort
from ontology.engine.breaking.known import Known
from ontology.engine.breaking.rule import (
    CRITICAL,
    EVERYBODY,
    HIGH,
    INPUT,
    LOW,
    NOBODY,
    USERS,
    Broken,
    Reach,
    Rule,
    always,
    differs,
    gained,
    renamed,
)
from ontology.engine.breaking.rules.object_types import removed_parent
from ontology.engine.breaking.rules.properties import TYPING, from_then_on, type_changed
from ontology.engine.breaking.words import in_words

INTERFACE: Final = frozenset({Sort.INTERFACE})
PROPERTY: Final = frozenset({Sort.INTERFACE_PROPERTY})
LINK: Final = frozenset({Sort.INTERFACE_LINK})


def _removed(difference: Difference, _known: Known) -> Iterator[Broken]:
    yield Broken(difference.former_name, words={"from_then_on": from_then_on(difference)}, safe=difference.inherited)


def _required(difference: Difference, _known: Known) -> Iterator[Broken]:
    """It is new, or was there, and has to be there now."""
    was, now = difference.both("required")
    if now and not was and not difference.inherited:
        yield Broken(was, now, at=() if difference.before is None else ("required",))


def _optional(difference: Difference, known: Known) -> Iterator[Broken]:
    """A member is new that need not be there, or another interface is extended."""
    is_required = (difference.after or {}).get("required") and not difference.inherited
    if difference.sort is Sort.INTERFACE and difference.fate is Fate.KEPT:
        for each in gained("extends")(difference, known):
            yield replace(each, words={"what": phrase("extends {parent}", parent=in_words(each.after))})
    elif difference.sort is not Sort.INTERFACE and difference.fate is Fate.ADDED and not is_required:
        yield Broken(None, difference.name, words={"what": phrase("is new and need not be there")})


def _target_narrowed(difference: Difference, known: Known) -> Iterator[Broken]:
    was, now = difference.both("target")
    if now and was != now and not (was and known.covers({now}, {was})):
        yield Broken(was, now, at=("target",))


_rule = partial(Rule, reach=Reach.DEPENDANTS)

RULES: tuple[Rule, ...] = (
    _rule(
        INTERFACE,
        "IF_DELETED",
        (CRITICAL,),
        USERS,
        "{it} is deleted.",
        always,
        fates=(Fate.REMOVED,),
        plan=plans.retirement,
    ),
    _rule(
        INTERFACE,
        "IF_RENAMED",
        (HIGH,),
        USERS,
        "{it} is called {after}.",
        renamed,
        tells=("api_name",),
        plan=plans.renaming,
    ),
    _rule(
        PROPERTY | LINK,
        "IF_PROPERTY_REMOVED",
        (HIGH,),
        USERS,
        "{it} is deleted{from_then_on}.",
        _removed,
        fates=(Fate.REMOVED,),
        plan=plans.retirement,
    ),
    _rule(
        PROPERTY,
        "IF_PROPERTY_TYPE_CHANGED",
        (HIGH,),
        EVERYBODY,
        "The type of {it} was {before} and is {after}.",
        type_changed,
        tells=TYPING[:3],
        plan=plans.another_type,
    ),
    _rule(
        PROPERTY,
        "IF_REQUIRED_PROPERTY_ADDED",
        (HIGH,),
        INPUT,
        "{it} is new, and whatever implements the interface must have it.",
        _required,
        fates=(Fate.ADDED,),
        plan=plans.filling,
    ),
    _rule(
        LINK,
        "IF_REQUIRED_LINK_ADDED",
        (HIGH,),
        INPUT,
        "Whatever implements the interface must have {it}.",
        _required,
        fates=(Fate.ADDED, Fate.KEPT),
        plan=plans.filling,
    ),
    _rule(
        LINK,
        "IF_LINK_CARDINALITY_CHANGED",
        (HIGH,),
        EVERYBODY,
        "{it} led to {before} and leads to {after}.",
        differs("cardinality"),
        plan=plans.another_cardinality,
    ),
    _rule(
        LINK,
        "IF_LINK_TARGET_NARROWED",
        (HIGH,),
        INPUT,
        "{it} led to {before} and leads to {after}.",
        _target_narrowed,
        plan=plans.narrower_end,
    ),
    _rule(
        INTERFACE,
        "IF_EXTENDS_REMOVED",
        (HIGH,),
        USERS,
        "{it} no longer extends {before}{lost}.",
        removed_parent("extends", "interface"),
        plan=plans.kept_properties,
    ),
    Rule(
        INTERFACE | PROPERTY | LINK,
        "IF_OPTIONAL_ADDED",
        (LOW,),
        NOBODY,
        "{it} {what}.",
        _optional,
        fates=(Fate.ADDED, Fate.KEPT),
    ),
)
