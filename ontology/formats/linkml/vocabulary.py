"""The words of LinkML (metamodel 1.x): its builtin types, and which metaslots take which values.

https://w3id.org/linkml/meta. Only what stands under its own name in ``metadata`` needs a form here, so
that nothing which LinkML would refuse is written under a word of LinkML's.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

LINKML: Final = "https://w3id.org/linkml/"
ANY: Final = f"{LINKML}Any"
"""The URI of the class of any value."""

TYPES: Final[Mapping[str, str]] = {
    "string": "xsd:string",
    "integer": "xsd:integer",
    "boolean": "xsd:boolean",
    "float": "xsd:float",
    "double": "xsd:double",
    "decimal": "xsd:decimal",
    "time": "xsd:time",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "date_or_datetime": "linkml:DateOrDatetime",
    "uriorcurie": "xsd:anyURI",
    "curie": "xsd:string",
    "uri": "xsd:anyURI",
    "ncname": "xsd:string",
    "objectidentifier": "shex:iri",
    "nodeidentifier": "shex:nonLiteral",
    "jsonpointer": "xsd:string",
    "jsonpath": "xsd:string",
    "sparqlpath": "xsd:string",
}
"""The types of ``linkml:types`` with their URIs."""

PRIMITIVES: Final[Mapping[str, Mapping[str, Any]]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "float": {"type": "float"},
    "double": {"type": "double"},
    "decimal": {"type": "decimal", "precision": 38, "scale": 18},
    "time": {"type": "time"},
    "date": {"type": "date"},
    "datetime": {"type": "timestamp"},
}
"""The types of OMS that say the same; the other builtin types are strings with a format of their name."""

BASES: Final[Mapping[str, str]] = {
    "int": "integer",
    "float": "double",
    "Bool": "boolean",
    "Decimal": "decimal",
    "XSDTime": "time",
    "XSDDate": "date",
    "XSDDateTime": "datetime",
}
"""The builtin types by the Python class that a type without ``typeof`` names as its base."""

# --- Forms of values ------------------------------------------------------------------------------

_URI = re.compile(r"[A-Za-z_][A-Za-z0-9_.+-]*(?::[^\s<>\"{}|\\^`]+)?")
_ANY_TEXT = re.compile(r".*", re.DOTALL)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)")
NCNAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
TAG: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z0-9_.-]+)?")
"""The tags of annotations."""

TEXT, URI, MOMENT, PREFIX, FLAG, NUMBER, JSON = "text", "uri", "moment", "prefix", "flag", "number", "json"
PRESENCE = re.compile("UNCOMMITTED|PRESENT|ABSENT")
ROLES = re.compile("SUBJECT|OBJECT|PREDICATE|NODE|OTHER_ROLE")

Form = Any
"""One of the words above, a pattern of choices, a list of one form for lists, a mapping of forms for
objects, ``Each`` for objects with keys of the author's, or the name of one of ``EXPRESSIONS`` in it."""


class Each:
    """An object whose keys are names; each value has the form ``of``, or may be a text as well."""

    def __init__(self, of: Form, *, or_text: bool = False) -> None:
        self.of = of
        self.or_text = or_text


class Expression:
    """An object of the form that ``EXPRESSIONS`` has under ``name``."""

    def __init__(self, name: str) -> None:
        self.name = name


_SLOTS, _CLASSES, _ENUM = Expression("slot"), Expression("class"), Expression("enum")

_VALUES: Mapping[str, Form] = {
    "equals_string": TEXT,
    "equals_string_in": [TEXT],
    "equals_number": NUMBER,
    "minimum_value": NUMBER,
    "maximum_value": NUMBER,
    "pattern": TEXT,
    "structured_pattern": {"syntax": TEXT, "interpolated": FLAG, "partial_match": FLAG},
    "implicit_prefix": TEXT,
}
_REACHABLE: Form = {
    "source_ontology": URI,
    "source_nodes": [URI],
    "relationship_types": [URI],
    "is_direct": FLAG,
    "include_self": FLAG,
    "traverse_up": FLAG,
}
_DYNAMIC: Mapping[str, Form] = {
    "code_set": URI,
    "code_set_tag": TEXT,
    "code_set_version": TEXT,
    "pv_formula": re.compile("CODE|CURIE|URI|FHIR_CODING|LABEL"),
    "include": [_ENUM],
    "minus": [_ENUM],
    "inherits": [TEXT],
    "reachable_from": _REACHABLE,
    "matches": {"identifier_pattern": TEXT, "source_ontology": URI},
    "concepts": [URI],
}
_JUNCTIONS = ("any_of", "all_of", "none_of", "exactly_one_of")
_SLOT_EXPRESSION: Mapping[str, Form] = {
    **_VALUES,
    **{junction: [_SLOTS] for junction in _JUNCTIONS},
    "range": TEXT,
    "required": FLAG,
    "recommended": FLAG,
    "multivalued": FLAG,
    "inlined": FLAG,
    "inlined_as_list": FLAG,
    "value_presence": PRESENCE,
    "equals_expression": TEXT,
    "exact_cardinality": NUMBER,
    "minimum_cardinality": NUMBER,
    "maximum_cardinality": NUMBER,
    "has_member": _SLOTS,
    "all_members": _SLOTS,
    "range_expression": _CLASSES,
    "description": TEXT,
}
_CLASS_EXPRESSION: Mapping[str, Form] = {
    **{junction: [_CLASSES] for junction in _JUNCTIONS},
    "is_a": TEXT,
    "slot_conditions": Each(_SLOTS),
    "description": TEXT,
}
EXPRESSIONS: Final[Mapping[str, Form]] = {
    "slot": _SLOT_EXPRESSION,
    "class": _CLASS_EXPRESSION,
    "enum": {**_DYNAMIC, "permissible_values": Each({"text": TEXT, "description": TEXT, "meaning": URI})},
}
_UNIT: Form = {
    **dict.fromkeys(("symbol", "abbreviation", "descriptive_name", "ucum_code", "derivation"), TEXT),
    "exact mappings": [URI],
    "has_quantity_kind": URI,
    "iec61360code": TEXT,
}
_RULE: Form = {
    "preconditions": _CLASSES,
    "postconditions": _CLASSES,
    "elseconditions": _CLASSES,
    "title": TEXT,
    "description": TEXT,
    "bidirectional": FLAG,
    "open_world": FLAG,
    "deactivated": FLAG,
    "rank": NUMBER,
}

# --- Metaslots ------------------------------------------------------------------------------------

_ANYWHERE: Mapping[str, Form] = {
    "alt_descriptions": Each({"source": TEXT, "description": TEXT}, or_text=True),
    "annotations": JSON,
    "categories": [URI],
    "comments": [TEXT],
    "contributors": [URI],
    "created_by": URI,
    "created_on": MOMENT,
    "deprecated_element_has_exact_replacement": TEXT,
    "deprecated_element_has_possible_replacement": TEXT,
    "examples": [{"value": TEXT, "description": TEXT, "object": JSON}],
    "extensions": JSON,
    "from_schema": URI,
    "imported_from": TEXT,
    "in_language": TEXT,
    "keywords": [TEXT],
    "last_updated_on": MOMENT,
    "mappings": [URI],
    "modified_by": URI,
    "notes": [TEXT],
    "rank": NUMBER,
    "see_also": [URI],
    "source": URI,
    "status": TEXT,
    "structured_aliases": [{"literal_form": TEXT, "predicate": TEXT, "categories": [URI]}],
    "todos": [TEXT],
}
_ELEMENT: Mapping[str, Form] = {
    **_ANYWHERE,
    "conforms_to": TEXT,
    "definition_uri": URI,
    "id_prefixes": [PREFIX],
    "id_prefixes_are_closed": FLAG,
    "implements": [URI],
    "instantiates": [URI],
    "local_names": Each({"local_name_source": PREFIX, "local_name_value": TEXT}, or_text=True),
}
_DEFINITION: Mapping[str, Form] = {
    **_ELEMENT,
    "abstract": FLAG,
    "apply_to": [TEXT],
    "is_a": TEXT,
    "mixin": FLAG,
    "mixins": [TEXT],
    "string_serialization": TEXT,
    "values_from": [URI],
}
CLASS: Final[Mapping[str, Form]] = {
    **_DEFINITION,
    **_CLASS_EXPRESSION,
    "alias": TEXT,
    "children_are_mutually_disjoint": FLAG,
    "class_uri": URI,
    "classification_rules": [_CLASSES],
    "defining_slots": [TEXT],
    "disjoint_with": [TEXT],
    "extra_slots": {"allowed": FLAG, "range_expression": _SLOTS},
    "represents_relationship": FLAG,
    "rules": [_RULE],
    "slot_names_unique": FLAG,
    "subclass_of": URI,
    "tree_root": FLAG,
    "union_of": [TEXT],
    "unique_keys": Each(
        {"unique_key_name": TEXT, "unique_key_slots": [TEXT], "consider_nulls_inequal": FLAG, "description": TEXT}
    ),
}
SLOT: Final[Mapping[str, Form]] = {
    **_DEFINITION,
    **_SLOT_EXPRESSION,
    **dict.fromkeys(("asymmetric", "irreflexive", "locally_reflexive", "reflexive"), FLAG),
    **dict.fromkeys(("symmetric", "transitive", "identifier", "key", "designates_type"), FLAG),
    **dict.fromkeys(("inherited", "is_class_field", "is_grouping_slot", "shared"), FLAG),
    **dict.fromkeys(("list_elements_ordered", "list_elements_unique"), FLAG),
    **dict.fromkeys(("alias", "domain", "ifabsent", "inverse", "readonly", "role", "singular_name"), TEXT),
    **dict.fromkeys(("slot_group", "transitive_form_of", "reflexive_transitive_form_of"), TEXT),
    "array": JSON,
    "bindings": JSON,
    "children_are_mutually_disjoint": FLAG,
    "disjoint_with": [TEXT],
    "enum_range": _ENUM,
    "path_rule": JSON,
    "relational_role": ROLES,
    "slot_uri": URI,
    "subproperty_of": TEXT,
    "type_mappings": JSON,
    "union_of": [TEXT],
    "unit": _UNIT,
}
ENUM: Final[Mapping[str, Form]] = {**_DEFINITION, **_DYNAMIC, "enum_uri": URI}
TYPE: Final[Mapping[str, Form]] = {
    **_ELEMENT,
    **_VALUES,
    **dict.fromkeys(_JUNCTIONS, JSON),
    **dict.fromkeys(("typeof", "base", "repr"), TEXT),
    "unit": _UNIT,
    "union_of": [TEXT],
    "uri": URI,
}
VALUE: Final[Mapping[str, Form]] = {
    **_ANYWHERE,
    "implements": [URI],
    "instantiates": [URI],
    "is_a": TEXT,
    "meaning": URI,
    "mixins": [TEXT],
    "unit": _UNIT,
}

DYNAMIC: Final = frozenset(_DYNAMIC)
"""What says of an enum where its values come from."""

DOMAIN_OF: Final = "domain_of"
DERIVED: Final = frozenset({"owner", DOMAIN_OF, "is_usage_slot", "usage_slot_name"})
"""What tools write into a schema and anybody can work out again."""

IDENTITIES: Final = frozenset({"class_uri", "slot_uri", "enum_uri", "meaning"})
"""What says that an element is that of another vocabulary."""

UNENFORCED: Final = frozenset(
    {
        *_JUNCTIONS,
        *DYNAMIC,
        "all_members",
        "apply_to",
        "array",
        "bindings",
        "children_are_mutually_disjoint",
        "classification_rules",
        "disjoint_with",
        "equals_expression",
        "equals_number",
        "equals_string",
        "equals_string_in",
        "extra_slots",
        "has_member",
        "id_prefixes_are_closed",
        "path_rule",
        "range_expression",
        "rules",
        "slot_conditions",
        "structured_pattern",
        "union_of",
        "unique_keys",
        "value_presence",
    }
)
"""What says which values there may be, in a way that OMS does not hold them to."""


def fits(form: Form, value: Any) -> bool:
    """Whether LinkML takes ``value`` where the form is asked for. Of forms that are JSON nothing is known."""
    match form, value:
        case str(), _:
            return _fits_word(form, value)
        case re.Pattern(), str():
            return form.fullmatch(value) is not None
        case list(), list():
            return all(fits(form[0], item) for item in value)
        case Each(), dict():
            return all(fits(form.of, item) or (form.or_text and isinstance(item, str)) for item in value.values())
        case Expression(), _:
            return fits(EXPRESSIONS[form.name], value)
    return isinstance(form, dict) and isinstance(value, dict) and all(
        key in form and fits(form[key], item) for key, item in value.items()
    )  # fmt: skip


def _fits_word(form: str, value: Any) -> bool:
    pattern = {TEXT: _ANY_TEXT, URI: _URI, MOMENT: _MOMENT, PREFIX: NCNAME}.get(form)
    if pattern is not None:
        return isinstance(value, str) and pattern.fullmatch(value) is not None
    is_flag = isinstance(value, bool)
    return is_flag if form == FLAG else form == NUMBER and isinstance(value, int) and not is_flag
