"""States of an ontology, as what looks at one sees it: by key, and by who names whom."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Protocol

from history.engine.content import Content, Key
from ontology.engine.kinds import KINDS
from ontology.engine.references import references


class State(Protocol):
    """The resources of one state, in normal form. What is asked for in one call is read together."""

    def contents(self, keys: Iterable[Key]) -> dict[Key, Content]:
        """The contents of those of ``keys`` that exist."""

    def existing(self, keys: Iterable[Key]) -> set[Key]:
        """Those of ``keys`` that exist."""

    def referrers(self, keys: Iterable[Key], kinds: Collection[str] = ()) -> dict[Key, set[Key]]:
        """For each of ``keys`` that is named, whether it exists or not, the resources that name it.

        Where ``kinds`` are given, only those of them.
        """

    def namesakes(self, keys: Iterable[Key]) -> dict[Key, set[Key]]:
        """For each of ``keys`` that has any, the resources of its kind whose names differ by case alone."""


class Documents(Mapping[Key, Content]):
    """A state in memory. The contents are not to be changed."""

    def __init__(self, contents: Mapping[Key, Content]) -> None:
        self._contents = contents

    def __getitem__(self, key: Key) -> Content:
        return self._contents[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._contents)

    def __len__(self) -> int:
        return len(self._contents)

    def contents(self, keys: Iterable[Key]) -> dict[Key, Content]:
        """The contents of those of ``keys`` that exist."""
        return {key: self._contents[key] for key in keys if key in self._contents}

    def existing(self, keys: Iterable[Key]) -> set[Key]:
        """Those of ``keys`` that exist."""
        return {key for key in keys if key in self._contents}

    def referrers(self, keys: Iterable[Key], kinds: Collection[str] = ()) -> dict[Key, set[Key]]:
        """For each of ``keys`` that is named, the resources, of ``kinds`` where any are given, that name it."""
        found = {
            key: {source for kind in kinds or KINDS for source in self._referrers.get((key, kind), ())} for key in keys
        }
        return {key: sources for key, sources in found.items() if sources}

    def namesakes(self, keys: Iterable[Key]) -> dict[Key, set[Key]]:
        """For each of ``keys`` that has any, the resources of its kind whose names differ by case alone."""
        found = {(kind, name): self._names.get((kind, name.lower()), set()) - {(kind, name)} for kind, name in keys}
        return {key: others for key, others in found.items() if others}

    @cached_property
    def _referrers(self) -> dict[tuple[Key, str], set[Key]]:
        """What names a key, by the key and its own kind."""
        found: dict[tuple[Key, str], set[Key]] = {}
        for key, content in self._contents.items():
            for target in references(key[0], content):
                found.setdefault((target, key[0]), set()).add(key)
        return found

    @cached_property
    def _names(self) -> dict[Key, set[Key]]:
        found: dict[Key, set[Key]] = {}
        for kind, name in self._contents:
            found.setdefault((kind, name.lower()), set()).add((kind, name))
        return found
