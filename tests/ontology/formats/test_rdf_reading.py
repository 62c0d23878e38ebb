"""What each construct of RDFS, OWL, SHACL, SKOS and schema.org comes to."""

from typing import Any

import pytest

from ontology.formats import FORMATS, settled

PREFIXES = """
@prefix : <http://example.org/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CLASSES = ":A a owl:Class . :B a owl:Class . :C a owl:Class ; rdfs:subClassOf :B .\n"


class World:
    """What a text came to, valid."""

    def __init__(self, text: str) -> None:
        reading = settled(FORMATS["turtle"].read(PREFIXES + text))
        self.contents = reading.contents
        self.omissions = reading.omissions
        self.codes = sorted({each.code for each in reading.omissions})

    def __getitem__(self, key: tuple[str, str]) -> dict[str, Any]:
        return self.contents[key]

    def names(self, kind: str) -> list[str]:
        return sorted(name for found, name in self.contents if found == kind)

    def member(self, class_name: str, name: str) -> dict[str, Any]:
        member = dict(self.contents["object_type", class_name]["properties"][name])
        del member["rid"]
        member.pop("metadata", None)
        return member


# --- Classes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_", ["owl:Class", "rdfs:Class"])
def test_a_class_is_an_object_type_that_keeps_its_iri(type_: str):
    world = World(f":Person a {type_} .")
    assert world.names("object_type") == ["Person"]
    assert world["object_type", "Person"]["metadata"] == {"iri": "http://example.org/Person"}
    assert world.omissions == []


def test_a_class_extends_those_of_the_document_and_is_narrower_than_others():
    world = World(CLASSES + ":C rdfs:subClassOf foaf:Agent, owl:Thing .")
    assert world["object_type", "C"]["extends"] == ["B"]
    assert world["object_type", "C"]["mappings"] == {"broad": ["http://xmlns.com/foaf/0.1/Agent"]}
    assert world.omissions == []


def test_a_cycle_of_classes_is_broken_and_told():
    world = World(":A a owl:Class ; rdfs:subClassOf :B . :B a owl:Class ; rdfs:subClassOf :A .")
    assert world.codes == ["INHERITANCE_CYCLE"]
    assert world.names("object_type") == ["A", "B"]


@pytest.mark.parametrize(
    "expression",
    [
        "rdfs:subClassOf [ owl:unionOf ( :B :C ) ]",
        "rdfs:subClassOf [ owl:complementOf :B ]",
        "rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue 7 ]",
        "rdfs:subClassOf [ a owl:Restriction ; owl:onProperty [ owl:inverseOf :p ] ; owl:someValuesFrom :B ]",
        "owl:equivalentClass [ owl:intersectionOf ( :B :C ) ]",
        "owl:unionOf ( :B :C )",
        "rdfs:subClassOf " + "[ owl:intersectionOf ( :B " * 9 + ":C" + " ) ]" * 9,
    ],
)
def test_a_class_expression_that_has_no_place_is_named(expression: str):
    world = World(CLASSES + f":A {expression} .")
    assert world.codes == ["CLASS_EXPRESSION"]
    assert {each.place for each in world.omissions} == {"http://example.org/A"}


def test_an_intersection_of_superclasses_is_each_of_them():
    restriction = "[ a owl:Restriction ; owl:onProperty :p ; owl:cardinality 1 ; owl:allValuesFrom xsd:string ]"
    world = World(CLASSES + f":A rdfs:subClassOf [ a owl:Class ; owl:intersectionOf ( :B {restriction} ) ] .")
    assert world["object_type", "A"]["extends"] == ["B"]
    assert world.member("A", "p") == {"type": {"type": "string"}, "required": True}


def test_an_axiom_about_a_named_class_is_kept_without_its_meaning():
    world = World(CLASSES + ":A owl:disjointWith :B .")
    assert world.codes == ["AXIOM"]
    assert world["object_type", "A"]["metadata"]["owl:disjointWith"] == {"@id": "http://example.org/B"}


def test_names_differ_without_regard_to_case():
    world = World("<urn:a#Person> a owl:Class . <urn:b#person> a owl:Class . <urn:c#사람> a owl:Class .")
    names = world.names("object_type")
    assert len({name.lower() for name in names}) == 3
    assert {"Person", "person_2"} <= set(names)


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("http://example.org/3DModel", "3DModel"),
        ("http://example.org/Air_Temperature_Sensor", "Air_Temperature_Sensor"),
        ("http://example.org/gene%20to%20gene", "GeneToGene"),
        ("http://example.org/voc/", "Voc"),
        ("urn:x:Thing", "Thing"),
    ],
)
def test_a_class_is_called_by_the_local_part_of_its_iri(iri: str, name: str):
    assert World(f"<{iri}> a owl:Class .").names("object_type") == [name.replace("Voc", "voc")]


# --- What everything has --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ('rdfs:label "Person"', {"display_name": "Person"}),
        ('rdfs:label "Person"@en, "사람"@ko', {"display_name": {"en": "Person", "ko": "사람"}}),
        ('rdfs:label "Person", "Person"@en', {"display_name": {"en": "Person"}}),
        ('skos:prefLabel "Person"', {"display_name": "Person"}),
        ('rdfs:comment "One of us."@en', {"description": {"en": "One of us."}}),
        ('skos:definition "One of us."', {"description": "One of us."}),
        ('dcterms:description "One of us."', {"description": "One of us."}),
        ('skos:altLabel "Human", "Mensch"@de', {"aliases": ["Human", "Mensch"]}),
        ("skos:closeMatch foaf:Person", {"mappings": {"close": ["http://xmlns.com/foaf/0.1/Person"]}}),
        ("owl:equivalentClass foaf:Person", {"mappings": {"exact": ["http://xmlns.com/foaf/0.1/Person"]}}),
        ("owl:deprecated true", {"status": "deprecated"}),
        (
            "dcterms:isReplacedBy :B ; owl:deprecated true",
            {"status": "deprecated", "deprecation": {"replacement": "B"}},
        ),
        ("schema:supersededBy :B", {"status": "deprecated", "deprecation": {"replacement": "B"}}),
    ],
)
def test_what_a_class_is_called_and_stands_for(statement: str, expected: dict[str, Any]):
    world = World(CLASSES + f":A {statement} .")
    found = world["object_type", "A"]
    assert {key: found.get(key) for key in expected} == expected
    assert world.omissions == []


@pytest.mark.parametrize(
    ("statement", "key", "value"),
    [
        ('dcterms:creator "Kim"', "dcterms:creator", "Kim"),
        ('<urn:note> "a", "b"@en', "urn:note", ["a", {"@value": "b", "@language": "en"}]),
        ("rdfs:seeAlso <http://example.com/>", "rdfs:seeAlso", {"@id": "http://example.com/"}),
        ("dcterms:issued '2027-01-31'^^xsd:date", "dcterms:issued", {"@value": "2027-01-31", "@type": "xsd:date"}),
        ("<urn:count> 7, true", "urn:count", [7, True]),
        ('rdfs:label "One", "Two"', "rdfs:label", "Two"),
        ('rdfs:comment "One" ; skos:definition "Two"', "skos:definition", "Two"),
    ],
)
def test_other_annotations_are_metadata(statement: str, key: str, value: Any):
    world = World(CLASSES + f":A {statement} .")
    found = world["object_type", "A"]["metadata"][key]
    assert found == value or (isinstance(value, list) and sorted(map(str, found)) == sorted(map(str, value)))
    assert world.omissions == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (":x a :A .", "INSTANCE"),
        ("[] a owl:AllDisjointClasses ; owl:members ( :A :B ) .", "AXIOM"),
        (':elsewhere rdfs:label "There" .', "STATEMENT"),
        (":note a owl:AnnotationProperty .", "ANNOTATION_PROPERTY"),
        ('<urn:o> a owl:Ontology ; rdfs:label "All" .', "HEADER"),
        (":A :has [ :a 1 ] .", "BLANK_NODE"),
        ("schema:Text a rdfs:Class, schema:DataType .", "DATA_TYPE_BUILT_IN"),
    ],
)
def test_what_has_no_place_is_named(text: str, code: str):
    assert World(CLASSES + text).codes == [code]


# --- Data ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("range_", "expected"),
    [
        ("xsd:string", {"type": {"type": "string"}}),
        ("xsd:integer", {"type": {"type": "integer"}}),
        ("xsd:long", {"type": {"type": "long"}}),
        ("xsd:dateTime", {"type": {"type": "timestamp"}}),
        ("xsd:decimal", {"type": {"type": "decimal", "precision": 38, "scale": 18}}),
        ("xsd:anyURI", {"type": {"type": "string"}, "constraints": {"format": "uri"}}),
        ("xsd:gYear", {"type": {"type": "string"}, "constraints": {"format": "gYear"}}),
        ("rdfs:Literal", {"type": {"type": "string"}, "constraints": {"format": "literal"}}),
        ("xsd:positiveInteger", {"type": {"type": "integer"}, "constraints": {"min": 1}}),
        ("xsd:unsignedByte", {"type": {"type": "short"}, "constraints": {"min": 0, "max": 255}}),
        ("schema:Text", {"type": {"type": "string"}}),
        ("schema:URL", {"type": {"type": "string"}, "constraints": {"format": "url"}}),
        ("<https://schema.org/DateTime>", {"type": {"type": "timestamp"}}),
        (
            "[ owl:onDatatype xsd:integer ; owl:withRestrictions ( [ xsd:minInclusive 1 ] [ xsd:maxExclusive 10 ] ) ]",
            {"type": {"type": "integer"}, "constraints": {"min": 1, "exclusive_max": 10}},
        ),
        (
            '[ a rdfs:Datatype ; owl:onDatatype xsd:string ; owl:withRestrictions ( [ xsd:pattern "[A-Z]+|x" ] ) ]',
            {"type": {"type": "string"}, "constraints": {"pattern": "^(?:[A-Z]+|x)$"}},
        ),
    ],
)
def test_a_property_with_a_range_of_data_is_a_property_of_its_domain(range_: str, expected: dict[str, Any]):
    world = World(CLASSES + f":p a owl:DatatypeProperty ; rdfs:domain :A ; rdfs:range {range_} .")
    assert world.member("A", "p") == expected
    assert world.omissions == []


@pytest.mark.parametrize(
    ("domain", "code"),
    [
        ("rdfs:domain [ a owl:Class ; owl:unionOf ( :A :B ) ]", []),
        ("schema:domainIncludes :A, :B", []),
        ("rdfs:domain :A, :B", ["DOMAIN_SEVERAL"]),
    ],
)
def test_a_property_may_have_several_domains(domain: str, code: list[str]):
    world = World(CLASSES + f":p a rdf:Property ; {domain} ; rdfs:range xsd:string .")
    assert world.member("A", "p") == world.member("B", "p") == {"type": {"type": "string"}}
    assert world.codes == code


def test_a_property_of_no_class_is_a_shared_property_and_its_shapes_refer_to_it():
    world = World(
        CLASSES + ":p a owl:DatatypeProperty ; rdfs:range xsd:string ; rdfs:label 'P' ."
        " :A a sh:NodeShape ; sh:property [ sh:path :p ; sh:maxCount 1 ; sh:minCount 1 ; sh:maxLength 5 ] ."
    )
    assert world["shared_property", "p"]["type"] == {"type": "string"}
    assert world.member("A", "p") == {"shared_property": "p", "required": True, "constraints": {"max_length": 5}}
    assert world.omissions == []


@pytest.mark.parametrize(
    ("ranges", "type_", "codes"),
    [
        ("schema:Integer, schema:Number", "double", ["RANGE_SEVERAL"]),
        ("schema:Date, schema:DateTime", "timestamp", ["RANGE_SEVERAL"]),
        ("schema:Text, schema:Boolean", "string", ["RANGE_SEVERAL"]),
    ],
)
def test_of_several_sorts_of_data_it_is_the_one_that_holds_all(ranges: str, type_: str, codes: list[str]):
    world = World(CLASSES + f":p a rdf:Property ; schema:domainIncludes :A ; schema:rangeIncludes {ranges} .")
    assert world.member("A", "p")["type"] == {"type": type_}
    assert world.codes == codes


def test_data_or_things_are_a_property_and_a_link_type():
    world = World(
        CLASSES + ":p a rdf:Property ; schema:domainIncludes :A ; schema:rangeIncludes schema:Text, schema:URL, :B ."
    )
    assert world.member("A", "p")["type"] == {"type": "string"}
    assert world["link_type", "p"]["target"] == {"types": ["B"]}
    assert world.codes == ["RANGE_MIXED", "RANGE_SEVERAL"]


def test_a_property_without_a_range_is_a_text_and_told():
    world = World(CLASSES + ":p a owl:DatatypeProperty ; rdfs:domain :A .")
    assert world.member("A", "p") == {"type": {"type": "string"}}
    assert world.codes == ["RANGE_MISSING"]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ("owl:cardinality 1", {"type": {"type": "string"}, "required": True}),
        ("owl:maxCardinality 1", {"type": {"type": "string"}}),
        ("owl:minCardinality 1", {"type": {"type": "array", "items": {"type": "string"}}, "required": True}),
        (
            "owl:minCardinality 2 ; owl:maxCardinality 3",
            {
                "type": {"type": "array", "items": {"type": "string"}},
                "required": True,
                "constraints": {"min_items": 2, "max_items": 3},
            },
        ),
        ("owl:maxQualifiedCardinality 1 ; owl:onDataRange xsd:string", {"type": {"type": "string"}}),
        ("owl:someValuesFrom xsd:string", {"type": {"type": "array", "items": {"type": "string"}}, "required": True}),
    ],
)
def test_restrictions_say_how_many_values_there_are(numbers: str, expected: dict[str, Any]):
    world = World(
        CLASSES + ":p a owl:DatatypeProperty ; rdfs:domain :A ; rdfs:range xsd:string ."
        f" :A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; {numbers} ] ."
    )
    assert world.member("A", "p") == expected
    assert world.omissions == []


def test_a_functional_property_has_one_value():
    world = World(
        CLASSES + ":p a owl:DatatypeProperty, owl:FunctionalProperty ; rdfs:domain :A ; rdfs:range xsd:string ."
        " :A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 1 ] ."
    )
    assert world.member("A", "p") == {"type": {"type": "string"}, "required": True}


# --- Links ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("a owl:ObjectProperty", {"cardinality": "many_to_many"}),
        ("a rdf:Property", {"cardinality": "many_to_many"}),
        ("a owl:ObjectProperty, owl:FunctionalProperty", {"cardinality": "many_to_one"}),
        ("a owl:ObjectProperty, owl:InverseFunctionalProperty", {"cardinality": "one_to_many"}),
        ("a owl:InverseFunctionalProperty, owl:FunctionalProperty", {"cardinality": "one_to_one"}),
        ("a owl:SymmetricProperty", {"symmetric": True}),
        ("a owl:TransitiveProperty", {"transitive": True}),
        ("a owl:ObjectProperty ; rdfs:subPropertyOf :q", {"extends": ["q"]}),
        (
            "a owl:ObjectProperty ; rdfs:subPropertyOf foaf:knows",
            {"mappings": {"broad": ["http://xmlns.com/foaf/0.1/knows"]}},
        ),
        ("a owl:ObjectProperty ; owl:inverseOf :q", {"inverse_of": "q"}),
    ],
)
def test_a_property_with_a_range_of_classes_is_a_link_type(statement: str, expected: dict[str, Any]):
    ends = "rdfs:domain :A ; rdfs:range :A"
    world = World(CLASSES + f":p {statement} ; {ends} . :q a owl:ObjectProperty ; {ends} .")
    link = world["link_type", "p"]
    assert (link["source"], link["target"]) == ({"types": ["A"]}, {"types": ["A"]})
    assert {key: link.get(key) for key in expected} == expected
    assert world.omissions == []


def test_an_inverse_without_ends_has_those_of_the_other():
    world = World(
        CLASSES + ":p a owl:ObjectProperty ; rdfs:domain :A ; rdfs:range :B ."
        " :q a owl:ObjectProperty ; owl:inverseOf :p ."
    )
    link = world["link_type", "q"]
    assert (link["source"], link["target"]) == ({"types": ["B"]}, {"types": ["A"]})
    assert world.omissions == []


def test_a_link_over_nothing_is_told():
    world = World(":p a owl:ObjectProperty .")
    assert world["link_type", "p"]["source"] == world["link_type", "p"]["target"] == {}
    assert world.codes == ["DOMAIN_MISSING", "RANGE_MISSING"]


def test_what_is_said_of_links_by_all_their_sources_holds_of_them():
    world = World(
        CLASSES + ":p a owl:ObjectProperty ; rdfs:domain :A ; rdfs:range :B ."
        " :A a sh:NodeShape ; sh:property [ sh:path :p ; sh:class :B ; sh:minCount 1 ; sh:maxCount 1 ] ."
    )
    assert world["link_type", "p"]["cardinality"] == "many_to_one"
    assert world["link_type", "p"]["required"] is True
    assert world.omissions == []


def test_what_is_said_of_links_by_some_of_their_sources_is_told():
    world = World(
        CLASSES + ":p a owl:ObjectProperty ; rdfs:domain :B ; rdfs:range :B ."
        " :C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 1 ; owl:allValuesFrom :A ] ."
    )
    assert world["link_type", "p"]["source"] == {"types": ["B"]}
    assert "required" not in world["link_type", "p"]
    assert world.codes == ["LINK_NARROWED"]


def test_shapes_alone_make_a_link_over_all_who_have_it():
    world = World(
        CLASSES + ":A a sh:NodeShape ; sh:property [ sh:path :p ; sh:class :B ; sh:maxCount 1 ] ."
        " :B a sh:NodeShape ; sh:property [ sh:path :p ; sh:class :C ; sh:maxCount 1 ] ."
    )
    link = world["link_type", "p"]
    assert (link["source"]["types"], link["target"]["types"]) == (["A", "B"], ["B", "C"])
    assert link["cardinality"] == "many_to_one"
    assert world.codes == ["LINK_WIDENED"]


# --- Shapes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("sh:datatype xsd:string ; sh:minCount 1", {"type": {"type": "string"}, "required": True}),
        ("sh:datatype xsd:date", {"type": {"type": "date"}}),
        ("sh:datatype xsd:string ; sh:pattern '^a' ; sh:flags 'i'", {"type": {"type": "string"}, "constraints": {"pattern": "(?i)^a"}}),
        ("sh:minLength 2 ; sh:maxLength 3 ; sh:datatype xsd:string", {"type": {"type": "string"}, "constraints": {"min_length": 2, "max_length": 3}}),
        ("sh:datatype xsd:double ; sh:minInclusive 0 ; sh:maxExclusive 1.5", {"type": {"type": "double"}, "constraints": {"min": 0, "exclusive_max": 1.5}}),
        ("sh:in ( 'x' 'y' )", {"type": {"type": "string"}, "constraints": {"enum": {"x", "y"}}}),
        ("sh:in ( :x :y )", {"type": {"type": "string"}, "constraints": {"enum": {"http://example.org/x", "http://example.org/y"}}}),
        ("sh:datatype xsd:boolean ; sh:defaultValue true", {"type": {"type": "boolean"}, "default": True}),
        ("sh:datatype xsd:string ; sh:name 'Name'@en ; sh:description 'So.'", {"type": {"type": "string"}, "display_name": {"en": "Name"}, "description": "So."}),
        ("sh:nodeKind sh:IRI", {"type": {"type": "string"}, "constraints": {"format": "uri"}}),
    ],
)  # fmt: skip
def test_a_property_shape_is_a_property_of_the_class(constraint: str, expected: dict[str, Any]):
    world = World(
        f":S a sh:NodeShape ; sh:targetClass :A ; sh:property [ a sh:PropertyShape ; sh:path :p ; sh:maxCount 1 ; {constraint} ] ."
    )
    member = world.member("A", "p")
    if "enum" in member.get("constraints", {}):
        member["constraints"] = {"enum": set(member["constraints"]["enum"])}
    assert member == expected
    assert world.omissions == []


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        ("[ sh:path [ sh:inversePath :p ] ; sh:maxCount 1 ]", "SHAPE_PATH"),
        ("[ sh:path :p ; sh:datatype xsd:string ; sh:maxCount 1 ; sh:equals :q ]", "SHAPE_CONSTRAINT"),
        ("[ sh:path :p ; sh:datatype xsd:string ; sh:maxCount 1 ; sh:not [ sh:hasValue 1 ] ]", "SHAPE_CONSTRAINT"),
        ("[ sh:path :p ; sh:datatype xsd:string ; sh:deactivated true ]", "SHAPE_DEACTIVATED"),
    ],
)
def test_what_a_shape_says_beyond_is_named(shape: str, code: str):
    assert World(CLASSES + f":A a sh:NodeShape ; sh:property {shape} .").codes == [code]


@pytest.mark.parametrize(
    "target", ["sh:targetSubjectsOf :p", "sh:targetNode :x", "sh:property [ sh:path :p ; sh:datatype xsd:string ]"]
)
def test_a_shape_of_no_class_is_named(target: str):
    assert "SHAPE_TARGET" in World(f":S a sh:NodeShape ; {target} .").codes


def test_alternatives_are_several_ranges():
    world = World(
        CLASSES + ":A a sh:NodeShape ; sh:property"
        " [ sh:path :p ; sh:or ( [ sh:class :B ] [ sh:datatype xsd:string ] [ sh:nodeKind sh:IRI ] ) ] ."
    )
    assert world["link_type", "p"]["target"] == {"types": ["B"]}
    assert world.member("A", "p")["type"] == {"type": "array", "items": {"type": "string"}}
    assert world.codes == ["RANGE_MIXED", "RANGE_SEVERAL"]


def test_what_several_shapes_say_of_one_property_holds_together():
    world = World(
        CLASSES + ":A a sh:NodeShape ; sh:property"
        " [ sh:path :p ; sh:datatype xsd:integer ; sh:maxCount 1 ; sh:minInclusive 1 ],"
        " [ sh:path :p ; sh:datatype xsd:integer ; sh:minInclusive 5 ; sh:maxInclusive 9 ] ."
    )
    assert world.member("A", "p") == {"type": {"type": "integer"}, "constraints": {"min": 5, "max": 9}}


def test_a_number_that_is_none_says_nothing():
    world = World(
        CLASSES + ":p a owl:DatatypeProperty ; rdfs:domain :A ; rdfs:range xsd:string ."
        " :A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 'few' ] ."
    )
    assert world.member("A", "p") == {"type": {"type": "array", "items": {"type": "string"}}}


# --- Value types ------------------------------------------------------------------------------------


def enum_of(world: World, name: str) -> dict[str, Any]:
    enum = world["value_type", name]["constraints"]["enum"]
    return {value: {key: part for key, part in entry.items() if key != "rid"} for value, entry in enum.items()}


def test_a_datatype_is_a_value_type_that_properties_name():
    world = World(
        CLASSES + ":Code a rdfs:Datatype ; owl:equivalentClass"
        " [ a rdfs:Datatype ; owl:onDatatype xsd:string ; owl:withRestrictions ( [ xsd:maxLength 3 ] ) ] ."
        " :p a owl:DatatypeProperty ; rdfs:domain :A ; rdfs:range :Code ."
    )
    assert world["value_type", "Code"]["constraints"] == {"max_length": 3}
    assert world.member("A", "p") == {"value_type": "Code"}
    assert world.omissions == []


def test_a_list_of_literals_is_an_enum():
    world = World(":Size a rdfs:Datatype ; owl:equivalentClass [ a rdfs:Datatype ; owl:oneOf ( 1 2 ) ] .")
    assert world["value_type", "Size"]["type"] == {"type": "integer"}
    assert enum_of(world, "Size") == {"1": {}, "2": {}}


def test_a_concept_scheme_is_an_enum():
    world = World(
        ":Colors a skos:ConceptScheme ."
        " :red a skos:Concept ; skos:inScheme :Colors ; skos:prefLabel 'Red'@en ; skos:notation 'R' ."
        " :blue a skos:Concept ; skos:topConceptOf :Colors ; skos:broader :red ."
    )
    assert enum_of(world, "Colors") == {
        "R": {"display_name": {"en": "Red"}, "metadata": {"iri": "http://example.org/red"}},
        "blue": {"metadata": {"iri": "http://example.org/blue", "skos:broader": {"@id": "http://example.org/red"}}},
    }
    assert world.omissions == []


@pytest.mark.parametrize(
    "text",
    [
        ":Color a rdfs:Class ; rdfs:subClassOf schema:Enumeration . :red a :Color . :blue a :Color .",
        ":Color a owl:Class ; owl:oneOf ( :red :blue ) .",
        ":Color a owl:Class ; owl:equivalentClass [ a owl:Class ; owl:oneOf ( :red :blue ) ] .",
    ],
)
def test_a_class_that_lists_its_members_is_a_value_type_as_well(text: str):
    world = World(CLASSES + text + " :p a rdf:Property ; schema:domainIncludes :A ; schema:rangeIncludes :Color .")
    assert enum_of(world, "Color").keys() == {"red", "blue"}
    assert "Color" in world.names("object_type")
    assert world.member("A", "p") == {"value_type": "Color"}
    assert world.omissions == []
