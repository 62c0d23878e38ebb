"""The ontology as a graph: its types as boxes, what ties them together as lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from history.engine.cache import LruCache
from history.engine.content import Key
from history.selectors import TreeView
from history.views.base import RepositoryView, address
from ontology.engine.graph import NODE_KINDS, Box, Curve, Drawing, Edge, Network, Node, Tie, drawing_of, neighbourhood
from ontology.selectors import network_at
from ontology.views.labels import localised

DEPTHS: Final = (1, 2, 3)
BUSIEST: Final = 12
SUGGESTIONS: Final = 12
LABELLED: Final = 40
"""Up to so many lines all have their names beside them; of more, those that one looks at."""

_DRAWINGS: Final = LruCache[tuple[str, Key | None, int], Drawing](64)
"""By root, focus and depth, which together never change what is drawn."""

TIES: Final[Mapping[tuple[Tie, bool], Promise]] = {
    (Tie.EXTENDS, True): _("Extends"),
    (Tie.EXTENDS, False): _("Extended by"),
    (Tie.IMPLEMENTS, True): _("Implements"),
    (Tie.IMPLEMENTS, False): _("Implemented by"),
    (Tie.LINK, True): _("Linked to"),
    (Tie.LINK, False): _("Linked from"),
}
"""What a tie is called at its beginning, and at its end."""


@dataclass(frozen=True)
class ShownBox:
    """A box, its number in the picture, where it leads, and the classes that its looks go by."""

    box: Box
    number: int
    href: str
    classes: str

    @property
    def middle(self) -> tuple[float, float]:
        x, y = self.box.centre
        return round(x, 1), round(y + 4.5, 1)


@dataclass(frozen=True)
class ShownCurve:
    """A line, its SVG path, and the numbers of the boxes at its ends."""

    curve: Curve
    source: int
    target: int

    @property
    def path(self) -> str:
        first, *others = (f"{x:g} {y:g}" for x, y in self.curve.points)
        return f"M{first}{'Q' if len(others) == 2 else 'C'}{' '.join(others)}"


@dataclass(frozen=True)
class TieItem:
    """A tie as it is read from one of its ends: what is at the other."""

    edge: Edge
    node: Node
    href: str


@dataclass(frozen=True)
class TieGroup:
    label: Promise
    items: Sequence[TieItem]


class GraphView(RepositoryView):
    """All types at a ref, or what is near the one that ``focus`` names: ``kind/name``, or what the name holds."""

    tab = "ontology"

    def get(self, request: HttpRequest, repository: str) -> HttpResponse:
        network, asked = network_at(self.commit), request.GET.get("focus", "").strip()
        matches = _matches(network, asked)
        focus = matches[0] if len(matches) == 1 else None
        depth = int(given) if (given := request.GET.get("depth", "")) in map(str, DEPTHS) else DEPTHS[0]
        drawing = self._drawing(network, focus, depth)
        number = {box.node.key: place for place, box in enumerate(drawing.boxes)}
        return self.page(
            "ontology/graph.html",
            status=404 if asked and not matches else 200,
            drawing=drawing,
            boxes=[self._box(box, number[box.node.key], focus, depth) for box in drawing.boxes],
            curves=[ShownCurve(each, number[each.edge.source], number[each.edge.target]) for each in drawing.curves],
            is_labelled=len(drawing.curves) <= LABELLED,
            network=network,
            asked=asked,
            suggestions=[]
            if focus
            else [(network.by_key[key], self._href(key, depth)) for key in matches[:SUGGESTIONS]],
            depth=depth,
            depths=DEPTHS,
            busiest=[(node, count, self._href(node.key, depth)) for node, count in network.busiest(BUSIEST)],
            **(self._focus(network, focus, depth) if focus else {}),
            **self.switcher(),
        )

    def _drawing(self, network: Network, focus: Key | None, depth: int) -> Drawing:
        place = (self.commit.root, focus, depth if focus else 0)
        known = _DRAWINGS.get_many([place])
        if not known:
            known = {place: drawing_of(neighbourhood(network, focus, depth) if focus else network)}
            _DRAWINGS.put_many(known)
        return known[place]

    def _focus(self, network: Network, focus: Key, depth: int) -> dict[str, object]:
        """What is said beside the picture of a neighbourhood."""
        content = TreeView(self.commit.root).contents([focus])[focus]
        return {
            "focus": network.by_key[focus],
            "display_name": localised(content.get("display_name")),
            "description": localised(content.get("description")),
            "ties": self._ties(network, focus, depth),
        }

    def _ties(self, network: Network, focus: Key, depth: int) -> list[TieGroup]:
        edges, groups = network.edges_of(focus), list[TieGroup]()
        for (tie, outwards), label in TIES.items():
            here = [(edge, edge.target) for edge in edges if edge.source == focus]
            if not outwards:  # what is tied to itself is told once
                here = [(edge, edge.source) for edge in edges if edge.source != focus]
            items = [
                TieItem(edge, network.by_key[other], self._href(other, depth))
                for edge, other in here
                if edge.tie is tie
            ]
            if items:
                groups.append(TieGroup(label, items))
        return groups

    def _box(self, box: Box, number: int, focus: Key | None, depth: int) -> ShownBox:
        node = box.node
        classes = ["node", node.kind, node.status, *(["abstract"] if node.abstract else [])]
        if node.key != focus:
            return ShownBox(box, number, self._href(node.key, depth), " ".join(classes))
        href = address("resource", self.repository.name, *node.key, ref=self.ref)
        return ShownBox(box, number, href, " ".join([*classes, "focus"]))

    def _href(self, key: Key, depth: int) -> str:
        return f"{self._here}&focus={quote('/'.join(key))}&depth={depth}"

    @property
    def _here(self) -> str:
        return f"?ref={quote(self.ref)}"


def _matches(network: Network, asked: str) -> list[Key]:
    """The nodes that ``asked`` may mean: the one of this key or name, else those whose names hold it."""
    kind, _slash, name = asked.partition("/")
    exactly = [key for key in ((kind, name), *((each, asked) for each in NODE_KINDS)) if key in network.by_key]
    if exactly or not asked:
        return exactly[:1]
    wanted = asked.casefold()
    alike = [node.key for node in network.nodes if wanted in node.name.casefold()]
    return [key for key in alike if key[1].casefold() == wanted][:1] or alike
