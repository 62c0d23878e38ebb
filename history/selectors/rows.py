"""Contents and references as they lie in the database, whatever the trees that hold them."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, TypeVar

from history.engine.content import Content, Key
from history.engine.tree import Digest
from history.models import Blob, Reference

T = TypeVar("T")
Namer = tuple[Key, Digest]
"""What names something, and the blob under that key that does."""

BATCH: Final = 5000
"""Rows asked for or written in one statement."""


class Rows:
    """Rows of contents and references, each read once: they never change, so they are kept for as long as one asks.

    What is drafted and in no row yet is found like what is written (:meth:`add`).
    """

    def __init__(self) -> None:
        self._bodies: dict[Digest, bytes] = {}
        self._rids: dict[Digest, str | None] = {}
        self._namers: dict[Key, set[Namer]] = {}
        self._kinds_of_namers: dict[Key, frozenset[str]] = {}
        """Of which kinds they were read; empty where of every kind."""
        self._alike: dict[Key, set[Key]] = {}
        """By kind and name in lower case."""
        self._drafted_namers: dict[Key, set[Namer]] = {}
        self._drafted_alike: dict[Key, set[Key]] = {}

    def contents(self, digests: Iterable[Digest]) -> dict[Digest, Content]:
        """The contents of blobs, all of which exist."""
        wanted = set(digests)
        self._bodies.update(Blob.objects.bodies(list(wanted - self._bodies.keys())))
        return {digest: json.loads(self._bodies[digest]) for digest in wanted}

    def identities(self, digests: Iterable[Digest]) -> dict[Digest, str]:
        """The rids that contents carry, by their blobs, all of which exist."""
        wanted = set(digests)
        for batch in batches(sorted(wanted - self._rids.keys())):
            self._rids.update(dict.fromkeys(batch) | Reference.objects.rids(batch))
        return {digest: rid for digest in wanted if (rid := self._rids[digest]) is not None}

    def read_ahead(self, digests: Iterable[Digest]) -> None:
        """Read the contents and identities of blobs, all of which exist, for who asks for one after the other."""
        wanted = list(islice(digests, BATCH))
        self.contents(wanted)
        self.identities(wanted)

    def namers(self, targets: Iterable[Key], kinds: Collection[str] = ()) -> dict[Key, set[Namer]]:
        """For each of ``targets`` what names it in any tree, of ``kinds`` where any are given."""
        asked, wanted = set(targets), frozenset(kinds)
        self._read_namers({each for each in asked if not self._is_read(each, wanted)}, wanted)
        every = {target: self._namers[target] | self._drafted_namers.get(target, set()) for target in asked}
        return {
            target: {(key, blob) for key, blob in namers if not wanted or key[0] in wanted}
            for target, namers in every.items()
        }

    def alike(self, folded: Iterable[Key]) -> dict[Key, set[Key]]:
        """For each kind and name in lower case what carries a rid in any tree under such a name."""
        asked = set(folded)
        for kind, names in _names_by_kind(asked - self._alike.keys()).items():
            self._alike.update({(kind, name): set() for name in names})
            for batch in batches(sorted(names)):
                for name in Reference.objects.names_like(kind, batch):
                    self._alike.setdefault((kind, name.lower()), set()).add((kind, name))
        return {key: self._alike[key] | self._drafted_alike.get(key, set()) for key in asked}

    def add(
        self, digests: Mapping[Key, Digest], bodies: Mapping[Key, bytes], references: Iterable[Sequence[str]]
    ) -> None:
        """Have a draft be found like what is written: the blobs under keys, and their rows of references."""
        self._bodies.update((digests[key], body) for key, body in bodies.items())
        self._rids.update(dict.fromkeys(digests.values()))
        for target_kind, target_name, kind, name, blob in references:
            self._drafted_namers.setdefault((target_kind, target_name), set()).add(((kind, name), blob))
            if target_kind == Reference.IDENTITY:
                self._rids[blob] = target_name
                self._drafted_alike.setdefault((kind, name.lower()), set()).add((kind, name))

    def _is_read(self, target: Key, kinds: frozenset[str]) -> bool:
        read = self._kinds_of_namers.get(target)
        return read is not None and (not read or (bool(kinds) and kinds <= read))

    def _read_namers(self, targets: Collection[Key], kinds: frozenset[str]) -> None:
        for target in targets:
            self._namers.setdefault(target, set())
            self._kinds_of_namers[target] = kinds and kinds | self._kinds_of_namers.get(target, kinds)
        narrowed = {"kind__in": kinds} if kinds else {}
        for target_kind, names in _names_by_kind(targets).items():
            for batch in batches(names):
                rows = Reference.objects.filter(target_kind=target_kind, target_name__in=batch, **narrowed)
                for target_name, kind, name, blob in rows.values_list("target_name", "kind", "name", "blob_id"):
                    self._namers[target_kind, target_name].add(((kind, name), blob))


def contents_of(digests: Iterable[Digest]) -> dict[Digest, Content]:
    """The contents of blobs, all of which exist."""
    return Rows().contents(digests)


def batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """``items`` in pieces of at most ``BATCH``."""
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


def _names_by_kind(keys: Iterable[Key]) -> dict[str, list[str]]:
    by_kind: dict[str, list[str]] = {}
    for kind, name in keys:
        by_kind.setdefault(kind, []).append(name)
    return by_kind
