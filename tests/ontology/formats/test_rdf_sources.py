"""Ontologies of others, as packages bring them: Brick, LinkML's own and schema.org."""

import json
from collections import Counter
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from accounts.models import User
from history.models import Branch
from ontology.formats import FORMATS, Reading, settled
from ontology.selectors import document_export
from ontology.services import document_import


def file_of(package: str, path: str) -> Path:
    """A file that an installed package brings."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / path


@dataclass
class Source:
    """A file, what it came to, and what went out of that and came in again."""

    path: Path
    reading: Reading
    again: Reading

    def __init__(self, path: Path) -> None:
        turtle = FORMATS["turtle"]
        self.path = path
        self.reading = settled(turtle.read(path.read_text()))
        self.written = turtle.write(self.reading.contents)
        self.again = settled(turtle.read(self.written.decode()))

    def counts(self) -> dict[str, int]:
        return dict(Counter(kind for kind, _ in self.reading.contents))

    def codes(self) -> dict[str, int]:
        return dict(Counter(each.code for each in self.reading.omissions))

    def named(self, *types: URIRef) -> set[URIRef]:
        """The IRIs of ``types`` as rdflib finds them."""
        graph = Graph().parse(self.path, format="turtle")
        return {each for type_ in types for each in graph.subjects(RDF.type, type_) if isinstance(each, URIRef)}

    def iris(self, *kinds: str) -> set[URIRef]:
        return {URIRef(each["metadata"]["iri"]) for (kind, _), each in self.reading.contents.items() if kind in kinds}


@pytest.fixture(scope="module")
def linkml() -> Source:
    return Source(file_of("linkml_runtime", "linkml_model/owl/meta.owl.ttl"))


@pytest.fixture(scope="module")
def brick() -> Source:
    return Source(file_of("brickschema", "ontologies/1.4/Brick.ttl"))


@pytest.fixture(scope="module")
def schema_org() -> Source:
    return Source(file_of("pyshacl", "assets/schema.ttl"))


SOURCES = ["linkml", pytest.param("brick", marks=pytest.mark.slow), pytest.param("schema_org", marks=pytest.mark.slow)]


@pytest.mark.parametrize("name", SOURCES)
def test_what_came_in_goes_out_and_comes_in_again_as_it_was(name: str, request: pytest.FixtureRequest):
    source: Source = request.getfixturevalue(name)
    assert source.again.contents == source.reading.contents
    assert FORMATS["turtle"].write(source.again.contents) == source.written


def test_every_class_and_property_of_linkml_comes_over(linkml: Source):
    assert linkml.iris("object_type") == linkml.named(OWL.Class, RDFS.Class)
    assert linkml.iris("link_type") == linkml.named(OWL.ObjectProperty)
    assert linkml.counts() == {"object_type": 73, "link_type": 236}


def test_what_does_not_come_over_of_linkml_is_named(linkml: Source):
    assert linkml.codes() == LINKML_OMISSIONS


@pytest.mark.slow
def test_every_class_and_property_of_brick_comes_over(brick: Source):
    classes, properties = brick.named(OWL.Class, RDFS.Class), brick.named(OWL.ObjectProperty, OWL.DatatypeProperty)
    assert classes <= brick.iris("object_type")
    members = {
        URIRef(member["metadata"]["iri"])
        for (kind, _), content in brick.reading.contents.items()
        for member in content.get("properties", {}).values()
        if kind == "object_type" and "iri" in member.get("metadata", {})
    }
    assert properties - brick.iris("object_type") <= brick.iris("link_type", "shared_property") | members
    assert brick.codes() == BRICK_OMISSIONS


@pytest.mark.slow
def test_every_class_of_schema_org_comes_over_but_its_data_types(schema_org: Source):
    missing = schema_org.named(RDFS.Class) - schema_org.iris("object_type")
    told = {each.place for each in schema_org.reading.omissions if each.code == "DATA_TYPE_BUILT_IN"}
    assert {str(each) for each in missing} == told
    assert schema_org.counts() == {"object_type": 860, "link_type": 732, "value_type": 64}
    assert schema_org.codes() == SCHEMA_ORG_OMISSIONS


@pytest.mark.slow
def test_schema_org_reads_as_people_know_it(schema_org: Source):
    contents = schema_org.reading.contents
    book = contents["object_type", "Book"]
    assert book["extends"] == ["CreativeWork"]
    assert book["properties"]["bookFormat"]["value_type"] == "BookFormatType"
    assert {"Hardcover", "EBook"} <= contents["value_type", "BookFormatType"]["constraints"]["enum"].keys()
    assert contents["link_type", "author"]["target"] == {"types": ["Organization", "Person"]}


LINKML_OMISSIONS = {
    "CLASS_ELSEWHERE": 155,
    "CLASS_EXPRESSION": 14,
    "DOMAIN_MISSING": 4,
    "HEADER": 1,
    "INHERITANCE_CYCLE": 1,
    "LINK_NARROWED": 66,
    "RANGE_MISSING": 159,
}
BRICK_OMISSIONS = {
    "ANNOTATION_PROPERTY": 1,
    "AXIOM": 159,
    "CLASS_ELSEWHERE": 6,
    "DOMAIN_MISSING": 8,
    "HEADER": 1,
    "IMPORT_NOT_FOLLOWED": 7,
    "INSTANCE": 760,
    "LINK_NARROWED": 53,
    "LINK_WIDENED": 12,
    "RANGE_MISSING": 83,
    "RANGE_SEVERAL": 2,
    "SHAPE_CONSTRAINT": 1325,
    "SHAPE_TARGET": 118,
    "SHAPE_TEXT": 3,
    "STATEMENT": 34,
}
SCHEMA_ORG_OMISSIONS = {
    "AXIOM": 20,
    "CLASS_ELSEWHERE": 2,
    "DATA_TYPE_BUILT_IN": 12,
    "HEADER": 1,
    "IMPORT_NOT_FOLLOWED": 1,
    "INSTANCE": 6,
    "RANGE_MISSING": 2,
    "RANGE_MIXED": 185,
    "RANGE_SEVERAL": 132,
}

EXCERPT = {
    "@context": "https://schema.org",
    "@graph": [
        {"@id": "schema:Thing", "@type": "rdfs:Class", "rdfs:label": "Thing"},
        {"@id": "schema:Enumeration", "@type": "rdfs:Class", "rdfs:subClassOf": {"@id": "schema:Thing"}},
        {"@id": "schema:Person", "@type": "rdfs:Class", "rdfs:subClassOf": {"@id": "schema:Thing"}},
        {"@id": "schema:Offer", "@type": "rdfs:Class", "rdfs:subClassOf": {"@id": "schema:Thing"}},
        {"@id": "schema:ItemAvailability", "@type": "rdfs:Class", "rdfs:subClassOf": {"@id": "schema:Enumeration"}},
        {"@id": "schema:InStock", "@type": "schema:ItemAvailability", "rdfs:label": "InStock"},
        {"@id": "schema:SoldOut", "@type": "schema:ItemAvailability", "rdfs:label": "SoldOut"},
        {"@id": "schema:Text", "@type": ["rdfs:Class", "schema:DataType"]},
        {
            "@id": "schema:name",
            "@type": "rdf:Property",
            "schema:domainIncludes": [{"@id": "schema:Thing"}],
            "schema:rangeIncludes": {"@id": "schema:Text"},
        },
        {
            "@id": "schema:price",
            "@type": "rdf:Property",
            "schema:domainIncludes": {"@id": "schema:Offer"},
            "schema:rangeIncludes": [{"@id": "schema:Text"}, {"@id": "schema:Number"}],
        },
        {
            "@id": "schema:availability",
            "@type": "rdf:Property",
            "schema:domainIncludes": {"@id": "schema:Offer"},
            "schema:rangeIncludes": {"@id": "schema:ItemAvailability"},
        },
        {
            "@id": "schema:seller",
            "@type": "rdf:Property",
            "schema:domainIncludes": [{"@id": "schema:Offer"}, {"@id": "schema:Person"}],
            "schema:rangeIncludes": [{"@id": "schema:Person"}, {"@id": "schema:Organization"}],
        },
        {
            "@id": "schema:vendor",
            "@type": "rdf:Property",
            "schema:domainIncludes": {"@id": "schema:Offer"},
            "schema:rangeIncludes": {"@id": "schema:Person"},
            "schema:supersededBy": {"@id": "schema:seller"},
        },
    ],
}


def test_an_excerpt_of_schema_org_in_json_ld():
    reading = settled(FORMATS["json-ld"].read(json.dumps(EXCERPT)))
    contents = reading.contents
    offer = contents["object_type", "Offer"]["properties"]
    assert (offer["price"]["type"], offer["availability"]["value_type"]) == ({"type": "string"}, "ItemAvailability")
    assert contents["value_type", "ItemAvailability"]["constraints"]["enum"].keys() == {"InStock", "SoldOut"}
    assert contents["link_type", "seller"]["source"] == {"types": ["Offer", "Person"]}
    assert contents["link_type", "vendor"]["deprecation"] == {"replacement": "seller"}
    assert Counter(each.code for each in reading.omissions) == {
        "DATA_TYPE_BUILT_IN": 1,
        "RANGE_SEVERAL": 1,
        "CLASS_ELSEWHERE": 1,
    }


@pytest.mark.django_db
def test_an_ontology_of_others_is_one_commit_whose_export_changes_nothing(alice: User, main: Branch):
    text = file_of("linkml_runtime", "linkml_model/owl/meta.owl.ttl").read_text()
    report = document_import(actor=alice, branch=main, document=text, message="LinkML", format_name="turtle")
    assert report.counts["added"] == 309
    assert Counter(each.code for each in report.omissions) == LINKML_OMISSIONS
    held = {
        (kind, name): content
        for kind, named in document_export(report.commit)["resources"].items()
        for name, content in named.items()
    }
    assert settled(FORMATS["turtle"].read(FORMATS["turtle"].write(held).decode())).contents == held
