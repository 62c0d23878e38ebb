"""What breaks where value types, shared properties and struct types change."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from gateway.engine.sentences import Word, phrase
from ontology.engine.breaking import plans
from ontology.engine.breaking.difference import Difference, Fate, Sort
from ontology.engine.breaking.known import Known
from ontology.engine.breaking.limits import Aspect, Limit
from ontology.engine.breaking.rule import (
    CRITICAL,
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
    renamed,
)
from ontology.engine.breaking.rules.properties import TYPING, added, found_limits, type_changed
from ontology.engine.breaking.words import in_words

VALUE_TYPE: Final = frozenset({Sort.VALUE_TYPE})
SHARED_PROPERTY: Final = frozenset({Sort.SHARED_PROPERTY})
STRUCT_TYPE: Final = frozenset({Sort.STRUCT_TYPE})
FIELD: Final = frozenset({Sort.FIELD})


def _tightened(*aspects: Aspect) -> Check:
    def check(difference: Difference, known: Known) -> Iterator[Broken]:
        for limit in found_limits(difference, known):
            if limit.tightened and limit.aspect in aspects:
                yield _limited(limit, limit=" ".join(limit.path))

    return check


def _limited(found: Limit, **words: Word) -> Broken:
    return Broken(found.before, found.after, at=("constraints", *found.path), words=words)


def _enum_value_removed(difference: Difference, known: Known) -> Iterator[Broken]:
    """A value is gone, or values are listed of which there was any."""
    for limit in found_limits(difference, known):
        if limit.tightened and limit.aspect is Aspect.ENUM:
            if limit.before is None:
                what = phrase("Only {values} are values", values=in_words(limit.after))
            else:
                what = phrase("{value} is no longer a value", value=in_words(limit.before))
            yield _limited(limit, what=what)


def _enum_value_added(difference: Difference, known: Known) -> Iterator[Broken]:
    """A value is new, or any is one now."""
    for limit in found_limits(difference, known):
        if not limit.tightened and limit.aspect is Aspect.ENUM:
            if limit.after is None:
                what = phrase("Values that are not listed are values")
            else:
                what = phrase("{value} is a new value", value=in_words(limit.after))
            yield _limited(limit, what=what)


def _loosened(difference: Difference, known: Known) -> Iterator[Broken]:
    for limit in found_limits(difference, known):
        if not limit.tightened and limit.aspect is not Aspect.ENUM:
            yield _limited(limit, limit=" ".join(limit.path))


_deleted = partial(Rule, sentence="{it} is deleted.", check=always, fates=(Fate.REMOVED,), reach=Reach.DEPENDANTS)
_type = partial(
    Rule,
    breaks=EVERYBODY,
    sentence="The type of {it} was {before} and is {after}.",
    check=type_changed,
    tells=TYPING[:3],
    reach=Reach.DEPENDANTS,
    plan=plans.another_type,
)
_tighter = partial(
    Rule,
    VALUE_TYPE,
    severities=(HIGH,),
    breaks=INPUT,
    sentence="The {limit} of {it} was {before} and is {after}, which leaves fewer values.",
    tells=("constraints",),
    reach=Reach.DEPENDANTS,
    plan=plans.tightening,
)

VALUE_TYPE_RULES: tuple[Rule, ...] = (
    _deleted(VALUE_TYPE, "VT_DELETED", (HIGH,), USERS),
    _type(VALUE_TYPE, "VT_BASE_CHANGED", (HIGH,)),
    _tighter(
        id="VT_ENUM_VALUE_REMOVED",
        sentence="{what} of {it}.",
        check=_enum_value_removed,
        plan=plans.value_removed,
    ),
    _tighter(id="VT_MIN_RAISED", check=_tightened(Aspect.LOWER)),
    _tighter(id="VT_MAX_LOWERED", check=_tightened(Aspect.UPPER)),
    _tighter(id="VT_LENGTH_TIGHTENED", check=_tightened(Aspect.LENGTH)),
    _tighter(id="VT_REGEX_CHANGED", check=_tightened(Aspect.PATTERN)),
    _tighter(id="VT_FORMAT_ADDED", check=_tightened(Aspect.FORMAT)),
    _tighter(id="VT_UNIQUE_ITEMS_ADDED", check=_tightened(Aspect.UNIQUE_ITEMS)),
    Rule(
        VALUE_TYPE,
        "VT_ENUM_VALUE_ADDED",
        (MEDIUM,),
        READERS,
        "{what} of {it}.",
        _enum_value_added,
        tells=("constraints",),
        reach=Reach.DEPENDANTS,
    ),
    Rule(
        VALUE_TYPE,
        "VT_LOOSENED",
        (LOW,),
        NOBODY,
        "The {limit} of {it} was {before} and is {after}, which leaves more values.",
        _loosened,
        tells=("constraints",),
    ),
)

STRUCT_TYPE_RULES: tuple[Rule, ...] = (
    _deleted(STRUCT_TYPE, "ST_DELETED", (HIGH,), EVERYBODY, plan=plans.retirement),
    _deleted(FIELD, "ST_FIELD_DELETED", (HIGH,), EVERYBODY, plan=plans.retirement),
    Rule(
        FIELD,
        "ST_FIELD_RENAMED",
        (HIGH,),
        USERS,
        "{it} is called {after}.",
        renamed,
        tells=("api_name",),
        reach=Reach.DEPENDANTS,
        plan=plans.renaming,
    ),
    _type(FIELD, "ST_FIELD_TYPE_CHANGED", (HIGH,)),
    Rule(FIELD, "ST_FIELD_ADDED", (LOW,), NOBODY, "{it} is new.", added(required=False), fates=(Fate.ADDED,)),
)

SHARED_PROPERTY_RULES: tuple[Rule, ...] = (
    _type(SHARED_PROPERTY, "SP_TYPE_CHANGED", (CRITICAL,)),
    _deleted(SHARED_PROPERTY, "SP_DELETED", (HIGH,), USERS),
)
