"""An ordered Merkle tree over (kind, name) whose shape depends on the contents alone.

The structure is the prolly tree of Noms and Dolt with the level rule of Merkle search trees
(Auvolat and Taïani, 2019): the hash of a key alone decides how high a chunk boundary the key
makes, so one change rewrites one node a level and equal contents have an equal root, whatever
the order in which they were reached.

A node is a sorted list of entries. In a leaf (level 0) an entry points to a blob, above it to
a node, under the greatest key of that node. A node ends behind a key that is a boundary of its
level; only the last node of a level may end on another key.

The body of a node is lines of canonical JSON: its level, then an array for every entry. So trees
are told apart by whole lines, and only the lines that differ are parsed.
"""

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from json.encoder import encode_basestring as quoted
from typing import Final, NamedTuple, Protocol

from history.engine.canonical import digest
from history.engine.content import Key

BITS: Final = 4
"""A boundary in 2^BITS keys: 16 entries a node on average, and twice that in one that an edit happens to meet."""

Digest = str


class Entry(NamedTuple):
    """What stands under ``key``: the digest of the blob or node, and how many resources it holds."""

    key: Key
    digest: Digest
    size: int


@dataclass(frozen=True)
class Node:
    """A run of entries, by the bytes that are stored and hashed; ``level`` 0 is a leaf."""

    body: bytes

    @classmethod
    def of(cls, level: int, entries: Iterable[Entry]) -> "Node":
        lines = [f'[{quoted(kind)},{quoted(name)},"{below}",{size}]' for (kind, name), below, size in entries]
        return cls("\n".join((str(level), *lines, "")).encode())

    @cached_property
    def level(self) -> int:
        return int(self.body[: self.body.index(b"\n")])

    @property
    def lines(self) -> list[bytes]:
        """The entries as they are written."""
        return self.body.splitlines()[1:]

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(parsed(self.lines))


class NodeStore(Protocol):
    """Where nodes lie. Reads come in batches, one a level."""

    def load(self, digests: Iterable[Digest]) -> Mapping[Digest, Node]:
        """At least the nodes of ``digests``; every one exists."""

    def save(self, node: Node) -> Digest:
        """Keep ``node`` under the digest that is returned."""


class Difference(NamedTuple):
    """A key whose blob differs; None where the key is not there."""

    key: Key
    before: Digest | None
    after: Digest | None


def node_digest(node: Node) -> Digest:
    return digest("node", node.body)


def parsed(lines: Iterable[bytes]) -> list[Entry]:
    """The entries that ``lines`` of nodes stand for."""
    rows = json.loads(b"[%s]" % b",".join(lines))
    return [Entry((kind, name), below, size) for kind, name, below, size in rows]


EMPTY: Final = Node.of(0, ())
EMPTY_ROOT: Final = node_digest(EMPTY)


@lru_cache(maxsize=65_536)
def boundary_level(key: Key) -> int:
    """How many levels, from the leaves up, have a chunk boundary behind ``key``."""
    hashed = int.from_bytes(hashlib.sha256("\0".join(key).encode()).digest()[:8], "big")
    return ((hashed & -hashed).bit_length() - 1) // BITS if hashed else 64 // BITS


def lookup(store: NodeStore, root: Digest, keys: Iterable[Key]) -> dict[Key, Digest]:
    """The blobs of those of ``keys`` that are in the tree; one batch of reads a level."""
    found: dict[Key, Digest] = {}
    wanted: dict[Digest, list[Key]] = {root: list(keys)}
    while wanted:
        below: dict[Digest, list[Key]] = {}
        nodes = store.load(wanted)
        for place, sought in wanted.items():
            node = nodes[place]
            for key in sought:
                index = bisect_left(node.entries, key, key=_key)
                if index == len(node.entries):
                    continue
                entry = node.entries[index]
                if node.level:
                    below.setdefault(entry.digest, []).append(key)
                elif entry.key == key:
                    found[key] = entry.digest
        wanted = below
    return found


def lookup_in(store: NodeStore, roots: Iterable[Digest], key: Key) -> dict[Digest, Digest | None]:
    """The blob under ``key`` in each of several trees; one batch of reads a level."""
    found: dict[Digest, Digest | None] = {}
    places = {root: root for root in roots}
    while places:
        nodes = store.load(places.values())
        below: dict[Digest, Digest] = {}
        for root, place in places.items():
            node = nodes[place]
            index = bisect_left(node.entries, key, key=_key)
            entry = node.entries[index] if index < len(node.entries) else None
            if entry is not None and node.level:
                below[root] = entry.digest
            else:
                found[root] = entry.digest if entry is not None and entry.key == key else None
        places = below
    return found


def rank(store: NodeStore, root: Digest, key: Key) -> int:
    """How many resources stand before ``key``."""
    before, place = 0, root
    while True:
        node = store.load([place])[place]
        index = bisect_left(node.entries, key, key=_key)
        before += sum(entry.size for entry in node.entries[:index])
        if not node.level or index == len(node.entries):
            return before
        place = node.entries[index].digest


def scan(store: NodeStore, root: Digest, *, skip: int = 0, batch: int = 64) -> Iterator[Entry]:
    """The leaf entries in order but for the first ``skip``, reading ``batch`` nodes at a time."""
    pending = [root]
    while pending:
        head, pending = pending[:batch], pending[batch:]
        nodes = store.load(head)
        opened: list[Digest] = []
        for place in head:
            node = nodes[place]
            for entry in node.entries:
                # What is left of ``skip`` lies within the first node that was opened.
                if skip >= entry.size and not opened:
                    skip -= entry.size
                elif node.level:
                    opened.append(entry.digest)
                else:
                    yield entry
        pending = opened + pending


def diff(store: NodeStore, before: Digest, after: Digest) -> list[Difference]:
    """The keys whose blobs differ, in order; reads only nodes that the two trees do not share."""
    return diffs(store, [(before, after)])[0]


def diffs(store: NodeStore, pairs: Iterable[tuple[Digest, Digest]]) -> list[list[Difference]]:
    """The same of several pairs of trees; one batch of reads a level for all of them."""
    every = [_Comparison(before, after) for before, after in pairs]
    pending, known = every, dict[Digest, Node]()
    while pending:
        known.update(store.load(set().union(*(each.places for each in pending)) - known.keys()))
        pending = [each for each in pending if each.descend(known)]
    return [each.differences() for each in every]


class _Comparison:
    """Two trees while they are compared: what either has that the other has not, from the roots down."""

    def __init__(self, before: Digest, after: Digest) -> None:
        self._left, self._right = {before} - {after}, {after} - {before}
        self._gone: list[Entry] = []
        self._come: list[Entry] = []

    @property
    def places(self) -> set[Digest]:
        """The nodes to be looked at next."""
        return self._left | self._right

    def descend(self, known: Mapping[Digest, Node]) -> bool:
        """Go a level down; whether there is another one below."""
        level = max((known[place].level for place in self.places), default=0)
        before, after = _lines(known, self._left, level), _lines(known, self._right, level)
        self._gone, self._come = parsed(before - after), parsed(after - before)
        if not level:
            return False
        left = {place for place in self._left if known[place].level < level} | {each.digest for each in self._gone}
        right = {place for place in self._right if known[place].level < level} | {each.digest for each in self._come}
        self._left, self._right = left - right, right - left
        return True

    def differences(self) -> list[Difference]:
        old, new = ({entry.key: entry.digest for entry in entries} for entries in (self._gone, self._come))
        return [Difference(key, old.get(key), new.get(key)) for key in sorted(old.keys() | new.keys())]


def edit(store: NodeStore, root: Digest, edits: Mapping[Key, Digest | None]) -> Digest:
    """The root after every key of ``edits`` was given its blob, or removed where that is None."""
    height = store.load([root])[root].level
    changes: dict[Key, Entry | None] = {
        key: None if blob is None else Entry(key, blob, 1) for key, blob in edits.items()
    }
    for level in range(height + 1):
        replaced, changes = _edit_level(store, root, level, changes)
        if level < height:  # above the root nothing holds yet what stays as it is
            changes = {key: entry for key, entry in changes.items() if entry != replaced.get(key)}
        if not changes:
            return root
    return _crown(store, [entry for _, entry in sorted(changes.items()) if entry], height)


def _key(entry: Entry) -> Key:
    return entry.key


def _lines(known: Mapping[Digest, Node], places: Iterable[Digest], level: int) -> set[bytes]:
    """The lines of those of the nodes that are of ``level``."""
    return set().union(*(known[place].lines for place in places if known[place].level == level))


def _edit_level(
    store: NodeStore, root: Digest, level: int, changes: Mapping[Key, Entry | None]
) -> tuple[dict[Key, Entry], dict[Key, Entry | None]]:
    """Rewrite the nodes of ``level`` that ``changes`` touch; gives what the level above had and has instead."""
    above: dict[Key, Entry | None] = {}
    touched = _covering(store, root, level, changes)
    nodes = store.load({entry.digest for entry in touched.values()})
    groups = _grouped(touched, changes)
    replaced: dict[Key, Entry] = {}
    while groups:
        place, own = next(iter(groups.items()))
        del groups[place]
        replaced[place.key] = place
        entries = _merged(nodes[place.digest].entries, own)
        may_end = {place.key, *own}
        while entries and boundary_level(entries[-1].key) <= level:
            following = _successor(store, root, level, place.key)
            if following is None:
                break
            place = following
            replaced[place.key] = place
            node = nodes.get(place.digest) or store.load([place.digest])[place.digest]
            own = groups.pop(place, {})
            entries += _merged(node.entries, own)
            may_end |= {place.key, *own}
        above.update((entry.key, entry) for entry in _saved(store, level, entries, may_end))
    above.update((key, None) for key in replaced.keys() - above.keys())
    return replaced, above


def _covering(store: NodeStore, root: Digest, level: int, keys: Iterable[Key]) -> dict[Key, Entry]:
    """For every key the node of ``level`` in whose range it falls."""
    top = store.load([root])[root]
    at = Entry(top.entries[-1].key if top.entries else ("", ""), root, _size(top.entries))
    cover = dict.fromkeys(sorted(keys), at)
    for _ in range(top.level - level):
        nodes = store.load({entry.digest for entry in cover.values()})
        for key, entry in cover.items():
            entries = nodes[entry.digest].entries
            cover[key] = entries[min(bisect_left(entries, key, key=_key), len(entries) - 1)]
    return cover


def _grouped(cover: Mapping[Key, Entry], changes: Mapping[Key, Entry | None]) -> dict[Entry, dict[Key, Entry | None]]:
    groups: dict[Entry, dict[Key, Entry | None]] = {}
    for key, place in cover.items():
        groups.setdefault(place, {})[key] = changes[key]
    return groups


def _successor(store: NodeStore, root: Digest, level: int, key: Key) -> Entry | None:
    """The first node of ``level`` that lies wholly behind ``key``."""
    node = store.load([root])[root]
    while True:
        index = bisect_right(node.entries, key, key=_key)
        if node.level <= level or index == len(node.entries):
            return None
        entry = node.entries[index]
        if node.level == level + 1:
            return entry
        node = store.load([entry.digest])[entry.digest]


def _merged(entries: Sequence[Entry], changes: Mapping[Key, Entry | None]) -> list[Entry]:
    merged = list(entries)
    for key, entry in changes.items():
        index = bisect_left(merged, key, key=_key)
        there = index < len(merged) and merged[index].key == key
        merged[index : index + there] = [] if entry is None else [entry]
    return merged


def _saved(store: NodeStore, level: int, entries: Sequence[Entry], may_end: Container[Key]) -> list[Entry]:
    """``entries`` cut into nodes behind every boundary, as entries of the level above.

    Boundaries are among the keys ``may_end``: what stood within a node was looked at before.
    """
    cuts = [
        place + 1 for place, entry in enumerate(entries) if entry.key in may_end and boundary_level(entry.key) > level
    ]
    saved = []
    for start, end in zip([0, *cuts], [*cuts, len(entries)], strict=True):
        if start < end:
            run = entries[start:end]
            saved.append(Entry(run[-1].key, store.save(Node.of(level, run)), _size(run)))
    return saved


def _size(entries: Iterable[Entry]) -> int:
    """How many resources ``entries`` hold."""
    return sum(entry.size for entry in entries)


def _crown(store: NodeStore, entries: list[Entry], level: int) -> Digest:
    """The root above the nodes ``entries`` of ``level``: the lowest node that holds everything."""
    if not entries:
        return store.save(EMPTY)
    while len(entries) > 1:
        level += 1
        entries = _saved(store, level, entries, {entry.key for entry in entries})
    root = entries[0].digest
    node = store.load([root])[root]
    while node.level and len(node.entries) == 1:
        root = node.entries[0].digest
        node = store.load([root])[root]
    return root
