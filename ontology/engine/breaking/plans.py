"""The way from the old state to the new one without breaking anybody, as steps.

Whatever is copied or added on the way lies beside the original: ``/archive`` before its pointer is what was kept
of it, ``_next`` behind its name what is to take its place.
"""

from typing import Any, Final

from gateway.engine.sentences import Sentence, phrase, sentence
from ontology.engine.breaking.difference import Difference, Fate, Place, Sort
from ontology.engine.breaking.migration import DIRECTED, REVERSES, Operation, Reverse, Step
from ontology.engine.breaking.rule import Broken, address
from ontology.engine.breaking.words import in_words

Json = Any

_VALUES_THAT_DO_NOT_FIT: Final = sentence("What becomes of values that do not fit.")
_NOBODY_LEFT: Final = sentence("No consumer reads or writes it any more.")

_LINKS: Final = frozenset({Sort.LINK_TYPE, Sort.INTERFACE_LINK})

_UNDONE: Final = {
    Operation.DEPRECATE: sentence("Take the deprecation back."),
    Operation.RENAME_WITH_ALIAS: sentence("Give it its former name back."),
    Operation.DROP_ALIAS: sentence("Let the former name stand for it again."),
    Operation.ADD_NULLABLE: sentence("Remove what was added."),
    Operation.MAKE_NULLABLE: sentence("Demand a value again."),
    Operation.MAKE_REQUIRED: sentence("Demand no value any more."),
    Operation.BACKFILL: sentence("Clear what was filled in."),
    Operation.CAST: sentence("Cast the values back."),
    Operation.MAP_VALUES: sentence("Put the former values back."),
    Operation.SPLIT: sentence("Clear the parts; the whole is still there."),
    Operation.DUAL_WRITE: sentence("Write the former alone."),
    Operation.SINGLE_WRITE: sentence("Write both again."),
    Operation.SWITCH: sentence("Switch back."),
    Operation.COPY: sentence("Discard the copy."),
    Operation.DROP: sentence("Restore it from the copy."),
    Operation.CONSTRAIN: sentence("Admit what was admitted before."),
    Operation.UNCONSTRAIN: sentence("Refuse again what was refused before."),
}


def _step(operation: Operation, words: Sentence, *needs: Sentence, **arguments: Json) -> Step:
    undone = arguments
    if operation in DIRECTED:
        undone = {**arguments, "from": arguments["to"], "to": arguments["from"]}
    return Step(operation, arguments, needs, Reverse(REVERSES[operation], undone, _UNDONE[operation]), words)


def _beside(path: Place, suffix: str = "_next") -> str:
    return address((*path[:-1], path[-1] + suffix))


# --- Sequences that occur in several plans --------------------------------------------------------


def _farewell(at: str, what: Sentence, *needs: Sentence) -> tuple[Step, ...]:
    """Keep a copy, then drop."""
    copy = f"/archive{at}"
    return (
        _step(Operation.COPY, sentence("Copy {what} to an archive.", what=what), **{"from": at, "to": copy}),
        _step(Operation.DROP, sentence("Drop {what}.", what=what), *needs, at=at, copy=copy),
    )


def _replacement(
    at: str, following: str, what: Sentence, definition: Json, by: Json, *needs: Sentence
) -> tuple[Step, ...]:
    """Another version beside the first, filled and written along with it until readers have switched."""
    both = {"from": at, "to": following}
    return (
        _beside_it(following, what, definition),
        _step(Operation.DUAL_WRITE, sentence("Let writers write both versions of {what}.", what=what), **both),
        _step(Operation.BACKFILL, sentence("Fill the new version from the former one."), *needs, at=following, by=by),
        *_takeover(at, following, what),
    )


def _beside_it(following: str, what: Sentence, definition: Json) -> Step:
    words = sentence("Add the new version beside {what}.", what=what)
    return _step(Operation.ADD_NULLABLE, words, at=following, definition=definition)


def _takeover(at: str, following: str, what: Sentence) -> tuple[Step, ...]:
    both = {"from": at, "to": following}
    return (
        _step(
            Operation.SWITCH,
            sentence("Let the name of {what} stand for the new version.", what=what),
            sentence("Readers can read both."),
            **both,
        ),
        _step(Operation.SINGLE_WRITE, sentence("Let writers write the new version alone."), **both),
        *_farewell(following, phrase("the former version"), _NOBODY_LEFT),
    )


def _made_to_fit(at: str, what: Sentence, aspect: str, was: Json, now: Json) -> tuple[Step, ...]:
    """Replace what is no longer admitted, keeping a copy, before it is refused."""
    return (
        _step(
            Operation.COPY,
            sentence("Copy the values of {what} to an archive.", what=what),
            **{"from": at, "to": f"/archive{at}"},
        ),
        _step(
            Operation.MAP_VALUES,
            sentence("Make the values of {what} fit what is admitted from now on.", what=what),
            _VALUES_THAT_DO_NOT_FIT,
            **{"at": at, "from": {"outside": {aspect: now}}, "to": {"expression": "fit(value)"}},
        ),
        _step(
            Operation.CONSTRAIN,
            sentence("Refuse what is no longer admitted: {aspect} is {limit}.", aspect=aspect, limit=in_words(now)),
            sentence("Every writer keeps to it."),
            **{"at": at, "aspect": aspect, "from": was, "to": now},
        ),
    )


# --- Plans ----------------------------------------------------------------------------------------


def retirement(difference: Difference, _broken: Broken) -> tuple[Step, ...]:
    """Deprecate, demand it no more, keep a copy, drop."""
    at, what = address(difference.path), difference.in_words
    steps: list[Step] = []
    if difference.status != "deprecated":
        words = sentence("Deprecate {what}, with a reason, a deadline and what to use instead.", what=what)
        steps.append(_step(Operation.DEPRECATE, words, at=at))
    if (difference.before or {}).get("required"):
        steps.append(_step(Operation.MAKE_NULLABLE, sentence("Demand no value of {what} any more.", what=what), at=at))
    return (*steps, *_farewell(at, what, _NOBODY_LEFT))


def renaming(difference: Difference, broken: Broken) -> tuple[Step, ...]:
    """The new name, with the former one as an alias until nobody uses it."""
    at = address((*difference.path, *broken.at))
    change = {"at": at, "from": broken.before, "to": broken.after}
    if broken.after is None:
        return ()
    alias = in_words(broken.before)
    return (
        _step(
            Operation.RENAME_WITH_ALIAS,
            sentence(
                "Call {what} {name}, with {alias} as an alias.",
                what=difference.in_words,
                name=in_words(broken.after),
                alias=alias,
            ),
            **change,
        ),
        _step(
            Operation.DROP_ALIAS,
            sentence("Drop the alias {alias}.", alias=alias),
            sentence("Every consumer uses the new name."),
            at=at,
            alias=broken.before,
        ),
    )


def another_type(difference: Difference, broken: Broken) -> tuple[Step, ...]:
    """A version of the new type beside the old one; an array is split into the first item and the rest."""
    was, now = broken.before, broken.after
    at, following = address(difference.path), _beside(difference.path)
    if was["type"] == "array" != now["type"]:
        return _split(difference, now)
    by: Json = {"expression": "cast(value)", "from": was, "to": now}
    if now["type"] == "array" != was["type"]:
        by = {"expression": "list(value)"}
    need = sentence(
        "What makes {after} of {before}, and what becomes of values that it does not fit.",
        after=in_words(now),
        before=in_words(was),
    )
    return _replacement(at, following, difference.in_words, {"type": now}, by, need)


def _split(difference: Difference, now: Json) -> tuple[Step, ...]:
    at, following, rest = address(difference.path), _beside(difference.path), _beside(difference.path, "_rest")
    return (
        _step(Operation.ADD_NULLABLE, sentence("Add a place for one item."), at=following, definition={"type": now}),
        _step(
            Operation.ADD_NULLABLE,
            sentence("Add a place for the other items."),
            at=rest,
            definition={"type": {"type": "array", "items": now}},
        ),
        _step(Operation.DUAL_WRITE, sentence("Let writers write one item as well."), **{"from": at, "to": following}),
        _step(
            Operation.SPLIT,
            sentence("Split the items of {what} into one and the rest.", what=difference.in_words),
            sentence("Which item stays."),
            at=at,
            into=[following, rest],
            by=[{"expression": "first(value)"}, {"expression": "rest(value)"}],
        ),
        *_takeover(at, following, difference.in_words),
    )


def wider_type(difference: Difference, broken: Broken) -> tuple[Step, ...]:
    """The values as they are, of the wider type."""
    words = sentence(
        "Cast the values of {what} to {type}, which loses nothing.",
        what=difference.in_words,
        type=in_words(broken.after),
    )
    change = {"at": address(difference.path), "from": broken.before, "to": broken.after}
    return (_step(Operation.CAST, words, sentence("Readers take the wider type."), **change),)


def filling(difference: Difference, _broken: Broken) -> tuple[Step, ...]:
    """A value, or a link, wherever there is none, before one is demanded."""
    at, after = address(difference.path), difference.after or {}
    if difference.sort in _LINKS:
        what = phrase("a link of {what}", what=difference.in_words)
    else:
        what = phrase("a value of {what}", what=difference.in_words)
    steps: list[Step] = []
    if difference.fate is Fate.ADDED:
        steps.append(_added(difference))
    if "default" in after:
        words = sentence("Where there is none, let the default be {what}.", what=what)
        steps.append(_step(Operation.BACKFILL, words, at=at, by={"value": after["default"]}))
    else:
        need = sentence("What to fill in: a value, or an expression over what else is known.")
        words = sentence("Where there is none, fill in {what}.", what=what)
        steps.append(_step(Operation.BACKFILL, words, need, at=at, by={"expression": "missing()"}))
    words = sentence("Demand {what}.", what=what)
    return (*steps, _step(Operation.MAKE_REQUIRED, words, sentence("Every writer gives one."), at=at))


def demanding(difference: Difference, _broken: Broken) -> tuple[Step, ...]:
    """Optional first, required when every caller gives it."""
    words, need = sentence("Demand {what}.", what=difference.in_words), sentence("Every caller gives it.")
    demand = _step(Operation.MAKE_REQUIRED, words, need, at=address(difference.path))
    return (_added(difference), demand) if difference.fate is Fate.ADDED else (demand,)


def _added(difference: Difference) -> Step:
    after, words = difference.after or {}, sentence("Add {what}, not required yet.", what=difference.in_words)
    definition = {name: value for name, value in after.items() if name not in {"rid", "required"}}
    return _step(Operation.ADD_NULLABLE, words, at=address(difference.path), definition=definition)


def another_parameter(difference: Difference, broken: Broken) -> tuple[Step, ...]:
    """A second parameter until every caller gives that one."""
    at, following, what = address(difference.path), _beside(difference.path), difference.in_words
    definition = {broken.at[0]: broken.after}
    return (
        _beside_it(following, what, definition),
        _step(Operation.DUAL_WRITE, sentence("Take either."), **{"from": at, "to": following}),
        *_takeover(at, following, what),
    )


def uniqueness(difference: Difference, _broken: Broken) -> tuple[Step, ...]:
    return _made_to_fit(address(difference.path), difference.in_words, "unique", was=False, now=True)


def tightening(difference: Difference, broken: Broken) -> tuple[Step, ...]:
    aspect = broken.at[1]
    return _made_to_fit(address(difference.path), difference.in_words, aspect, broken.before, broken.after)


def value_removed(difference: Difference, broken: Broken) -> tuple[Step, ...]:
    """Deprecate the value, put another one where it is, drop it."""
    if not isinstance(broken.before, str):
        return tightening(difference, broken)
    at, value = address(difference.path), address((*difference.path, *broken.at))
    by: Json = {"value": broken.after} if broken.after else {"expression": "replace(value)"}
    needs = () if broken.after else (sentence("Which value stands for it."),)
    gone = in_words(broken.before)
    other = in_words(broken.after) if broken.after else phrase("another value")
    return (
        _step(Operation.DEPRECATE, sentence("Deprecate the value {value}.", value=gone), at=value),
        _step(
            Operation.MAP_VALUES,
            sentence("Replace {value} by {other}.", value=gone, other=other),
            *needs,
            **{"at": at, "from": {"value": broken.before}, "to": by},
        ),
        *_farewell(value, phrase("the value {value}", value=gone), sentence("No writer writes it any more.")),
    )


def another_key(difference: Difference, broken: Broken) -> tuple[Step, ...]:
    """Both keys side by side until everything that is found by the former is found by the new one."""
    path = (*difference.path, *broken.at)
    definition = {broken.at[-1]: broken.after}
    what = phrase("the key of {what}", what=difference.in_words)
    by: Json = {"expression": "key(value)"}
    need = sentence("A value of the new key for every object, each its own.")
    return _replacement(address(path), _beside(path), what, definition, by, need)


def another_source(difference: Difference, broken: Broken) -> tuple[Step, ...]:
    """Both sources side by side until the new one holds all that the former does."""
    path = (*difference.path, *broken.at)
    if broken.after is None:
        return ()
    what, by = phrase("the source of {what}", what=difference.in_words), {"expression": "load(value)"}
    need = sentence("Both can be read.")
    return _replacement(address(path), _beside(path), what, {"datasource": broken.after}, by, need)


def kept_properties(difference: Difference, broken: Broken) -> tuple[Step, ...]:
    """Declare what is inherited as its own, and copy the values, before the inheritance ends."""
    return tuple(
        step
        for place in broken.places
        for step in (
            _step(
                Operation.ADD_NULLABLE,
                sentence("Declare {name} as a property of its own.", name=repr(place[-1])),
                at=address(place),
                definition={"inherited_from": broken.before},
            ),
            _step(
                Operation.BACKFILL,
                sentence("Copy the values of {name}.", name=repr(place[-1])),
                at=address(place),
                by={"expression": "inherited(value)"},
            ),
        )
    )


def narrower_end(difference: Difference, broken: Broken) -> tuple[Step, ...]:
    return _made_to_fit(address(difference.path), difference.in_words, "/".join(broken.at), broken.before, broken.after)


def many_to_one(difference: Difference, broken: Broken) -> tuple[Step, ...]:
    """Keep one link of several, and the others in an archive."""
    return _made_to_fit(address(difference.path), difference.in_words, "cardinality", broken.before, broken.after)


def one_to_many(difference: Difference, broken: Broken) -> tuple[Step, ...]:
    change = {"at": address(difference.path), "aspect": "cardinality", "from": broken.before, "to": broken.after}
    words, need = sentence("Admit several."), sentence("Readers take several.")
    return (_step(Operation.UNCONSTRAIN, words, need, **change),)


def another_cardinality(difference: Difference, broken: Broken) -> tuple[Step, ...]:
    return (many_to_one if broken.after == "one" else one_to_many)(difference, broken)
