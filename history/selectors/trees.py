"""Trees as they lie in the database."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from history.engine import tree
from history.engine.cache import LruCache
from history.engine.canonical import canonical_bytes, digest
from history.engine.content import Content, Key
from history.engine.tree import EMPTY, EMPTY_ROOT, Difference, Digest, Entry
from history.models import Node, Reference
from history.selectors.content import content_model
from history.selectors.rows import Rows

NODE_CACHE: Final = LruCache[Digest, tree.Node](8192)
"""Parsed nodes of this process. They are named by their content, so none is ever out of date."""


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


@dataclass(frozen=True)
class TreeView:
    """The resources of one tree."""

    root: Digest
    nodes: DatabaseNodes = field(default_factory=DatabaseNodes, compare=False, repr=False)
    rows: Rows = field(default_factory=Rows, compare=False, repr=False)

    def at(self, root: Digest) -> "TreeView":
        """Another tree, of which nothing is read again that was read of this one."""
        return replace(self, root=root)

    def digests(self, keys: Iterable[Key]) -> dict[Key, Digest]:
        """The blob digests of those of ``keys`` that are here."""
        return tree.lookup(self.nodes, self.root, keys)

    def contents(self, keys: Iterable[Key]) -> dict[Key, Content]:
        """The contents of those of ``keys`` that are here."""
        found = self.digests(keys)
        bodies = self.rows.contents(found.values())
        return {key: bodies[digest] for key, digest in found.items()}

    def everything(self, kinds: Collection[str] = ()) -> dict[Key, Content]:
        """All contents, of ``kinds`` where any are given, in order of kind and name."""
        entries = [each for each in tree.scan(self.nodes, self.root) if not kinds or each.key[0] in kinds]
        bodies = self.rows.contents(entry.digest for entry in entries)
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
        named = self.rows.namers(keys, kinds)
        here = self.digests({source for namers in named.values() for source, _ in namers})
        found = {
            target: {source for source, blob in namers if here.get(source) == blob} for target, namers in named.items()
        }
        return {target: sources for target, sources in found.items() if sources}

    def namesakes(self, keys: Iterable[Key]) -> dict[Key, set[Key]]:
        """For each of ``keys`` the resources here that carry a rid and a name which differs from it by case alone."""
        asked = {key: (key[0], key[1].lower()) for key in keys}
        alike = self.rows.alike(asked.values())
        here = self.digests({key for likes in alike.values() for key in likes}).keys()
        found = {key: (alike[folded] & here) - {key} for key, folded in asked.items()}
        return {key: others for key, others in found.items() if others}

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
        self.tree.rows.add(self.digests, self.bodies, self.references())
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
    return TreeDraft(before.at(root), contents, bodies, digests)


def tree_diff(before: TreeView, after: TreeView) -> list[Difference]:
    """The keys whose contents differ, in order; cost follows the difference."""
    return tree.diff(after.nodes, before.root, after.root)


def tree_diffs(view: TreeView, steps: Iterable[tuple[Digest, Digest]]) -> list[list[Difference]]:
    """The same of several pairs of trees that are looked at together with ``view``."""
    return tree.diffs(view.nodes, steps)
