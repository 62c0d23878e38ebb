"""Trees as they lie in the database."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final, TypeVar

from history.engine import tree
from history.engine.cache import LruCache
from history.engine.canonical import canonical_bytes, digest
from history.engine.content import Content, Key
from history.engine.tree import EMPTY, EMPTY_ROOT, Difference, Digest, Entry
from history.models import Blob, Node, Reference
from history.selectors.content import content_model

T = TypeVar("T")

NODE_CACHE: Final = LruCache[Digest, tree.Node](8192)
"""Parsed nodes of this process. They are named by their content, so none is ever out of date."""

BATCH: Final = 5000
"""Rows asked for or written in one statement."""


class DatabaseNodes:
    """The node store over the rows of ``Node``; what is saved is written by :meth:`flush`."""

    def __init__(self) -> None:
        self._new: dict[Digest, tree.Node] = {EMPTY_ROOT: EMPTY}

    def load(self, digests: Iterable[Digest]) -> Mapping[Digest, tree.Node]:
        wanted = set(digests)
        found = {digest: self._new[digest] for digest in wanted & self._new.keys()}
        found.update(NODE_CACHE.get_many(wanted - found.keys()))
        missing = list(wanted - found.keys())
        read = {digest: tree.Node(body) for digest, body in Node.objects.bodies(missing).items()}
        NODE_CACHE.put_many(read)
        return found | read

    def save(self, node: tree.Node) -> Digest:
        digest = tree.node_digest(node)
        self._new[digest] = node
        return digest

    def flush(self, roots: Iterable[Digest]) -> None:
        """Write those of the saved nodes that ``roots`` reach."""
        reached, pending = set[Digest](), list(roots)
        while pending:
            digest = pending.pop()
            if digest in self._new and digest not in reached:
                reached.add(digest)
                node = self._new[digest]
                if node.level:
                    pending.extend(entry.digest for entry in node.entries)
        Node.objects.write({digest: self._new[digest].body for digest in reached})
        NODE_CACHE.put_many({digest: self._new[digest] for digest in reached})


def batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """``items`` in pieces of at most ``BATCH``."""
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


class Unwritten:
    """What trees that are drafted one upon the other hold and no row does yet."""

    def __init__(self) -> None:
        self.bodies: dict[Digest, bytes] = {}
        self.rids: dict[Digest, str] = {}
        self.sources: dict[Key, set[tuple[Key, Digest]]] = {}
        """What refers to something, with the blob that does."""
        self.likes: dict[Key, set[str]] = {}
        """By kind and name in lower case the names of what carries a rid."""

    def add(self, draft: "TreeDraft") -> None:
        """Have what ``draft`` holds be found like what is written."""
        self.bodies.update((draft.digests[key], body) for key, body in draft.bodies.items())
        for target_kind, target_name, kind, name, blob in draft.references():
            self.sources.setdefault((target_kind, target_name), set()).add(((kind, name), blob))
            if target_kind == Reference.IDENTITY:
                self.rids[blob] = target_name
                self.likes.setdefault((kind, name.lower()), set()).add(name)


WRITTEN: Final = Unwritten()
"""That everything is in rows. Nothing is added to it."""


def contents_of(digests: Iterable[Digest], unwritten: Unwritten = WRITTEN) -> dict[Digest, Content]:
    """The contents of blobs, all of which exist or are among what is ``unwritten``."""
    wanted = set(digests)
    bodies = {digest: unwritten.bodies[digest] for digest in wanted & unwritten.bodies.keys()}
    bodies.update(Blob.objects.bodies(list(wanted - bodies.keys())))
    return {digest: json.loads(body) for digest, body in bodies.items()}


def identities_of(digests: Iterable[Digest], unwritten: Unwritten = WRITTEN) -> dict[Digest, str]:
    """The rids that contents carry, by their blobs; all of these exist or are among what is ``unwritten``."""
    wanted = set(digests)
    found = {digest: unwritten.rids[digest] for digest in wanted & unwritten.rids.keys()}
    for batch in batches(sorted(wanted - unwritten.bodies.keys())):
        found.update(Reference.objects.rids(batch))
    return found


@dataclass(frozen=True)
class TreeView:
    """The resources of one tree."""

    root: Digest
    nodes: DatabaseNodes = field(default_factory=DatabaseNodes, compare=False, repr=False)
    unwritten: Unwritten = field(default_factory=Unwritten, compare=False, repr=False)

    def digests(self, keys: Iterable[Key]) -> dict[Key, Digest]:
        """The blob digests of those of ``keys`` that are here."""
        return tree.lookup(self.nodes, self.root, keys)

    def contents(self, keys: Iterable[Key]) -> dict[Key, Content]:
        """The contents of those of ``keys`` that are here."""
        found = self.digests(keys)
        bodies = contents_of(found.values(), self.unwritten)
        return {key: bodies[digest] for key, digest in found.items()}

    def everything(self, kinds: Collection[str] = ()) -> dict[Key, Content]:
        """All contents, of ``kinds`` where any are given, in order of kind and name."""
        entries = [each for each in tree.scan(self.nodes, self.root) if not kinds or each.key[0] in kinds]
        bodies = contents_of((entry.digest for entry in entries), self.unwritten)
        return {entry.key: bodies[entry.digest] for entry in entries}

    def page(self, *, kind: str = "", search: str = "", offset: int = 0, limit: int = 50) -> tuple[int, list[Entry]]:
        """How many resources there are of ``kind`` whose name holds ``search``, and one page of them in order.

        Without ``search`` only the page itself is read, whatever the size of the tree.
        """
        first = tree.rank(self.nodes, self.root, (kind, ""))
        behind = (kind + "\0", "") if kind else (chr(0x10FFFF), "")
        total = tree.rank(self.nodes, self.root, behind) - first
        if not search:
            rows = tree.scan(self.nodes, self.root, skip=first + offset, batch=8)
            return total, list(islice(rows, max(0, min(limit, total - offset))))
        needle = search.casefold()
        rows = islice(tree.scan(self.nodes, self.root, skip=first), total)
        matches = [entry for entry in rows if needle in entry.key[1].casefold()]
        return len(matches), matches[offset : offset + limit]

    def referrers(self, keys: Iterable[Key], kinds: Collection[str] = ()) -> dict[Key, set[Key]]:
        """For each of ``keys`` the resources here, of ``kinds`` where any are given, whose contents refer to it."""
        asked = set(keys)
        narrowed = {"kind__in": kinds} if kinds else {}
        rows = [
            (target, source, blob)
            for target in asked & self.unwritten.sources.keys()
            for source, blob in self.unwritten.sources[target]
            if not kinds or source[0] in kinds
        ]
        rows += [
            ((target_kind, target_name), (kind, name), blob)
            for target_kind, names in _names_by_kind(asked).items()
            for batch in batches(names)
            for target_kind, target_name, kind, name, blob in Reference.objects.filter(
                target_kind=target_kind, target_name__in=batch, **narrowed
            ).values_list("target_kind", "target_name", "kind", "name", "blob_id")
        ]
        here = self.digests({source for _, source, _ in rows})
        found: dict[Key, set[Key]] = {}
        for target, source, blob in rows:
            if here.get(source) == blob:
                found.setdefault(target, set()).add(source)
        return found

    def namesakes(self, keys: Iterable[Key]) -> dict[Key, set[Key]]:
        """For each of ``keys`` the resources here that carry a rid and a name which differs from it by case alone."""
        found: dict[Key, set[Key]] = {}
        for kind, names in _names_by_kind(keys).items():
            wanted = {name: name.lower() for name in names}
            known = {
                folded: {(kind, name) for name in self.unwritten.likes.get((kind, folded), ())}
                for folded in wanted.values()
            }
            for batch in batches(sorted(set(wanted.values()))):
                for name in Reference.objects.names_like(kind, batch):
                    known.setdefault(name.lower(), set()).add((kind, name))
            here = self.digests({key for likes in known.values() for key in likes}).keys()
            for name, folded in wanted.items():
                others = (known.get(folded, set()) & here) - {(kind, name)}
                if others:
                    found[kind, name] = others
        return found

    def holders(self, rids: Iterable[str]) -> dict[str, set[Key]]:
        """The resources here that carry each of ``rids``."""
        found = self.referrers((Reference.IDENTITY, rid) for rid in rids)
        return {rid: keys for (_, rid), keys in found.items()}


@dataclass(frozen=True)
class TreeDraft:
    """A tree that is not written yet: its new nodes are in memory, and so are the blobs of ``contents``."""

    tree: TreeView
    contents: Mapping[Key, Content | None]
    """What it has other than the tree that it was drafted from, as far as that is not stored already."""
    bodies: Mapping[Key, bytes]
    """The canonical bytes of these contents."""
    digests: Mapping[Key, Digest]
    """And their names."""

    def references(self) -> list[tuple[str, ...]]:
        """The reference rows of these contents: what is referred to, what refers to it, and its blob."""
        model = content_model()
        rows: list[tuple[str, ...]] = []
        for key, blob in self.digests.items():
            content = self.contents[key] or {}
            targets = set(model.references(*key, content))
            if "rid" in content:
                targets.add((Reference.IDENTITY, content["rid"]))
            rows += [(*target, *key, blob) for target in targets]
        return rows

    def held(self) -> TreeView:
        """The tree, which is read and drafted upon from here on as if it were written."""
        self.tree.unwritten.add(self)
        return self.tree


def tree_draft(
    before: TreeView, contents: Mapping[Key, Content | None], written: Mapping[Key, Digest | None] | None = None
) -> TreeDraft:
    """The tree with ``contents`` on top of ``before``; None removes a key.

    ``written`` holds the digests of keys whose blobs are there already.
    """
    bodies = {key: canonical_bytes(content) for key, content in contents.items() if content is not None}
    digests = {key: digest("blob", body) for key, body in bodies.items()}
    edits = {**(written or {}), **{key: digests.get(key) for key in contents}}
    root = tree.edit(before.nodes, before.root, edits)
    return TreeDraft(replace(before, root=root), contents, bodies, digests)


def _names_by_kind(keys: Iterable[Key]) -> dict[str, list[str]]:
    by_kind: dict[str, list[str]] = {}
    for kind, name in keys:
        by_kind.setdefault(kind, []).append(name)
    return by_kind


def tree_diff(before: TreeView, after: TreeView) -> list[Difference]:
    """The keys whose contents differ, in order; cost follows the difference."""
    return tree.diff(after.nodes, before.root, after.root)
