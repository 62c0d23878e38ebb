"""A JSON Schema taken apart: where its schemas are, whether they are any, and where references lead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote, urldefrag, urljoin

from gateway.engine.json_pointer import pointer, tokens
from gateway.engine.sentences import Sentence, sentence
from gateway.engine.strict_json import MAX_DEPTH
from gateway.exceptions import FieldError
from ontology.engine.findings import sort
from ontology.exceptions import DocumentMalformed, OntologyInvalid

Json = Any

MAPS: Final = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies")
"""Keywords that hold schemas by name."""

DEFINING: Final = ("$defs", "definitions")
"""Those of them whose schemas hold of nothing by themselves."""

LISTS: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
"""Keywords that hold lists of schemas."""

SINGLES: Final = (
    "items", "additionalItems", "additionalProperties", "unevaluatedItems", "unevaluatedProperties", "contains",
    "propertyNames", "not", "if", "then", "else",
)  # fmt: skip
"""Keywords that hold one schema; ``items`` once held a list of them as well."""

_NUMBER, _COUNT, _TEXT, _FLAG = (int, float), (int,), (str,), (bool,)
_SORTS: Final[Mapping[str, tuple[type, ...]]] = {
    **dict.fromkeys(("$ref", "$id", "$schema", "$anchor", "title", "description", "pattern", "format"), _TEXT),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), _COUNT),
    **dict.fromkeys(("minimum", "maximum", "multipleOf"), _NUMBER),
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), (*_NUMBER, bool)),  # flags before draft 6
    **dict.fromkeys(("uniqueItems", "deprecated", "readOnly", "writeOnly"), _FLAG),
    **dict.fromkeys(("enum", *LISTS), (list,)),
    **dict.fromkeys(MAPS, (dict,)),
    **dict.fromkeys(SINGLES, (dict, bool)),
    "items": (dict, bool, list),
    "type": (str, list),
    "required": (list, bool),  # a flag in draft 3
}
"""What sort of JSON a keyword takes. The metaschemas say more, but to ask them takes seconds for a large schema."""

TYPES: Final = frozenset({"null", "boolean", "object", "array", "number", "string", "integer"})


@dataclass
class Index:
    """The schemas of a document by their pointers, those that it only defines, and what references call them."""

    document: Mapping[str, Json]
    schemas: dict[str, Json] = field(default_factory=dict)
    defined: set[str] = field(default_factory=set)
    bases: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def resolve(self, at: str, reference: str) -> tuple[str, str | None]:
        """(the address of the document that ``reference``, made at ``at``, is into; the pointer to its schema here).

        Without a pointer where the document is another one, or holds no such schema.
        """
        try:
            address, fragment = self._address(at, reference)
        except ValueError:
            return reference, None
        root = self.names.get(address)
        if root is None:
            return address, None
        if fragment and not fragment.startswith("/"):
            return address, self.names.get(f"{address}#{fragment}")
        place = pointer(root, *tokens(unquote(fragment)))
        return address, place if place in self.schemas else None

    def _address(self, at: str, reference: str) -> tuple[str, str]:
        base = self.bases[next(near for near in _upwards(at) if near in self.bases)]
        if reference.startswith("#"):
            return base, reference[1:]
        address, fragment = urldefrag(urljoin(base, reference))
        return address, fragment

    def is_known(self, address: str) -> bool:
        return address in self.names

    def at(self, place: str) -> Json:
        """What the document holds at a pointer; None where that is nothing."""
        value: Json = self.document
        for token in tokens(place):
            if isinstance(value, dict):
                value = value.get(token)
            elif isinstance(value, list) and token.isdigit() and int(token) < len(value):
                value = value[int(token)]
            else:
                return None
        return value


def indexed(document: Json) -> Index:
    """The index of ``document``. Raises DocumentMalformed for what is no object, OntologyInvalid for no schema."""
    if not isinstance(document, dict):
        message = sentence("A JSON Schema here is an object, not {sort}.", sort=sort(document))
        raise DocumentMalformed(message, errors=[FieldError("/document", "FIELD_TYPE", message)])
    index, errors = Index(document, bases={"": ""}, names={"": ""}), list[FieldError]()
    pending: list[tuple[str, Json, str, int]] = [("", document, "", 0)]
    for at, schema, base, depth in pending:  # grows as it is walked
        if depth > MAX_DEPTH:
            message = sentence("Schemas are nested deeper than {limit} levels.", limit=MAX_DEPTH)
            raise DocumentMalformed(message, errors=[FieldError(f"/document{at}", "TOO_DEEP", message)])
        errors += _errors(at, schema)
        index.schemas[at] = schema
        if isinstance(schema, dict):
            here = _named(index, at, schema, base)
            pending += [(place, inner, here, depth + 1) for place, inner in _inner(at, schema)]
            index.defined |= {pointer(at, word, name) for word in DEFINING for name in _names(schema, word)}
    if errors:
        raise OntologyInvalid(sentence("The document is no JSON Schema."), errors=errors[:100])
    return index


def _named(index: Index, at: str, schema: Mapping[str, Json], base: str) -> str:
    """Note what the schema at ``at`` may be called; the address to which references inside it are relative."""
    given = schema.get("$id", schema.get("id") if at == "" else None)
    if isinstance(given, str):
        try:
            address, fragment = urldefrag(urljoin(base, given))
        except ValueError:
            address, fragment = given, ""
        if fragment or given.startswith("#"):
            index.names.setdefault(f"{base}#{fragment}", at)
        else:
            base = index.bases[at] = address
            index.names.setdefault(address, at)
    for keyword in ("$anchor", "$dynamicAnchor"):
        if isinstance(schema.get(keyword), str):
            index.names.setdefault(f"{base}#{schema[keyword]}", at)
    return base


def _names(schema: Mapping[str, Json], keyword: str) -> Iterator[str]:
    value = schema.get(keyword)
    yield from value if isinstance(value, dict) else ()


def _inner(at: str, schema: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    for keyword in MAPS:
        for name in _names(schema, keyword):
            inner = schema[keyword][name]
            if keyword != "dependencies" or not isinstance(inner, list):
                yield pointer(at, keyword, name), inner
    for keyword in (*LISTS, *SINGLES):
        if isinstance(schema.get(keyword), list):
            for place, inner in enumerate(schema[keyword]):
                yield pointer(at, keyword, place), inner
        elif keyword in SINGLES and keyword in schema:
            yield pointer(at, keyword), schema[keyword]


def _upwards(at: str) -> Iterator[str]:
    """``at`` and the pointers to all that it is in."""
    while at:
        yield at
        at = at.rpartition("/")[0]
    yield ""


# --- Whether it is one --------------------------------------------------------------------------


def _errors(at: str, schema: Json) -> Iterator[FieldError]:
    if not isinstance(schema, dict | bool):
        yield _error(at, sentence("A schema is an object or a boolean, not {sort}.", sort=sort(schema)))
    for keyword in schema if isinstance(schema, dict) else ():
        value: Json = schema[keyword]
        sorts = _SORTS.get(keyword, (object,))
        if not _is_one_of(sorts, value):
            message = sentence("{keyword} is not {sort} in a schema.", keyword=repr(keyword), sort=sort(value))
            yield _error(pointer(at, keyword), message)
        elif keyword == "type":
            yield from _type_errors(pointer(at, keyword), value)
        elif keyword == "required" and isinstance(value, list) and not all(isinstance(name, str) for name in value):
            yield _error(pointer(at, keyword), sentence("'required' is a list of names."))
        elif sorts is _COUNT and value < 0:
            yield _error(pointer(at, keyword), sentence("{keyword} is not less than 0.", keyword=repr(keyword)))


def _is_one_of(sorts: tuple[type, ...], value: Json) -> bool:
    """Whether a value is of one of the sorts; Python takes booleans for numbers."""
    return isinstance(value, sorts) and not (isinstance(value, bool) and sorts in (_NUMBER, _COUNT))


def _type_errors(at: str, value: str | list[Json]) -> Iterator[FieldError]:
    for name in value if isinstance(value, list) else [value]:
        if name not in TYPES if isinstance(name, str) else not isinstance(name, dict):  # a schema in draft 3
            yield _error(at, sentence("A type is one of {types}.", types=", ".join(sorted(TYPES))))


def _error(at: str, message: Sentence) -> FieldError:
    return FieldError(f"/document{at}", "SCHEMA_INVALID", message)
