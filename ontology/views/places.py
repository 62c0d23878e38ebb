"""Places in the OMS document as people read them."""

from dataclasses import dataclass

from gateway.engine.json_pointer import tokens
from history.engine.content import Key
from ontology.views.presentation import Word, path_words


@dataclass(frozen=True)
class Place:
    """Where in the ontology something is: the resource, and the path within it in words."""

    kind: str
    name: str
    path: tuple[Word, ...]

    @property
    def key(self) -> Key:
        return self.kind, self.name


def place_of(pointer: str) -> Place:
    """The place that a pointer into the OMS document leads to."""
    kind, name, path = taken_apart(pointer)
    return Place(kind, name, path_words(kind, path))


def taken_apart(pointer: str) -> tuple[str, str, list[str]]:
    """(kind, name, path within) of a pointer ``/resources/kind/name/…``."""
    _, *place = tokens(pointer)
    kind, name, *path = place if len(place) > 1 else [*place, "", ""][:2]
    return kind, name, path
