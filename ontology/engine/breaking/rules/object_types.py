"""What breaks where object types change."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import partial

from gateway.engine.sentences import phrase
from history.engine.content import Key
from ontology.engine.breaking import plans
from ontology.engine.breaking.difference import Difference, Fate, Place, Sort
from ontology.engine.breaking.known import Known, Properties
from ontology.engine.breaking.rule import (
    CRITICAL,
    EVERYBODY,
    HIGH,
    LOW,
    MEDIUM,
    NOBODY,
    READERS,
    USERS,
    WRITERS,
    Broken,
    Check,
    Reach,
    Rule,
    always,
    became,
    gained,
    renamed,
    replaced,
)
from ontology.engine.breaking.standing import awaits_deadline
from ontology.engine.kinds import KIND_NOUNS

OBJECT_TYPE = frozenset({Sort.OBJECT_TYPE})


def _deleted(difference: Difference, known: Known) -> Iterator[Broken]:
    if not awaits_deadline(difference.before or {}, known.today):
        yield Broken(difference.former_name)


def _deleted_early(difference: Difference, known: Known) -> Iterator[Broken]:
    if awaits_deadline(difference.before or {}, known.today):
        deadline = (difference.before or {})["deprecation"]["deadline"]
        yield Broken(difference.former_name, words={"deadline": deadline})


def _primary_key(difference: Difference, known: Known) -> Iterator[Broken]:
    was, now = difference.both("primary_key")
    if was != now and _identities(was, known.had(difference.key)) != _identities(now, known.has(difference.key)):
        yield Broken(was, now, at=("primary_key",))


def _title(difference: Difference, known: Known) -> Iterator[Broken]:
    was, now = difference.both("title_property")
    old, new = [was] if was else [], [now] if now else []
    if was != now and _identities(old, known.had(difference.key)) != _identities(new, known.has(difference.key)):
        yield Broken(was, now, at=("title_property",))


def _identities(names: Collection[str], properties: Properties) -> list[str]:
    """Who the properties of these names are, so that a rename is no change."""
    return [properties[name].property.get("rid", name) if name in properties else name for name in names]


def removed_parent(field: str, kind: str) -> Check:
    """It no longer extends or implements something; what it still comes to by another way is told as low."""

    def check(difference: Difference, known: Known) -> Iterator[Broken]:
        was, now = difference.both(field)
        for parent in sorted(set(was) - set(now)):
            lost = _lost(difference, (kind, parent), known)
            still = (kind, parent) in known.ancestors(difference.key)
            words = {"lost": phrase(", and loses {names}", names=", ".join(map(repr, lost))) if lost else ""}
            places: tuple[Place, ...] = tuple((*difference.path, "properties", name) for name in lost)
            yield Broken(parent, None, at=(field,), words=words, places=places, safe=still and not lost)

    return check


def _lost(difference: Difference, parent: Key, known: Known) -> list[str]:
    """The properties that came from ``parent`` and are gone, but for those that are gone there."""
    has = known.has(difference.key)
    line = known.came_from(parent)
    return sorted(
        name
        for name, property_ in known.had(difference.key).items()
        if name not in has
        and property_.via != "own"
        and property_.origin in line
        and not known.is_gone_there(property_)
    )


def _converted(difference: Difference, known: Known) -> Iterator[Broken]:
    """It is a resource of another kind, or a type that has no objects of its own any more."""
    if difference.fate is Fate.CONVERTED:
        what = phrase("is of another kind: it became {kind}", kind=KIND_NOUNS[difference.became])
        yield Broken(difference.sort, difference.became, words={"what": what})
    else:
        for each in became("abstract", True)(difference, known):
            yield replace(each, words={"what": phrase("has no objects of its own any more, being abstract")})


def _downgraded(difference: Difference, _known: Known) -> Iterator[Broken]:
    was, now = difference.both("status")
    if was in {"active", "deprecated"} and now in {"experimental", "example"}:
        yield Broken(was, now, at=("status",))


def _left_alone(difference: Difference, _known: Known) -> Iterator[Broken]:
    """It became deprecated, or lost its replacement as it was."""
    was, now = difference.both("status")
    had, has = difference.both("deprecation", "replacement")
    if now == "deprecated" and not has and (was != "deprecated" or had):
        yield Broken(was, now, at=("status",))


_rule = partial(Rule, OBJECT_TYPE)

RULES: tuple[Rule, ...] = (
    _rule(
        "OT_DELETED",
        (CRITICAL,),
        EVERYBODY,
        "{it} is deleted.",
        _deleted,
        fates=(Fate.REMOVED,),
        reach=Reach.REFERRERS,
        plan=plans.retirement,
    ),
    _rule(
        "OT_PRIMARY_KEY_CHANGED",
        (CRITICAL,),
        EVERYBODY,
        "The primary key of {it} was {before} and is {after}.",
        _primary_key,
        reach=Reach.DEPENDANTS,
        plan=plans.another_key,
    ),
    _rule(
        "OT_NAME_REUSED",
        (CRITICAL,),
        EVERYBODY,
        "Another object type has the name of {it}.",
        always,
        fates=(Fate.REUSED,),
        reach=Reach.REFERRERS,
    ),
    _rule(
        "OT_RENAMED",
        (HIGH,),
        USERS,
        "{it} is called {after}.",
        renamed,
        tells=("api_name",),
        reach=Reach.REFERRERS,
        plan=plans.renaming,
    ),
    _rule(
        "OT_INTERFACE_REMOVED",
        (HIGH,),
        READERS,
        "{it} no longer implements {before}{lost}.",
        removed_parent("implements", "interface"),
        reach=Reach.DEPENDANTS,
        plan=plans.kept_properties,
    ),
    _rule(
        "OT_PARENT_REMOVED",
        (HIGH,),
        USERS,
        "{it} no longer extends {before}{lost}.",
        removed_parent("extends", "object_type"),
        reach=Reach.DEPENDANTS,
        plan=plans.kept_properties,
    ),
    _rule(
        "OT_DATASOURCE_REPLACED",
        (HIGH,),
        EVERYBODY,
        "The objects of {it} come from another source.",
        replaced("datasource"),
        plan=plans.another_source,
    ),
    _rule(
        "OT_EDITS_DISABLED",
        (HIGH,),
        WRITERS,
        "The objects of {it} can no longer be edited.",
        became("edits_enabled", False),
    ),
    _rule(
        "OT_DELETED_BEFORE_DEADLINE",
        (HIGH,),
        EVERYBODY,
        "{it} is deleted, and was to stay until {deadline}.",
        _deleted_early,
        fates=(Fate.REMOVED,),
        reach=Reach.REFERRERS,
        plan=plans.retirement,
    ),
    _rule(
        "OT_KIND_CHANGED",
        (HIGH,),
        EVERYBODY,
        "{it} {what}.",
        _converted,
        fates=(Fate.CONVERTED, Fate.KEPT),
        reach=Reach.REFERRERS,
    ),
    _rule(
        "OT_TITLE_CHANGED",
        (MEDIUM,),
        READERS,
        "The objects of {it} were called by {before} and are by {after}.",
        _title,
    ),
    _rule(
        "OT_STATUS_DOWNGRADED",
        (MEDIUM,),
        USERS,
        "{it} was {before} and is {after}.",
        _downgraded,
    ),
    _rule(
        "OT_DEPRECATED_WITHOUT_REPLACEMENT",
        (MEDIUM,),
        USERS,
        "{it} is deprecated, and nothing is named that replaces it.",
        _left_alone,
        tells=(
            "status",
            "deprecation",
        ),
    ),
    _rule(
        "OT_HIDDEN",
        (MEDIUM,),
        READERS,
        "{it} is hidden.",
        became("visibility", "hidden"),
    ),
    _rule("OT_ADDED", (LOW,), NOBODY, "{it} is new.", always, fates=(Fate.ADDED,)),
    _rule("OT_INTERFACE_ADDED", (LOW,), NOBODY, "{it} implements {after}.", gained("implements")),
    _rule("OT_PARENT_ADDED", (LOW,), NOBODY, "{it} extends {after}.", gained("extends")),
)
