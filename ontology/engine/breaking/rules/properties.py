"""What breaks where properties change; fields and parameters too, where they have no rule of their own."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from gateway.engine.sentences import Sentence, phrase
from ontology.engine.breaking import plans
from ontology.engine.breaking.difference import MEMBERS, Difference, Fate, Sort
from ontology.engine.breaking.known import Known
from ontology.engine.breaking.lattice import Relation, loss, relation
from ontology.engine.breaking.limits import Limit, limits
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
    differs,
    renamed,
    replaced,
)

PROPERTY: Final = frozenset({Sort.PROPERTY})
PROPERTIES: Final = PROPERTY | {Sort.INTERFACE_PROPERTY}
VALUES: Final = PROPERTIES | {Sort.FIELD}
TYPING: Final = ("type", "value_type", "shared_property", "constraints")
"""The fields that together say which values there are."""

_FINDABLE: Final[Mapping[str, Sentence]] = {"indexed": phrase("indexed"), "searchable": phrase("searchable")}


def _deleted(difference: Difference, _known: Known) -> Iterator[Broken]:
    required, _ = difference.both("required")
    severity = CRITICAL if required or difference.status == "active" else HIGH
    words = {"from_then_on": from_then_on(difference)}
    yield Broken(difference.former_name, severity=severity, words=words, safe=difference.inherited)


def from_then_on(difference: Difference) -> str:
    """The end of a sentence about what is deleted: whether it is inherited now."""
    return phrase(", and is inherited from then on") if difference.inherited else ""


def type_became(*relations: Relation) -> Check:
    """What values are of, whatever says so, stands in one of ``relations`` to what it was."""

    def check(difference: Difference, known: Known) -> Iterator[Broken]:
        was, now = (meaning.type for meaning in known.meanings(difference))
        if was and now and relation(was, now) in relations:
            lost = loss(was, now)
            words = {"lost": phrase("; a cast may lose {lost}", lost=lost) if lost else ""}
            yield Broken(was, now, at=("type",), words=words)

    return check


def type_changed(difference: Difference, known: Known) -> Iterator[Broken]:
    yield from type_became(*(found for found in Relation if found is not Relation.SAME))(difference, known)


def found_limits(difference: Difference, known: Known) -> Iterator[Limit]:
    was, now = known.meanings(difference)
    yield from limits(now.type, was.constraints, now.constraints)


def limited(*, tightened: bool) -> Check:
    def check(difference: Difference, known: Known) -> Iterator[Broken]:
        for limit in found_limits(difference, known):
            if limit.tightened == tightened:
                at = ("constraints", *limit.path)
                yield Broken(limit.before, limit.after, at=at, words={"limit": " ".join(limit.path)})

    return check


def added(*, required: bool, default: bool | None = None) -> Check:
    """It is new and has to have a value, or not; with a default, without one, or either.

    What was inherited and is now declared by the type itself demands nothing by being there.
    """

    def check(difference: Difference, _known: Known) -> Iterator[Broken]:
        after = difference.after or {}
        is_required = bool(after.get("required")) and not difference.inherited
        if is_required == required and default in {None, "default" in after}:
            yield Broken(None, difference.name)

    return check


def _unindexed(difference: Difference, _known: Known) -> Iterator[Broken]:
    for field, adjective in _FINDABLE.items():
        was, now = difference.both(field)
        if was and not now:
            yield Broken(was, now, at=(field,), words={"field": adjective})


_property = partial(Rule, PROPERTY)
_properties = partial(Rule, PROPERTIES)
_value = partial(Rule, VALUES)
_type = partial(Rule, PROPERTY, breaks=EVERYBODY, tells=TYPING[:3], reach=Reach.DEPENDANTS, plan=plans.another_type)
_was_and_is = "The type of {it} was {before} and is {after}"

RULES: tuple[Rule, ...] = (
    _property(
        "PR_DELETED",
        (CRITICAL, HIGH),
        EVERYBODY,
        "{it} is deleted{from_then_on}.",
        _deleted,
        fates=(Fate.REMOVED,),
        reach=Reach.DEPENDANTS,
        plan=plans.retirement,
    ),
    Rule(
        PROPERTIES | {Sort.INTERFACE_LINK, Sort.PARAMETER},
        "PR_RENAMED",
        (HIGH,),
        USERS,
        "{it} is called {after}.",
        renamed,
        tells=("api_name",),
        reach=Reach.DEPENDANTS,
        plan=plans.renaming,
    ),
    Rule(
        MEMBERS - {Sort.ENUM_VALUE},
        "PR_NAME_REUSED",
        (HIGH,),
        EVERYBODY,
        "Something else has the name of {it}.",
        always,
        fates=(Fate.REUSED,),
        reach=Reach.DEPENDANTS,
    ),
    _type(
        id="PR_TYPE_INCOMPATIBLE",
        severities=(HIGH,),
        sentence=_was_and_is + ", for which there is no cast.",
        check=type_became(Relation.INCOMPATIBLE),
    ),
    _type(
        id="PR_TYPE_NARROWED",
        severities=(HIGH,),
        breaks=INPUT,
        sentence=_was_and_is + ", which holds less{lost}.",
        check=type_became(Relation.NARROWED),
    ),
    _type(
        id="PR_TYPE_CASTABLE",
        severities=(HIGH,),
        sentence=_was_and_is + ", to which values can be cast{lost}.",
        check=type_became(Relation.CASTABLE),
    ),
    _type(
        id="PR_ARRAY_TO_SCALAR",
        severities=(HIGH,),
        sentence=_was_and_is + ", which holds one value{lost}.",
        check=type_became(Relation.ARRAY_TO_SCALAR),
    ),
    _type(
        id="PR_SCALAR_TO_ARRAY",
        severities=(HIGH,),
        sentence=_was_and_is + ", which holds several values.",
        check=type_became(Relation.SCALAR_TO_ARRAY),
    ),
    _value(
        "PR_BECAME_REQUIRED",
        (HIGH,),
        INPUT,
        "{it} must have a value.",
        became("required", True),
        reach=Reach.DEPENDANTS,
        plan=plans.filling,
    ),
    Rule(
        PROPERTY | {Sort.FIELD},
        "PR_ADDED_REQUIRED",
        (HIGH,),
        INPUT,
        "{it} is new and must have a value.",
        added(required=True, default=False),
        fates=(Fate.ADDED,),
        reach=Reach.DEPENDANTS,
        plan=plans.filling,
    ),
    _properties(
        "PR_UNIQUE_ADDED",
        (HIGH,),
        INPUT,
        "No two may have the same value of {it}.",
        became("unique", True),
        reach=Reach.DEPENDANTS,
        plan=plans.uniqueness,
    ),
    Rule(
        VALUES | {Sort.SHARED_PROPERTY},
        "PR_CONSTRAINT_TIGHTENED",
        (HIGH,),
        INPUT,
        "The {limit} of {it} was {before} and is {after}, which leaves fewer values.",
        limited(tightened=True),
        tells=TYPING,
        reach=Reach.DEPENDANTS,
        plan=plans.tightening,
    ),
    _type(
        id="PR_TYPE_WIDENED",
        severities=(MEDIUM,),
        breaks=READERS,
        sentence=_was_and_is + ", which holds more.",
        check=type_became(Relation.WIDENED),
        plan=plans.wider_type,
    ),
    _value(
        "PR_BECAME_OPTIONAL",
        (MEDIUM,),
        READERS,
        "{it} may be without a value.",
        became("required", False),
        reach=Reach.DEPENDANTS,
    ),
    Rule(
        PROPERTY | {Sort.FIELD},
        "PR_ADDED_REQUIRED_WITH_DEFAULT",
        (MEDIUM,),
        DATA,
        "{it} is new, must have a value and has a default.",
        added(required=True, default=True),
        fates=(Fate.ADDED,),
        reach=Reach.DEPENDANTS,
        plan=plans.filling,
    ),
    Rule(
        VALUES | {Sort.PARAMETER},
        "PR_DEFAULT_CHANGED",
        (MEDIUM,),
        USERS,
        "The default of {it} was {before} and is {after}.",
        differs("default"),
        reach=Reach.DEPENDANTS,
    ),
    _properties(
        "PR_INDEX_REMOVED",
        (MEDIUM,),
        READERS,
        "{it} is no longer {field}.",
        _unindexed,
        reach=Reach.DEPENDANTS,
    ),
    _properties(
        "PR_SHARED_DETACHED",
        (MEDIUM,),
        READERS,
        "{it} is no longer the shared property {before}.",
        replaced("shared_property"),
        tells=TYPING,
        reach=Reach.DEPENDANTS,
    ),
    _properties(
        "PR_DERIVED_CHANGED",
        (MEDIUM,),
        USERS,
        "The values of {it} are computed in another way.",
        differs("derived"),
        reach=Reach.DEPENDANTS,
    ),
    _properties(
        "PR_MARKING_CHANGED",
        (MEDIUM,),
        READERS,
        "The marking of {it} was {before} and is {after}.",
        differs("marking"),
        reach=Reach.DEPENDANTS,
    ),
    _property(
        "PR_ADDED_OPTIONAL",
        (LOW,),
        NOBODY,
        "{it} is new and may be without a value.",
        added(required=False),
        fates=(Fate.ADDED,),
    ),
    _properties(
        "PR_UNIQUE_REMOVED",
        (LOW,),
        NOBODY,
        "Several may have the same value of {it}.",
        became("unique", False),
    ),
    Rule(
        VALUES | {Sort.SHARED_PROPERTY, Sort.PARAMETER},
        "PR_CONSTRAINT_LOOSENED",
        (LOW,),
        NOBODY,
        "The {limit} of {it} was {before} and is {after}, which leaves more values.",
        limited(tightened=False),
        tells=TYPING,
    ),
)
