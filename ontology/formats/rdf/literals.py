"""Values of metadata as terms of RDF, and back.

Text, truth and whole numbers are written as they are, the rest as JSON-LD has it.
"""

import re
from typing import Any, Final

from rdflib import RDF, XSD, Literal, URIRef

from history.engine.canonical import MAX_SAFE_INTEGER
from ontology.formats.rdf.statements import Term
from ontology.formats.rdf.vocabulary import curie, expand, is_iri

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,15}")
_WHOLE = re.compile(r"[0-9]{1,15}")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_TEXTS: Final = (None, XSD.string, RDF.HTML, RDF.langString)


def text_of(term: Term) -> str | None:
    """The text of a literal that is one, in whatever language; None for other terms."""
    return str(term) if isinstance(term, Literal) and term.datatype in _TEXTS else None


def json_of(term: Term) -> Any:
    """A term as JSON; None for a blank node, which is nothing by itself."""
    if isinstance(term, Literal):
        return _json_of_literal(term)
    return {"@id": str(term)} if isinstance(term, URIRef) else None


def _json_of_literal(literal: Literal) -> Any:
    lexical = str(literal)
    if literal.language:
        return {"@value": lexical, "@language": literal.language}
    if literal.datatype in (None, XSD.string):
        return lexical
    if literal.datatype == XSD.boolean and lexical in ("true", "false"):
        return lexical == "true"
    if literal.datatype == XSD.integer and _INTEGER.fullmatch(lexical) and abs(int(lexical)) <= MAX_SAFE_INTEGER:
        return int(lexical)
    return {"@value": lexical, "@type": curie(str(literal.datatype))}


def term_of(value: Any) -> Term | None:
    """The term of which :func:`json_of` made ``value``; None where there is none."""
    match value:
        case bool() | str():
            return Literal(value)
        case int():
            return Literal(value) if abs(value) <= MAX_SAFE_INTEGER else None
        case {"@id": str(iri), **rest} if not rest:
            return URIRef(iri) if is_iri(iri) else None
        case {"@value": str(lexical), "@language": str(language), **rest} if not rest:
            return Literal(lexical, lang=language) if is_language(language) else None
        case {"@value": str(lexical), "@type": str(datatype), **rest} if not rest:
            found = Literal(lexical, datatype=expand(datatype))
            return None if found.ill_typed else found
        case _:
            return None


def whole(term: Term) -> int | None:
    """The whole number, from 0 on and not beyond all reason, that a literal says; None where it says none."""
    return int(term) if isinstance(term, Literal) and _WHOLE.fullmatch(term) else None


def is_language(tag: str) -> bool:
    """Whether ``tag`` can stand behind a literal as its language."""
    return bool(_LANGUAGE.fullmatch(tag))
