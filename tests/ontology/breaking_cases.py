"""What breaks, rule by rule: a table to be read beside the specification.

Each case changes one thing in a world in which everything is active, and expects exactly the findings that it
names: ``also`` are those that come along of necessity.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ontology.engine.breaking import Audience, Severity
from ontology.engine.state import Documents
from tests.ontology.breaking_world import WORLD, Patch, changed, patched, stored

CRITICAL, HIGH, MEDIUM, LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW
R, W, D = Audience.READERS, Audience.WRITERS, Audience.DATA

Expected = tuple[str, Severity, str]


@dataclass(frozen=True)
class Case:
    """A change, and what it breaks for whom. Paths and renames are those of the document's resources."""

    rule: str
    severity: Severity
    breaks: set[Audience]
    path: str
    patch: Patch = field(default_factory=dict)
    given: Patch = field(default_factory=dict)
    renames: Mapping[str, str] = field(default_factory=dict)
    also: tuple[Expected, ...] = ()

    def __str__(self) -> str:
        return f"{self.rule} {self.severity} {self.path}"


def person(**fields: Any) -> Patch:
    return {"object_type": {"Person": fields}}


def agent(**fields: Any) -> Patch:
    return {"object_type": {"Agent": fields}}


def prop(name: str, fields: Any) -> Patch:
    return person(properties={name: fields})


def link(name: str, **fields: Any) -> Patch:
    return {"link_type": {name: fields}}


def contactable(**fields: Any) -> Patch:
    return {"interface": {"Contactable": fields}}


def value_type(name: str, **fields: Any) -> Patch:
    return {"value_type": {name: fields}}


def field_(name: str, fields: Any) -> Patch:
    return {"struct_type": {"Address": {"fields": {name: fields}}}}


def hire(**fields: Any) -> Patch:
    return {"action_type": {"hire": fields}}


def parameter(name: str, fields: Any) -> Patch:
    return hire(parameters={name: fields})


OT, PERSON = "/object_type", "/object_type/Person"
PROPERTIES = f"{PERSON}/properties"
ALL, USERS, INPUT, NOBODY = {R, W, D}, {R, W}, {W, D}, set[Audience]()
OTHER_RID = "00000000-0000-4000-8000-000000000001"

CASES = [
    Case("OT_DELETED", CRITICAL, ALL, f"{OT}/Company", {"object_type": {"Company": None}}),
    Case("OT_DELETED", LOW, ALL, f"{OT}/Sketch", {"object_type": {"Sketch": None}}),
    Case("OT_DELETED", LOW, ALL, f"{OT}/Telegraph", {"object_type": {"Telegraph": None}}),
    Case("OT_PRIMARY_KEY_CHANGED", CRITICAL, ALL, f"{PERSON}/primary_key", person(primary_key=["email"])),
    Case(
        "OT_NAME_REUSED",
        CRITICAL,
        ALL,
        f"{OT}/Company",
        {"object_type": {"Company": {"rid": OTHER_RID, "properties": {}}}},
    ),
    Case(
        "OT_NAME_REUSED",
        CRITICAL,
        ALL,
        f"{OT}/Company",
        {"object_type": {"Company": {"rid": OTHER_RID, "properties": {}}}},
        renames={f"{OT}/Company": "Firm"},
        also=(("OT_RENAMED", HIGH, f"{OT}/Company"),),
    ),
    Case("OT_RENAMED", HIGH, USERS, PERSON, renames={PERSON: "Human"}),
    Case("OT_INTERFACE_REMOVED", HIGH, {R}, f"{PERSON}/implements", person(implements=None)),
    Case(
        "OT_INTERFACE_REMOVED",
        LOW,
        NOBODY,
        f"{OT}/Student/implements",
        {"object_type": {"Student": {"implements": None}}},
        given={"object_type": {"Student": {"implements": ["Contactable"]}}},
    ),
    Case("OT_PARENT_REMOVED", HIGH, USERS, f"{PERSON}/extends", person(extends=None)),
    Case(
        "OT_PARENT_REMOVED",
        LOW,
        NOBODY,
        f"{OT}/Student/extends",
        {"object_type": {"Student": {"extends": ["Person"]}}},
        given={"object_type": {"Student": {"extends": ["Agent", "Person"]}}},
    ),
    Case("OT_DATASOURCE_REPLACED", HIGH, ALL, f"{PERSON}/datasource", person(datasource={"table": "humans"})),
    Case("OT_EDITS_DISABLED", HIGH, {W}, f"{PERSON}/edits_enabled", person(edits_enabled=False)),
    Case("OT_DELETED_BEFORE_DEADLINE", HIGH, ALL, f"{OT}/Typewriter", {"object_type": {"Typewriter": None}}),
    Case(
        "OT_KIND_CHANGED",
        HIGH,
        ALL,
        f"{OT}/Company",
        {"object_type": {"Company": None}, "interface": {"Company": {"properties": {}}}},
    ),
    Case("OT_KIND_CHANGED", HIGH, ALL, f"{PERSON}/abstract", person(abstract=True)),
    Case("OT_TITLE_CHANGED", MEDIUM, {R}, f"{PERSON}/title_property", person(title_property="email")),
    Case("OT_STATUS_DOWNGRADED", MEDIUM, USERS, f"{PERSON}/status", person(status="experimental")),
    Case("OT_DEPRECATED_WITHOUT_REPLACEMENT", MEDIUM, USERS, f"{PERSON}/status", person(status="deprecated")),
    Case("OT_HIDDEN", MEDIUM, {R}, f"{PERSON}/visibility", person(visibility="hidden")),
    Case("OT_ADDED", LOW, NOBODY, f"{OT}/Robot", {"object_type": {"Robot": {"properties": {}}}}),
    Case(
        "OT_INTERFACE_ADDED",
        LOW,
        NOBODY,
        f"{OT}/Company/implements",
        {"object_type": {"Company": {"implements": ["Named"]}}},
    ),
    Case("OT_PARENT_ADDED", LOW, NOBODY, f"{OT}/Company/extends", {"object_type": {"Company": {"extends": ["Agent"]}}}),
    Case("OT_DISPLAY_CHANGED", LOW, NOBODY, f"{PERSON}/icon", person(icon="user")),
    Case(
        "OT_DISPLAY_CHANGED",
        LOW,
        NOBODY,
        PERSON,
        person(status="deprecated", deprecation={"replacement": "Agent"}),
    ),
    # --- Properties ---
    Case("PR_DELETED", CRITICAL, ALL, f"{PROPERTIES}/nicknames", prop("nicknames", None)),
    Case("PR_DELETED", HIGH, ALL, f"{PROPERTIES}/fax", prop("fax", None)),
    Case("PR_DELETED", CRITICAL, ALL, f"{PROPERTIES}/fax", prop("fax", None), given=prop("fax", {"required": True})),
    Case("PR_DELETED", LOW, ALL, f"{PROPERTIES}/telex", prop("telex", None)),
    Case(
        "PR_DELETED",
        LOW,
        ALL,
        f"{OT}/Sketch/properties/lines",
        {"object_type": {"Sketch": {"properties": {"lines": None}}}},
    ),
    Case("PR_RENAMED", HIGH, USERS, f"{PROPERTIES}/age", renames={f"{PROPERTIES}/age": "years"}),
    Case("PR_NAME_REUSED", HIGH, ALL, f"{PROPERTIES}/age", prop("age", {"rid": OTHER_RID})),
    Case(
        "PR_TYPE_INCOMPATIBLE",
        HIGH,
        ALL,
        f"{PROPERTIES}/birthday/type",
        prop("birthday", {"type": {"type": "boolean"}}),
    ),
    Case("PR_TYPE_NARROWED", HIGH, INPUT, f"{PROPERTIES}/age/type", prop("age", {"type": {"type": "short"}})),
    Case("PR_TYPE_CASTABLE", HIGH, ALL, f"{PROPERTIES}/birthday/type", prop("birthday", {"type": {"type": "string"}})),
    Case(
        "PR_ARRAY_TO_SCALAR",
        HIGH,
        ALL,
        f"{PROPERTIES}/nicknames/type",
        prop("nicknames", {"type": {"type": "string", "items": None}}),
    ),
    Case(
        "PR_SCALAR_TO_ARRAY",
        HIGH,
        ALL,
        f"{PROPERTIES}/birthday/type",
        prop("birthday", {"type": {"type": "array", "items": {"type": "date"}}}),
    ),
    Case("PR_BECAME_REQUIRED", HIGH, INPUT, f"{PROPERTIES}/age/required", prop("age", {"required": True})),
    Case("PR_ADDED_REQUIRED", HIGH, INPUT, f"{PROPERTIES}/tax", prop("tax", {"type": "string", "required": True})),
    Case("PR_UNIQUE_ADDED", HIGH, INPUT, f"{PROPERTIES}/email/unique", prop("email", {"unique": True})),
    Case(
        "PR_CONSTRAINT_TIGHTENED",
        HIGH,
        INPUT,
        f"{PROPERTIES}/age/constraints/max",
        prop("age", {"constraints": {"max": 120}}),
    ),
    Case("PR_TYPE_WIDENED", MEDIUM, {R}, f"{PROPERTIES}/age/type", prop("age", {"type": {"type": "long"}})),
    Case("PR_BECAME_OPTIONAL", MEDIUM, {R}, f"{PROPERTIES}/email/required", prop("email", {"required": None})),
    Case(
        "PR_ADDED_REQUIRED_WITH_DEFAULT",
        MEDIUM,
        {D},
        f"{PROPERTIES}/tax",
        prop("tax", {"type": "string", "required": True, "default": "none"}),
    ),
    Case("PR_DEFAULT_CHANGED", MEDIUM, USERS, f"{PROPERTIES}/height/default", prop("height", {"default": "1"})),
    Case("PR_INDEX_REMOVED", MEDIUM, {R}, f"{PROPERTIES}/personId/indexed", prop("personId", {"indexed": None})),
    Case(
        "PR_SHARED_DETACHED",
        MEDIUM,
        {R},
        f"{PROPERTIES}/createdAt/shared_property",
        prop("createdAt", {"shared_property": None, "type": {"type": "timestamp"}}),
    ),
    Case(
        "PR_DERIVED_CHANGED",
        MEDIUM,
        USERS,
        f"{PROPERTIES}/score/derived",
        prop("score", {"derived": {"mean": "points"}}),
    ),
    Case("PR_MARKING_CHANGED", MEDIUM, {R}, f"{PROPERTIES}/score/marking", prop("score", {"marking": "secret"})),
    Case("PR_ADDED_OPTIONAL", LOW, NOBODY, f"{PROPERTIES}/tax", prop("tax", {"type": "string"})),
    Case("PR_UNIQUE_REMOVED", LOW, NOBODY, f"{PROPERTIES}/personId/unique", prop("personId", {"unique": None})),
    Case(
        "PR_CONSTRAINT_LOOSENED",
        LOW,
        NOBODY,
        f"{PROPERTIES}/age/constraints/max",
        prop("age", {"constraints": {"max": None}}),
    ),
    Case("PR_DISPLAY_CHANGED", LOW, NOBODY, f"{PROPERTIES}/age/display_name", prop("age", {"display_name": "Age"})),
    # --- Value types ---
    Case("VT_DELETED", HIGH, USERS, "/value_type/Percentage", {"value_type": {"Percentage": None}}),
    Case(
        "VT_BASE_CHANGED", HIGH, ALL, "/value_type/Percentage/type", value_type("Percentage", type={"type": "integer"})
    ),
    Case(
        "VT_ENUM_VALUE_REMOVED",
        HIGH,
        INPUT,
        "/value_type/Color/constraints/enum/red",
        value_type("Color", constraints={"enum": {"red": None}}),
    ),
    Case(
        "VT_MIN_RAISED",
        HIGH,
        INPUT,
        "/value_type/Percentage/constraints/min",
        value_type("Percentage", constraints={"min": 1}),
    ),
    Case(
        "VT_MAX_LOWERED",
        HIGH,
        INPUT,
        "/value_type/Percentage/constraints/exclusive_max",
        value_type("Percentage", constraints={"max": None, "exclusive_max": 100}),
    ),
    Case(
        "VT_LENGTH_TIGHTENED",
        HIGH,
        INPUT,
        "/value_type/EmailAddress/constraints/max_length",
        value_type("EmailAddress", constraints={"max_length": 100}),
    ),
    Case(
        "VT_REGEX_CHANGED",
        HIGH,
        INPUT,
        "/value_type/EmailAddress/constraints/pattern",
        value_type("EmailAddress", constraints={"pattern": "[a-z]+@[a-z.]+"}),
    ),
    Case(
        "VT_FORMAT_ADDED",
        HIGH,
        INPUT,
        "/value_type/EmailAddress/constraints/format",
        value_type("EmailAddress", constraints={"format": "email"}),
    ),
    Case(
        "VT_UNIQUE_ITEMS_ADDED",
        HIGH,
        INPUT,
        "/value_type/Tags/constraints/unique_items",
        value_type("Tags", constraints={"unique_items": True}),
    ),
    Case(
        "VT_ENUM_VALUE_ADDED",
        MEDIUM,
        {R},
        "/value_type/Color/constraints/enum/green",
        value_type("Color", constraints={"enum": {"green": {}}}),
    ),
    Case(
        "VT_LOOSENED",
        LOW,
        NOBODY,
        "/value_type/EmailAddress/constraints/max_length",
        value_type("EmailAddress", constraints=None),
    ),
    # --- Struct types ---
    Case("ST_DELETED", HIGH, ALL, "/struct_type/Address", {"struct_type": {"Address": None}}),
    Case("ST_FIELD_DELETED", HIGH, ALL, "/struct_type/Address/fields/zip", field_("zip", None)),
    Case(
        "ST_FIELD_RENAMED",
        HIGH,
        USERS,
        "/struct_type/Address/fields/zip",
        renames={"/struct_type/Address/fields/zip": "postcode"},
    ),
    Case(
        "ST_FIELD_TYPE_CHANGED",
        HIGH,
        ALL,
        "/struct_type/Address/fields/floor/type",
        field_("floor", {"type": {"type": "string"}}),
    ),
    Case("ST_FIELD_ADDED", LOW, NOBODY, "/struct_type/Address/fields/city", field_("city", {"type": "string"})),
    Case(
        "PR_ADDED_REQUIRED",
        HIGH,
        INPUT,
        "/struct_type/Address/fields/city",
        field_("city", {"type": "string", "required": True}),
    ),
    # --- Link types ---
    Case("LK_DELETED", CRITICAL, ALL, "/link_type/employment", {"link_type": {"employment": None}}),
    Case("LK_RENAMED", HIGH, USERS, "/link_type/friendOf", renames={"/link_type/friendOf": "knownBy"}),
    Case(
        "LK_SIDE_RENAMED",
        HIGH,
        USERS,
        "/link_type/employment/target/api_name",
        link("employment", target={"api_name": "staff"}),
    ),
    Case(
        "LK_END_CHANGED",
        HIGH,
        ALL,
        "/link_type/employment/target/types",
        link("employment", target={"types": ["Typewriter"]}),
    ),
    Case(
        "LK_END_NARROWED",
        HIGH,
        INPUT,
        "/link_type/friendship/source/types",
        link("friendship", source={"types": ["Company", "Student"]}),
    ),
    Case(
        "LK_MANY_TO_ONE", HIGH, {D}, "/link_type/employment/cardinality", link("employment", cardinality="one_to_one")
    ),
    Case(
        "LK_ONE_TO_MANY", HIGH, {R}, "/link_type/employment/cardinality", link("employment", cardinality="many_to_many")
    ),
    Case(
        "LK_MANY_TO_ONE",
        HIGH,
        {D},
        "/link_type/employment/cardinality",
        link("employment", cardinality="one_to_many"),
        also=(("LK_ONE_TO_MANY", HIGH, "/link_type/employment/cardinality"),),
    ),
    Case("LK_KEY_CHANGED", HIGH, ALL, "/link_type/employment/foreign_key", link("employment", foreign_key="personId")),
    Case("LK_BECAME_REQUIRED", HIGH, INPUT, "/link_type/employment/required", link("employment", required=True)),
    Case("LK_INVERSE_CHANGED", HIGH, USERS, "/link_type/friendship/inverse_of", link("friendship", inverse_of=None)),
    Case(
        "LK_END_WIDENED",
        MEDIUM,
        {R},
        "/link_type/friendship/target/types",
        link("friendship", target={"types": ["Agent"]}),
    ),
    Case(
        "LK_ADDED",
        LOW,
        NOBODY,
        "/link_type/rivalry",
        link("rivalry", source={"types": ["Company"]}, target={"types": ["Company"]}, cardinality="many_to_many"),
    ),
    # --- Interfaces ---
    Case("IF_DELETED", CRITICAL, USERS, "/interface/Named", {"interface": {"Named": None}}),
    Case("IF_RENAMED", HIGH, USERS, "/interface/Named", renames={"/interface/Named": "Titled"}),
    Case(
        "IF_PROPERTY_REMOVED",
        HIGH,
        USERS,
        "/interface/Contactable/properties/phone",
        contactable(properties={"phone": None}),
    ),
    Case(
        "IF_PROPERTY_TYPE_CHANGED",
        HIGH,
        ALL,
        "/interface/Contactable/properties/phone/type",
        contactable(properties={"phone": {"type": {"type": "long"}}}),
    ),
    Case(
        "IF_REQUIRED_PROPERTY_ADDED",
        HIGH,
        INPUT,
        "/interface/Contactable/properties/pager",
        contactable(properties={"pager": {"type": "string", "required": True}}),
    ),
    Case(
        "IF_REQUIRED_LINK_ADDED",
        HIGH,
        INPUT,
        "/interface/Contactable/links/deputy",
        contactable(links={"deputy": {"target": "Person", "required": True}}),
    ),
    Case(
        "IF_REQUIRED_LINK_ADDED",
        HIGH,
        INPUT,
        "/interface/Contactable/links/manager/required",
        contactable(links={"manager": {"required": True}}),
    ),
    Case(
        "IF_LINK_CARDINALITY_CHANGED",
        HIGH,
        ALL,
        "/interface/Contactable/links/friends/cardinality",
        contactable(links={"friends": {"cardinality": "one"}}),
    ),
    Case(
        "IF_LINK_TARGET_NARROWED",
        HIGH,
        INPUT,
        "/interface/Contactable/links/manager/target",
        contactable(links={"manager": {"target": "Person"}}),
    ),
    Case("IF_EXTENDS_REMOVED", HIGH, USERS, "/interface/Contactable/extends", contactable(extends=None)),
    Case(
        "IF_OPTIONAL_ADDED",
        LOW,
        NOBODY,
        "/interface/Contactable/properties/pager",
        contactable(properties={"pager": {"type": "string"}}),
    ),
    Case(
        "IF_OPTIONAL_ADDED",
        LOW,
        NOBODY,
        "/interface/Contactable/links/deputy",
        contactable(links={"deputy": {"target": "Person"}}),
    ),
    # --- Shared properties ---
    Case(
        "SP_TYPE_CHANGED",
        CRITICAL,
        ALL,
        "/shared_property/createdAt/type",
        {"shared_property": {"createdAt": {"type": {"type": "date"}}}},
    ),
    Case("SP_DELETED", HIGH, USERS, "/shared_property/createdAt", {"shared_property": {"createdAt": None}}),
    Case(
        "PR_CONSTRAINT_TIGHTENED",
        HIGH,
        INPUT,
        "/shared_property/createdAt/constraints/min",
        {"shared_property": {"createdAt": {"constraints": {"min": "2020-01-01T00:00:00Z"}}}},
    ),
    # --- Action types ---
    Case("AC_DELETED", HIGH, {W}, "/action_type/hire", {"action_type": {"hire": None}}),
    Case("AC_RENAMED", HIGH, {W}, "/action_type/hire", renames={"/action_type/hire": "employ"}),
    Case("AC_PARAMETER_REMOVED", HIGH, {W}, "/action_type/hire/parameters/note", parameter("note", None)),
    Case(
        "AC_PARAMETER_TYPE_CHANGED",
        HIGH,
        {W},
        "/action_type/hire/parameters/note/type",
        parameter("note", {"type": {"type": "json"}}),
    ),
    Case(
        "AC_PARAMETER_TYPE_CHANGED",
        HIGH,
        {W},
        "/action_type/hire/parameters/person/object_type",
        parameter("person", {"object_type": "Student"}),
    ),
    Case(
        "AC_PARAMETER_BECAME_REQUIRED",
        HIGH,
        {W},
        "/action_type/hire/parameters/note/required",
        parameter("note", {"required": True}),
    ),
    Case(
        "AC_REQUIRED_PARAMETER_ADDED",
        HIGH,
        {W},
        "/action_type/hire/parameters/desk",
        parameter("desk", {"type": "string", "required": True}),
    ),
    Case(
        "AC_ALLOWED_VALUES_NARROWED",
        HIGH,
        {W},
        "/action_type/hire/parameters/grade/constraints/max",
        parameter("grade", {"constraints": {"max": 7}}),
    ),
    Case(
        "AC_RULES_CHANGED",
        MEDIUM,
        {W},
        "/action_type/hire/rules",
        hire(rules=[{"rule": "delete_object", "object": "person"}]),
    ),
    Case("AC_CRITERIA_TIGHTENED", MEDIUM, {W}, "/action_type/hire/criteria", hire(criteria=[{"only": "adults"}])),
    Case("AC_PERMISSION_TIGHTENED", MEDIUM, {W}, "/action_type/hire/permission", hire(permission="administrator")),
    Case("AC_SIDE_EFFECT_CHANGED", MEDIUM, {W}, "/action_type/hire/side_effects", hire(side_effects=[])),
    Case(
        "AC_OPTIONAL_PARAMETER_ADDED",
        LOW,
        NOBODY,
        "/action_type/hire/parameters/desk",
        parameter("desk", {"type": "string"}),
    ),
    # --- What has no rule of its own ---
    Case("RS_ADDED", LOW, NOBODY, "/value_type/Weight", value_type("Weight", type="double")),
    Case("RS_CHANGED", LOW, NOBODY, "/value_type/Color/description", value_type("Color", description="Of a shirt.")),
    Case("RS_CHANGED", LOW, NOBODY, "/struct_type/Address", renames={"/struct_type/Address": "PostalAddress"}),
    Case("RS_CHANGED", LOW, NOBODY, "/action_type/hire/permission", hire(permission="viewer")),
]


def states(case: Case) -> tuple[Documents, Documents]:
    before = stored(patched(WORLD, case.given))
    return before, changed(before, case.patch, case.renames)
