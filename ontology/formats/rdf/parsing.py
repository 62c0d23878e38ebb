"""Turtle and JSON-LD as statements. Nothing is fetched from anywhere, whatever a document asks for."""

import copy
import logging
import re
from collections.abc import Iterator
from typing import Any, Final

from rdflib import Graph
from rdflib.plugins.parsers.jsonld import to_rdf
from rdflib.plugins.parsers.notation3 import BadSyntax, RDFSink, SinkParser

from gateway.engine import strict_json
from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import Sentence, sentence
from gateway.engine.strict_json import MAX_DEPTH
from gateway.engine.text import is_storable
from gateway.exceptions import FieldError
from ontology.exceptions import DocumentMalformed
from ontology.formats.rdf.statements import Statements
from ontology.formats.rdf.vocabulary import PREFIXES, SCHEMA

# Of what a document gets wrong its reader tells who sent it; the log would be told of each literal.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)

BASE: Final = "http://document.invalid/"
"""What relative IRIs are resolved against where a document says nothing; there is no such host (RFC 2606)."""

MAX_CONTEXTS: Final = 100
"""How many contexts a JSON-LD document may have: each is read against all terms of those around it."""

_SCHEMA_CONTEXT = re.compile(r"https?://(?:www\.)?schema\.org(?:/|/docs/jsonldcontext\.jsonl?d?)?")
_KNOWN_CONTEXT: Final = {**PREFIXES, "@vocab": str(SCHEMA)}

# What has no meaning for nesting, and the brackets, in which alone Turtle nests.
_TURTLE_PARTS = re.compile(
    r'"""(?:[^\\]|\\.)*?"""'
    r"|'''(?:[^\\]|\\.)*?'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'"
    r"|<[^<>\"{}|^`\\\x00-\x20]*>|\\.|\#[^\n]*|(?P<open>[\[(])|(?P<close>[\])])",
    re.DOTALL,
)

# What rdflib's readers raise on documents that they do not understand, beside errors of their own.
_READER_ERRORS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    RecursionError,
    TypeError,
    ValueError,
)


def turtle_statements(document: Any) -> Statements:
    """The statements of a Turtle text. Raises DocumentMalformed, with the line where there is one."""
    if not isinstance(document, str):
        raise _malformed("NOT_TEXT", sentence("The document must be a text of Turtle."))
    text = document.lstrip("\ufeff")
    if not is_storable(text):
        message = sentence("The text is not Turtle: it holds NUL or half of a surrogate pair.")
        raise _malformed("NOT_TURTLE", message)
    _check_nesting(text)
    graph = Graph(bind_namespaces="none")
    try:
        SinkParser(RDFSink(graph), baseURI=BASE, turtle=True).loadBuf(text)
    except BadSyntax as error:
        reason = str(error._why).rstrip(".")  # noqa: SLF001  (its message quotes the bytes around)
        message = sentence("The text is not Turtle: {reason} (line {line}).", reason=reason, line=error.lines + 1)
        raise _malformed("NOT_TURTLE", message) from error
    except _READER_ERRORS as error:
        message = sentence("The text is not Turtle: {reason}.", reason=_first_line(error))
        raise _malformed("NOT_TURTLE", message) from error
    return Statements(graph)


def json_ld_statements(document: Any) -> Statements:
    """The statements of a JSON-LD document, a text or the JSON value. Raises DocumentMalformed."""
    value = _json(document) if isinstance(document, str) else document
    if not isinstance(value, dict | list):
        raise _malformed("NOT_JSON_LD", sentence("A JSON-LD document is an object or a list of objects."))
    value = _with_local_contexts(value)
    graph = Graph(bind_namespaces="none")
    try:
        to_rdf(value, graph, base=BASE)
    except _READER_ERRORS as error:
        message = sentence("The document is not JSON-LD: {reason}.", reason=_first_line(error))
        raise _malformed("NOT_JSON_LD", message) from error
    return Statements(graph)


def _check_nesting(text: str) -> None:
    depth = 0
    for part in _TURTLE_PARTS.finditer(text):
        depth += (part["open"] is not None) - (part["close"] is not None)
        if depth > MAX_DEPTH:
            line = text.count("\n", 0, part.start()) + 1
            message = sentence("The text nests deeper than {limit} levels (line {line}).", limit=MAX_DEPTH, line=line)
            raise _malformed("TOO_DEEP", message)


def _json(text: str) -> Any:
    try:
        return strict_json.loads(text.lstrip("\ufeff").encode("utf-8", "surrogatepass"))
    except strict_json.JSONRefused as refusal:
        raise _malformed(refusal.rule, refusal.message, refusal.pointer or "") from refusal


def _with_local_contexts(value: Any) -> Any:
    """A copy with schema.org's context, which is known here, in place of its address; others are refused."""
    value = copy.deepcopy(value)
    contexts = 0
    for place, holder in _objects(value, ""):
        if "@import" in holder:
            raise _remote(f"{place}/@import", holder["@import"])
        if "@context" in holder:
            contexts += 1
            holder["@context"] = _local_context(holder["@context"], f"{place}/@context")
    if contexts > MAX_CONTEXTS:
        message = sentence(
            "The document has {number} contexts; at most {limit} are read.", number=contexts, limit=MAX_CONTEXTS
        )
        raise _malformed("CONTEXTS_MANY", message)
    return value


def _objects(value: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects in ``value`` with their places, without recursion into Python's stack."""
    pending = [(place, value)]
    while pending:
        place, value = pending.pop()
        if isinstance(value, dict):
            yield place, value
            pending.extend((place + pointer("", key), item) for key, item in value.items())
        elif isinstance(value, list):
            pending.extend((f"{place}/{number}", item) for number, item in enumerate(value))


def _local_context(context: Any, place: str) -> Any:
    if isinstance(context, list):
        return [_local_context(each, f"{place}/{number}") for number, each in enumerate(context)]
    if isinstance(context, str):
        if _SCHEMA_CONTEXT.fullmatch(context):
            return dict(_KNOWN_CONTEXT)
        raise _remote(place, context)
    if isinstance(context, dict):
        for term, meaning in context.items():
            if term == "@context" or (isinstance(meaning, dict) and "@context" in meaning):
                message = sentence(
                    "A context inside a context is not read; give the whole context at the top of the document."
                )
                raise _malformed("CONTEXT_NESTED", message, place + pointer("", term))
    return context


def _remote(place: str, address: Any) -> DocumentMalformed:
    message = sentence(
        "The context {address} is elsewhere and nothing is fetched from there; put it into the document.",
        address=repr(address),
    )
    return _malformed("CONTEXT_REMOTE", message, place)


def _first_line(error: BaseException) -> str:
    lines = str(error).splitlines() or [type(error).__name__]
    return lines[0][:200].rstrip(".")


def _malformed(rule: str, message: Sentence, path: str = "") -> DocumentMalformed:
    return DocumentMalformed(message, errors=[FieldError(f"/document{path}", rule, message)])
