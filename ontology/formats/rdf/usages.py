"""How classes use properties: what restrictions and shapes say of a property of one class."""

from dataclasses import dataclass, field
from typing import Any

from rdflib import URIRef

from ontology.formats.rdf.ranges import Range
from ontology.formats.rdf.statements import Subject


@dataclass
class Usage:
    """What one class says of one property.

    ``nodes`` are the property shapes; ``least`` and ``most`` say how many values there are, ``counts`` whether
    the class says at all how many: what it leaves open is then open.
    """

    holder: URIRef
    path: URIRef
    nodes: list[Subject] = field(default_factory=list)
    least: int = 0
    most: int | None = None
    counts: bool = False
    constraints: dict[str, Any] = field(default_factory=dict)
    default: Any = None
    _ranges: dict[str, Range] = field(default_factory=dict)

    def at_least(self, number: int) -> None:
        """There are so many values or more."""
        self.least = max(self.least, number)

    def at_most(self, number: int) -> None:
        """There are so many values or fewer."""
        self.most = number if self.most is None else min(self.most, number)

    def takes(self, ranges: list[Range]) -> None:
        """The values are of one of ``ranges`` too."""
        for each in ranges:
            self._ranges.setdefault(repr(each), each)

    @property
    def ranges(self) -> list[Range]:
        """What the values are of, each once."""
        return list(self._ranges.values())


class Usages:
    """The usages of a document: one for each class and property, in order."""

    def __init__(self) -> None:
        self._found: dict[tuple[URIRef, URIRef], Usage] = {}

    def of(self, holder: URIRef, property_: URIRef) -> Usage:
        """The usage of the property by the class, a new one where there is none."""
        return self._found.setdefault((holder, property_), Usage(holder, property_))

    def by_property(self) -> dict[URIRef, dict[URIRef, Usage]]:
        """The usages by property, then by class."""
        found: dict[URIRef, dict[URIRef, Usage]] = {}
        for (holder, property_), usage in sorted(self._found.items()):
            found.setdefault(property_, {})[holder] = usage
        return found
