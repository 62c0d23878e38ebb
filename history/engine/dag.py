"""Questions about the graph of commits, answered without walking a long history.

A repository's main line may be 100,000 commits long while the branch in question is old and
short. So a merge base is sought from both heads by turns, and each side's search asks of a
commit whether the other head descends from it: along first parents by jump pointers in a
logarithmic number of steps (Myers, 1983), beside them forward through children.
"""

import heapq
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

Digest = str


@dataclass(frozen=True, slots=True)
class CommitNode:
    """A commit as the graph sees it; ``parents`` in order, the first one first."""

    digest: Digest
    parents: tuple[Digest, ...]
    generation: int
    depth: int


@dataclass(frozen=True, slots=True)
class Jump:
    """A commit's place on the line of its first parents.

    ``depth`` counts first-parent steps to the root; ``jump`` is an ancestor at ``jump_depth``.
    """

    depth: int
    jump: Digest | None
    jump_depth: int


class CommitGraph(Protocol):
    """Reads of the commit graph, in batches."""

    def commits(self, digests: Collection[Digest]) -> Mapping[Digest, CommitNode]:
        """Every one of ``digests``."""

    def children(self, digests: Collection[Digest]) -> Mapping[Digest, tuple[CommitNode, ...]]:
        """The commits that have one of ``digests`` as a parent."""

    def first_parent_ancestor(self, digest: Digest, depth: int) -> Digest | None:
        """The commit at ``depth`` on the line of first parents from ``digest``; None below its depth."""


def next_jump(parent: Digest, of_parent: Jump, of_jump: Jump | None) -> Jump:
    """The jump pointer of a commit whose first parent is ``parent``.

    ``of_parent`` is the parent's own and ``of_jump`` that of the commit which the parent jumps
    to. Two jumps of one length join into one of twice the length (skew-binary counting), so
    each depth has one shape.
    """
    if of_jump is not None and of_parent.depth - of_parent.jump_depth == of_parent.jump_depth - of_jump.jump_depth:
        return Jump(of_parent.depth + 1, of_jump.jump, of_jump.jump_depth)
    return Jump(of_parent.depth + 1, parent, of_parent.depth)


def merge_bases(graph: CommitGraph, left: Digest, right: Digest) -> list[Digest]:
    """The best common ancestors of two commits, sorted: common ancestors that no other one descends from.

    Several where histories criss-cross, none where they are unrelated.
    """
    searches = (_bases(graph, left, right), _bases(graph, right, left))
    while True:
        for search in searches:
            found = next(search)
            if found is not None:
                return sorted(found)


def merge_bases_of(graph: CommitGraph, parents: Collection[Digest], other: Digest) -> list[Digest]:
    """Likewise of ``other`` and a commit that merges ``parents``, which need not be there."""
    found = {base for parent in parents for base in merge_bases(graph, parent, other)}
    return sorted(_independent(graph, list(graph.commits(found).values())))


def reached(graph: CommitGraph, head: Digest, candidates: Collection[Digest]) -> set[Digest]:
    """Those of ``candidates`` that ``head`` reaches, or is."""
    known = graph.commits({head, *candidates})
    descent = _Descent(graph, known[head])
    return {digest for digest in candidates if descent.includes(known[digest])}


def only_in(graph: CommitGraph, head: Digest, other: Digest, limit: int) -> list[Digest]:
    """The commits that ``head`` reaches and ``other`` does not, the later ones first; ``limit`` of them at most.

    A commit comes before its parents.
    """
    known = graph.commits({head, other})
    descent = _Descent(graph, known[other])
    queue = [(-known[head].generation, head)]
    seen = {head: known[head]}
    found: list[Digest] = []
    while queue and len(found) < limit:
        commit = seen[heapq.heappop(queue)[1]]
        if descent.includes(commit):
            continue
        found.append(commit.digest)
        for parent in graph.commits([digest for digest in commit.parents if digest not in seen]).values():
            seen[parent.digest] = parent
            heapq.heappush(queue, (-parent.generation, parent.digest))
    return found


def is_line(graph: CommitGraph, head: Digest, other: Digest) -> bool:
    """Whether the commits that ``head`` reaches and ``other`` does not are one line on it, without merges."""
    known = graph.commits({head, other})
    descent, commit = _Descent(graph, known[other]), known[head]
    while not descent.includes(commit):
        if len(commit.parents) != 1:
            return False
        [commit] = graph.commits(commit.parents).values()
    return True


def is_ancestor(graph: CommitGraph, ancestor: Digest, descendant: Digest) -> bool:
    """Whether ``descendant`` reaches ``ancestor`` (or is it)."""
    known = graph.commits({ancestor, descendant})
    return _Descent(graph, known[descendant]).includes(known[ancestor])


def _bases(graph: CommitGraph, start: Digest, other: Digest) -> Iterator[set[Digest] | None]:
    """Search back from ``start`` for the nearest ancestors of ``other``; None after each unfinished step."""
    known = graph.commits({start, other})
    descent = _Descent(graph, known[other])
    queue = [(-known[start].generation, start)]
    seen = {start: known[start]}
    found: list[CommitNode] = []
    while queue:
        commit = seen[heapq.heappop(queue)[1]]
        if descent.includes(commit):
            found.append(commit)
        else:
            for parent in graph.commits([digest for digest in commit.parents if digest not in seen]).values():
                seen[parent.digest] = parent
                heapq.heappush(queue, (-parent.generation, parent.digest))
        yield None
    yield _independent(graph, found)


def _independent(graph: CommitGraph, commits: list[CommitNode]) -> set[Digest]:
    """Those of ``commits`` that no other one of them descends from."""
    best: list[CommitNode] = []
    for commit in sorted(commits, key=lambda commit: -commit.generation):
        if not any(_Descent(graph, better).includes(commit) for better in best):
            best.append(commit)
    return {commit.digest for commit in best}


@dataclass
class _Descent:
    """Tells which commits ``head`` descends from."""

    graph: CommitGraph
    head: CommitNode
    strangers: set[Digest] = field(default_factory=set)
    """Commits that are known not to be reached from the head."""

    def includes(self, commit: CommitNode) -> bool:
        """Whether ``commit`` is the head or an ancestor of it: by the first-parent line, else through children."""
        seen = {commit.digest}
        frontier = [commit] if commit.generation <= self.head.generation else []
        while frontier:
            if any(self._on_first_parents(candidate) for candidate in frontier):
                return True
            children = self.graph.children([candidate.digest for candidate in frontier])
            frontier = [
                child
                for siblings in children.values()
                for child in siblings
                if child.generation <= self.head.generation and child.digest not in seen | self.strangers
            ]
            frontier = list({child.digest: child for child in frontier}.values())
            seen.update(child.digest for child in frontier)
        self.strangers |= seen
        return False

    def _on_first_parents(self, commit: CommitNode) -> bool:
        if commit.depth > self.head.depth:
            return False
        return self.graph.first_parent_ancestor(self.head.digest, commit.depth) == commit.digest
