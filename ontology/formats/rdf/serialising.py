"""Statements as bytes: the same contents are the same bytes."""

import json
from collections import Counter
from collections.abc import Iterable
from io import BytesIO
from typing import Any, Final

from rdflib import XSD, Graph, Literal, URIRef
from rdflib.plugins.serializers.turtle import TurtleSerializer
from rdflib.term import Node

from ontology.formats.rdf.vocabulary import PREFIXES, split, word_of

_OFTEN: Final = 2
"""How many IRIs of a namespace are worth a prefix."""


def turtle(graph: Graph) -> bytes:
    """``graph`` in Turtle, with prefixes for what occurs in it."""
    for prefix, namespace in _prefixes(graph).items():
        graph.bind(prefix, namespace, override=True, replace=True)
    stream = BytesIO()
    _Serializer(graph).serialize(stream, encoding="utf-8")
    return stream.getvalue()


class _Serializer(TurtleSerializer):
    """Writes numbers with all their digits: rdflib's own rounds doubles to seven."""

    def label(self, node: Node, position: int) -> str:
        if isinstance(node, Literal) and node.datatype in (XSD.double, XSD.decimal):
            return node.n3(self.store.namespace_manager)
        return super().label(node, position)


def json_ld(graph: Graph) -> bytes:
    """``graph`` in expanded JSON-LD, which has no context; nodes and values are in order."""
    nodes = json.loads(graph.serialize(format="json-ld", auto_compact=False))
    ordered = sorted((_ordered(node) for node in nodes), key=_text)
    return json.dumps(ordered, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _ordered(value: Any) -> Any:
    """``value`` with its lists in the order of their text, but for those whose order means something."""
    if isinstance(value, dict):
        return {
            key: [_ordered(item) for item in part] if key == "@list" else _ordered(part) for key, part in value.items()
        }
    if isinstance(value, list):
        return sorted(map(_ordered, value), key=_text)
    return value


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _prefixes(graph: Graph) -> dict[str, str]:
    """A prefix for each known namespace that occurs, and for others that occur often, named by their last word."""
    counts = Counter(split(str(term))[0] for triple in graph for term in triple if isinstance(term, URIRef))
    known = {prefix: namespace for prefix, namespace in PREFIXES.items() if counts[namespace]}
    others = [namespace for namespace, count in sorted(counts.items()) if count >= _OFTEN]
    return known | _named((namespace for namespace in others if namespace not in PREFIXES.values()), set(PREFIXES))


def _named(namespaces: Iterable[str], taken: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for namespace in namespaces:
        word, number = word_of(namespace), 1
        while not word or word in taken:
            number += 1
            word = f"{word_of(namespace) or 'ns'}{number}"
        taken.add(word)
        found[word] = namespace
    return found
