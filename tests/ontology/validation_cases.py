"""One case and more for every rule of validation: a document that breaks it, and where.

``bad`` breaks the rule at ``places``, pointers into the document, and nothing else, warnings included.
``good`` is a neighbour that breaks nothing.
"""

from dataclasses import dataclass
from typing import Any

from history.engine.content import Content, Key
from ontology.engine.content import OntologyContent

Resources = dict[str, dict[str, Any]]

MODEL = OntologyContent()
TEXT = {"type": "string"}
WHOLE = {"type": "integer"}


def stored(resources: Resources) -> dict[Key, Content]:
    """The contents of ``resources`` in their stored form."""
    contents = {(kind, name): content for kind, named in resources.items() for name, content in named.items()}
    return {key: MODEL.normalise(*key, content, None, lambda _rid: False) for key, content in contents.items()}


@dataclass(frozen=True)
class Case:
    """``name`` says what is wrong; ``severity`` is of the violations at ``places``."""

    rule: str
    name: str
    bad: Resources
    places: tuple[str, ...]
    good: Resources
    severity: str = "error"

    @property
    def id(self) -> str:
        return f"{self.rule}: {self.name}"


def thing(**fields: Any) -> Content:
    return {"properties": {}, **fields}


def types(**contents: Content) -> Resources:
    return {"object_type": contents}


def struct(**fields: Any) -> Resources:
    return {"struct_type": {"Struct": {"fields": fields}}}


def link(source: str | list[str] = (), target: str | list[str] = (), **fields: Any) -> Content:  # type: ignore[assignment]
    """A link from source to target, many to one."""
    ends = {
        side: {"types": [names] if isinstance(names, str) else list(names)}
        for side, names in (("source", source), ("target", target))
    }
    for side in ("source", "target"):
        ends[side] |= fields.pop(f"{side}_side", {})
    return {**ends, "cardinality": "many_to_one", **fields}


def holding(**member: Any) -> Resources:
    """A type with the one property ``p``."""
    return types(Thing=thing(properties={"p": member}))


def valued(type_: Any, **constraints: Any) -> Resources:
    return {"value_type": {"Value": {"type": type_, "constraints": constraints}}}


AT_P = "/resources/object_type/Thing/properties/p"
AT_VALUE = "/resources/value_type/Value/constraints"

# --- References ---------------------------------------------------------------------------------------


def dangling(name: str, bad: Resources, place: str, good: Resources) -> Case:
    return Case("DANGLING_REFERENCE", name, bad, (f"/resources{place}",), good)


HIRE = {"rule": "delete_object", "object": "person"}
REFERENCES = [
    dangling(
        "a parent", types(A=thing(extends=["B"])), "/object_type/A/extends/0", types(A=thing(extends=["B"]), B=thing())
    ),
    dangling(
        "an interface",
        types(A=thing(implements=["I"])),
        "/object_type/A/implements/0",
        {**types(A=thing(implements=["I"])), "interface": {"I": {}}},
    ),
    dangling(
        "the end of a link",
        {"link_type": {"l": link("A")}},
        "/link_type/l/source/types/0",
        {**types(A=thing()), "link_type": {"l": link("A")}},
    ),
    dangling(
        "a parent of a link",
        {"link_type": {"l": link(extends=["m"])}},
        "/link_type/l/extends/0",
        {"link_type": {"l": link(extends=["m"]), "m": link()}},
    ),
    dangling(
        "an inverse",
        {"link_type": {"l": link(inverse_of="m")}},
        "/link_type/l/inverse_of",
        {"link_type": {"l": link(inverse_of="m"), "m": link(cardinality="one_to_many")}},
    ),
    dangling(
        "a shared property",
        holding(shared_property="s"),
        "/object_type/Thing/properties/p/shared_property",
        {**holding(shared_property="s"), "shared_property": {"s": TEXT}},
    ),
    dangling(
        "a value type",
        holding(value_type="Value"),
        "/object_type/Thing/properties/p/value_type",
        {**holding(value_type="Value"), **valued("string")},
    ),
    dangling(
        "a struct type",
        holding(type={"type": "struct", "struct_type": "Struct"}),
        "/object_type/Thing/properties/p/type/struct_type",
        {**holding(type={"type": "struct", "struct_type": "Struct"}), **struct(a=TEXT)},
    ),
    dangling(
        "a part of the primary key",
        types(A=thing(primary_key=["id"])),
        "/object_type/A/primary_key/0",
        types(A=thing(extends=["B"], primary_key=["id"]), B=thing(properties={"id": TEXT})),
    ),
    dangling(
        "a part of the primary key that an interface asks for and nobody has",
        {**types(A=thing(implements=["I"], primary_key=["id"])), "interface": {"I": {"properties": {"id": TEXT}}}},
        "/object_type/A/primary_key/0",
        {
            **types(A=thing(implements=["I"], primary_key=["id"], properties={"id": TEXT})),
            "interface": {"I": {"properties": {"id": TEXT}}},
        },
    ),
    dangling(
        "a title property",
        types(A=thing(title_property="name")),
        "/object_type/A/title_property",
        types(A=thing(title_property="name", properties={"name": TEXT})),
    ),
    dangling(
        "a foreign key that one of the types has not",
        {
            **types(A=thing(properties={"b": TEXT}), B=thing()),
            "link_type": {"l": link(["A", "B"], "B", foreign_key="b")},
        },
        "/link_type/l/foreign_key",
        {**types(A=thing(properties={"b": TEXT}), B=thing()), "link_type": {"l": link(["A"], "B", foreign_key="b")}},
    ),
    dangling(
        "the type of an action's parameter",
        {"action_type": {"hire": {"parameters": {"person": {"type": "object", "object_type": "A"}}}}},
        "/action_type/hire/parameters/person/object_type",
        {
            **types(A=thing()),
            "action_type": {"hire": {"parameters": {"person": {"type": "object", "object_type": "A"}}}},
        },
    ),
    dangling(
        "no type of an action's object",
        {"action_type": {"hire": {"parameters": {"person": {"type": "object"}}}}},
        "/action_type/hire/parameters/person/object_type",
        {"action_type": {"hire": {"parameters": {"person": TEXT}}}},
    ),
    dangling(
        "a parameter of a rule",
        {"action_type": {"hire": {"rules": [HIRE]}}},
        "/action_type/hire/rules/0/object",
        {"action_type": {"hire": {"rules": [HIRE], "parameters": {"person": TEXT}}}},
    ),
    dangling(
        "what an action creates",
        {"action_type": {"hire": {"rules": [{"rule": "create_object", "object_type": "A"}]}}},
        "/action_type/hire/rules/0/object_type",
        {**types(A=thing()), "action_type": {"hire": {"rules": [{"rule": "create_object", "object_type": "A"}]}}},
    ),
    dangling(
        "the replacement of a resource",
        types(A=thing(deprecation={"replacement": "B"})),
        "/object_type/A/deprecation/replacement",
        types(A=thing(deprecation={"replacement": "B"}), B=thing()),
    ),
    dangling(
        "the replacement of a property",
        types(A=thing(properties={"a": {**TEXT, "deprecation": {"replacement": "b"}}})),
        "/object_type/A/properties/a/deprecation/replacement",
        types(
            A=thing(extends=["B"], properties={"a": {**TEXT, "deprecation": {"replacement": "b"}}}),
            B=thing(properties={"b": TEXT}),
        ),
    ),
    dangling(
        "the replacement of an enum's value",
        valued("string", enum={"red": {"deprecation": {"replacement": "rot"}}}),
        "/value_type/Value/constraints/enum/red/deprecation/replacement",
        valued("string", enum={"red": {"deprecation": {"replacement": "rot"}}, "rot": {}}),
    ),
]

CYCLES = [
    Case(
        "INHERITANCE_CYCLE",
        "of itself",
        types(A=thing(extends=["A"])),
        ("/resources/object_type/A/extends/0",),
        types(A=thing()),
    ),
    Case(
        "INHERITANCE_CYCLE",
        "through others; who merely extends one of them is not in it",
        types(
            A=thing(extends=["B"]),
            B=thing(extends=["C", "D"]),
            C=thing(extends=["A"]),
            D=thing(),
            E=thing(extends=["A"]),
        ),
        (
            "/resources/object_type/A/extends/0",
            "/resources/object_type/B/extends/0",
            "/resources/object_type/C/extends/0",
        ),
        types(A=thing(extends=["B", "D"]), B=thing(extends=["D"]), D=thing()),
    ),
    Case(
        "INHERITANCE_CYCLE",
        "of interfaces",
        {"interface": {"I": {"extends": ["J"]}, "J": {"extends": ["I"]}}},
        ("/resources/interface/I/extends/0", "/resources/interface/J/extends/0"),
        {"interface": {"I": {"extends": ["J"]}, "J": {}}},
    ),
    Case(
        "INHERITANCE_CYCLE",
        "of links",
        {"link_type": {"l": link(extends=["l"])}},
        ("/resources/link_type/l/extends/0",),
        {"link_type": {"l": link()}},
    ),
]

# --- Names --------------------------------------------------------------------------------------------


def ways(**names: str) -> Content:
    """A link from A to A whose sides are called so."""
    return link(
        "A", "A", cardinality="many_to_many", **{f"{side}_side": {"api_name": name} for side, name in names.items()}
    )


NAMES = [
    Case(
        "DUPLICATE_NAME",
        "but for case",
        types(Person=thing(), PErson=thing()),
        ("/resources/object_type/PErson", "/resources/object_type/Person"),
        {**types(Person=thing()), "value_type": {"PErson": TEXT}},
    ),
    Case(
        "DUPLICATE_NAME",
        "of an object type and an interface, of which an end could be either",
        {**types(A=thing()), "interface": {"A": {}}},
        ("/resources/interface/A", "/resources/object_type/A"),
        {**types(A=thing()), "interface": {"B": {}}},
    ),
    Case(
        "DUPLICATE_NAME",
        "of a property and a way along a link",
        {**types(A=thing(properties={"boss": TEXT})), "link_type": {"l": ways(source="boss")}},
        ("/resources/object_type/A/properties/boss",),
        {**types(A=thing(properties={"boss": TEXT})), "link_type": {"l": ways(source="superior")}},
    ),
    Case(
        "DUPLICATE_NAME",
        "of an inherited way, told once",
        {
            **types(A=thing(), B=thing(extends=["A"], properties={"boss": TEXT}), C=thing(extends=["B"])),
            "link_type": {"l": ways(source="boss")},
        },
        ("/resources/object_type/B/properties/boss",),
        {**types(A=thing(), B=thing(properties={"boss": TEXT})), "link_type": {"l": ways(source="boss")}},
    ),
    Case(
        "DUPLICATE_NAME",
        "of two ways",
        {**types(A=thing()), "link_type": {"l": ways(source="boss"), "m": ways(target="boss")}},
        ("/resources/object_type/A",),
        {
            **types(A=thing()),
            "link_type": {
                "l": ways(source="boss"),
                "m": ways(
                    target="boss",
                )
                | {"inverse_of": "l"},
            },
        },
    ),
    Case(
        "DUPLICATE_NAME",
        "of both ways of a link",
        {**types(A=thing()), "link_type": {"l": ways(source="friend", target="friend")}},
        ("/resources/object_type/A",),
        {
            **types(A=thing()),
            "link_type": {
                "l": ways(source="friend", target="friend") | {"symmetric": True},
                "m": ways(source="friend") | {"extends": ["l"]},
            },
        },
    ),
    Case(
        "DUPLICATE_NAME",
        "of a property and a link that an interface asks for",
        {"interface": {"I": {"properties": {"a": TEXT}, "links": {"a": {}}}}},
        ("/resources/interface/I/properties/a",),
        {"interface": {"I": {"properties": {"a": TEXT}, "links": {"b": {}}}}},
    ),
    Case(
        "DUPLICATE_NAME",
        "for values of another type than the parent's",
        types(A=thing(properties={"a": WHOLE}), B=thing(extends=["A"], properties={"a": TEXT}), C=thing(extends=["B"])),
        ("/resources/object_type/B/properties/a",),
        types(A=thing(properties={"a": WHOLE}), B=thing(extends=["A"], properties={"a": {"type": "short"}})),
    ),
    Case(
        "DUPLICATE_NAME",
        "for what two parents have of different types",
        types(A=thing(properties={"a": WHOLE}), B=thing(properties={"a": TEXT}), C=thing(extends=["A", "B"])),
        ("/resources/object_type/C/extends",),
        types(
            Root=thing(properties={"a": WHOLE}),
            A=thing(extends=["Root"]),
            B=thing(extends=["Root"]),
            C=thing(extends=["A", "B"]),
        ),
    ),
    Case(
        "NAME_RESERVED",
        "of a resource",
        types(Object=thing()),
        ("/resources/object_type/Object",),
        types(Objective=thing()),
        "warning",
    ),
    Case(
        "NAME_RESERVED",
        "of a property",
        types(A=thing(properties={"rid": TEXT})),
        ("/resources/object_type/A/properties/rid",),
        types(A=thing(properties={"ride": TEXT})),
        "warning",
    ),
    Case(
        "NAME_RESERVED",
        "of a side",
        {**types(A=thing()), "link_type": {"l": ways(target="relation")}},
        ("/resources/link_type/l/target/api_name",),
        {**types(A=thing()), "link_type": {"l": ways(target="related")}},
        "warning",
    ),
    *(
        Case(
            "NAMING_CONVENTION",
            f"of the {kind}",
            {kind: {bad: content}},
            (f"/resources/{kind}/{bad}",),
            {kind: {good: content}},
            "warning",
        )
        for kind, bad, good, content in (
            ("object_type", "3DModel", "Model3D", thing()),
            ("interface", "named", "Named", {}),
            ("struct_type", "Postal_Address", "PostalAddress", {"fields": {"a": TEXT}}),
            ("value_type", "email", "Email", TEXT),
            ("link_type", "WorksFor", "worksFor", link()),
            ("shared_property", "created_at", "createdAt", TEXT),
            ("action_type", "Hire-Person", "hire-person", {}),
        )
    ),
    Case(
        "NAMING_CONVENTION",
        "of a property",
        types(A=thing(properties={"Full_name": TEXT})),
        ("/resources/object_type/A/properties/Full_name",),
        types(A=thing(properties={"fullName": TEXT})),
        "warning",
    ),
    Case(
        "NAMING_CONVENTION",
        "of a field",
        struct(ZIP=TEXT),
        ("/resources/struct_type/Struct/fields/ZIP",),
        struct(zip=TEXT),
        "warning",
    ),
    Case(
        "NAMING_CONVENTION",
        "of a parameter",
        {"action_type": {"hire": {"parameters": {"Who": TEXT}}}},
        ("/resources/action_type/hire/parameters/Who",),
        {"action_type": {"hire": {"parameters": {"who": TEXT}}}},
        "warning",
    ),
    Case(
        "NAMING_CONVENTION",
        "of a link of an interface",
        {"interface": {"I": {"links": {"The_Boss": {}}}}},
        ("/resources/interface/I/links/The_Boss",),
        {"interface": {"I": {"links": {"theBoss": {}}}}},
        "warning",
    ),
    Case(
        "NAMING_CONVENTION",
        "of a side",
        {**types(A=thing()), "link_type": {"l": ways(source="Boss")}},
        ("/resources/link_type/l/source/api_name",),
        {**types(A=thing()), "link_type": {"l": ways(source="boss")}},
        "warning",
    ),
]

# --- Interfaces ---------------------------------------------------------------------------------------

CONTACTABLE = {"interface": {"I": {"properties": {"email": {**TEXT, "required": True}, "fax": TEXT}}}}
LED = {"interface": {"I": {"links": {"boss": {"target": "A", "cardinality": "one", "required": True}}}}}


def unconformed(name: str, bad: Resources, place: str, good: Resources) -> Case:
    return Case("INTERFACE_NOT_CONFORMED", name, bad, (f"/resources/object_type{place}",), good)


def led(by: Content, **contents: Content) -> Resources:
    return {**LED, **types(A=thing(), B=thing(implements=["I"]), **contents), "link_type": {"l": by}}


INTERFACES = [
    unconformed(
        "a missing property",
        {**CONTACTABLE, **types(A=thing(implements=["I"]))},
        "/A/implements/0",
        {
            **CONTACTABLE,
            **types(
                A=thing(
                    implements=["I"],
                    properties={"email": TEXT},
                )
            ),
        },
    ),
    unconformed(
        "a missing property, told of the first that has to have it",
        {**CONTACTABLE, **types(A=thing(implements=["I"]), B=thing(extends=["A"]))},
        "/A/implements/0",
        {
            **CONTACTABLE,
            **types(
                Root=thing(properties={"email": TEXT}),
                A=thing(implements=["I"], extends=["Root"]),
                B=thing(extends=["A"]),
            ),
        },
    ),
    unconformed(
        "what an abstract type has left to its heir",
        {**CONTACTABLE, **types(A=thing(implements=["I"], abstract=True), B=thing(extends=["A"]))},
        "/B",
        {
            **CONTACTABLE,
            **types(A=thing(implements=["I"], abstract=True), B=thing(extends=["A"], properties={"email": TEXT})),
        },
    ),
    unconformed(
        "a property that an interface inherits",
        {"interface": {**CONTACTABLE["interface"], "J": {"extends": ["I"]}}, **types(A=thing(implements=["J"]))},
        "/A",
        {
            "interface": {**CONTACTABLE["interface"], "J": {"extends": ["I"]}},
            **types(A=thing(implements=["J"], properties={"email": TEXT})),
        },
    ),
    unconformed(
        "a property of another type, of an abstract type as well",
        {**CONTACTABLE, **types(A=thing(abstract=True, implements=["I"], properties={"fax": WHOLE}))},
        "/A/properties/fax",
        {
            **CONTACTABLE,
            **types(A=thing(implements=["I"], properties={"email": {"value_type": "Value"}})),
            **valued("string", format="email"),
        },
    ),
    unconformed(
        "a property of a wider type",
        {
            "interface": {"I": {"properties": {"size": WHOLE}}},
            **types(A=thing(implements=["I"], properties={"size": {"type": "long"}})),
        },
        "/A/properties/size",
        {
            "interface": {"I": {"properties": {"size": WHOLE}}},
            **types(A=thing(implements=["I"], properties={"size": {"type": "byte"}})),
        },
    ),
    unconformed(
        "a missing link",
        led(link("B", "A")),
        "/B/implements/0",
        led(link("B", "A", source_side={"api_name": "boss"})),
    ),
    unconformed(
        "a link to many",
        led(link("B", "A", source_side={"api_name": "boss"}, cardinality="many_to_many")),
        "/B/implements/0",
        led(link("A", "B", target_side={"api_name": "boss"}, cardinality="one_to_many")),
    ),
    unconformed(
        "a link to something else",
        led(link("B", "C", source_side={"api_name": "boss"}), C=thing()),
        "/B/implements/0",
        led(link("B", "C", source_side={"api_name": "boss"}), C=thing(extends=["A"])),
    ),
]

# --- Keys and structs -----------------------------------------------------------------------------------


def keyed(*key: str, **properties: Any) -> Resources:
    return types(A=thing(primary_key=list(key), properties={name: {"type": of} for name, of in properties.items()}))


STRUCT_OF_B = {"type": "struct", "struct_type": "B"}
KEYS = [
    *(
        Case(
            "PRIMARY_KEY_INVALID",
            f"of the type {of if isinstance(of, str) else of['type']}",
            keyed("id", id=of),
            ("/resources/object_type/A/primary_key/0",),
            keyed("id", id=good),
        )
        for of, good in (
            ("float", "string"),
            ("double", "integer"),
            ("geopoint", "short"),
            ("json", "long"),
            ("time", "string"),
            ({"type": "decimal", "precision": 9, "scale": 0}, "long"),
            ({"type": "array", "items": "string"}, "string"),
            ({"type": "vector", "dimension": 3}, "string"),
            ("time_series", "string"),
            ({"type": "map", "keys": "string", "values": "string"}, "string"),
        )
    ),
    *(
        Case(
            "PRIMARY_KEY_INVALID",
            f"of the doubtful type {of}",
            keyed("id", id=of),
            ("/resources/object_type/A/primary_key/0",),
            keyed("id", id="string"),
            "warning",
        )
        for of in ("byte", "boolean", "date", "timestamp")
    ),
    Case(
        "PRIMARY_KEY_INVALID",
        "with a part twice",
        keyed("a", "b", "a", a="string", b="string"),
        ("/resources/object_type/A/primary_key/2",),
        keyed("a", "b", a="string", b="string"),
    ),
    Case("STRUCT_EMPTY", "no field", struct(), ("/resources/struct_type/Struct/fields",), struct(a=TEXT)),
    Case(
        "STRUCT_NESTED",
        "through a map",
        {
            "struct_type": {
                "Struct": {"fields": {"a": {"type": {"type": "map", "keys": "string", "values": STRUCT_OF_B}}}},
                "B": {"fields": {"b": TEXT}},
            }
        },
        ("/resources/struct_type/Struct/fields/a/type",),
        struct(a={"type": {"type": "map", "keys": "string", "values": "string"}}),
    ),
    Case(
        "STRUCT_NESTED",
        "through a value type",
        {**struct(a={"value_type": "Value"}), **valued({"type": "array", "items": "string"})},
        ("/resources/struct_type/Struct/fields/a/value_type",),
        {**struct(a={"value_type": "Value"}), **valued("string")},
    ),
]

# --- Values -----------------------------------------------------------------------------------------------


def unfit(of: Any, bad: Any, good: Any, **constraints: Any) -> Case:
    name = of if isinstance(of, str) else of["type"]
    words = f"{name} {bad!r}" + (f" with {', '.join(constraints)}" if constraints else "")
    member = {"type": of, "constraints": constraints}
    return Case(
        "DEFAULT_VIOLATES_TYPE",
        words,
        holding(**member, default=bad),
        (f"{AT_P}/default",),
        holding(**member, default=good),
    )


ADDRESS = {"street": TEXT, "zip": {"value_type": "Value", "required": True}}
HOME = {"type": {"type": "struct", "struct_type": "Struct"}}
DEFAULTS = [
    unfit("string", 1, ""),
    unfit("boolean", "true", True),
    unfit("byte", 128, -128),
    unfit("short", 1.5, 3),
    unfit("integer", True, 2**31 - 1),
    unfit("integer", "many", "7"),
    unfit("long", 2**63, 2**63 - 1),
    unfit("float", 1e39, 0.5),
    unfit("double", "Infinity", 1e300),
    unfit({"type": "decimal", "precision": 4, "scale": 2}, "1.234", "12.34"),
    unfit({"type": "decimal", "precision": 4, "scale": 2}, 100, "99.50"),
    unfit("date", "2026-02-29", "2028-02-29"),
    unfit("time", "25:00", "23:59:59"),
    unfit("timestamp", "2026-02-29T00:00:00Z", "2026-02-28T00:00:00+09:00"),
    unfit("geopoint", "91,0", "37.5,127"),
    unfit("geopoint", {"type": "Point", "coordinates": [0, 91]}, {"latitude": 90, "longitude": -180}),
    unfit("geoshape", {"type": "Circle"}, {"type": "Polygon", "coordinates": []}),
    unfit({"type": "vector", "dimension": 2}, [1], [1, 0.5]),
    unfit({"type": "vector", "dimension": 2}, [1, "x"], [1, 2]),
    unfit({"type": "array", "items": "integer"}, [1, "x"], []),
    unfit({"type": "array", "items": "integer"}, 1, [1]),
    unfit({"type": "map", "keys": "integer", "values": "boolean"}, {"x": True}, {"1": True}),
    unfit({"type": "map", "keys": "boolean", "values": "boolean"}, {"true": 1}, {"true": True}),
    unfit("attachment", {}, "report.pdf"),
    unfit("integer", 3, 4, exclusive_min=3),
    unfit("integer", 4, 3, exclusive_max=4),
    unfit("double", 0.4, 0.5, min=0.5),
    unfit("date", "2027-01-01", "2026-12-31", max="2026-12-31"),
    unfit("string", "a", "ab", min_length=2),
    unfit("string", "abc", "ab", max_length=2),
    unfit("string", "ab1", "abc", pattern="^[a-z]+$"),
    unfit("string", "nobody", "a@b", format="email"),
    unfit("string", "+0", "+8210", format="e164"),
    unfit("string", "nowhere", "https://a.b", format="url"),
    unfit("string", "1", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", format="uuid"),
    unfit("string", "green", "red", enum={"red": {}}),
    unfit("integer", 2, "1.0", enum={"1": {}}),
    unfit({"type": "array", "items": "string"}, ["a", "a"], ["a", "b"], unique_items=True),
    unfit({"type": "array", "items": "string"}, [], ["a"], min_items=1),
    unfit({"type": "array", "items": "string"}, ["a", "b"], ["a"], max_items=1),
    unfit({"type": "array", "items": "string"}, ["green"], ["red"], enum={"red": {}}),
    Case(
        "DEFAULT_VIOLATES_TYPE",
        "by the constraints of its value type",
        {**holding(value_type="Value", default="b"), **valued("string", enum={"a": {}})},
        (f"{AT_P}/default",),
        {**holding(value_type="Value", default="a"), **valued("string", enum={"a": {}})},
    ),
    Case(
        "DEFAULT_VIOLATES_TYPE",
        "by its shared property",
        {
            **holding(shared_property="s", default="b"),
            "shared_property": {"s": {"value_type": "Value"}},
            **valued("integer"),
        },
        (f"{AT_P}/default",),
        {
            **holding(shared_property="s", default=1),
            "shared_property": {"s": {"value_type": "Value"}},
            **valued("integer"),
        },
    ),
    *(
        Case(
            "DEFAULT_VIOLATES_TYPE",
            f"by {words} of its struct",
            {**holding(**HOME, default=default), **struct(**ADDRESS), **valued("string", max_length=5)},
            (f"{AT_P}/default",),
            {**holding(**HOME, default={"zip": "04524"}), **struct(**ADDRESS), **valued("string", max_length=5)},
        )
        for words, default in (
            ("a missing field", {"street": "a"}),
            ("an unknown field", {"zip": "1", "city": "a"}),
            ("the value of a field", {"zip": "123456"}),
            ("no object", "Seoul"),
        )
    ),
    Case(
        "DEFAULT_VIOLATES_TYPE",
        "of a field",
        struct(a={**TEXT, "default": 1}),
        ("/resources/struct_type/Struct/fields/a/default",),
        struct(a={**TEXT, "default": "1"}),
    ),
    Case(
        "DEFAULT_VIOLATES_TYPE",
        "of a parameter",
        {"action_type": {"hire": {"parameters": {"since": {"type": "date", "default": "today"}}}}},
        ("/resources/action_type/hire/parameters/since/default",),
        {"action_type": {"hire": {"parameters": {"since": {"type": "date", "default": "2026-11-23"}}}}},
    ),
]


def empty(name: str, of: Any, bad: dict[str, Any], place: str, good: dict[str, Any]) -> Case:
    return Case("CONSTRAINT_EMPTY", name, valued(of, **bad), (f"{AT_VALUE}/{place}",), valued(of, **good))


CONSTRAINTS = [
    empty("min above max", "integer", {"min": 2, "max": 1}, "min", {"min": 1, "max": 1}),
    empty("min at an exclusive max", "double", {"min": 1, "exclusive_max": 1}, "min", {"min": 1, "exclusive_max": 1.5}),
    empty(
        "no whole number in between",
        "integer",
        {"exclusive_min": 1, "exclusive_max": 2},
        "exclusive_min",
        {"exclusive_min": 1, "exclusive_max": 3},
    ),
    empty(
        "dates", "date", {"min": "2027-01-01", "max": "2026-01-01"}, "min", {"min": "2026-01-01", "max": "2026-01-01"}
    ),
    empty("a limit that is no value of the type", "date", {"min": "soon"}, "min", {"min": "2026-01-01"}),
    empty("a limit beyond the type", "byte", {"min": 300}, "min", {"min": 100}),
    empty("of items", {"type": "array", "items": "integer"}, {"min": 2, "max": 1}, "min", {"min": 1, "max": 2}),
    empty("lengths", "string", {"min_length": 3, "max_length": 2}, "min_length", {"min_length": 2, "max_length": 2}),
    empty(
        "numbers of items",
        {"type": "array", "items": "string"},
        {"min_items": 3, "max_items": 2},
        "min_items",
        {"min_items": 2, "max_items": 2},
    ),
    empty(
        "an enum beyond the limits",
        "integer",
        {"max": 3, "enum": {"4": {}, "5": {}}},
        "enum",
        {"max": 4, "enum": {"4": {}, "5": {}}},
    ),
    empty("an enum of another type", "boolean", {"enum": {"yes": {}}}, "enum", {"enum": {"true": {}}}),
    empty(
        "an enum that no pattern lets through",
        "string",
        {"pattern": "^[a-z]$", "enum": {"ab": {}}},
        "enum",
        {"pattern": "^[a-z]+$", "enum": {"ab": {}}},
    ),
    Case(
        "CONSTRAINT_EMPTY",
        "by a value type and one's own",
        {**holding(value_type="Value", constraints={"min": 5}), **valued("integer", max=4)},
        (f"{AT_P}/constraints/min",),
        {**holding(value_type="Value", constraints={"min": 4}), **valued("integer", max=4)},
    ),
    Case(
        "CONSTRAINT_EMPTY",
        "enums without a value in common",
        {**holding(value_type="Value", constraints={"enum": {"c": {}}}), **valued("string", enum={"a": {}, "b": {}})},
        (f"{AT_P}/constraints/enum",),
        {**holding(value_type="Value", constraints={"enum": {"b": {}}}), **valued("string", enum={"a": {}, "b": {}})},
    ),
    Case(
        "CONSTRAINT_EMPTY",
        "of a value type, not told of its users",
        {**holding(value_type="Value"), **valued("integer", min=2, max=1)},
        (f"{AT_VALUE}/min",),
        {**holding(value_type="Value"), **valued("integer", min=1, max=2)},
    ),
    Case(
        "CONSTRAINT_EMPTY",
        "a type and a value type of another",
        {**holding(value_type="Value", type="boolean"), **valued("string")},
        (f"{AT_P}/type",),
        {**holding(value_type="Value", type={"type": "array", "items": "string"}), **valued("string")},
    ),
]

PATTERNS = [
    Case(
        "REGEX_INVALID",
        "an open bracket",
        valued("string", pattern="[a"),
        (f"{AT_VALUE}/pattern",),
        valued("string", pattern="[a]"),
    ),
    Case(
        "REGEX_INVALID",
        "a look-ahead, which RE2 has not",
        valued("string", pattern="(?=a)"),
        (f"{AT_VALUE}/pattern",),
        valued("string", pattern="(?i)a|b"),
    ),
    Case(
        "REGEX_INVALID",
        "a reference back, which RE2 has not",
        holding(**TEXT, constraints={"pattern": r"(a)\1"}),
        (f"{AT_P}/constraints/pattern",),
        holding(**TEXT, constraints={"pattern": r"(a)\pL"}),
    ),
    Case(
        "ENUM_EMPTY",
        "of a value type",
        valued("string", enum={}),
        (f"{AT_VALUE}/enum",),
        valued("string", enum={"a": {}}),
        "warning",
    ),
]

# --- Links ----------------------------------------------------------------------------------------------


def inverses(one: Content, other: Content, **others: Content) -> Resources:
    return {**types(A=thing(), B=thing(), C=thing(extends=["A"])), "link_type": {"one": one, "other": other, **others}}


BACK = {"cardinality": "one_to_many"}
AT_ONE = "/resources/link_type/one/inverse_of"


def required(**links: Content) -> Resources:
    types_ = types(A=thing(), B=thing(extends=["Root"]), C=thing(), Root=thing())
    return {**types_, "link_type": {name: {"required": True, **content} for name, content in links.items()}}


LINKS = [
    Case(
        "INVERSE_MISMATCH",
        "the inverse has another",
        inverses(
            link("A", "B", inverse_of="other"),
            link("B", "A", inverse_of="third", **BACK),
            third=link("A", "B", inverse_of="other"),
        ),
        (AT_ONE,),
        inverses(link("A", "B", inverse_of="other"), link("B", "A", inverse_of="one", **BACK)),
    ),
    Case(
        "INVERSE_MISMATCH",
        "two have one inverse",
        inverses(link("A", "B", inverse_of="other"), link("B", "A", **BACK), third=link("A", "B", inverse_of="other")),
        (AT_ONE, "/resources/link_type/third/inverse_of"),
        inverses(link("A", "B", inverse_of="other"), link("B", "A", **BACK)),
    ),
    Case(
        "INVERSE_MISMATCH",
        "ends that have nothing to do with one another",
        inverses(link("A", "B", inverse_of="other"), link("B", "B", **BACK)),
        (AT_ONE,),
        inverses(link("A", "B", inverse_of="other"), link("B", **BACK)),
    ),
    Case(
        "INVERSE_MISMATCH",
        "other ends, but related",
        inverses(link("A", "B", inverse_of="other"), link("B", "C", **BACK)),
        (AT_ONE,),
        inverses(link("C", "B", inverse_of="other"), link("B", "C", **BACK)),
        "warning",
    ),
    Case(
        "INVERSE_MISMATCH",
        "another cardinality",
        inverses(link("A", "B", inverse_of="other"), link("B", "A")),
        (AT_ONE,),
        inverses(link("A", "B", inverse_of="other"), link("B", "A", **BACK)),
        "warning",
    ),
    Case(
        "INVERSE_MISMATCH",
        "the inverse names itself",
        inverses(
            link("A", "A", inverse_of="other", cardinality="one_to_one"),
            link("A", "A", inverse_of="other", cardinality="one_to_one"),
        ),
        (AT_ONE,),
        inverses(link("A", "A", inverse_of="one", cardinality="one_to_one"), link()),
        "warning",
    ),
    Case(
        "REQUIRED_CYCLE",
        "of one link",
        required(boss=link("A", "A")),
        ("/resources/link_type/boss/required",),
        required(boss=link("A", "A", required=False)),
    ),
    Case(
        "REQUIRED_CYCLE",
        "through a parent; who waits for it is not in it",
        required(one=link("A", "B"), two=link("Root", "A"), three=link("C", "A")),
        ("/resources/link_type/one/required", "/resources/link_type/two/required"),
        required(one=link("A", "B"), two=link("Root", "C"), three=link("C", "Root", required=False)),
    ),
    Case(
        "REQUIRED_CYCLE",
        "through all of several targets",
        required(one=link("A", ["B", "C"]), two=link(["B", "C"], "A")),
        ("/resources/link_type/one/required", "/resources/link_type/two/required"),
        required(one=link("A", ["B", "C"]), two=link("B", "A")),
    ),
    Case(
        "REQUIRED_CYCLE",
        "of links to one, not to many",
        required(one=link("A", "B"), two=link("B", "A", cardinality="one_to_one")),
        ("/resources/link_type/one/required", "/resources/link_type/two/required"),
        required(one=link("A", "B"), two=link("B", "A", cardinality="one_to_many")),
    ),
]

# --- Status -----------------------------------------------------------------------------------------------


def settled(status: str, **fields: Any) -> Resources:
    return types(A=thing(status="active", extends=["B"], **fields), B=thing(status=status))


STATUS = [
    *(
        Case(
            "STATUS_INCONSISTENT",
            f"active on {status}",
            settled(status),
            ("/resources/object_type/A/extends/0",),
            settled("active"),
            "warning",
        )
        for status in ("experimental", "deprecated")
    ),
    Case(
        "STATUS_INCONSISTENT",
        "a property's value type, unless the property is deprecated itself",
        types(A=thing(status="active", properties={"p": {"value_type": "Value"}})) | valued("string"),
        ("/resources/object_type/A/properties/p/value_type",),
        types(A=thing(status="active", properties={"p": {"value_type": "Value", "status": "deprecated"}}))
        | valued("string"),
        "warning",
    ),
    Case(
        "STATUS_INCONSISTENT",
        "a key that is deprecated",
        types(A=thing(status="active", primary_key=["id"], properties={"id": {**TEXT, "status": "deprecated"}})),
        ("/resources/object_type/A/primary_key/0",),
        types(A=thing(primary_key=["id"], properties={"id": {**TEXT, "status": "deprecated"}})),
        "warning",
    ),
]

CASES = [*REFERENCES, *CYCLES, *NAMES, *INTERFACES, *KEYS, *DEFAULTS, *CONSTRAINTS, *PATTERNS, *LINKS, *STATUS]
