"""What a JSON Schema of things of a type uses of the ontology."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

from gateway.engine.json_pointer import pointer, tokens
from gateway.engine.sentences import Sentence, sentence
from history.engine.content import Violation
from ontology.engine.findings import shown
from ontology.engine.usages.derived import Derived, Use, derived
from ontology.engine.usages.vocabulary import Scope, Vocabulary

MOST: Final = 10_000
"""So many parts and names of a schema are looked at; one that refers to itself can be walked in very many ways."""

_SAME: Final = ("if", "then", "else", "items", "contains", "additionalItems", "unevaluatedItems")
"""Keywords whose schema is of the same thing, or of the things in a list."""
_EACH: Final = ("allOf", "anyOf", "oneOf", "prefixItems", "items")
"""Keywords that hold several such schemas."""

Node = tuple[Any, str]
"""A part of the document and the pointer to it."""


def usages_of_schema(vocabulary: Vocabulary, type_: str, schema: Any) -> Derived:
    """What a schema of things of ``type_`` names of them, in ``properties`` and ``required``.

    What stands below a property that is a struct are fields of that, below a side of a link properties of
    what is linked. References within the document are followed, others are not known. Violations point
    into ``{"type", "schema"}``.
    """
    scope = vocabulary.types(type_)
    if not scope:
        return Derived(violations=[Violation("USAGE_UNKNOWN", "/type", vocabulary.unknown_type(type_))])
    walk = _Walk(vocabulary, schema)
    walk.run(scope)
    return derived(scope, walk.uses, walk.violations)


class _Walk:
    """Every part of a schema, once for each scope in which it is met."""

    def __init__(self, vocabulary: Vocabulary, document: Any) -> None:
        self.uses: set[Use] = set()
        self.violations: list[Violation] = []
        self._vocabulary, self._document = vocabulary, document
        self._pending: list[tuple[Node, Scope]] = []
        self._met: set[tuple[int, Scope]] = set()
        self._left = MOST

    def run(self, scope: Scope) -> None:
        self._go((self._document, "/schema"), scope)
        while self._pending and self._left > 0:
            (schema, path), scope = self._pending.pop()
            if isinstance(schema, dict):
                self._look(schema, path, scope)
            elif not isinstance(schema, bool):
                self._refuse("SCHEMA_INVALID", path, sentence("A schema is an object or a boolean."))
        if self._left <= 0:
            message = sentence("The schema has more than {limit} parts, one way or another.", limit=MOST)
            self._refuse("SCHEMA_INVALID", "/schema", message)

    def _go(self, node: Node, scope: Scope) -> None:
        if scope and (id(node[0]), scope) not in self._met:
            self._met.add((id(node[0]), scope))
            self._left -= 1
            self._pending.append((node, scope))

    def _look(self, schema: Mapping[str, Any], path: str, scope: Scope) -> None:
        for node in _same(schema, path):
            self._go(node, scope)
        if "$ref" in schema:
            self._follow(schema["$ref"], path, scope)
        properties = _mapping(schema.get("properties"))
        for name, below in properties.items():
            self._name(name, (below, pointer(path, "properties", name)), scope)
        for place, name in enumerate(_list(schema.get("required"))):
            if isinstance(name, str) and name not in properties:
                self._name(name, (True, pointer(path, "required", place)), scope)

    def _name(self, name: str, below: Node, scope: Scope) -> None:
        self._left -= 1
        step = self._vocabulary.step(scope, name)
        if step is None:
            self._refuse("USAGE_UNKNOWN", below[1], self._vocabulary.unknown(scope, name))
            return
        self.uses |= step.uses
        self._go(below, step.scope)

    def _follow(self, reference: Any, path: str, scope: Scope) -> None:
        target = _at(self._document, reference) if isinstance(reference, str) else None
        if target is None:
            message = sentence(
                "The reference {reference} leads to nothing in this document.", reference=shown(reference)
            )
            self._refuse("SCHEMA_INVALID", pointer(path, "$ref"), message)
        else:
            self._go((target, f"/schema{reference[1:]}"), scope)

    def _refuse(self, rule: str, path: str, message: Sentence) -> None:
        self.violations.append(Violation(rule, path, message))


def _same(schema: Mapping[str, Any], path: str) -> Iterator[Node]:
    """The parts of ``schema`` that speak of the same thing as it does."""
    for keyword in _SAME:
        if isinstance(schema.get(keyword), dict):
            yield schema[keyword], pointer(path, keyword)
    for keyword in _EACH:
        for place, part in enumerate(_list(schema.get(keyword))):
            yield part, pointer(path, keyword, place)
    for name, part in _mapping(schema.get("dependentSchemas")).items():
        yield part, pointer(path, "dependentSchemas", name)


def _at(document: Any, reference: str) -> Any:
    """What a reference within the document leads to; None where that is nothing."""
    found = document if reference.startswith("#") and reference[1:2] in {"", "/"} else None
    for token in tokens(unquote(reference[1:])):
        if isinstance(found, list):
            found = found[int(token)] if token.isdecimal() and len(token) < 6 and int(token) < len(found) else None
        else:
            found = _mapping(found).get(token)
    return found


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
