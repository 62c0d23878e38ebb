"""An ontology as a graph: its types and what ties them together, and where all that is drawn."""

from ontology.engine.graph.drawing import Box, Curve, Drawing, drawing_of
from ontology.engine.graph.network import KINDS, NODE_KINDS, Edge, Network, Node, Tie, neighbourhood, network_of

__all__ = [
    "KINDS",
    "NODE_KINDS",
    "Box",
    "Curve",
    "Drawing",
    "Edge",
    "Network",
    "Node",
    "Tie",
    "drawing_of",
    "neighbourhood",
    "network_of",
]
