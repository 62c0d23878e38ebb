"""What goes out as RDF comes in again as it was, is the same bytes each time, and has shapes that bite."""

import os
import subprocess
import sys
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import OWL, RDF, RDFS, SH, XSD, Graph, Literal, URIRef

from history.engine.content import Content, Key
from ontology.engine.content import OntologyContent
from ontology.formats import FORMATS, settled
from ontology.formats.rdf.vocabulary import OMS, ONTOLOGY
from tests.oms_project.test_demo_ontology import RESOURCES
from tests.ontology.strategies import JSON, resources

FORMAT_NAMES = ("turtle", "json-ld")
ROOT = Path(__file__).parents[3]


def normal(contents: Mapping[Key, Any]) -> dict[Key, Content]:
    return {
        key: OntologyContent().normalise(*key, content, None, lambda _rid: False) for key, content in contents.items()
    }


def state(**kinds: Any) -> dict[Key, Content]:
    return normal({(kind, name): content for kind, named in kinds.items() for name, content in named.items()})


def graph_of(contents: Mapping[Key, Content]) -> Graph:
    return Graph().parse(data=FORMATS["turtle"].write(contents), format="turtle")


# --- Coming in again ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_the_demo_comes_in_again_as_it_was_with_nothing_left_out(name: str):
    written = FORMATS[name].write(RESOURCES)
    reading = settled(FORMATS[name].read(written.decode()))
    assert reading.contents == RESOURCES
    assert reading.omissions == []
    assert FORMATS[name].write(reading.contents) == written


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_that_there_are_no_values_is_not_that_all_are_allowed(name: str):
    none = state(value_type={"Nothing": {"type": "string", "constraints": {"enum": {}}}})
    assert normal(FORMATS[name].read(FORMATS[name].write(none).decode()).contents) == none


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_numbers_keep_their_digits(name: str):
    weight = {"type": "double", "constraints": {"min": 0.123456789012, "max": 1e21, "enum": {"0.123456789012": {}}}}
    price = {"type": {"type": "decimal", "precision": 20, "scale": 10}, "constraints": {"min": "0", "max": "12.3400"}}
    digits = {"@value": "0.123456789012", "@type": "xsd:double"}
    contents = state(
        object_type={"Thing": {"properties": {"weight": weight, "price": price}, "metadata": {"urn:factor": digits}}}
    )
    assert normal(FORMATS[name].read(FORMATS[name].write(contents).decode()).contents) == contents


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_what_is_no_value_of_its_type_comes_in_again_as_it_was(name: str):
    odd = {"type": "double", "constraints": {"enum": {":": {}}, "min": "low"}}
    nothing = {"urn:factor": {"@value": "much", "@type": "xsd:double"}}
    contents = state(value_type={"Odd": odd}, object_type={"Thing": {"properties": {}, "metadata": nothing}})
    assert normal(FORMATS[name].read(FORMATS[name].write(contents).decode()).contents) == contents


IRIS = st.sampled_from(
    [
        "http://example.org/A",
        "http://example.org/b/a",
        "http://schema.org/Text",
        "http://schema.org/Enumeration",
        "http://www.w3.org/2002/07/owl#Thing",
        "http://www.w3.org/2000/01/rdf-schema#label",
        "http://www.w3.org/2001/XMLSchema#string",
        "urn:oms:ontology#A",
        "urn:oms:vocabulary#Interface",
        "no iri",
    ]
)
PREDICATES = st.sampled_from(
    [
        *("rdf:type", "rdfs:label", "rdfs:range", "rdfs:domain", "rdfs:subClassOf", "owl:deprecated"),
        *("owl:disjointWith", "skos:definition", "skos:altLabel", "skos:inScheme", "sh:targetClass"),
        *("dcterms:creator", "http://example.org/note", "oms:status", "shape", "note"),
    ]
)
VALUES = st.one_of(
    JSON,
    IRIS.map(lambda iri: {"@id": iri}),
    st.just({"@id": "http://www.w3.org/2002/07/owl#ObjectProperty"}),
    st.just({"@value": "x", "@language": "en"}),
    st.just({"@value": "01", "@type": "xsd:integer"}),
)
METADATA = st.dictionaries(PREDICATES, VALUES | st.lists(VALUES, max_size=2), max_size=2)


@st.composite
def states(draw: st.DrawFn) -> dict[Key, Content]:
    """A few resources of any contents, valid together or not, with metadata that says things in RDF's terms."""
    found: dict[Key, Any] = {}
    taken = set()
    for _ in range(draw(st.integers(1, 4))):
        kind, content = draw(resources())
        name = draw(st.sampled_from(["A", "B", "Person", "x", "3D"]))
        space = "class" if kind in ("object_type", "interface", "struct_type") else kind
        if (space, name) not in taken:
            taken.add((space, name))
            for holder in (content, *content.get("properties", {}).values(), *content.get("fields", {}).values()):
                if draw(st.booleans()):
                    holder["metadata"] = {**draw(METADATA), **({"iri": draw(IRIS)} if draw(st.booleans()) else {})}
            found[kind, name] = content
    return normal(found)


@pytest.mark.parametrize("name", FORMAT_NAMES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(states())
def test_whatever_goes_out_comes_in_again_as_it_was(name: str, contents: dict[Key, Content]):
    read = FORMATS[name].read(FORMATS[name].write(contents).decode())
    assert normal(read.contents) == contents


# --- The same bytes -------------------------------------------------------------------------------

_WRITE = """
import sys
from ontology.formats import FORMATS
from tests.ontology.formats.test_rdf_writing import LIBRARY
sys.stdout.buffer.write(FORMATS[sys.argv[1]].write(dict(reversed(LIBRARY.items()))))
"""


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_equal_contents_are_the_same_bytes_whatever_the_seed_and_the_order(name: str):
    def written(seed: str) -> bytes:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        process = [sys.executable, "-c", _WRITE, name]
        return subprocess.run(process, cwd=ROOT, env=environment, capture_output=True, check=True, timeout=300).stdout

    assert written("1") == written("2") == FORMATS[name].write(LIBRARY)


# --- What others read ------------------------------------------------------------------------------

LIBRARY = state(
    object_type={
        "Book": {
            "display_name": {"en": "Book", "ko": "도서"},
            "implements": ["Catalogued"],
            "extends": ["Work"],
            "primary_key": ["isbn"],
            "mappings": {"exact": ["http://schema.org/Book"]},
            "properties": {
                "isbn": {"value_type": "ISBN", "required": True},
                "title": {"type": "string", "required": True, "constraints": {"min_length": 1, "max_length": 10}},
                "pages": {"type": "integer", "constraints": {"min": 1}},
                "weight": {"type": "double", "constraints": {"min": 0.5}},
                "format": {"value_type": "BookFormat"},
                "subjects": {"type": {"type": "array", "items": "string"}, "constraints": {"max_items": 2}},
                "contact": {"type": "string", "constraints": {"format": "email"}},
                "size": {"type": {"type": "struct", "struct_type": "Dimensions"}},
                "shelfmark": {"shared_property": "shelfmark"},
            },
        },
        "Work": {"properties": {}, "abstract": True},
        "Novel": {
            "properties": {},
            "extends": ["Book"],
            "status": "deprecated",
            "deprecation": {"replacement": "Book"},
        },
        "Person": {"properties": {"name": {"type": "string"}}},
    },
    interface={"Catalogued": {"properties": {"shelfmark": {"shared_property": "shelfmark"}}}},
    shared_property={"shelfmark": {"type": "string", "constraints": {"max_length": 5}}},
    value_type={
        "ISBN": {"type": "string", "constraints": {"pattern": "^97[89][0-9]{10}$"}},
        "BookFormat": {"type": "string", "constraints": {"enum": {"paperback": {"display_name": "Soft"}, "ebook": {}}}},
    },
    struct_type={"Dimensions": {"fields": {"height": {"type": "integer", "required": True}}}},
    link_type={
        "author": {
            "source": {"types": ["Book"]},
            "target": {"types": ["Person"]},
            "cardinality": "many_to_one",
            "required": True,
        },
        "wrote": {
            "source": {"types": ["Person"]},
            "target": {"types": ["Book"]},
            "cardinality": "one_to_many",
            "inverse_of": "author",
        },
    },
    action_type={"lend": {"permission": "viewer"}},
)
A = RDF.type


@pytest.mark.parametrize(
    ("subject", "predicate", "value"),
    [
        ("Book", A, OWL.Class),
        ("Book", RDFS.label, Literal("도서", lang="ko")),
        ("Book", RDFS.subClassOf, ONTOLOGY.Work),
        ("Book", RDFS.subClassOf, ONTOLOGY.Catalogued),
        ("Catalogued", A, OMS.Interface),
        ("Work", OMS.abstract, Literal(True)),
        ("Novel", OWL.deprecated, Literal(True)),
        ("title", A, OWL.DatatypeProperty),
        ("title", RDFS.domain, ONTOLOGY.Book),
        ("title", RDFS.range, XSD.string),
        ("size", RDFS.range, ONTOLOGY.Dimensions),
        ("Dimensions", A, OMS.StructType),
        ("ISBN", A, RDFS.Datatype),
        ("author", A, OWL.FunctionalProperty),
        ("author", RDFS.domain, ONTOLOGY.Book),
        ("author", RDFS.range, ONTOLOGY.Person),
        ("wrote", OWL.inverseOf, ONTOLOGY.author),
        ("shelfmark", A, OMS.SharedProperty),
        ("lend", A, OMS.ActionType),
        ("lend", OMS.permission, Literal("viewer")),
    ],
)
def test_it_is_said_in_words_that_others_know(subject: str, predicate: URIRef, value: Any):
    assert (ONTOLOGY[subject], predicate, value) in graph_of(LIBRARY)


def test_an_iri_that_a_resource_came_with_is_its_iri_again():
    iri = "http://example.org/voc#Person"
    graph = graph_of(state(object_type={"Human": {"properties": {}, "metadata": {"iri": iri}}}))
    assert (URIRef(iri), RDF.type, OWL.Class) in graph
    assert (URIRef(iri), OMS.name, Literal("Human")) in graph


# --- Shapes ----------------------------------------------------------------------------------------

GOOD = """
@prefix : <urn:oms:ontology#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:kim> a :Person ; :name "Kim" .
<urn:book> a :Book ; :isbn "9781234567897" ; :title "Title" ; :author <urn:kim> ; :pages 7 ; :weight 0.75e0 ; :format "ebook" ;
    :subjects "a", "b" ; :contact "a@example.org" ; :shelfmark "QA1" ; :size [ a :Dimensions ; :height 20 ] .
"""


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return graph_of(LIBRARY)


def breaches(shapes: Graph, data: str, *, meta_shacl: bool = False) -> set[str]:
    """The local names of the paths that pyshacl finds broken."""
    from pyshacl import validate  # noqa: PLC0415  (slow to load)

    conforms, report, _ = validate(
        Graph().parse(data=data, format="turtle"), shacl_graph=shapes, ont_graph=shapes, meta_shacl=meta_shacl
    )
    assert isinstance(report, Graph)
    paths = {str(path).partition("#")[2] for path in report.objects(None, SH.resultPath)}
    assert conforms == (not paths)
    return paths


def test_what_conforms_conforms(shapes: Graph):
    assert breaches(shapes, GOOD, meta_shacl=True) == set()


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        (':title "Title"', ':title ""', "title"),
        (':title "Title"', ':title "A very long title"', "title"),
        (':title "Title"', ':title "One", "Two"', "title"),
        (':title "Title" ;', "", "title"),
        (':isbn "9781234567897"', ':isbn "978"', "isbn"),
        (":pages 7", ":pages 0", "pages"),
        (":pages 7", ':pages "seven"', "pages"),
        (":weight 0.75e0", ":weight 0.25e0", "weight"),
        (':format "ebook"', ':format "scroll"', "format"),
        (':subjects "a", "b"', ':subjects "a", "b", "c"', "subjects"),
        (':contact "a@example.org"', ':contact "nowhere"', "contact"),
        (':shelfmark "QA1"', ':shelfmark "QA123456"', "shelfmark"),
        (":height 20", ":height 20.5", "height"),
        ("[ a :Dimensions ; :height 20 ]", "<urn:kim>", "size"),
        (":author <urn:kim>", ":author <urn:book>", "author"),
        (":author <urn:kim> ;", "", "author"),
        ("a :Book ; :isbn", "a :Novel ; :isbn", ""),
        ('a :Book ; :isbn "9781234567897"', 'a :Novel ; :isbn "978"', "isbn"),
    ],
)
def test_shapes_bite(shapes: Graph, before: str, after: str, path: str):
    assert GOOD.count(before) == 1
    assert breaches(shapes, GOOD.replace(before, after)) == ({path} if path else set())


@pytest.mark.slow
def test_the_shapes_of_the_demo_are_shapes():
    """Of every third resource: pyshacl takes long over many."""
    some = dict(islice(RESOURCES.items(), None, None, 3))
    assert breaches(graph_of(some), "<urn:a> <urn:b> <urn:c> .", meta_shacl=True) == set()
