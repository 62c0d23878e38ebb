"""The places of a virtual base at which the bases that it was made of disagree."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Final

from gateway.engine.json_pointer import pointer, tokens


class Contested:
    """Places by their paths. What the base holds there is no value that a side comes from, so no side has kept it."""

    def __init__(self, places: Iterable[str] = ()) -> None:
        self._places = frozenset(places)
        self._ways = frozenset(way for place in self._places for way in _ways(place))

    def touches(self, path: str) -> bool:
        """Whether anything at ``path``, below it or above it, is such a place."""
        return path in self._ways or self.covers(path)

    def covers(self, path: str) -> bool:
        """Whether what is at ``path`` is such a place or part of one."""
        return bool(self._places) and not self._places.isdisjoint(_ways(path))

    def renamed(self, path: str, names: Mapping[str, str]) -> "Contested":
        """Likewise with the things of the map at ``path`` by other names."""
        if path not in self._ways:
            return self
        return Contested(_renamed(place, path, names) for place in self._places)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)


def _ways(path: str) -> list[str]:
    """The paths of what holds the place at ``path``, and its own."""
    return list(accumulate(pointer("", token) for token in tokens(path)))


def _renamed(place: str, path: str, names: Mapping[str, str]) -> str:
    if not place.startswith(f"{path}/"):
        return place
    name, *rest = tokens(place.removeprefix(path))
    return pointer(path, names.get(name, name), *rest)


NOTHING_CONTESTED: Final = Contested()
