"""Usages with the identities of what they name, and what that is called in a state."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gateway.engine.sentences import sentence
from history.engine.content import Key, Violation
from ontology.engine.breaking import Usage
from ontology.engine.findings import shown
from ontology.engine.kinds import KIND_NOUNS, KINDS
from ontology.engine.state import State
from ontology.engine.usages.hints import Hints
from ontology.engine.usages.members import Members, members_of

Named = tuple[str, Usage]
"""A usage, and the pointer to where it is written."""


@dataclass(frozen=True)
class Registered:
    """A usage and the rids of what it named when it was registered; ``property_rid`` is empty where all is used."""

    usage: Usage
    type_rid: str
    property_rid: str = ""


@dataclass(frozen=True)
class Standing:
    """A usage as a state calls what it uses. One that is ``stale`` uses what is not there, by its old name."""

    usage: Usage
    stale: bool


def identified(
    state: State, named: Sequence[Named], names: Callable[[str], Iterable[str]]
) -> tuple[list[Registered], list[Violation]]:
    """The usages with the rids that ``state`` has for them, each once, and what is wrong with the others.

    ``names`` gives the names of all resources of a kind.
    """
    members = members_of(state, {_key(usage) for _, usage in named})
    types = state.contents(members)
    found: dict[Usage, Registered] = {}
    unknown: list[tuple[str, Usage]] = []
    for path, usage in named:
        key = _key(usage)
        if key in types and (not usage.property or usage.property in members[key]):
            rid = members[key][usage.property]["rid"] if usage.property else ""
            found[usage] = Registered(usage, types[key]["rid"], rid)
        else:
            unknown.append((path, usage))
    hints = Hints()
    return list(found.values()), [_violation(path, usage, members, names, hints) for path, usage in unknown]


def standings(
    state: State, registered: Sequence[Registered], keys_of: Callable[[Iterable[str]], Mapping[str, Key]]
) -> list[Standing]:
    """What ``state`` calls what was registered, in the same order.

    It is found by rid: that of the type, and in the type that of the member. Where the state has nothing
    of a rid, what has the name now is what is used. ``keys_of`` gives the resources that carry rids.
    """
    keys = list(_keys(state, registered, keys_of))
    members = members_of(state, set(keys))
    return [_standing(each, key, members.get(key)) for each, key in zip(registered, keys, strict=True)]


def _keys(
    state: State, registered: Sequence[Registered], keys_of: Callable[[Iterable[str]], Mapping[str, Key]]
) -> Iterator[Key]:
    """What the types are called; what still has its name is not looked for."""
    named = state.contents({_key(each.usage) for each in registered})
    rids = {key: content["rid"] for key, content in named.items()}
    moved = keys_of({each.type_rid for each in registered if rids.get(_key(each.usage)) != each.type_rid})
    for each in registered:
        yield moved.get(each.type_rid, _key(each.usage))


def _standing(registered: Registered, key: Key, members: Members | None) -> Standing:
    usage = replace(registered.usage, kind=key[0], type=key[1])
    if members is None or not usage.property:
        return Standing(usage, stale=members is None)
    name = next((name for name, each in members.items() if each["rid"] == registered.property_rid), usage.property)
    return Standing(replace(usage, property=name), stale=name not in members)


def _key(usage: Usage) -> Key:
    return usage.kind, usage.type


# --- What is wrong ------------------------------------------------------------------------------------


def _violation(
    path: str, usage: Usage, members: Mapping[Key, Members], names: Callable[[str], Iterable[str]], hints: Hints
) -> Violation:
    if usage.kind not in KINDS:
        hint = hints.nearest(usage.kind, lambda: KINDS)
        message = sentence("There is no kind {kind}{nearest}.", kind=shown(usage.kind), nearest=hint)
        return Violation("KIND_UNKNOWN", f"{path}/kind", message)
    key, noun, type_ = _key(usage), KIND_NOUNS[usage.kind], shown(usage.type)
    if key not in members:
        hint = hints.nearest(usage.type, lambda: names(usage.kind))
        message = sentence("There is no {noun} {name}{nearest}.", noun=noun, name=type_, nearest=hint)
        return Violation("USAGE_UNKNOWN", f"{path}/type", message)
    hint = hints.nearest(usage.property, lambda: members[key])
    message = sentence(
        "The {noun} {name} has no {member}{nearest}.",
        noun=noun,
        name=type_,
        member=shown(usage.property),
        nearest=hint,
    )
    return Violation("USAGE_UNKNOWN", f"{path}/property", message)
