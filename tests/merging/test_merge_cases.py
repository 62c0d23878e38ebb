"""How ontologies merge, case by case. The table is the specification, each case with the reason for its outcome.

The cases are those of git's own merge tests and of Dolt's merges of schemas, in the words of an ontology. Each is
merged as it stands and with its sides swapped, which must give the same state and the mirrored conflicts.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import pytest

from history.engine.content import Content, Key
from merging.engine.result import Conflict, ConflictKind, Strategy
from merging.selectors import DocumentMerge, merge_documents
from ontology.engine.normalisation import normal_form

State = dict[Key, Content]

RID = "00000000-0000-4000-8000-00000000000{}"


def state(resources: dict[str, Any]) -> State:
    """Resources by ``kind/Name``, in normal form."""
    found = {}
    for place, content in resources.items():
        kind, _, name = place.partition("/")
        found[kind, name], wrong = normal_form(kind, name, content)
        assert wrong == []
    return found


class Case(NamedTuple):
    reason: str
    base: State
    ours: State
    theirs: State
    merged: State
    conflicts: tuple[tuple[ConflictKind, str], ...] = ()
    """Kind and path, below /resources, as ours sees them."""
    strategies: tuple[tuple[Strategy, str], ...] = ()
    violations: tuple[tuple[str, str], ...] = ()
    bases: tuple[State, ...] = ()
    """Where histories cross: the bases, of which ``base`` is not one then."""


class Places(NamedTuple):
    """A case of one value: what it is on the three sides and merged, and the note on it."""

    reason: str
    base: Any
    ours: Any
    theirs: Any
    merged: Any
    note: ConflictKind | Strategy | None = None
    below: str = ""
    """Where below the value the note is."""


def placed(place: str, each: Places, around: Any) -> Case:
    """The case of a value at ``place``, in the resource that ``around`` makes of it."""
    states = (around(value) for value in (each.base, each.ours, each.theirs, each.merged))
    found = () if each.note is None else ((each.note, f"{place}{each.below}"),)
    if isinstance(each.note, Strategy):
        return Case(each.reason, *states, strategies=found)  # type: ignore[arg-type]
    return Case(each.reason, *states, conflicts=found)  # type: ignore[arg-type]


# --- Whole resources and members ------------------------------------------------------------------


def person(name: str = "Person", rid: str = "1", **fields: Any) -> State:
    return state({f"object_type/{name}": {"rid": RID.format(rid), "properties": {}, **fields}})


def nameless(name: str, **fields: Any) -> State:
    """A type as files without rids have it."""
    return state({f"object_type/{name}": {"properties": {}, **fields}})


def employment(person: str, cardinality: str = "many_to_one", **fields: Any) -> State:
    ends = {"source": {"types": [person]}, "target": {"types": ["Company"]}}
    return state({"link_type/employment": {"rid": RID.format(7), **ends, "cardinality": cardinality, **fields}})


ICON = {"icon": "user"}
OTHER_ICON = {"icon": "face"}
COMPANY = nameless("Company")
PEOPLE = nameless("Person") | COMPANY
CONTACTABLE = state({"interface/Contactable": {"properties": {}}})
REACHABLE = state({"interface/Contactable": {"properties": {"email": {"type": "string", "required": True}}}})
LINK = ("link_type", "employment")
EMPTY: State = {}

RESOURCES = {
    "delete/modify": Case(
        "who deleted did not know of the change",
        person(), EMPTY, person(abstract=True), person(),
        ((ConflictKind.MODIFY_DELETE, "/object_type/Person"),),
    ),
    "delete/modify of nothing but a label": Case(
        "a change of words is a change: somebody still cares",
        person(), EMPTY, person(display_name="Human"), person(),
        ((ConflictKind.MODIFY_DELETE, "/object_type/Person"),),
    ),
    "delete/no change": Case("only one side did something", person(), EMPTY, person(), EMPTY),
    "rename/rename to the same name": Case(
        "both meant the same",
        person(), person("Human"), person("Human"), person("Human"),
        strategies=((Strategy.SAME_CHANGE, "/object_type/Human/api_name"),),
    ),
    "rename/rename to different names": Case(
        "there is one name to give; edits under either of them are kept",
        person(), person("Human", **ICON), person("Individual", abstract=True), person(abstract=True, **ICON),
        ((ConflictKind.RENAME_RENAME, "/object_type/Human/api_name"),),
    ),
    "rename/delete": Case(
        "a rename says that it is still wanted",
        person(), person("Human"), EMPTY, person(),
        ((ConflictKind.RENAME_DELETE, "/object_type/Human"),),
    ),
    "rename/add": Case(
        "two things came to one name, and only people know which of them should have it",
        person(), person("Human"), person() | person("Human", rid="2"), person(),
        ((ConflictKind.RENAME_ADD, "/object_type/Human"),),
    ),
    "rename/edit": Case(
        "a name and a content are two things",
        person(), person("Human"), person(**ICON), person("Human", **ICON),
        strategies=((Strategy.RENAME_FOLLOWED, "/object_type/Human/api_name"),),
    ),
    "rename/refer": Case(
        "references go to the resource, not to its name",
        person() | COMPANY, person("Human") | COMPANY, person() | COMPANY | employment("Person"),
        person("Human") | COMPANY | employment("Human"),
        strategies=((Strategy.RENAME_FOLLOWED, "/link_type/employment/source"),),
    ),
    "rename/edit without rids": Case(
        "a name without a rid stands for itself, so a rename is a deletion and an addition",
        nameless("Person"), nameless("Human"), nameless("Person", **ICON), nameless("Person") | nameless("Human"),
        ((ConflictKind.MODIFY_DELETE, "/object_type/Person"),),
    ),
    "both add the same": Case(
        "there is nothing to choose",
        EMPTY, nameless("Person", **ICON), nameless("Person", **ICON), nameless("Person", **ICON),
        strategies=((Strategy.SAME_CHANGE, "/object_type/Person"),),
    ),
    "both add under one name, different fields": Case(
        "one name is one thing, merged over nothing",
        EMPTY, nameless("Person", **ICON), nameless("Person", abstract=True), nameless("Person", abstract=True, **ICON),
    ),
    "both add under one name, one field differently": Case(
        "over nothing there is no value to stay with",
        EMPTY, nameless("Person", **ICON), nameless("Person", **OTHER_ICON), nameless("Person"),
        ((ConflictKind.VALUE, "/object_type/Person/icon"),),
    ),
    "both add under one name, with different rids": Case(
        "whoever knows it by the other rid still finds it",
        EMPTY, person(rid="2"), person(rid="1"), person(rid="1", aliases=[RID.format(2)]),
        strategies=((Strategy.SMALLER_RID, "/object_type/Person/rid"),),
    ),
    "both add a link under one name, with different cardinalities": Case(
        "what is required has no value yet, so the state is not well-formed before it is decided",
        PEOPLE, PEOPLE | employment("Person"), PEOPLE | employment("Person", cardinality="many_to_many"),
        PEOPLE | {LINK: {field: value for field, value in employment("Person")[LINK].items() if field != "cardinality"}},
        ((ConflictKind.VALUE, "/link_type/employment/cardinality"),),
        violations=(("FIELD_REQUIRED", "/link_type/employment/cardinality"),),
    ),
    "delete/refer": Case(
        "neither side's reference leads nowhere, the union's does; the resource stays until it is decided",
        PEOPLE, nameless("Person"), PEOPLE | employment("Person"), PEOPLE | employment("Person"),
        ((ConflictKind.DANGLING, "/link_type/employment/target/types/0"),),
    ),
    "rename/refer without rids": Case(
        "the old name is gone as far as files can tell",
        PEOPLE, nameless("Human") | COMPANY, PEOPLE | employment("Person"),
        PEOPLE | nameless("Human") | employment("Person"),
        ((ConflictKind.DANGLING, "/link_type/employment/source/types/0"),),
    ),
    "delete/refer from two places": Case(
        "each place is told; one decision brings the resource back for both",
        nameless("Agent") | COMPANY, COMPANY,
        nameless("Agent") | nameless("Company", extends=["Agent"]) | nameless("Person", extends=["Agent"]),
        nameless("Agent") | nameless("Company", extends=["Agent"]) | nameless("Person", extends=["Agent"]),
        (
            (ConflictKind.DANGLING, "/object_type/Company/extends/0"),
            (ConflictKind.DANGLING, "/object_type/Person/extends/0"),
        ),
    ),
    "criss-cross, the bases agree": Case(
        "what each base brought is older than the sides",
        EMPTY, person(abstract=True, **OTHER_ICON), person(abstract=True, **ICON), person(abstract=True, **OTHER_ICON),
        bases=(person(**ICON), person(abstract=True)),
    ),
    "criss-cross, the bases conflict": Case(
        "where the bases disagree there is no value before, so both sides gave it one",
        EMPTY, person(**ICON), person(**OTHER_ICON), person(),
        ((ConflictKind.VALUE, "/object_type/Person/icon"),),
        bases=(person(**ICON), person(**OTHER_ICON)),
    ),
    "criss-cross, the bases conflict and the sides agree": Case(
        "the conflict of the bases is resolved on both sides alike",
        EMPTY, person(icon="cat"), person(icon="cat"), person(icon="cat"),
        strategies=((Strategy.SAME_CHANGE, "/object_type/Person"),),
        bases=(person(**ICON), person(**OTHER_ICON)),
    ),
}  # fmt: skip


# --- Properties -----------------------------------------------------------------------------------


def holder(properties: dict[str, Any], **fields: Any) -> State:
    given = {name: {"type": "string", **member} for name, member in properties.items()}
    return person(properties=given, **fields)


def prop(member: Any) -> State:
    return holder({"it": member})


def typed(name: str, **parameters: Any) -> dict[str, Any]:
    return {"type": {"type": name, **parameters}}


def decimal(precision: int, scale: int) -> dict[str, Any]:
    return typed("decimal", precision=precision, scale=scale)


P = "/object_type/Person/properties/it"
BOUNDED = {"type": "integer", "constraints": {"min": 5, "max": 9}}

PROPERTIES = {
    "type widened on both sides": Places(
        "long holds what integer and long hold",
        typed("short"), typed("integer"), typed("long"), typed("long"), Strategy.WIDER, "/type",
    ),
    "type widened on both sides, apart": Places(
        "the narrowest that holds both is neither side's",
        decimal(4, 2), decimal(8, 2), decimal(6, 4), decimal(10, 4), Strategy.WIDER, "/type",
    ),
    "type widened on one side, narrowed on the other": Places(
        "who narrows relies on what who widens gives up",
        typed("integer"), typed("long"), typed("short"), typed("integer"), ConflictKind.VALUE, "/type",
    ),
    "type widened on both sides to nothing in common": Places(
        "no type holds all values of both",
        typed("integer"), typed("long"), typed("double"), typed("integer"), ConflictKind.VALUE, "/type",
    ),
    "type changed on both sides": Places(
        "neither holds the other",
        typed("string"), typed("boolean"), typed("date"), typed("string"), ConflictKind.VALUE, "/type",
    ),
    "type widened on one side, description changed on the other": Places(
        "they do not touch",
        typed("short"), typed("long"), {**typed("short"), "description": "How many"},
        {**typed("long"), "description": "How many"},
    ),
    "min changed on both sides": Places(
        "which of two bounds is right is a matter of the domain; looser and stricter are offered",
        BOUNDED, {**BOUNDED, "constraints": {"min": 3, "max": 9}}, {**BOUNDED, "constraints": {"min": 7, "max": 9}},
        BOUNDED, ConflictKind.VALUE, "/constraints/min",
    ),
    "max changed on both sides": Places(
        "likewise",
        BOUNDED, {**BOUNDED, "constraints": {"min": 5, "max": 8}}, {**BOUNDED, "constraints": {"min": 5, "max": 12}},
        BOUNDED, ConflictKind.VALUE, "/constraints/max",
    ),
    "min changed on one side, max on the other": Places(
        "each is a constraint of its own; that they leave a value is checked afterwards",
        BOUNDED, {**BOUNDED, "constraints": {"min": 6, "max": 9}}, {**BOUNDED, "constraints": {"min": 5, "max": 8}},
        {**BOUNDED, "constraints": {"min": 6, "max": 8}},
    ),
    "required on one side, another type on the other": Places(
        "who asks for a value asked for one of the old type",
        typed("string"), {"required": True}, typed("integer"), typed("string"), ConflictKind.COUPLED,
    ),
    "default on one side, required on the other": Places(
        "whether a default is needed depends on whether a value is",
        typed("string"), {"default": "x"}, {"required": True}, typed("string"), ConflictKind.COUPLED,
    ),
    "required on one side, unique on the other": Places(
        "each is a demand of its own",
        typed("string"), {"required": True}, {"unique": True}, {"required": True, "unique": True},
    ),
    "groups and aliases changed on both sides": Places(
        "a set is the union of what was added without what was removed",
        {"groups": ["a", "b"], "aliases": []}, {"groups": ["a"], "aliases": ["x"]},
        {"groups": ["a", "b", "c"], "aliases": []}, {"groups": ["a", "c"], "aliases": ["x"]}, Strategy.SET_UNION, "/groups",
    ),
    "mappings to different vocabularies": Places(
        "each relation is a set",
        {}, {"mappings": {"exact": ["schema:name"]}}, {"mappings": {"exact": ["foaf:name"], "close": ["dc:title"]}},
        {"mappings": {"exact": ["foaf:name", "schema:name"], "close": ["dc:title"]}}, Strategy.SET_UNION,
        "/mappings/exact",
    ),
    "description, different words": Places(
        "prose merges word by word",
        {"description": "The full name of a person"}, {"description": "The whole name of a person"},
        {"description": "The full name of a human"}, {"description": "The whole name of a human"}, Strategy.TEXT_MERGE,
        "/description",
    ),
    "description, the same words": Places(
        "one word cannot be two",
        {"description": "The full name"}, {"description": "The whole name"}, {"description": "The entire name"},
        {"description": "The full name"}, ConflictKind.TEXT, "/description",
    ),
    "label, one language each": Places(
        "languages are told apart",
        {"display_name": {"en": "Name"}}, {"display_name": {"en": "Full name"}},
        {"display_name": {"en": "Name", "ko": "이름"}}, {"display_name": {"en": "Full name", "ko": "이름"}},
    ),
    "label, different words of one language": Places(
        "a label is a name, not prose, and taken whole",
        {"display_name": {"en": "Big name"}}, {"display_name": {"en": "Tall name"}},
        {"display_name": {"en": "Big label"}}, {"display_name": {"en": "Big name"}}, ConflictKind.VALUE,
        "/display_name/en",
    ),
    "metadata, different keys": Places(
        "free JSON merges by key",
        {"metadata": {"a": 1}}, {"metadata": {"a": 2}}, {"metadata": {"a": 1, "b": 1}}, {"metadata": {"a": 2, "b": 1}},
    ),
    "status advanced on both sides": Places(
        "who is further along has seen more",
        {}, {"status": "active"}, {"status": "deprecated"}, {"status": "deprecated"}, Strategy.FURTHER, "/status",
    ),
    "status advanced on one side, made an example on the other": Places(
        "an example is no stage of a life",
        {}, {"status": "active"}, {"status": "example"}, {}, ConflictKind.VALUE, "/status",
    ),
    "deprecated with different reasons": Places(
        "consumers are told one reason",
        {}, {"status": "deprecated", "deprecation": {"reason": "Unused"}},
        {"status": "deprecated", "deprecation": {"reason": "Renamed"}}, {"status": "deprecated"}, ConflictKind.VALUE,
        "/deprecation/reason",
    ),
    "deprecated with a reason, and with a sentence more": Places(
        "likewise: a reason is one, and not the words of two people",
        {}, {"status": "deprecated", "deprecation": {"reason": "Unused."}},
        {"status": "deprecated", "deprecation": {"reason": "Unused. Renamed."}}, {"status": "deprecated"},
        ConflictKind.VALUE, "/deprecation/reason",
    ),
    "taken into use again on one side, its replacement named on the other": Places(
        "a deprecation comes and goes as a whole, and one side still has it in mind",
        {"status": "deprecated", "deprecation": {"reason": "Old"}}, {"status": "active"},
        {"status": "deprecated", "deprecation": {"reason": "Old", "deadline": "2027-01-01"}},
        {"status": "active", "deprecation": {"reason": "Old"}}, ConflictKind.VALUE, "/deprecation",
    ),
    "deprecated with different deadlines": Places(
        "consumers are told one day",
        {"status": "deprecated"}, {"status": "deprecated", "deprecation": {"deadline": "2027-01-01"}},
        {"status": "deprecated", "deprecation": {"deadline": "2028-01-01"}}, {"status": "deprecated"},
        ConflictKind.VALUE, "/deprecation/deadline",
    ),
}  # fmt: skip

STRING: dict[str, Any] = {}
EMAIL = state({"value_type/Email": {"type": "string", "constraints": {"format": "email"}}})
KEYED = {"id": STRING, "name": STRING, "country": STRING}

MEMBERS = {
    "properties added on both sides": Case(
        "they are two things", holder({}), holder({"a": STRING}), holder({"b": STRING}),
        holder({"a": STRING, "b": STRING}),
    ),
    "a property deleted on one side, changed on the other": Case(
        "as with resources", holder({"a": STRING}), holder({}), holder({"a": {"unique": True}}), holder({"a": STRING}),
        ((ConflictKind.MODIFY_DELETE, "/object_type/Person/properties/a"),),
    ),
    "a property deleted on one side, made the title on the other": Case(
        "neither side's title leads nowhere, the union's does; the property stays until it is decided",
        holder({"a": STRING, "b": STRING}), holder({"b": STRING}),
        holder({"a": STRING, "b": STRING}, title_property="a"),
        holder({"a": STRING, "b": STRING}, title_property="a"),
        ((ConflictKind.DANGLING, "/object_type/Person/title_property"),),
    ),
    "a property renamed on one side, made the title on the other": Case(
        "references go to the property, not to its name",
        holder({"a": {**STRING, "rid": RID.format(8)}}), holder({"c": {**STRING, "rid": RID.format(8)}}),
        holder({"a": {**STRING, "rid": RID.format(8)}}, title_property="a"),
        holder({"c": {**STRING, "rid": RID.format(8)}}, title_property="c"),
        strategies=((Strategy.RENAME_FOLLOWED, "/object_type/Person/title_property"),),
    ),
    "a foreign key on one side, the property renamed on the other": Case(
        "likewise, from another resource",
        holder({"a": {**STRING, "rid": RID.format(8)}}) | COMPANY | employment("Person"),
        holder({"c": {**STRING, "rid": RID.format(8)}}) | COMPANY | employment("Person"),
        holder({"a": {**STRING, "rid": RID.format(8)}}) | COMPANY | employment("Person", foreign_key="a"),
        holder({"c": {**STRING, "rid": RID.format(8)}}) | COMPANY | employment("Person", foreign_key="c"),
        strategies=((Strategy.RENAME_FOLLOWED, "/link_type/employment/foreign_key"),),
    ),
    "a foreign key on one side, the property deleted on the other": Case(
        "the property stays until it is decided",
        holder({"a": STRING}) | COMPANY | employment("Person"), holder({}) | COMPANY | employment("Person"),
        holder({"a": STRING}) | COMPANY | employment("Person", foreign_key="a"),
        holder({"a": STRING}) | COMPANY | employment("Person", foreign_key="a"),
        ((ConflictKind.DANGLING, "/link_type/employment/foreign_key"),),
    ),
    "each side lets one of two types extend the other": Case(
        "each is sound, together they go round in circles; nothing says which to give up",
        nameless("A") | nameless("B"), nameless("A", extends=["B"]) | nameless("B"),
        nameless("A") | nameless("B", extends=["A"]), nameless("A", extends=["B"]) | nameless("B", extends=["A"]),
        ((ConflictKind.VIOLATION, "/object_type/A/extends"), (ConflictKind.VIOLATION, "/object_type/B/extends")),
        violations=(("INHERITANCE_CYCLE", "/object_type/A/extends/0"), ("INHERITANCE_CYCLE", "/object_type/B/extends/0")),
    ),
    "an interface implemented on one side, given a property on the other": Case(
        "who implements it did not know what it would ask for",
        nameless("Person") | CONTACTABLE, nameless("Person", implements=["Contactable"]) | CONTACTABLE,
        nameless("Person") | REACHABLE, nameless("Person", implements=["Contactable"]) | REACHABLE,
        ((ConflictKind.VIOLATION, "/object_type/Person/implements"),),
        violations=(("INTERFACE_NOT_CONFORMED", "/object_type/Person/implements/0"),),
    ),
    "names that differ by case alone": Case(
        "each side added one; they cannot both be",
        EMPTY, nameless("Person"), nameless("PERSON"), nameless("Person") | nameless("PERSON"),
        ((ConflictKind.VIOLATION, "/object_type/PERSON"), (ConflictKind.VIOLATION, "/object_type/Person")),
        violations=(("DUPLICATE_NAME", "/object_type/PERSON"), ("DUPLICATE_NAME", "/object_type/Person")),
    ),
    "a type on one side, a value type on the other": Case(
        "who moved the type into a value type relies on it being the old one",
        EMAIL | holder({"a": STRING}), EMAIL | person(properties={"a": {"value_type": "Email"}}),
        EMAIL | holder({"a": typed("integer")}),
        EMAIL | person(properties={"a": {"type": "string", "value_type": "Email"}}),
        ((ConflictKind.VALUE, "/object_type/Person/properties/a/type"),),
    ),
    "key changed on both sides": Case(
        "a key identifies as a whole",
        holder(KEYED, primary_key=["id"]), holder(KEYED, primary_key=["id", "name"]),
        holder(KEYED, primary_key=["country", "id"]), holder(KEYED, primary_key=["id"]),
        ((ConflictKind.ORDER, "/object_type/Person/primary_key"),),
    ),
    "key changed on both sides alike": Case(
        "there is nothing to choose",
        holder(KEYED, primary_key=["id"]), holder(KEYED, primary_key=["country", "id"], abstract=True),
        holder(KEYED, primary_key=["country", "id"]), holder(KEYED, primary_key=["country", "id"], abstract=True),
        strategies=((Strategy.SAME_CHANGE, "/object_type/Person/primary_key"),),
    ),
}  # fmt: skip


# --- Links, values, actions -----------------------------------------------------------------------


def link(fields: dict[str, Any]) -> State:
    ends = {"source": {"types": ["A"]}, "target": {"types": ["B"]}, "cardinality": "one_to_one"}
    types = {f"object_type/{name}": {"properties": {"bId": {"type": "string"}}} for name in "ABCD"}
    return state({**types, "link_type/ends": {**ends, **fields}})


def sources(*names: str) -> dict[str, Any]:
    return {"source": {"types": list(names)}}


def cardinality(value: str, **fields: Any) -> dict[str, Any]:
    return {"cardinality": value, **fields}


LINKS = {
    "cardinality widened on both sides": Places(
        "each end is many where one side says so",
        cardinality("one_to_one"), cardinality("one_to_many"), cardinality("many_to_one"), cardinality("many_to_many"),
        Strategy.WIDER, "/cardinality",
    ),
    "cardinality widened on one side, narrowed on the other": Places(
        "who narrows relies on there being one",
        cardinality("many_to_one"), cardinality("many_to_many"), cardinality("one_to_one"), cardinality("many_to_one"),
        ConflictKind.VALUE, "/cardinality",
    ),
    "foreign key on one side, cardinality on the other": Places(
        "which side's objects hold the key depends on the cardinality",
        cardinality("one_to_one"), cardinality("one_to_one", foreign_key="bId"), cardinality("one_to_many"),
        cardinality("one_to_one"), ConflictKind.COUPLED,
    ),
    "foreign key on one side, join on the other": Places(
        "they are two ways to hold one link",
        cardinality("one_to_one"), cardinality("one_to_one", foreign_key="bId"),
        cardinality("one_to_one", join={"table": "ab"}), cardinality("one_to_one"), ConflictKind.COUPLED,
    ),
    "an end added on both sides": Places(
        "the types at an end are a set",
        sources("A"), sources("A", "C"), sources("A", "D"), sources("A", "C", "D"), Strategy.SET_UNION, "/source/types",
    ),
    "an end added on one side, another removed on the other": Places(
        "likewise", sources("A", "C"), sources("A", "C", "D"), sources("A"), sources("A", "D"), Strategy.SET_UNION,
        "/source/types",
    ),
}  # fmt: skip


def color(constraints: dict[str, Any]) -> State:
    return state({"value_type/Color": {"type": "string", "constraints": constraints}})


def enum(**values: Any) -> dict[str, Any]:
    return {"enum": values}


VALUES = {
    "enum values added on both sides": Places(
        "values are members, and order means nothing",
        enum(red={}), enum(red={}, blue={}), enum(red={}, green={}), enum(red={}, blue={}, green={}),
    ),
    "one enum value added on both sides": Places(
        "one name is one value, merged over nothing",
        enum(red={}), enum(red={}, blue={"display_name": "Blue"}), enum(red={}, blue={"status": "active"}),
        enum(red={}, blue={"display_name": "Blue", "status": "active"}),
    ),
    "an enum value removed on one side, deprecated on the other": Places(
        "both want it gone, but not on the same day",
        enum(red={}, blue={}), enum(red={}), enum(red={}, blue={"status": "deprecated"}), enum(red={}, blue={}),
        ConflictKind.MODIFY_DELETE, "/enum/blue",
    ),
    "a pattern on one side, a length on the other": Places(
        "different constraints", {"max_length": 9}, {"max_length": 9, "pattern": "[a-z]+"}, {"max_length": 7},
        {"max_length": 7, "pattern": "[a-z]+"},
    ),
}  # fmt: skip


def action(rules: list[str]) -> State:
    listed = [{"rule": "create_object", "object_type": name} for name in rules]
    types = {f"object_type/{name}": {"properties": {}} for name in "ABCD"}
    return state({**types, "action_type/act": {"rules": listed}})


ACTIONS = {
    "rules added at different places": Places(
        "the order of both sides can be kept",
        ["A", "B"], ["C", "A", "B"], ["A", "B", "D"], ["C", "A", "B", "D"], Strategy.LIST_MERGE,
    ),
    "rules added at one place": Places(
        "rules run in order, and which of the two comes first is not said",
        ["A"], ["A", "B"], ["A", "C"], ["A"], ConflictKind.ORDER,
    ),
}  # fmt: skip

PLACED = (
    ("property", PROPERTIES, P, prop),
    ("link", LINKS, "/link_type/ends", link),
    ("value type", VALUES, "/value_type/Color/constraints", color),
    ("action", ACTIONS, "/action_type/act/rules", action),
)

CASES = [
    *(pytest.param(case, id=name) for cases in (RESOURCES, MEMBERS) for name, case in cases.items()),
    *(
        pytest.param(placed(place, case, around), id=f"{sort}: {name}")
        for sort, cases, place, around in PLACED
        for name, case in cases.items()
    ),
]


def merged(case: Case, *, swapped: bool = False) -> DocumentMerge:
    sides = (case.theirs, case.ours) if swapped else (case.ours, case.theirs)
    return merge_documents(case.bases or (case.base,), *sides)


def found(notes: Iterable[tuple[Any, str]]) -> list[tuple[Any, str]]:
    return [(kind, path.removeprefix("/resources")) for kind, path in notes]


@pytest.mark.parametrize("case", CASES)
def test_an_ontology_merges_as_the_table_says(case: Case) -> None:
    result = merged(case)
    assert result.contents == case.merged, case.reason
    assert found((each.kind, each.path) for each in result.conflicts) == list(case.conflicts), case.reason
    # What settles the rest may note more, such as rids that both sides brought alike.
    settled = found((each.strategy, each.path) for each in result.strategies)
    assert set(settled) >= set(case.strategies), case.reason
    errors = [
        (each.rule, "/".join(("", *key)) + each.path) for key, each in result.violations if each.severity == "error"
    ]
    assert errors == list(case.violations), case.reason


@pytest.mark.parametrize("case", CASES)
def test_swapped_sides_mirror(case: Case) -> None:
    result, swapped = merged(case), merged(case, swapped=True)
    assert swapped.contents == result.contents
    assert canonical(swapped.conflicts) == canonical(
        Conflict(each.kind, each.path, each.base, each.theirs, each.ours) for each in result.conflicts
    )
    assert swapped.violations == result.violations


def canonical(conflicts: Iterable[Conflict]) -> list[str]:
    """Paths apart, which go by ours' names."""
    return sorted(repr((each.kind, each.base, each.ours, each.theirs)) for each in conflicts)
