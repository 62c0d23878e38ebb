"""Which types an ontology has and what ties them together."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from history.engine.content import Content, Key

NODE_KINDS: Final = ("object_type", "interface")
"""The kinds that are nodes. Where an end of a link may be of either, the first that exists is meant."""

KINDS: Final = (*NODE_KINDS, "link_type")
"""The kinds that the graph is made of."""


class Tie(StrEnum):
    """What an edge means."""

    EXTENDS = "extends"
    IMPLEMENTS = "implements"
    LINK = "link"


@dataclass(frozen=True)
class Node:
    """An object type or an interface."""

    kind: str
    name: str
    abstract: bool = False
    status: str = "experimental"

    @property
    def key(self) -> Key:
        return self.kind, self.name


@dataclass(frozen=True, order=True)
class Edge:
    """A tie from one node to another; a link has the name and the cardinality of its link type."""

    source: Key
    target: Key
    tie: Tie
    name: str = ""
    cardinality: str = ""


@dataclass(frozen=True)
class Network:
    """Nodes and edges, both in one order, whatever order they were given in."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @cached_property
    def by_key(self) -> dict[Key, Node]:
        return {node.key: node for node in self.nodes}

    @cached_property
    def neighbours(self) -> dict[Key, set[Key]]:
        """What each node is tied to, whichever way the tie points; itself not among it."""
        found: dict[Key, set[Key]] = {node.key: set() for node in self.nodes}
        for edge in self.edges:
            if edge.source != edge.target:
                found[edge.source].add(edge.target)
                found[edge.target].add(edge.source)
        return found

    def edges_of(self, key: Key) -> list[Edge]:
        """The edges that begin or end at a node."""
        return [edge for edge in self.edges if key in {edge.source, edge.target}]

    def busiest(self, count: int) -> list[tuple[Node, int]]:
        """The nodes with the most edges, and how many those are; at most ``count``."""
        ends = Counter(end for edge in self.edges for end in {edge.source, edge.target})
        tied = sorted((node for node in self.nodes if ends[node.key]), key=lambda node: (-ends[node.key], node.key))
        return [(node, ends[node.key]) for node in tied[:count]]


def network_of(contents: Mapping[Key, Content]) -> Network:
    """The network of the types among ``contents``. A tie to something that is not among them is left out."""
    nodes = [
        Node(kind, name, content.get("abstract", False), content.get("status", "experimental"))
        for (kind, name), content in contents.items()
        if kind in NODE_KINDS
    ]
    return _network(nodes, (edge for key, content in contents.items() for edge in _edges(key, content, contents)))


def neighbourhood(network: Network, focus: Key, depth: int) -> Network:
    """What is at most ``depth`` ties away from the node ``focus``, with every tie among it."""
    reached = rim = {focus}
    for _ in range(depth):
        rim = {other for key in rim for other in network.neighbours[key]} - reached
        reached = reached | rim
    return _network((network.by_key[key] for key in reached), _within(network.edges, reached))


def _network(nodes: Iterable[Node], edges: Iterable[Edge]) -> Network:
    return Network(tuple(sorted(nodes, key=lambda node: node.key)), tuple(sorted(set(edges))))


def _within(edges: Iterable[Edge], keys: set[Key]) -> Iterator[Edge]:
    return (edge for edge in edges if edge.source in keys and edge.target in keys)


def _edges(key: Key, content: Content, there: Mapping[Key, Content]) -> Iterator[Edge]:
    kind, _name = key
    if kind == "link_type":
        yield from _links(key, content, there)
        return
    if kind in NODE_KINDS:
        parents = [(kind, parent, Tie.EXTENDS) for parent in content.get("extends", ())]
        parents += [("interface", parent, Tie.IMPLEMENTS) for parent in content.get("implements", ())]
        yield from (Edge(key, (sort, parent), tie) for sort, parent, tie in parents if (sort, parent) in there)


def _links(key: Key, content: Content, there: Mapping[Key, Content]) -> Iterator[Edge]:
    """An edge for each pair of what may stand at the two ends."""
    sources, targets = ([*_ends(content[side], there)] for side in ("source", "target"))
    for source in sources:
        for target in targets:
            yield Edge(source, target, Tie.LINK, key[1], content["cardinality"])


def _ends(side: Mapping[str, list[str]], there: Mapping[Key, Content]) -> Iterator[Key]:
    for name in side.get("types", ()):
        yield from [(kind, name) for kind in NODE_KINDS if (kind, name) in there][:1]
