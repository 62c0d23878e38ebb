"""Turtle and JSON-LD come in safely: what is malformed is told where, and nothing is fetched."""

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest

from ontology.exceptions import DocumentMalformed
from ontology.formats import FORMATS, Reading

PREFIXES = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def turtle(text: str) -> Reading:
    return FORMATS["turtle"].read(PREFIXES + text)


def json_ld(value: Any) -> Reading:
    return FORMATS["json-ld"].read(value)


def refusal(format_name: str, document: Any) -> tuple[str, str, str]:
    with pytest.raises(DocumentMalformed) as caught:
        FORMATS[format_name].read(document)
    [error] = caught.value.errors
    return error.rule, error.field, error.message


# --- Turtle -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("this is no Turtle", 1),
        ("<a> <b> <c> .\n<a> <b> .", 2),
        ("@prefix a: <urn:a> .\n\na:b a:c a:d\na:e", 4),
        ("a:b a:c a:d .", 1),
    ],
)
def test_what_is_not_turtle_is_told_with_its_line(text: str, line: int):
    rule, field, message = refusal("turtle", text)
    assert (rule, field) == ("NOT_TURTLE", "/document")
    assert f"(line {line})" in message


@pytest.mark.parametrize(
    "text",
    [
        "<a> <b> 'open",
        "<a> <b> '''open",
        '<a> <b> "\\u00" .',
        "<a> <b> '\ud800' .",
        "<a> <b> 'x'@1 .",
        "<a> <b> " + "1" * 5_000 + " .",
        "_:a <b> ?x .",
        "{ <a> <b> <c> } => { <d> <e> <f> } .",
        "<a> <b> (",
        "\0",
    ],
)
def test_whatever_else_is_not_turtle_is_refused_too(text: str):
    assert refusal("turtle", text)[:2] == ("NOT_TURTLE", "/document")


@pytest.mark.parametrize("brackets", ["[<b> ", "("])
def test_brackets_nest_only_so_deep(brackets: str):
    rule, _, message = refusal("turtle", "\n<a> <b> " + brackets * 200_000)
    assert rule == "TOO_DEEP"
    assert "(line 2)" in message


def test_brackets_in_texts_and_comments_do_not_nest():
    text = f"""{"# [" * 200}\n:A a owl:Class ; rdfs:comment "{"[" * 200}", '''{"(" * 200}"' '''."""
    [content] = turtle(text).contents.values()
    assert "[" * 200 in content["metadata"].get("rdfs:comment", "") + content["description"]


def test_a_document_that_is_no_text_is_refused():
    assert refusal("turtle", {"a": 1})[0] == "NOT_TEXT"


def test_a_relative_iri_says_nothing_of_where_the_server_runs():
    reading = FORMATS["turtle"].read("<#Person> a <http://www.w3.org/2002/07/owl#Class> .")
    assert reading.contents["object_type", "Person"]["metadata"] == {"iri": "http://document.invalid/#Person"}


def restrictions(number: int) -> str:
    return f"[ a owl:Restriction ; owl:onProperty :p{number} ; owl:someValuesFrom :B ]"


@pytest.mark.parametrize(
    "document",
    [
        lambda size: ":A a owl:Class ; rdfs:label " + ", ".join(f'"{number}"' for number in range(size)) + " .",
        lambda size: ":A a owl:Class ; rdfs:subClassOf " + ", ".join(map(restrictions, range(size))) + " .",
        lambda size: "".join(f":C{number} a owl:Class ; rdfs:subClassOf :C{number + 1} .\n" for number in range(size)),
        lambda size: ":A a owl:Class ; owl:oneOf (" + " ".join(f":i{number}" for number in range(size)) + ") .",
        lambda size: "".join(f"@prefix p{number}: <urn:p{number}#> .\n" for number in range(size)),
        lambda size: "".join(f":C{number} a owl:Class . :x{number} a :C{number} .\n" for number in range(size)),
        lambda size: (
            ":p a owl:ObjectProperty ; rdfs:range " + ", ".join(f":C{number}" for number in range(size)) + " ."
        ),
    ],
    ids=["values", "restrictions", "chain", "list", "prefixes", "individuals", "ranges"],
)
def test_large_documents_take_work_by_their_size(document: Callable[[int], str]):
    """Eight times as much takes eight times as many calls, which is far from the square of it."""

    def calls(size: int) -> int:
        counted = 0

        def count(_frame: Any, event: str, _argument: Any) -> None:
            nonlocal counted
            counted += event in {"call", "c_call"}

        text = document(size)
        sys.setprofile(count)
        try:
            turtle(text)
        finally:
            sys.setprofile(None)
        return counted

    calls(10)  # what is made once
    assert calls(800) < 12 * calls(100)


# --- JSON-LD ------------------------------------------------------------------------------------

CONTEXT = {
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "ex": "http://example.org/",
}


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch):
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("Something is fetched.")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("urllib.request.urlopen", refuse)


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"@context": "http://example.org/context.jsonld"}, "/@context"),
        ({"@context": "file:///etc/passwd"}, "/@context"),
        ({"@context": [{}, "http://example.org/"]}, "/@context/1"),
        ({"@context": {"@import": "http://example.org/"}}, "/@context/@import"),
        ({"@graph": [{"@id": "urn:x", "@context": "http://example.org/"}]}, "/@graph/0/@context"),
        ([{"urn:p": {"@context": "http://example.org/", "@id": "urn:x"}}], "/0/urn:p/@context"),
        ({"@context": "https://schema.org.example.org/"}, "/@context"),
    ],
)
@pytest.mark.usefixtures("no_network")
def test_a_context_from_elsewhere_is_refused_and_not_fetched(document: Any, place: str):
    rule, field, message = refusal("json-ld", document)
    assert (rule, field) == ("CONTEXT_REMOTE", f"/document{place}")
    assert "nothing is fetched" in message


@pytest.mark.parametrize(
    "address", ["https://schema.org", "http://schema.org/", "https://schema.org/docs/jsonldcontext.json"]
)
@pytest.mark.usefixtures("no_network")
def test_the_context_of_schema_org_is_known(address: str):
    reading = json_ld({"@context": address, "@id": "schema:Thing", "@type": "rdfs:Class", "rdfs:label": "Thing"})
    content = reading.contents["object_type", "Thing"]
    assert (content["metadata"]["iri"], content["display_name"]) == ("http://schema.org/Thing", "Thing")


def test_a_document_is_not_changed_by_being_read():
    document = {"@context": "https://schema.org", "@id": "schema:Thing", "@type": "rdfs:Class"}
    before = json.dumps(document)
    json_ld(document)
    assert json.dumps(document) == before


@pytest.mark.parametrize(
    ("document", "rule"),
    [
        ("{", "NOT_JSON"),
        ('{"a": 1, "a": 2}', "DUPLICATE_KEY"),
        ('{"a":' * 200_000, "TOO_DEEP"),
        ("7", "NOT_JSON_LD"),
        (7, "NOT_JSON_LD"),
        ({"@context": 5, "@id": "x"}, "NOT_JSON_LD"),
        ({"@context": {"a": {"@id": 5}}}, "NOT_JSON_LD"),
        ({"@context": {"a": "b:c", "b": "a:c"}, "b": 1}, "NOT_JSON_LD"),
        ({"@reverse": 5}, "NOT_JSON_LD"),
        ({"urn:a": {"@value": "x", "@language": 5}}, "NOT_JSON_LD"),
        ({"@context": {"a": {"@id": "urn:a", "@context": {}}}}, "CONTEXT_NESTED"),
        ([{"@context": {}}] * 101, "CONTEXTS_MANY"),
    ],
)
def test_what_is_not_json_ld_is_refused(document: Any, rule: str):
    found, field, _ = refusal("json-ld", document)
    assert found == rule
    assert field.startswith("/document")


def test_json_ld_says_the_same_as_turtle():
    document = {
        "@context": CONTEXT,
        "@graph": [
            {"@id": "ex:Animal", "@type": "owl:Class"},
            {
                "@id": "ex:Dog",
                "@type": "owl:Class",
                "rdfs:label": {"@value": "Dog", "@language": "en"},
                "rdfs:subClassOf": {"@id": "ex:Animal"},
            },
        ],
    }
    text = ':Animal a owl:Class . :Dog a owl:Class ; rdfs:label "Dog"@en ; rdfs:subClassOf :Animal .'
    assert json_ld(document) == json_ld(json.dumps(document)) == turtle(text)


# --- What is elsewhere --------------------------------------------------------------------------


@pytest.mark.usefixtures("no_network")
def test_imports_are_not_followed_and_each_is_named():
    reading = turtle("<urn:o> a owl:Ontology ; owl:imports <http://example.org/a>, <http://example.org/b> .")
    assert [(each.place, each.code) for each in reading.omissions] == [("urn:o", "IMPORT_NOT_FOLLOWED")] * 2
    assert "http://example.org/a" in reading.omissions[0].message


@pytest.mark.usefixtures("no_network")
def test_entities_of_xml_are_not_expanded():
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    )
    literal = json.dumps(bomb + "]><a>&i;</a>")
    type_ = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral>"
    [content] = turtle(f":A a owl:Class ; :note {literal}^^{type_} .").contents.values()
    assert content["metadata"]["http://example.org/note"]["@value"] == json.loads(literal)
