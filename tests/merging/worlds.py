"""Generated states of the small schema, and edits of them as people make them.

A state knows everything by identity: references and members are rids, names are just labels.
Rendered, it is documents by name; a document is read back by looking every name up. So what a
merge by name does can be checked by somebody who never looks at names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

from history.engine.content import Content, Key

Leaf = tuple[str, ...]
"""A place: rid, field, and further keys; members by rid."""


@dataclass(frozen=True)
class Thing:
    name: str
    kind: str = "thing"
    fields: Mapping[str, Any] = field(default_factory=dict)
    parents: frozenset[str] = frozenset()
    ends: tuple[str, ...] = ()
    members: Mapping[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)


World = Mapping[str, Thing]
"""Things and arrows by rid."""

NAMES = "ABCDEF"
labels = st.sampled_from(["", "x", "y", "z"])
notes = st.lists(st.sampled_from(["some", "words", "of", "prose", "\n"]), max_size=4).map(" ".join)
steps = st.lists(st.sampled_from([1, 2, 3, {"do": "it"}]), max_size=4)
texts = notes | st.dictionaries(st.sampled_from(["en", "ko"]), notes, max_size=2)
free = st.recursive(
    st.none() | st.booleans() | st.integers(0, 1) | st.lists(st.integers(0, 1), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("pq"), inner, max_size=2),
    max_leaves=4,
)
FIELDS: Mapping[str, st.SearchStrategy[Any]] = {
    "label": labels,
    "note": texts,
    "key": st.lists(st.sampled_from("kl"), max_size=2),
    "steps": steps,
    "limits": st.dictionaries(st.sampled_from(["min", "max"]), st.integers(0, 2)),
    "extra": st.dictionaries(st.sampled_from("pq"), free, max_size=2),
    "other": free,
    "stage": st.sampled_from(["new", "used", "gone", "odd"]),
    "size": st.sampled_from([1, 2, 3, 4, 7, 30]),
    "width": st.integers(1, 2),
    "height": st.integers(1, 2),
}
MEMBER_FIELDS: Mapping[str, st.SearchStrategy[Any]] = {
    "type": st.sampled_from(["s", "n"]),
    "required": st.booleans(),
    "note": notes,
}


def fields_of(strategies: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=dict(strategies))


@st.composite
def things(draw: st.DrawFn, name: str, known: list[str]) -> Thing:
    if known and draw(st.integers(0, 3)) == 0:
        ends = draw(st.tuples(st.sampled_from(known), st.sampled_from(known)))
        return Thing(name, kind="arrow", ends=ends)
    parents = draw(st.frozensets(st.sampled_from(known), max_size=2)) if known else frozenset()
    members = {
        f"m{place}": (member, draw(fields_of(MEMBER_FIELDS)))
        for place, member in enumerate(draw(st.lists(st.sampled_from("uvw"), unique=True, max_size=2)))
    }
    return Thing(name, fields=draw(fields_of(FIELDS)), parents=parents, members=members)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    world: dict[str, Thing] = {}
    for place, name in enumerate(draw(st.lists(st.sampled_from(NAMES[:4]), unique=True, max_size=4))):
        known = [rid for rid, thing in world.items() if thing.kind == "thing"]
        world[f"r{place}"] = draw(things(name, known))
    return world


@st.composite
def edits(draw: st.DrawFn, base: World) -> World:
    """``base`` after up to five edits by one person."""
    world = dict(base)
    for _ in range(draw(st.integers(0, 5))):
        edit = draw(st.sampled_from([_edit, _edit, _edit_member, _edit_member, _rename, _add, _delete, _link]))
        edit(draw, world, base)
    return world


def _edit(draw: st.DrawFn, world: dict[str, Thing], _base: World) -> None:
    if plain := _things(world):
        rid, name = draw(st.sampled_from(plain)), draw(st.sampled_from(sorted(FIELDS)))
        rest = {key: value for key, value in world[rid].fields.items() if key != name}
        given = draw(fields_of({name: FIELDS[name]}))
        world[rid] = replace(world[rid], fields={**rest, **given})


def _edit_member(draw: st.DrawFn, world: dict[str, Thing], base: World) -> None:
    """Puts or deletes a member. As with things, the name of one that was deleted stays its own."""
    if plain := _things(world):
        rid, member = draw(st.sampled_from(plain)), draw(st.sampled_from(["m0", "m1", "m2"]))
        others = {key: value for key, value in world[rid].members.items() if key != member}
        taken = {name for name, _ in others.values()}
        former = {key: name for key, (name, _) in base[rid].members.items()} if rid in base else {}
        left = {name for key, name in former.items() if key not in others and key != member}
        if draw(st.integers(0, 3)):
            name = draw(st.sampled_from(sorted(set("uvwx") - taken - left)))
            others[member] = (name, draw(fields_of(MEMBER_FIELDS)))
        elif former.get(member) in taken:
            return
        world[rid] = replace(world[rid], members=others)


def _rename(draw: st.DrawFn, world: dict[str, Thing], base: World) -> None:
    if world:
        rid = draw(st.sampled_from(sorted(world)))
        if names := _free_names(world, base, world[rid].kind, rid):
            world[rid] = replace(world[rid], name=draw(st.sampled_from(names)))


def _add(draw: st.DrawFn, world: dict[str, Thing], base: World) -> None:
    rid = draw(st.sampled_from(["n1", "n2", "n3"]))
    if rid not in world and (names := _free_names(world, base, "thing", rid)):
        world[rid] = replace(draw(things(draw(st.sampled_from(names)), [])))


def _delete(draw: st.DrawFn, world: dict[str, Thing], base: World) -> None:
    """Deletes what nobody refers to, unless its old name has another bearer by now."""
    referred = {rid for thing in world.values() for rid in (*thing.parents, *thing.ends)}
    bearers = {(thing.kind, thing.name): rid for rid, thing in world.items()}
    loose = [
        rid
        for rid in sorted(set(world) - referred)
        if rid not in base or bearers.get((base[rid].kind, base[rid].name), rid) == rid
    ]
    if loose:
        del world[draw(st.sampled_from(loose))]


def _link(draw: st.DrawFn, world: dict[str, Thing], _base: World) -> None:
    if plain := _things(world):
        rid = draw(st.sampled_from(plain))
        world[rid] = replace(world[rid], parents=draw(st.frozensets(st.sampled_from(plain), max_size=3)))


def _things(world: World) -> list[str]:
    return sorted(rid for rid, thing in world.items() if thing.kind == "thing")


def _free_names(world: World, base: World, kind: str, rid: str) -> list[str]:
    """Names without a bearer here; one whose bearer was deleted stays its own, since names identify."""
    taken = {thing.name for thing in world.values() if thing.kind == kind}
    left = {thing.name for gone, thing in base.items() if thing.kind == kind and gone not in world and gone != rid}
    return sorted(set(NAMES) - taken - left)


# --- Documents ------------------------------------------------------------------------------------


def rendered(world: World) -> dict[Key, Content]:
    """The documents, with everything by name."""
    return {(thing.kind, thing.name): _content(world, rid, thing) for rid, thing in world.items()}


def _content(world: World, rid: str, thing: Thing) -> Content:
    content: Content = {"rid": rid, **thing.fields}
    if thing.parents:
        content["parents"] = sorted(world[parent].name for parent in thing.parents)
    if thing.ends:
        content["source"], content["target"] = (world[end].name for end in thing.ends)
    if thing.members:
        content["members"] = {name: {"rid": member, **rest} for member, (name, rest) in thing.members.items()}
    return content


def leaves(documents: Mapping[Key, Content]) -> dict[Leaf, Any]:
    """Every leaf by identity; lists are leaves, references are rids, or ``?`` where nothing has the name."""
    rids = {key: content["rid"] for key, content in documents.items()}
    found: dict[Leaf, Any] = {}
    for (_, name), content in documents.items():
        rid = content["rid"]
        found[rid, "api_name"] = name
        for key, value in content.items():
            if key in ("source", "target"):
                found[rid, key] = rids.get(("thing", value), "?")
            elif key == "parents":
                found[rid, key] = frozenset(rids.get(("thing", parent), "?") for parent in value)
            elif key == "members":
                found.update(_member_leaves(rid, value))
            elif key != "rid":
                found.update(_plain_leaves((rid, key), value))
    return found


def _member_leaves(rid: str, members: Mapping[str, Content]) -> Iterator[tuple[Leaf, Any]]:
    for name, member in members.items():
        place = (rid, "members", member["rid"])
        yield (*place, "api_name"), name
        for key, value in member.items():
            if key != "rid":
                yield from _plain_leaves((*place, key), value)


def _plain_leaves(place: Leaf, value: Any) -> Iterator[tuple[Leaf, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _plain_leaves((*place, key), inner)
    elif (place[-1], value) not in (
        ("label", ""),
        ("note", ""),
        ("required", False),
        ("key", []),
        ("steps", []),
        ("stage", "new"),
        ("height", 1),
    ):
        yield place, repr(value)
