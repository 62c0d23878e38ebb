"""The seven kinds of resources and the types, field by field."""

from collections.abc import Mapping

from gateway.engine.sentences import Sentence, phrase
from ontology.engine.shapes import (
    Boolean,
    Bound,
    Choice,
    Date,
    FreeJson,
    Integer,
    ListOf,
    LocalisedText,
    MapOf,
    MemberReference,
    Name,
    Record,
    Reference,
    Rid,
    SetOf,
    Shape,
    Tagged,
    Text,
    TypeExpression,
)

STATUSES = ("experimental", "active", "deprecated", "example")
VISIBILITIES = ("normal", "prominent", "hidden")
CARDINALITIES = ("one_to_one", "one_to_many", "many_to_one", "many_to_many")
LINK_CARDINALITIES = ("one", "many")

# --- Types ----------------------------------------------------------------------------------

KEY_TYPES = frozenset({"string", "boolean", "byte", "short", "integer", "long", "date", "timestamp"})
PLAIN_TYPES = KEY_TYPES | {
    "float",
    "double",
    "time",
    "geopoint",
    "geoshape",
    "attachment",
    "media_reference",
    "time_series",
    "marking",
    "cipher",
    "json",
}
VALUE_TYPES = PLAIN_TYPES | {"decimal", "vector", "map", "array", "struct"}
ITEM_TYPES = VALUE_TYPES - {"array", "vector", "time_series"}
FIELD_TYPES = VALUE_TYPES - {"struct", "array"}
PARAMETER_TYPES = VALUE_TYPES | {"object"}

_PARAMETERS: Mapping[str, Mapping[str, Shape]] = {
    "decimal": {"precision": Integer(minimum=1, maximum=38), "scale": Integer(minimum=0, maximum=38)},
    "vector": {"dimension": Integer(minimum=1, maximum=65_536)},
    "map": {"keys": TypeExpression(KEY_TYPES), "values": TypeExpression(VALUE_TYPES)},
    "array": {"items": TypeExpression(ITEM_TYPES)},
    "struct": {"struct_type": Reference(("struct_type",))},
}

TYPES: Mapping[str, Record] = {
    name: Record(phrase("the type {name}", name=name), fields, required=frozenset(fields))
    for name in sorted(PARAMETER_TYPES)
    for fields in [_PARAMETERS.get(name, {})]
}
"""The parameters of every type, all of them required."""

# --- What resources and members have in common -----------------------------------------------

_MAPPINGS = Record(
    phrase("the mappings"),
    {
        relation: SetOf(Text(min_length=1, max_length=2_000))
        for relation in ("exact", "close", "broad", "narrow", "related")
    },
)


def _common(replacement: Shape) -> dict[str, Shape]:
    """The fields of everything that has an identity; ``replacement`` is what a deprecation may name."""
    return {
        "rid": Rid(),
        "display_name": LocalisedText(),
        "description": LocalisedText(prose=True, max_length=100_000),
        "status": Choice(STATUSES, default="experimental"),
        "deprecation": Record(
            phrase("a deprecation"),
            {"reason": LocalisedText(max_length=10_000), "deadline": Date(), "replacement": replacement},
            whole=True,
        ),
        "visibility": Choice(VISIBILITIES, default="normal"),
        "groups": SetOf(Text(min_length=1)),
        "aliases": SetOf(Text(min_length=1)),
        "mappings": _MAPPINGS,
        "metadata": MapOf(FreeJson(), key=Text(min_length=1)),
    }


def _member(
    noun: Sentence,
    fields: Mapping[str, Shape],
    *,
    one_of: tuple[str, ...] = (),
    coupled: tuple[tuple[str, ...], ...] = (),
) -> Record:
    common = _common(Text(min_length=1))
    return Record(noun, {**common, **fields}, one_of=one_of, identified=True, coupled=coupled)


def _resource(
    kind: str,
    noun: Sentence,
    fields: Mapping[str, Shape],
    *,
    required: frozenset[str] = frozenset(),
    one_of: tuple[str, ...] = (),
    coupled: tuple[tuple[str, ...], ...] = (),
) -> Record:
    common = _common(Reference((kind,)))
    return Record(noun, {**common, **fields}, required, one_of, identified=True, coupled=coupled)


# --- Members ----------------------------------------------------------------------------------

_CONSTRAINTS = Record(
    phrase("the constraints"),
    {
        "min": Bound(),
        "max": Bound(),
        "exclusive_min": Bound(),
        "exclusive_max": Bound(),
        "min_length": Integer(),
        "max_length": Integer(),
        "pattern": Text(min_length=1, max_length=10_000),
        "format": Text(min_length=1, max_length=100),
        "enum": MapOf(_member(phrase("an enum value"), {}), key=Text(min_length=1), default=None),
        "unique_items": Boolean(),
        "min_items": Integer(),
        "max_items": Integer(),
    },
)

_VALUE: Mapping[str, Shape] = {
    "required": Boolean(),
    "default": FreeJson(),
    "value_type": Reference(("value_type",)),
    "constraints": _CONSTRAINTS,
}

_ASKED = (("required", "type", "default"),)
"""Whether there must be a value, which ones there are, and the one where none is given."""

_PROPERTY = _member(
    phrase("a property"),
    {
        "type": TypeExpression(VALUE_TYPES),
        **_VALUE,
        "unique": Boolean(),
        "indexed": Boolean(),
        "searchable": Boolean(),
        "shared_property": Reference(("shared_property",)),
        "marking": Text(min_length=1),
        "derived": FreeJson(),
    },
    one_of=("type", "shared_property", "value_type"),
    coupled=_ASKED,
)

_STRUCT_FIELD = _member(
    phrase("a field"),
    {"type": TypeExpression(FIELD_TYPES, refusal="STRUCT_NESTED"), **_VALUE},
    one_of=("type", "value_type"),
    coupled=_ASKED,
)

_PARAMETER = _member(
    phrase("a parameter"),
    {"type": TypeExpression(PARAMETER_TYPES), **_VALUE, "object_type": Reference(("object_type", "interface"))},
    one_of=("type", "value_type"),
    coupled=_ASKED,
)

_INTERFACE_LINK = _member(
    phrase("a link of an interface"),
    {
        "target": Reference(("object_type", "interface")),
        "cardinality": Choice(LINK_CARDINALITIES, default="many"),
        "required": Boolean(),
    },
)

_SIDE = Record(
    phrase("a side of a link"),
    {"types": SetOf(Reference(("object_type", "interface"))), "api_name": Name(), "display_name": LocalisedText()},
)

_OBJECT = MemberReference("parameters")
_SET = MapOf(FreeJson())

_RULE = Tagged(
    phrase("a rule"),
    "rule",
    {
        "create_object": Record(
            phrase("a {rule} rule", rule="create_object"),
            {"object_type": Reference(("object_type",)), "set": _SET},
            required=frozenset({"object_type"}),
        ),
        "modify_object": Record(
            phrase("a {rule} rule", rule="modify_object"),
            {"object": _OBJECT, "set": _SET},
            required=frozenset({"object"}),
        ),
        "delete_object": Record(
            phrase("a {rule} rule", rule="delete_object"), {"object": _OBJECT}, required=frozenset({"object"})
        ),
        **{
            rule: Record(
                phrase("a {rule} rule", rule=rule),
                {"link_type": Reference(("link_type",)), "source": _OBJECT, "target": _OBJECT},
                required=frozenset({"link_type", "source", "target"}),
            )
            for rule in ("add_link", "remove_link")
        },
    },
)

# --- Resources ---------------------------------------------------------------------------------

KINDS: Mapping[str, Record] = {
    "object_type": _resource(
        "object_type",
        phrase("an object type"),
        {
            "plural_name": LocalisedText(),
            "icon": Text(default=""),
            "color": Text(default=""),
            "abstract": Boolean(),
            "id_prefixes": SetOf(Text(min_length=1)),
            "extends": SetOf(Reference(("object_type",))),
            "implements": SetOf(Reference(("interface",))),
            "primary_key": ListOf(MemberReference("properties")),
            "title_property": MemberReference("properties"),
            "properties": MapOf(_PROPERTY),
            "datasource": FreeJson(),
            "edits_enabled": Boolean(),
        },
        required=frozenset({"properties"}),
    ),
    "link_type": _resource(
        "link_type",
        phrase("a link type"),
        {
            "source": _SIDE,
            "target": _SIDE,
            "extends": SetOf(Reference(("link_type",))),
            "cardinality": Choice(CARDINALITIES),
            "required": Boolean(),
            "inverse_of": Reference(("link_type",)),
            "foreign_key": MemberReference("properties"),
            "join": FreeJson(),
            "properties": MapOf(_PROPERTY),
            "cascade_delete": Boolean(),
            "symmetric": Boolean(),
            "transitive": Boolean(),
        },
        required=frozenset({"source", "target", "cardinality"}),
        coupled=(("foreign_key", "join", "cardinality"),),
    ),
    "interface": _resource(
        "interface",
        phrase("an interface"),
        {
            "extends": SetOf(Reference(("interface",))),
            "properties": MapOf(_PROPERTY),
            "links": MapOf(_INTERFACE_LINK),
        },
    ),
    "shared_property": _resource(
        "shared_property",
        phrase("a shared property"),
        {
            "type": TypeExpression(VALUE_TYPES),
            "value_type": Reference(("value_type",)),
            "constraints": _CONSTRAINTS,
        },
        one_of=("type", "value_type"),
    ),
    "value_type": _resource(
        "value_type",
        phrase("a value type"),
        {"type": TypeExpression(VALUE_TYPES), "constraints": _CONSTRAINTS},
        required=frozenset({"type"}),
    ),
    "struct_type": _resource(
        "struct_type",
        phrase("a struct type"),
        {"fields": MapOf(_STRUCT_FIELD)},
        required=frozenset({"fields"}),
    ),
    "action_type": _resource(
        "action_type",
        phrase("an action type"),
        {
            "parameters": MapOf(_PARAMETER),
            "rules": ListOf(_RULE),
            "criteria": ListOf(FreeJson()),
            "side_effects": ListOf(FreeJson()),
            "affected_types": SetOf(Reference(("object_type", "link_type"))),
            "permission": Text(default=""),
        },
    ),
}
"""The fields of every kind. What is not here is not part of the meta-model."""

KIND_NOUNS: Mapping[str, Sentence] = {
    "object_type": phrase("object type"),
    "link_type": phrase("link type"),
    "interface": phrase("interface"),
    "shared_property": phrase("shared property"),
    "value_type": phrase("value type"),
    "struct_type": phrase("struct type"),
    "action_type": phrase("action type"),
}
SIDE_NOUNS: Mapping[str, Sentence] = {"source": phrase("source"), "target": phrase("target")}
"""What kinds, and the sides of a link, are called within a sentence, without an article."""

NAMES: Mapping[str, Name] = {kind: Name(hyphens=kind == "action_type") for kind in KINDS}
"""What the resources of a kind may be called."""
