"""Random worlds, and random single changes of them with the findings that each must yield.

A mutation takes a world apart, changes one thing and says by what it did which rules must speak and where. What it
expects it works out from the change itself, never from the engine.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from hypothesis import strategies as st

Resources = dict[str, dict[str, Any]]
Expected = set[tuple[str, str]]

SCALARS = ("string", "integer", "long", "double", "date", "timestamp", "boolean")
PREFIXES = {
    "object_type": "OT",
    "link_type": "LK",
    "interface": "IF",
    "shared_property": "SP",
    "value_type": "VT",
    "struct_type": "ST",
    "action_type": "AC",
}
MEMBERS = {
    "object_type": "properties",
    "link_type": "properties",
    "interface": "properties",
    "struct_type": "fields",
    "action_type": "parameters",
}
CARDINALITIES = {
    "one_to_one": ("one", "one"),
    "one_to_many": ("one", "many"),
    "many_to_one": ("many", "one"),
    "many_to_many": ("many", "many"),
}
TYPES = {
    "PR_TYPE_WIDENED": (
        ("byte", "short"),
        ("short", "integer"),
        ("integer", "long"),
        ("float", "double"),
        ("date", "timestamp"),
    ),
    "PR_TYPE_NARROWED": (("long", "short"), ("double", "integer"), ("timestamp", "date"), ("double", "float")),
    "PR_TYPE_CASTABLE": (("long", "double"), ("string", "integer"), ("geopoint", "string"), ("boolean", "json")),
    "PR_TYPE_INCOMPATIBLE": (("date", "boolean"), ("geoshape", "geopoint"), ("json", "double"), ("boolean", "time")),
}


@dataclass(frozen=True)
class Mutation:
    before: Resources
    after: Resources
    expected: Expected


# --- Worlds ---------------------------------------------------------------------------------------


def rid(*names: str) -> str:
    """One for each name, so that what stays is known again."""
    return str(uuid5(NAMESPACE_OID, "/".join(names)))


def counted(prefix: str, number: int) -> list[str]:
    return [f"{prefix}{place}" for place in range(number)]


@st.composite
def members(draw: st.DrawFn, owner: str) -> dict[str, Any]:
    names = counted(f"{owner.lower()}x", draw(st.integers(1, 3)))
    return {name: {"type": {"type": draw(st.sampled_from(SCALARS))}} for name in names}


@st.composite
def worlds(draw: st.DrawFn) -> Resources:
    """An ontology in which all is active, nothing is required and no two types declare the same property."""
    active = {"status": "active"}
    interfaces, types = counted("I", draw(st.integers(1, 2))), counted("T", draw(st.integers(2, 5)))
    some_types = st.sets(st.sampled_from(types), min_size=1, max_size=2).map(sorted)
    world: Resources = {
        "interface": {
            name: {
                **active,
                "extends": interfaces[:place],
                "properties": draw(members(name)),
                "links": {f"{name.lower()}l": {"target": types[0]}},
            }
            for place, name in enumerate(interfaces)
        },
        "object_type": {
            name: {
                **active,
                "extends": sorted(draw(st.sets(st.sampled_from(types[:place]), max_size=2))) if place else [],
                "implements": sorted(draw(st.sets(st.sampled_from(interfaces), max_size=2))),
                "properties": draw(members(name)),
            }
            for place, name in enumerate(types)
        },
        "link_type": {
            name: {
                **active,
                "source": {"types": draw(some_types), "api_name": "there"},
                "target": {"types": draw(some_types), "api_name": "back"},
                "cardinality": draw(st.sampled_from(sorted(CARDINALITIES))),
                "properties": draw(members(name)),
            }
            for name in ("L0", "L1")
        },
        "value_type": {"V0": {**active, "type": {"type": "string"}}, "V1": {**active, "type": {"type": "double"}}},
        "shared_property": {"s0": {**active, "value_type": "V0"}, "s1": {**active, "type": {"type": "date"}}},
        "struct_type": {"S0": {**active, "fields": draw(members("S0"))}},
        "action_type": {
            "a0": {**active, "parameters": draw(members("a0")), "criteria": ["c"], "permission": "reviewer"}
        },
    }
    first = world["object_type"]["T0"]["properties"]
    first["t0v"], first["t0s"] = {"value_type": "V0"}, {"shared_property": "s0"}
    first["t0a"] = {"type": {"type": "struct", "struct_type": "S0"}}
    return identified(world)


def identified(world: Resources) -> Resources:
    """``world`` with a rid for everything."""
    for kind, named in world.items():
        for name, content in named.items():
            content["rid"] = rid(kind, name)
            for field in ("properties", "links", "fields", "parameters"):
                for member_name, member in content.get(field, {}).items():
                    member.setdefault("rid", rid(kind, name, field, member_name))
    return world


def ancestors(world: Resources, name: str) -> set[str]:
    found, pending = {name}, [name]
    while pending:
        each = pending.pop()
        content = world["object_type"].get(each) or world["interface"].get(each) or {}
        near = {*content.get("extends", ()), *content.get("implements", ())} - found
        found |= near
        pending += near
    return found


# --- Mutations ------------------------------------------------------------------------------------

Family = Callable[[st.DrawFn, Resources], Mutation]
FAMILIES: dict[str, Family] = {}


def family(make: Family) -> Family:
    FAMILIES[make.__name__] = make
    return make


def pick(draw: st.DrawFn, names: Any) -> Any:
    return draw(st.sampled_from(sorted(names)))


def member(draw: st.DrawFn, world: Resources, kinds: Any) -> tuple[str, str, str, str]:
    """(kind, resource, map of members, member) of one with a type of its own."""
    kind = pick(draw, kinds)
    name = pick(draw, world[kind])
    found = world[kind][name][MEMBERS[kind]]
    return (
        kind,
        name,
        MEMBERS[kind],
        pick(draw, {each for each in found if found[each].get("type", {}).get("type") in SCALARS}),
    )


def path(*tokens: str) -> str:
    return "/resources/" + "/".join(tokens)


def result(world: Resources, after: Resources, *expected: tuple[str, str]) -> Mutation:
    return Mutation(world, after, set(expected))


@family
def a_resource_is_renamed(draw: st.DrawFn, world: Resources) -> Mutation:
    kind = pick(draw, world)
    name, after = pick(draw, world[kind]), deepcopy(world)
    after[kind][name + "_new"] = after[kind].pop(name)
    after = referring(after, kind, name, name + "_new")
    rule = f"{PREFIXES[kind]}_RENAMED" if PREFIXES[kind] in {"OT", "LK", "IF", "AC"} else "RS_CHANGED"
    return result(world, after, (rule, path(kind, name)))


def referring(value: Any, kind: str, name: str, new: str) -> Any:
    """``value`` with references to ``name`` followed; names of the kinds here differ, so any text that is it is one."""
    if isinstance(value, dict):
        return {key: referring(part, kind, name, new) for key, part in value.items()}
    if isinstance(value, list):
        return [referring(part, kind, name, new) for part in value]
    return new if value == name else value


@family
def a_resource_is_deleted(draw: st.DrawFn, world: Resources) -> Mutation:
    kind = pick(draw, world)
    name, after = pick(draw, world[kind]), deepcopy(world)
    del after[kind][name]
    return result(world, after, (f"{PREFIXES[kind]}_DELETED", path(kind, name)))


@family
def a_resource_is_added(draw: st.DrawFn, world: Resources) -> Mutation:
    kind, after = pick(draw, world), deepcopy(world)
    name = pick(draw, after[kind])
    after[kind]["New"] = {**deepcopy(after[kind][name]), "rid": rid("New")}
    rule = {"object_type": "OT_ADDED", "link_type": "LK_ADDED"}.get(kind, "RS_ADDED")
    return result(world, after, (rule, path(kind, "New")))


@family
def a_name_goes_to_another_type(draw: st.DrawFn, world: Resources) -> Mutation:
    name, after = pick(draw, world["object_type"]), deepcopy(world)
    after["object_type"][name] = {"rid": rid("New"), "properties": {}}
    return result(world, after, ("OT_NAME_REUSED", path("object_type", name)))


@family
def a_member_is_deleted(draw: st.DrawFn, world: Resources) -> Mutation:
    kind, name, field, member_name = member(draw, world, MEMBERS)
    after = deepcopy(world)
    del after[kind][name][field][member_name]
    rule = {
        "interface": "IF_PROPERTY_REMOVED",
        "struct_type": "ST_FIELD_DELETED",
        "action_type": "AC_PARAMETER_REMOVED",
    }
    return result(world, after, (rule.get(kind, "PR_DELETED"), path(kind, name, field, member_name)))


@family
def a_member_is_renamed(draw: st.DrawFn, world: Resources) -> Mutation:
    kind, name, field, member_name = member(draw, world, MEMBERS)
    after = deepcopy(world)
    after[kind][name][field][member_name + "New"] = after[kind][name][field].pop(member_name)
    rule = "ST_FIELD_RENAMED" if kind == "struct_type" else "PR_RENAMED"
    return result(world, after, (rule, path(kind, name, field, member_name)))


@family
def a_name_goes_to_another_member(draw: st.DrawFn, world: Resources) -> Mutation:
    kind, name, field, member_name = member(draw, world, MEMBERS)
    after = deepcopy(world)
    after[kind][name][field][member_name]["rid"] = rid("New")
    return result(world, after, ("PR_NAME_REUSED", path(kind, name, field, member_name)))


@family
def a_member_is_added(draw: st.DrawFn, world: Resources) -> Mutation:
    kind = pick(draw, MEMBERS)
    name, after = pick(draw, world[kind]), deepcopy(world)
    required, default = draw(st.booleans()), draw(st.booleans())
    content = {"type": {"type": "string"}, "required": required} | ({"default": "x"} if default else {})
    after[kind][name][MEMBERS[kind]]["added"] = {**content, "rid": rid("New")}
    demanded = "PR_ADDED_REQUIRED_WITH_DEFAULT" if default else "PR_ADDED_REQUIRED"
    rules = {
        "interface": "IF_REQUIRED_PROPERTY_ADDED" if required else "IF_OPTIONAL_ADDED",
        "struct_type": demanded if required else "ST_FIELD_ADDED",
        "action_type": "AC_REQUIRED_PARAMETER_ADDED" if required and not default else "AC_OPTIONAL_PARAMETER_ADDED",
    }
    rule = rules.get(kind, demanded if required else "PR_ADDED_OPTIONAL")
    return result(world, after, (rule, path(kind, name, MEMBERS[kind], "added")))


@family
def a_type_changes(draw: st.DrawFn, world: Resources) -> Mutation:
    kind, name, field, member_name = member(draw, world, MEMBERS)
    rule = pick(draw, TYPES)
    was, now = ({"type": each} for each in pick(draw, TYPES[rule]))
    if kind != "struct_type" and draw(st.booleans()):
        was, now = ({"type": "array", "items": each} for each in (was, now))
    own = {
        "interface": "IF_PROPERTY_TYPE_CHANGED",
        "struct_type": "ST_FIELD_TYPE_CHANGED",
        "action_type": "AC_PARAMETER_TYPE_CHANGED",
    }
    return typed(world, (kind, name, field, member_name), was, now, own.get(kind, rule))


@family
def an_array_comes_or_goes(draw: st.DrawFn, world: Resources) -> Mutation:
    one = {"type": pick(draw, SCALARS)}
    many = {"type": "array", "items": {"type": pick(draw, SCALARS)}}
    way = member(draw, world, ("object_type", "link_type"))
    if draw(st.booleans()):
        return typed(world, way, one, many, "PR_SCALAR_TO_ARRAY")
    return typed(world, way, many, one, "PR_ARRAY_TO_SCALAR")


def typed(world: Resources, way: tuple[str, ...], was: Any, now: Any, rule: str) -> Mutation:
    before, after = deepcopy(world), deepcopy(world)
    dig(before, way)["type"], dig(after, way)["type"] = was, now
    return result(before, after, (rule, path(*way, "type")))


def dig(value: Any, way: tuple[str, ...]) -> Any:
    for token in way:
        value = value[token]
    return value


FLAGS = {
    "required": (("interface", "link_type", "object_type", "struct_type"), "PR_BECAME_REQUIRED", "PR_BECAME_OPTIONAL"),
    "unique": (("interface", "link_type", "object_type"), "PR_UNIQUE_ADDED", "PR_UNIQUE_REMOVED"),
    "indexed": (("interface", "link_type", "object_type"), "RS_CHANGED", "PR_INDEX_REMOVED"),
    "searchable": (("interface", "link_type", "object_type"), "RS_CHANGED", "PR_INDEX_REMOVED"),
}


@family
def a_flag_of_a_member_is_turned(draw: st.DrawFn, world: Resources) -> Mutation:
    flag = pick(draw, FLAGS)
    kinds, up, down = FLAGS[flag]
    way = member(draw, world, kinds)
    raised, lowered = deepcopy(world), deepcopy(world)
    dig(raised, way)[flag] = True
    if draw(st.booleans()):
        return result(lowered, raised, (up, path(*way, flag)))
    return result(raised, lowered, (down, path(*way, flag)))


@family
def what_a_property_says_beside_its_type_changes(draw: st.DrawFn, world: Resources) -> Mutation:
    rules = {"default": "PR_DEFAULT_CHANGED", "marking": "PR_MARKING_CHANGED", "derived": "PR_DERIVED_CHANGED"}
    field = pick(draw, rules)
    way = member(draw, world, ("interface", "link_type", "object_type"))
    before, after = deepcopy(world), deepcopy(world)
    values = draw(st.lists(st.sampled_from(["a", "b", None]), min_size=2, max_size=2, unique=True))
    for side, value in zip((before, after), values, strict=True):
        dig(side, way)[field] = value
        if value is None:
            del dig(side, way)[field]
    return result(before, after, (rules[field], path(*way, field)))


BOUNDS = {"min": ("double", 1), "max": ("double", -1), "exclusive_min": ("double", 1), "exclusive_max": ("double", -1)}
SIZES = {
    "min_length": ("string", 1),
    "max_length": ("string", -1),
    "min_items": ("array", 1),
    "max_items": ("array", -1),
}
TIGHTENED = {
    "min": "VT_MIN_RAISED",
    "exclusive_min": "VT_MIN_RAISED",
    "max": "VT_MAX_LOWERED",
    "exclusive_max": "VT_MAX_LOWERED",
}


@family
def a_limit_moves(draw: st.DrawFn, world: Resources) -> Mutation:
    """Of a value type, shared property, property, field or parameter; None is no limit."""
    limit = pick(draw, BOUNDS | SIZES)
    type_, tightening = (BOUNDS | SIZES)[limit]
    was, now = draw(st.lists(st.none() | st.integers(1, 9), min_size=2, max_size=2, unique=True))
    tighter = was is None or (now is not None and (now - was) * tightening > 0)
    way = draw(limited_places(world))
    before, after = deepcopy(world), deepcopy(world)
    for side, value in ((before, was), (after, now)):
        content = dig(side, way)
        content["type"] = {"type": "array", "items": {"type": "string"}} if type_ == "array" else {"type": type_}
        content.pop("value_type", None)
        content["constraints"] = {} if value is None else {limit: value}
    rule = "PR_CONSTRAINT_TIGHTENED" if tighter else "PR_CONSTRAINT_LOOSENED"
    if way[0] == "value_type":
        rule = TIGHTENED.get(limit, "VT_LENGTH_TIGHTENED") if tighter else "VT_LOOSENED"
    elif way[0] == "action_type" and tighter:
        rule = "AC_ALLOWED_VALUES_NARROWED"
    return result(before, after, (rule, path(*way, "constraints", limit)))


@st.composite
def limited_places(draw: st.DrawFn, world: Resources) -> tuple[str, ...]:
    kind = pick(draw, {*MEMBERS, "value_type", "shared_property"} - {"struct_type"})
    return member(draw, world, (kind,)) if kind in MEMBERS else (kind, pick(draw, world[kind]))


@family
def a_value_of_an_enumeration_comes_or_goes(draw: st.DrawFn, world: Resources) -> Mutation:
    way = draw(limited_places(world))
    few, more = deepcopy(world), deepcopy(world)
    for side, values in ((few, ("a", "b")), (more, ("a", "b", "c"))):
        content = dig(side, way)
        content.pop("value_type", None)
        content["type"] = {"type": "string"}
        content["constraints"] = {"enum": {value: {"rid": rid("enum", value)} for value in values}}
    at = path(*way, "constraints", "enum", "c")
    kind = way[0]
    if draw(st.booleans()):
        return result(few, more, ("VT_ENUM_VALUE_ADDED" if kind == "value_type" else "PR_CONSTRAINT_LOOSENED", at))
    rules = {"value_type": "VT_ENUM_VALUE_REMOVED", "action_type": "AC_ALLOWED_VALUES_NARROWED"}
    return result(more, few, (rules.get(kind, "PR_CONSTRAINT_TIGHTENED"), at))


@family
def a_text_constraint_of_a_value_type_comes_or_goes(draw: st.DrawFn, world: Resources) -> Mutation:
    rules = {
        "pattern": ("VT_REGEX_CHANGED", "[a-z]+"),
        "format": ("VT_FORMAT_ADDED", "email"),
        "unique_items": ("VT_UNIQUE_ITEMS_ADDED", True),
    }
    field = pick(draw, rules)
    rule, value = rules[field]
    held, free = deepcopy(world), deepcopy(world)
    held["value_type"]["V0"]["constraints"] = {field: value}
    at = path("value_type", "V0", "constraints", field)
    if draw(st.booleans()):
        return result(free, held, (rule, at))
    return result(held, free, ("VT_LOOSENED", at))


@family
def the_type_of_a_value_type_or_shared_property_changes(draw: st.DrawFn, world: Resources) -> Mutation:
    kind, name, rule = pick(
        draw,
        {
            ("value_type", "V0", "VT_BASE_CHANGED"),
            ("value_type", "V1", "VT_BASE_CHANGED"),
            ("shared_property", "s1", "SP_TYPE_CHANGED"),
        },
    )
    after = deepcopy(world)
    was = world[kind][name]["type"]["type"]
    after[kind][name]["type"] = {"type": pick(draw, set(SCALARS) - {was})}
    return result(world, after, (rule, path(kind, name, "type")))


@family
def a_parent_or_interface_goes(draw: st.DrawFn, world: Resources) -> Mutation:
    rules = {
        ("object_type", "extends"): "OT_PARENT_REMOVED",
        ("object_type", "implements"): "OT_INTERFACE_REMOVED",
        ("interface", "extends"): "IF_EXTENDS_REMOVED",
    }
    kind, field = pick(draw, rules)
    after = deepcopy(world)
    found = [name for name in world[kind] if world[kind][name].get(field)]
    if not found:
        return result(world, after)
    name = pick(draw, found)
    after[kind][name][field].remove(pick(draw, after[kind][name][field]))
    return result(world, after, (rules[kind, field], path(kind, name, field)))


@family
def a_parent_or_interface_comes(draw: st.DrawFn, world: Resources) -> Mutation:
    """What the new one demands and was not there is demanded of the type."""
    field, kind = pick(draw, {("extends", "object_type"), ("implements", "interface")})
    name = pick(draw, world["object_type"])
    before = deepcopy(world)
    content = before["object_type"][name]
    news = {each for each in before[kind] if each not in content[field] and name not in ancestors(world, each)}
    if not news:
        return result(world, world)
    new = pick(draw, news)
    demanded = {
        each: before[kind][new]["properties"] for each in before[kind][new]["properties"] if draw(st.booleans())
    }
    for each, properties in demanded.items():
        properties[each]["required"] = True
    after = deepcopy(before)
    after["object_type"][name][field].append(new)
    rule = "OT_PARENT_ADDED" if field == "extends" else "OT_INTERFACE_ADDED"
    had = {
        each
        for near in ancestors(world, name)
        for each in (world["object_type"] | world["interface"])[near]["properties"]
    }
    expected = {
        ("PR_ADDED_REQUIRED", path("object_type", name, "properties", each)) for each in demanded if each not in had
    }
    return Mutation(before, after, {(rule, path("object_type", name, field)), *expected})


@family
def the_end_of_a_link_changes(draw: st.DrawFn, world: Resources) -> Mutation:
    name, side = pick(draw, world["link_type"]), pick(draw, {"source", "target"})
    after = deepcopy(world)
    was = world["link_type"][name][side]["types"]
    now = sorted(draw(st.sets(st.sampled_from(sorted(world["object_type"])), min_size=1, max_size=2)))
    after["link_type"][name][side]["types"] = now
    wider = all(ancestors(world, each) & set(now) for each in was)
    narrower = all(ancestors(world, each) & set(was) for each in now)
    rules = {
        (False, False): "LK_END_CHANGED",
        (False, True): "LK_END_NARROWED",
        (True, False): "LK_END_WIDENED",
        (True, True): "RS_CHANGED",
    }
    return result(
        world, after, *([(rules[wider, narrower], path("link_type", name, side, "types"))] if was != now else [])
    )


@family
def a_cardinality_changes(draw: st.DrawFn, world: Resources) -> Mutation:
    name, now = pick(draw, world["link_type"]), pick(draw, CARDINALITIES)
    after = deepcopy(world)
    was = after["link_type"][name]["cardinality"]
    after["link_type"][name]["cardinality"] = now
    sides = set(zip(CARDINALITIES[was], CARDINALITIES[now], strict=True))
    rules = {("many", "one"): "LK_MANY_TO_ONE", ("one", "many"): "LK_ONE_TO_MANY"}
    at = path("link_type", name, "cardinality")
    return result(world, after, *((rule, at) for change, rule in rules.items() if change in sides))


SINGLE: Mapping[str, tuple[tuple[str, Any, Any, str], ...]] = {
    "object_type": (
        ("primary_key", ["a"], ["b"], "OT_PRIMARY_KEY_CHANGED"),
        ("title_property", "a", "b", "OT_TITLE_CHANGED"),
        ("datasource", "a", "b", "OT_DATASOURCE_REPLACED"),
        ("edits_enabled", True, False, "OT_EDITS_DISABLED"),
        ("edits_enabled", False, True, "RS_CHANGED"),
        ("abstract", False, True, "OT_KIND_CHANGED"),
        ("abstract", True, False, "RS_CHANGED"),
        ("visibility", "normal", "hidden", "OT_HIDDEN"),
        ("visibility", "hidden", "normal", "OT_DISPLAY_CHANGED"),
        ("status", "active", "experimental", "OT_STATUS_DOWNGRADED"),
        ("status", "active", "deprecated", "OT_DEPRECATED_WITHOUT_REPLACEMENT"),
        ("status", "experimental", "active", "OT_DISPLAY_CHANGED"),
        ("icon", "a", "b", "OT_DISPLAY_CHANGED"),
        ("groups", ["a"], ["b"], "OT_DISPLAY_CHANGED"),
        ("id_prefixes", ["a"], ["b"], "RS_CHANGED"),
    ),
    "link_type": (
        ("required", False, True, "LK_BECAME_REQUIRED"),
        ("required", True, False, "RS_CHANGED"),
        ("foreign_key", "a", "b", "LK_KEY_CHANGED"),
        ("join", "a", "b", "LK_KEY_CHANGED"),
        ("inverse_of", "L0", "L1", "LK_INVERSE_CHANGED"),
        ("symmetric", False, True, "LK_INVERSE_CHANGED"),
        ("transitive", True, False, "LK_INVERSE_CHANGED"),
        ("cascade_delete", False, True, "LK_INVERSE_CHANGED"),
        ("description", "a", "b", "RS_CHANGED"),
    ),
    "interface": (("display_name", "a", "b", "RS_CHANGED"),),
    "shared_property": (("aliases", ["a"], ["b"], "RS_CHANGED"),),
    "value_type": (("description", "a", "b", "RS_CHANGED"),),
    "struct_type": (("visibility", "normal", "hidden", "RS_CHANGED"),),
    "action_type": (
        ("criteria", ["c"], ["c", "d"], "AC_CRITERIA_TIGHTENED"),
        ("criteria", ["c", "d"], ["c"], "RS_CHANGED"),
        ("permission", "reviewer", "developer", "AC_PERMISSION_TIGHTENED"),
        ("permission", "developer", "viewer", "RS_CHANGED"),
        ("permission", "", "whoever is on duty", "AC_PERMISSION_TIGHTENED"),
        ("side_effects", ["a"], ["b"], "AC_SIDE_EFFECT_CHANGED"),
        ("affected_types", ["T0"], ["T1"], "AC_RULES_CHANGED"),
    ),
}


@family
def a_field_of_a_resource_changes(draw: st.DrawFn, world: Resources) -> Mutation:
    kind = pick(draw, SINGLE)
    name = pick(draw, world[kind])
    field, was, now, rule = draw(st.sampled_from(SINGLE[kind]))
    before, after = deepcopy(world), deepcopy(world)
    before[kind][name][field], after[kind][name][field] = was, now
    return result(before, after, (rule, path(kind, name, field)))


@family
def what_people_read_of_a_member_changes(draw: st.DrawFn, world: Resources) -> Mutation:
    way, field = member(draw, world, MEMBERS), pick(draw, {"display_name", "description"})
    after = deepcopy(world)
    dig(after, way)[field] = "Other"
    return result(world, after, ("PR_DISPLAY_CHANGED", path(*way, field)))


@family
def the_link_of_an_interface_changes(draw: st.DrawFn, world: Resources) -> Mutation:
    name = pick(draw, world["interface"])
    way = ("interface", name, "links", f"{name.lower()}l")
    field, value, rule = draw(
        st.sampled_from(
            [
                ("cardinality", "one", "IF_LINK_CARDINALITY_CHANGED"),
                ("required", True, "IF_REQUIRED_LINK_ADDED"),
                ("target", "Nowhere", "IF_LINK_TARGET_NARROWED"),
            ]
        )
    )
    after = deepcopy(world)
    dig(after, way)[field] = value
    return result(world, after, (rule, path(*way, field)))
