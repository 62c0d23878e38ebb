"""What breaks where action types change, which is who performs them."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from ontology.engine.breaking import plans
from ontology.engine.breaking.difference import Difference, Fate, Sort
from ontology.engine.breaking.known import Known
from ontology.engine.breaking.rule import (
    HIGH,
    LOW,
    MEDIUM,
    NOBODY,
    WRITERS,
    Broken,
    Reach,
    Rule,
    always,
    became,
    differs,
    renamed,
)
from ontology.engine.breaking.rules.properties import TYPING, added, limited, type_changed

ACTION_TYPE: Final = frozenset({Sort.ACTION_TYPE})
PARAMETER: Final = frozenset({Sort.PARAMETER})

_ROLES: Final = ("", "viewer", "reviewer", "developer", "administrator")
"""Who may do what the ones before may; an action without permission is anybody's."""


def _parameter_type(difference: Difference, known: Known) -> Iterator[Broken]:
    yield from type_changed(difference, known)
    was, now = difference.both("object_type")
    if now and was != now and not (was and known.covers({now}, {was})):
        yield Broken(was, now, at=("object_type",))


def _rules(difference: Difference, known: Known) -> Iterator[Broken]:
    for field in ("rules", "affected_types"):
        yield from differs(field)(difference, known)


def _criteria(difference: Difference, _known: Known) -> Iterator[Broken]:
    """There is a criterion that there was not; without one it is open to more."""
    was, now = difference.both("criteria")
    if any(criterion not in was for criterion in now):
        yield Broken(was, now, at=("criteria",))


def _permission(difference: Difference, _known: Known) -> Iterator[Broken]:
    """Fewer may do it, or nobody can tell."""
    was, now = difference.both("permission")
    known = was in _ROLES and now in _ROLES
    if was != now and now and not (known and _ROLES.index(now) < _ROLES.index(was)):
        yield Broken(was, now, at=("permission",))


def _optional(difference: Difference, _known: Known) -> Iterator[Broken]:
    after = difference.after or {}
    if not after.get("required") or "default" in after:
        yield Broken(None, difference.name)


_action = partial(Rule, ACTION_TYPE, breaks=WRITERS)
_parameter = partial(Rule, PARAMETER, breaks=WRITERS)

RULES: tuple[Rule, ...] = (
    _action(
        id="AC_DELETED",
        severities=(HIGH,),
        sentence="{it} is deleted.",
        check=always,
        fates=(Fate.REMOVED,),
        reach=Reach.REFERRERS,
        plan=plans.retirement,
    ),
    _action(
        id="AC_RENAMED",
        severities=(HIGH,),
        sentence="{it} is called {after}.",
        check=renamed,
        tells=("api_name",),
        plan=plans.renaming,
    ),
    _parameter(
        id="AC_PARAMETER_REMOVED",
        severities=(HIGH,),
        sentence="{it} is deleted.",
        check=always,
        fates=(Fate.REMOVED,),
        plan=plans.retirement,
    ),
    _parameter(
        id="AC_PARAMETER_TYPE_CHANGED",
        severities=(HIGH,),
        sentence="{it} took {before} and takes {after}.",
        check=_parameter_type,
        tells=(*TYPING[:3], "object_type"),
        plan=plans.another_parameter,
    ),
    _parameter(
        id="AC_PARAMETER_BECAME_REQUIRED",
        severities=(HIGH,),
        sentence="{it} must be given.",
        check=became("required", True),
        plan=plans.demanding,
    ),
    _parameter(
        id="AC_REQUIRED_PARAMETER_ADDED",
        severities=(HIGH,),
        sentence="{it} is new and must be given.",
        check=added(required=True, default=False),
        fates=(Fate.ADDED,),
        plan=plans.demanding,
    ),
    _parameter(
        id="AC_ALLOWED_VALUES_NARROWED",
        severities=(HIGH,),
        sentence="The {limit} of {it} was {before} and is {after}, which leaves fewer values.",
        check=limited(tightened=True),
        tells=TYPING,
    ),
    _action(
        id="AC_RULES_CHANGED",
        severities=(MEDIUM,),
        sentence="{it} does something else.",
        check=_rules,
    ),
    _action(
        id="AC_CRITERIA_TIGHTENED",
        severities=(MEDIUM,),
        sentence="{it} is subject to other criteria.",
        check=_criteria,
    ),
    _action(
        id="AC_PERMISSION_TIGHTENED",
        severities=(MEDIUM,),
        sentence="{it} was for {before} and is for {after}.",
        check=_permission,
    ),
    _action(
        id="AC_SIDE_EFFECT_CHANGED",
        severities=(MEDIUM,),
        sentence="{it} sets off something else.",
        check=differs("side_effects"),
    ),
    Rule(
        PARAMETER,
        "AC_OPTIONAL_PARAMETER_ADDED",
        (LOW,),
        NOBODY,
        "{it} is new and need not be given.",
        _optional,
        fates=(Fate.ADDED,),
    ),
)
