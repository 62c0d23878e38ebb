"""What stands where in a content, by the description of the kinds."""

from collections.abc import Iterable, Iterator

from ontology.engine.kinds import KINDS, NAMES
from ontology.engine.shapes import (
    FreeJson,
    ListOf,
    LocalisedText,
    MapOf,
    Name,
    Record,
    SetOf,
    Shape,
    Tagged,
    Text,
    TypeExpression,
)

OWN_NAME = "api_name"
"""Where a resource or a member may repeat its name."""

_FREE = FreeJson()


def shape_at(kind: str, path: Iterable[str]) -> Shape | None:
    """The shape of what stands at a path in a content; None where the meta-model says nothing of it."""
    shape: Shape | None = KINDS.get(kind)
    for _token, _holder, inner in steps_along(kind, path):
        shape = inner
    return shape


def steps_along(kind: str, path: Iterable[str]) -> Iterator[tuple[str, Shape | None, Shape | None]]:
    """(token, shape of what holds it, its own shape) along a path.

    An own name has the shape of its map's keys; below what is taken whole, such as a type, is any JSON.
    """
    shape: Shape | None = KINDS.get(kind)
    own_name: Name | Text | None = NAMES.get(kind)
    for token in path:
        holder = shape
        match holder:
            case Record(identified=True) if token == OWN_NAME:
                shape = own_name
            case Record(fields=fields):
                shape = fields.get(token)
            case LocalisedText(max_length=longest):
                shape = Text(max_length=longest)
            case MapOf(value=value, key=key):
                shape, own_name = value, key
            case ListOf(item=item) | SetOf(item=item):
                shape = item
            case FreeJson() | TypeExpression() | Tagged():
                shape = _FREE
            case _:
                shape = None
        yield token, holder, shape
