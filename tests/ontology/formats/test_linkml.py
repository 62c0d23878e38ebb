"""LinkML schemas come in as what they mean, and every ontology goes out as a schema that reads as it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from history.engine.content import Content, ContentInvalid, Key
from ontology.engine.content import OntologyContent
from ontology.exceptions import DocumentMalformed
from ontology.formats import Reading, settled
from ontology.formats.linkml import read, write
from ontology.formats.linkml.schema import SECTIONS
from ontology.formats.notation import read as read_yaml
from tests.oms_project.test_demo_ontology import RESOURCES as DEMO
from tests.ontology.strategies import resources


def schema(**sections: Any) -> dict[str, Any]:
    return {"id": "https://example.org/s", "name": "s", "imports": ["linkml:types"], **sections}


def reading(**sections: Any) -> Reading:
    return settled(read(schema(**sections)))


def codes(found: Reading) -> list[str]:
    """The codes of what was left out, but for the schema's own name."""
    return sorted(each.code for each in found.omissions if each.code != "SCHEMA_FIELD")


def bare(value: Any) -> Any:
    """``value`` without rids, and without the types of shared properties that say nothing else."""
    if isinstance(value, dict):
        return {key: bare(part) for key, part in value.items() if key != "rid"}
    return [bare(part) for part in value] if isinstance(value, list) else value


def is_fixed(found: Reading) -> bool:
    again = settled(read(write(found.contents).decode()))
    return again.contents == found.contents


TEXT = {"type": "string"}


# --- Each mapping -----------------------------------------------------------------------------------

USUAL = (
    *("is_a", "mixins", "mixin", "slots", "attributes", "slot_usage", "range", "any_of", "required", "multivalued"),
    *("identifier", "pattern", "minimum_value", "minimum_cardinality", "ifabsent", "inverse", "domain", "typeof"),
    *(
        "base",
        "uri",
        "class_uri",
        "slot_uri",
        "aliases",
        "in_subset",
        "title",
        "status",
        "deprecated",
        "exact_mappings",
    ),
    *("annotations", "id_prefixes", "enum_range", "examples", "see_also", "deprecated_element_has_exact_replacement"),
    "permissible_values",
)
"""The metaslots that the reader looks into."""

CASES: dict[str, tuple[dict[str, Any], Key, dict[str, Any]]] = {
    "a class is an object type and keeps its name as an alias": (
        {"classes": {"gene to gene association": {}}},
        ("object_type", "GeneToGeneAssociation"),
        {"aliases": ["gene to gene association"], "properties": {}},
    ),
    "an abstract class": (
        {"classes": {"Agent": {"abstract": True, "id_prefixes": ["ORCID"]}}},
        ("object_type", "Agent"),
        {"abstract": True, "id_prefixes": ["ORCID"], "properties": {}},
    ),
    "a parent is extended, a mixin implemented": (
        {"classes": {"A": {}, "M": {"mixin": True}, "B": {"is_a": "A", "mixins": ["M"]}}},
        ("object_type", "B"),
        {"extends": ["A"], "implements": ["M"], "properties": {}},
    ),
    "a mixin is an interface": (
        {"classes": {"N": {"mixin": True}, "M": {"mixin": "yes", "is_a": "N", "attributes": {"x": {}}}}},
        ("interface", "M"),
        {"extends": ["N"], "properties": {"x": {"type": TEXT}}},
    ),
    "what every element says": (
        {
            "prefixes": {"schema": "http://schema.org/"},
            "classes": {
                "Person": {
                    "title": "A person",
                    "description": "Somebody.",
                    "aliases": ["human"],
                    "in_subset": ["core"],
                    "exact_mappings": ["schema:Person", "FOAF:Person"],
                    "narrow_mappings": "schema:Patient",
                    "class_uri": "schema:Thing",
                    "see_also": "https://example.org/",
                    "notes": "One note.",
                    "annotations": {"owner": "Team A", "weights": {"value": [1, 2]}, "rank": 7},
                }
            },
        },
        ("object_type", "Person"),
        {
            "display_name": "A person",
            "description": "Somebody.",
            "aliases": ["human"],
            "groups": ["core"],
            "mappings": {
                "exact": ["FOAF:Person", "http://schema.org/Person", "http://schema.org/Thing"],
                "narrow": ["http://schema.org/Patient"],
            },
            "metadata": {
                "class_uri": "http://schema.org/Thing",
                "see_also": ["https://example.org/"],
                "notes": ["One note."],
                "owner": "Team A",
                "weights": [1, 2],
                "annotations": {"rank": 7},
            },
            "properties": {},
        },
    ),
    "deprecation with what replaces it": (
        {
            "classes": {
                "Old": {"deprecated": "There is New.", "deprecated_element_has_exact_replacement": "new one"},
                "new one": {},
            }
        },
        ("object_type", "Old"),
        {"status": "deprecated", "deprecation": {"reason": "There is New.", "replacement": "NewOne"}, "properties": {}},
    ),
    "an attribute is a property": (
        {
            "classes": {
                "Person": {
                    "attributes": {
                        "full name": {"required": True, "pattern": "^[A-Z]"},
                        "age": {"range": "integer", "minimum_value": 0, "maximum_value": 200, "ifabsent": "int(1)"},
                        "nicknames": {"multivalued": True, "maximum_cardinality": 3, "list_elements_unique": True},
                        "homepage": {"range": "uri"},
                        "anything": {"range": "Any"},
                        "either": {"any_of": [{"range": "integer"}, {"range": "string"}]},
                    }
                },
                "Any": {"class_uri": "linkml:Any"},
            },
            "prefixes": {"linkml": "https://w3id.org/linkml/"},
        },
        ("object_type", "Person"),
        {
            "properties": {
                "fullName": {
                    "type": TEXT,
                    "required": True,
                    "constraints": {"pattern": "^[A-Z]"},
                    "aliases": ["full name"],
                },
                "age": {"type": {"type": "integer"}, "constraints": {"min": 0, "max": 200}, "default": 1},
                "nicknames": {
                    "type": {"type": "array", "items": TEXT},
                    "constraints": {"max_items": 3, "unique_items": True},
                },
                "homepage": {"type": TEXT, "constraints": {"format": "uri"}},
                "anything": {"type": {"type": "json"}},
                "either": {
                    "type": {"type": "json"},
                    "metadata": {"any_of": [{"range": "integer"}, {"range": "string"}]},
                },
            }
        },
    ),
    "a slot is a shared property": (
        {"slots": {"full name": {"description": "All of it.", "required": True}}},
        ("shared_property", "fullName"),
        {"type": TEXT, "description": "All of it.", "aliases": ["full name"], "metadata": {"required": True}},
    ),
    "a slot inherits what values it takes": (
        {"slots": {"a": {"range": "integer", "multivalued": True}, "b": {"is_a": "a"}}},
        ("shared_property", "b"),
        {"type": {"type": "array", "items": {"type": "integer"}}, "metadata": {"is_a": "a"}},
    ),
    "a class refers to the slot, and adds what holds here, also by its parents": (
        {
            "slots": {"name": {"description": "What it is called."}},
            "classes": {
                "A": {"slots": ["name"], "slot_usage": {"name": {"required": True}}},
                "B": {"is_a": "A", "slot_usage": {"name": {"pattern": "x"}}},
            },
        },
        ("object_type", "B"),
        {
            "extends": ["A"],
            "properties": {"name": {"shared_property": "name", "required": True, "constraints": {"pattern": "x"}}},
        },
    ),
    "an identifier is the key, also of heirs": (
        {
            "slots": {"id": {"identifier": True}},
            "classes": {"A": {"slots": ["id"]}, "B": {"is_a": "A"}},
        },
        ("object_type", "B"),
        {"extends": ["A"], "primary_key": ["id"], "properties": {}},
    ),
    "what an interface identifies by its implementers have": (
        {
            "slots": {"id": {"identifier": True}},
            "classes": {"M": {"mixin": True, "slots": ["id"]}, "B": {"mixins": ["M"]}},
        },
        ("object_type", "B"),
        {"implements": ["M"], "primary_key": ["id"], "properties": {"id": {"shared_property": "id"}}},
    ),
    "a slot that leads to a class is a link type": (
        {
            "slots": {
                "knows": {"range": "gene", "symmetric": True},
                "interacts with": {"range": "gene", "is_a": "knows", "multivalued": True, "inverse": "knows"},
            },
            "classes": {"gene": {"slots": ["interacts with"]}},
        },
        ("link_type", "interactsWith"),
        {
            "aliases": ["interacts with"],
            "source": {"types": ["Gene"]},
            "target": {"types": ["Gene"]},
            "cardinality": "one_to_many",
            "extends": ["knows"],
            "inverse_of": "knows",
        },
    ),
    "a link that no class lists starts at its domain": (
        {
            "slots": {"r": {"range": "taxon", "domain": "gene", "required": True, "transitive": True}},
            "classes": {"gene": {}, "taxon": {}},
        },
        ("link_type", "r"),
        {
            "source": {"types": ["Gene"]},
            "target": {"types": ["Taxon"]},
            "cardinality": "many_to_one",
            "required": True,
            "transitive": True,
            "metadata": {"domain_of": []},
        },
    ),
    "a union of classes": (
        {"slots": {"r": {"any_of": [{"range": "A"}, {"range": "B"}]}}, "classes": {"A": {"slots": ["r"]}, "B": {}}},
        ("link_type", "r"),
        {"source": {"types": ["A"]}, "target": {"types": ["A", "B"]}, "cardinality": "many_to_one"},
    ),
    "what a class says of a link is a link that extends it": (
        {
            "slots": {"subject": {"range": "thing", "multivalued": True}},
            "classes": {
                "thing": {},
                "gene": {"is_a": "thing"},
                "association": {"slots": ["subject"]},
                "gene association": {"is_a": "association", "slot_usage": {"subject": {"range": "gene"}}},
            },
        },
        ("link_type", "geneAssociationSubject"),
        {
            "aliases": ["subject"],
            "source": {"types": ["GeneAssociation"]},
            "target": {"types": ["Gene"]},
            "cardinality": "many_to_many",
            "extends": ["subject"],
        },
    ),
    "an attribute that leads to a class": (
        {"classes": {"gene": {"attributes": {"part of": {"range": "gene", "description": "Whole."}}}}},
        ("link_type", "genePartOf"),
        {
            "aliases": ["part of"],
            "description": "Whole.",
            "source": {"types": ["Gene"]},
            "target": {"types": ["Gene"]},
            "cardinality": "many_to_one",
        },
    ),
    "an enum": (
        {
            "prefixes": {"PATO": "http://purl.obolibrary.org/obo/PATO_"},
            "enums": {
                "sex": {
                    "permissible_values": {
                        "male": {"meaning": "PATO:0000384", "title": "Male"},
                        "NO": None,
                        "other": {"deprecated": True, "description": "Neither."},
                    }
                }
            },
        },
        ("value_type", "Sex"),
        {
            "aliases": ["sex"],
            "type": TEXT,
            "constraints": {
                "enum": {
                    "male": {
                        "display_name": "Male",
                        "mappings": {"exact": ["http://purl.obolibrary.org/obo/PATO_0000384"]},
                        "metadata": {"meaning": "http://purl.obolibrary.org/obo/PATO_0000384"},
                    },
                    "NO": {},
                    "other": {"status": "deprecated", "description": "Neither."},
                }
            },
        },
    ),
    "an enum of which the values are elsewhere": (
        {"enums": {"Tissue": {"reachable_from": {"source_ontology": "UBERON:"}}}},
        ("value_type", "Tissue"),
        {"type": TEXT, "metadata": {"reachable_from": {"source_ontology": "UBERON:"}}},
    ),
    "a type": (
        {
            "types": {
                "score": {"typeof": "float", "minimum_value": 0},
                "p value": {"typeof": "score", "maximum_value": 1},
                "other": {"base": "int", "uri": "xsd:integer"},
            }
        },
        ("value_type", "PValue"),
        {
            "aliases": ["p value"],
            "type": {"type": "float"},
            "constraints": {"min": 0, "max": 1},
            "metadata": {"typeof": "score"},
        },
    ),
    "a property of several values of an enum": (
        {
            "enums": {"Sex": {"permissible_values": ["m", "f"]}},
            "classes": {"A": {"attributes": {"sexes": {"range": "Sex", "multivalued": True, "ifabsent": "Sex(m)"}}}},
        },
        ("object_type", "A"),
        {"properties": {"sexes": {"value_type": "Sex", "type": {"type": "array", "items": TEXT}}}},
    ),
    "values listed in place": (
        {"classes": {"A": {"attributes": {"s": {"enum_range": {"permissible_values": {"x": {}}}}}}}},
        ("object_type", "A"),
        {"properties": {"s": {"type": TEXT, "constraints": {"enum": {"x": {}}}}}},
    ),
}


@pytest.mark.parametrize(("sections", "key", "expected"), CASES.values(), ids=CASES)
def test_what_a_schema_says_is_what_comes_in_and_goes_out_again(sections, key, expected):
    found = reading(**sections)
    assert bare(found.contents[key]) == expected
    assert is_fixed(found)


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("string", "string"),
        ("integer", "integer"),
        ("boolean", "boolean"),
        ("float", "float"),
        ("double", "double"),
        ("time", "time"),
        ("date", "date"),
        ("datetime", "timestamp"),
    ],
)
def test_builtin_types_have_their_counterparts(name, type_):
    found = reading(slots={"x": {"range": name}})
    assert bare(found.contents["shared_property", "x"]) == {"type": {"type": type_}}
    assert codes(found) == []


@pytest.mark.parametrize(
    ("said", "type_", "default"),
    [
        ("string(a (b))", "string", "a (b)"),
        ("int(7)", "integer", 7),
        ("float(1.5)", "float", 1.5),
        ("true", "boolean", True),
        ("boolean(False)", "boolean", None),
        ("date(2027-01-31)", "date", "2027-01-31"),
        ("default_ns", "string", None),
    ],
)
def test_what_is_there_where_nothing_is_said(said, type_, default):
    found = reading(classes={"A": {"attributes": {"x": {"range": type_, "ifabsent": said}}}})
    member = found.contents["object_type", "A"]["properties"]["x"]
    if said == "boolean(False)":
        assert member["default"] is False
    elif default is None:
        assert member["metadata"] == {"ifabsent": said}
    else:
        assert member["default"] == default
    assert is_fixed(found)


# --- What does not come over ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sections", "place", "code"),
    [
        ({"imports": ["linkml:types", "core"]}, "/imports", "IMPORT_UNRESOLVED"),
        ({"license": "CC0"}, "/license", "SCHEMA_FIELD"),
        ({"subsets": {"core": {"description": "The core."}}}, "/subsets/core", "SUBSET"),
        ({"classes": {"A": {"colour": "red"}}}, "/classes/A/colour", "METASLOT_UNKNOWN"),
        ({"classes": {"A": 7}}, "/classes/A", "FIELD_TYPE"),
        ({"classes": 7}, "/classes", "FIELD_TYPE"),
        ({"classes": [{"description": "No name."}]}, "/classes/0", "FIELD_TYPE"),
        ({"classes": {"A": {"is_a": "B"}}}, "/classes/A", "PARENT_UNKNOWN"),
        ({"classes": {"A": {}, "M": {"mixin": True, "is_a": "A"}}}, "/classes/M", "PARENT_NOT_INTERFACE"),
        ({"classes": {"A": {"slots": ["x"]}}}, "/classes/A/slots/x", "SLOT_UNKNOWN"),
        ({"classes": {"A": {"rules": [{"title": "r"}]}}}, "/classes/A/rules", "NOT_ENFORCED"),
        ({"classes": {"x y": {}, "XY": {}}}, "/classes/x y", "NAME_COLLISION"),
        ({"slots": {"x": {"range": "nothing"}}}, "/slots/x/range", "RANGE_UNKNOWN"),
        ({"slots": {"x": {"owner": "A"}}}, "/slots/x/owner", "DERIVED"),
        ({"slots": {"x": {"range": "A", "inverse": "y"}}, "classes": {"A": {}}}, "/slots/x/inverse", "INVERSE_NOT_LINK"),
        (
            {"slots": {"x": {"range": "A"}}, "classes": {"A": {"slots": ["x"], "slot_usage": {"x": {"range": "date"}}}}},
            "/classes/A/slot_usage/x",
            "SLOT_DETACHED",
        ),
        (
            {"slots": {"x": {}}, "classes": {"A": {"slots": ["x"], "slot_usage": {"x": {"multivalued": True}}}}},
            "/classes/A/slot_usage/x",
            "SLOT_DETACHED",
        ),
        (
            {"classes": {"Any": {"class_uri": "https://w3id.org/linkml/Any", "description": "All."}}},
            "/classes/Any",
            "ANY_CLASS",
        ),
        ({"slots": {"x": {"pattern": "(?=a)"}}}, "/resources/shared_property/x/constraints/pattern", "REGEX_INVALID"),
    ],
)  # fmt: skip
def test_what_is_left_out_is_named(sections, place, code):
    assert (place, code) in [(each.place, each.code) for each in reading(**sections).omissions]


def test_a_slot_that_takes_other_values_in_a_class_is_a_property_of_that_class_alone():
    found = reading(
        slots={"x": {}}, classes={"A": {"slots": ["x"]}, "B": {"slots": ["x"], "slot_usage": {"x": {"range": "date"}}}}
    )
    assert bare(found.contents["object_type", "A"]["properties"]) == {"x": {"shared_property": "x"}}
    assert bare(found.contents["object_type", "B"]["properties"]) == {"x": {"type": {"type": "date"}}}
    assert is_fixed(found)


@pytest.mark.parametrize("document", ["- a", "a: 1", [], "{}", 7, None])
def test_what_is_no_schema_is_refused(document):
    with pytest.raises(DocumentMalformed) as caught:
        read(document)
    assert caught.value.errors[0].rule in {"NOT_LINKML", "NOT_ONE_DOCUMENT"}


WORDS = st.sampled_from(["A", "B", "x", "integer", "Any", "nothing"])
ODD = WORDS | st.none() | st.booleans() | st.integers(-2, 2) | st.lists(WORDS | st.integers(), max_size=2)
ODD |= st.dictionaries(WORDS | st.sampled_from(["range", "value", "enum", "kind", "api_name"]), ODD, max_size=2)
BODIES = st.none() | st.dictionaries(st.sampled_from(USUAL), ODD | st.fixed_dictionaries({"oms": ODD}), max_size=4)


@settings(max_examples=200)
@given(
    st.fixed_dictionaries({"id": ODD}, optional=dict.fromkeys(("prefixes", "imports", "annotations", *SECTIONS), ODD))
)
def test_a_document_of_any_shape_is_read_or_refused(document):
    read(document)


@settings(max_examples=200)
@given(st.fixed_dictionaries({section: st.dictionaries(WORDS, BODIES, max_size=3) for section in SECTIONS}))
def test_elements_of_any_shape_are_read_and_what_comes_of_them_goes_out_and_in_again(sections):
    found = reading(**sections)
    assert is_fixed(found)


# --- Text -------------------------------------------------------------------------------------------


def test_aliases_merge_keys_and_keys_that_are_no_text_are_read_as_others_read_them():
    text = """
base: &base {required: true, range: integer}
id: https://example.org/s
enums: {E: {permissible_values: {0: , NO: , yes: }}}
classes:
  A: {attributes: {x: {<<: *base, range: E}, y: *base}}
"""
    found = settled(read(text))
    assert found.contents["value_type", "E"]["constraints"]["enum"].keys() == {"0", "NO", "yes"}
    members = found.contents["object_type", "A"]["properties"]
    assert bare(members["x"]) == {"required": True, "value_type": "E"}
    assert bare(members["y"]) == {"required": True, "type": {"type": "integer"}}


BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
TOWER = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [[[[*a{n - 1}]]]]\n" for n in range(1, 40))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (BOMB, "TOO_LARGE"),
        (TOWER, "TOO_DEEP"),
        ("a: *b", "ALIAS"),
        ("a: &a [*a]", "ALIAS"),
        ("a: &a b\n*a : c", "KEY_NOT_TEXT"),
        ("a: !!python/object:os.system {}", "TAG"),
        ("!!int 1: a", "TAG"),
        ("1: a\n'1': b", "DUPLICATE_KEY"),
    ],
)
def test_a_text_that_is_more_than_it_seems_is_refused(text, rule):
    with pytest.raises(DocumentMalformed) as caught:
        read_yaml(text, foreign=True)
    assert caught.value.errors[0].rule == rule


def test_a_merge_key_takes_several_and_the_first_of_them_goes():
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], z: 3}"
    assert read_yaml(text, foreign=True)["c"] == {"x": 1, "y": 1, "z": 3}


# --- Out and in again -------------------------------------------------------------------------------


def normal(key: Key, content: Any) -> Content:
    return OntologyContent().normalise(*key, content, None, lambda _rid: False)


def comes_back(contents: dict[Key, Content]) -> None:
    written = write(contents)
    assert {key: normal(key, content) for key, content in read(written.decode()).contents.items()} == contents
    assert write(dict(reversed(contents.items()))) == written


NAMED = st.tuples(st.sampled_from(["A", "a", "B", "Person", "string", "Any", "x", "Gene2"]), resources())
ALIASES = st.sets(st.sampled_from(["a", "person", "b x", "A b", "gene-2", "x"]))


@st.composite
def states(draw: st.DrawFn) -> dict[Key, Content]:
    """Resources in normal form that refer to one another, and some to nothing."""
    contents = {}
    for name, (kind, content) in draw(st.lists(NAMED, max_size=5)):
        try:
            contents[kind, name] = normal((kind, name), {**content, "aliases": sorted(draw(ALIASES))})
        except ContentInvalid:
            continue
    return contents


@settings(max_examples=60)
@given(states())
def test_whatever_an_ontology_holds_comes_back(contents):
    comes_back(contents)


def test_the_demo_comes_back_with_rids_and_all():
    comes_back(DEMO)


def test_a_renamed_resource_keeps_who_it_is():
    person = normal(("object_type", "Person"), {"properties": {"name": TEXT}})
    comes_back({("object_type", "Human"): person})


def annotated(value: Any) -> Iterator[dict[str, Any]]:
    """What stands in annotations ``oms``."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "oms" and isinstance(part, dict):
                yield part["value"]
            else:
                yield from annotated(part)
    elif isinstance(value, list):
        for part in value:
            yield from annotated(part)


def test_what_linkml_can_say_is_said_in_its_own_words():
    found = reading(
        slots={"interacts with": {"range": "gene", "multivalued": True}, "name": {"required": True}},
        classes={
            "named thing": {"slots": ["name"], "abstract": True, "description": "What has a name."},
            "gene": {"is_a": "named thing", "slots": ["interacts with"], "slot_usage": {"interacts with": {"required": True}}},
        },
    )  # fmt: skip
    written = read_yaml(write(found.contents).decode())
    assert list(annotated(written)) == []
    assert written["classes"] == {
        "named thing": {"abstract": True, "description": "What has a name.", "slots": ["name"]},
        "gene": {
            "is_a": "named thing",
            "slots": ["interacts with"],
            "slot_usage": {"interacts with": {"required": True}},
        },
    }
    assert written["slots"] == {
        "interacts with": {"multivalued": True, "range": "gene"},
        "name": {"range": "string", "required": True},
    }


def test_what_the_demo_says_beyond_linkml_stands_in_annotations():
    written = read_yaml(write(DEMO).decode())
    fields = Counter(field for patch in annotated(written) for field in patch)
    assert fields["resources"] == 1
    assert not {"extends", "implements", "inverse_of", "required", "abstract", "api_name"} & fields.keys()
