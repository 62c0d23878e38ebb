"""What history must know of the contents that it versions: the port that an app above fills."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from gateway.engine.sentences import Sentence

Key = tuple[str, str]
"""(kind, api_name) of a resource."""

Content = dict[str, Any]
"""A resource's content: a JSON object."""


@dataclass(frozen=True)
class Violation:
    """A rule that a content breaks.

    ``path`` is an RFC 6901 pointer within the content, empty for the resource as a whole.
    """

    rule: str
    path: str
    message: Sentence
    severity: str = "error"


class ContentInvalid(Exception):
    """The content breaks the rules of its kind."""

    def __init__(self, violations: list[Violation]) -> None:
        super().__init__("; ".join(violation.message for violation in violations))
        self.violations = violations


class ContentModel(Protocol):
    """Knows the kinds. Every method is a pure function of its arguments."""

    kinds: tuple[str, ...]

    def name_violations(self, kind: str, name: str) -> list[Violation]:
        """What is wrong with ``name`` for a resource of ``kind``, an unknown kind among it."""

    def normalise(
        self, kind: str, name: str, content: Any, previous: Content | None, taken: Callable[[str], bool]
    ) -> Content:
        """The one stored form of ``content``: checked, defaults left out, every identity given.

        It is read back from its canonical bytes as it is. ``previous`` is what the name holds
        now, whose identities are kept; ``taken`` tells whether another resource has a rid.
        Raises :class:`ContentInvalid` with all violations.
        """

    def references(self, kind: str, name: str, content: Content) -> frozenset[Key]:
        """The other resources that ``content`` names."""

    def rewrite(self, kind: str, content: Content, renames: Mapping[Key, str]) -> Content:
        """``content`` with every reference to a key of ``renames`` given its new name."""
