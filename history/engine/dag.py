"""Questions about the graph of commits, answered without walking a long history.

A repository's main line may be 100,000 commits long while the branch in question is old and
short. So a merge base is sought from both heads by turns, and each side's search asks of a
commit whether the other head descends from it: along first parents by jump pointers in a
logarithmic number of steps (Myers, 1983), beside them forward through children.
"""

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
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

    def first_parent_ancestors(self, digests: Collection[Digest], depth: int) -> Mapping[Digest, Digest]:
        """For each of ``digests`` that is as deep the commit at ``depth`` on its line of first parents."""


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
    descent = _Descent(graph, [known[head]])
    return {digest for digest in candidates if descent.includes(known[digest])}


def reaching(graph: CommitGraph, commit: Digest, heads: Collection[Digest]) -> set[Digest]:
    """Those of ``heads`` that reach ``commit``, or are it."""
    known = graph.commits({commit, *heads})
    return _Descent(graph, [known[head] for head in heads]).heads_from(known[commit])


def only_in(graph: CommitGraph, head: Digest, other: Digest, limit: int) -> list[Digest]:
    """The commits that ``head`` reaches and ``other`` does not, the later ones first; ``limit`` of them at most.

    A commit comes before its parents.
    """
    known = graph.commits({head, other})
    descent = _Descent(graph, [known[other]])
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
    descent, commit = _Descent(graph, [known[other]]), known[head]
    while not descent.includes(commit):
        if len(commit.parents) != 1:
            return False
        [commit] = graph.commits(commit.parents).values()
    return True


def is_ancestor(graph: CommitGraph, ancestor: Digest, descendant: Digest) -> bool:
    """Whether ``descendant`` reaches ``ancestor`` (or is it)."""
    known = graph.commits({ancestor, descendant})
    return _Descent(graph, [known[descendant]]).includes(known[ancestor])


def _bases(graph: CommitGraph, start: Digest, other: Digest) -> Iterator[set[Digest] | None]:
    """Search back from ``start`` for the nearest ancestors of ``other``; None after each unfinished step."""
    known = graph.commits({start, other})
    descent = _Descent(graph, [known[other]])
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
        if not any(_Descent(graph, [better]).includes(commit) for better in best):
            best.append(commit)
    return {commit.digest for commit in best}


@dataclass
class _Descent:
    """Tells which of ``heads`` descend from a commit."""

    graph: CommitGraph
    heads: Sequence[CommitNode]
    strangers: set[Digest] = field(default_factory=set)
    """Commits that are known not to be reached from any of the heads."""

    def includes(self, commit: CommitNode) -> bool:
        """Whether ``commit`` is a head or an ancestor of one."""
        return bool(self.heads_from(commit))

    def heads_from(self, commit: CommitNode) -> set[Digest]:
        """The heads that are ``commit`` or descend from it: by the first-parent line, else through children."""
        found = set[Digest]()
        sought = [head for head in self.heads if head.generation >= commit.generation]
        seen, frontier = {commit.digest}, [commit]
        while frontier and sought:
            for candidate in frontier:
                found |= self._on_first_parents(candidate, sought)
                sought = [head for head in sought if head.digest not in found]
            frontier = self._above(frontier, sought, seen)
            seen.update(child.digest for child in frontier)
        if not found:
            self.strangers |= seen
        return found

    def _above(
        self, frontier: Sequence[CommitNode], sought: Sequence[CommitNode], seen: Collection[Digest]
    ) -> list[CommitNode]:
        """The children of ``frontier`` by which those of the heads that are ``sought`` may still be come to."""
        if not sought:
            return []
        highest = max(head.generation for head in sought)
        children = self.graph.children([candidate.digest for candidate in frontier])
        above = {
            child.digest: child
            for siblings in children.values()
            for child in siblings
            if child.generation <= highest and child.digest not in seen and child.digest not in self.strangers
        }
        return list(above.values())

    def _on_first_parents(self, commit: CommitNode, heads: Sequence[CommitNode]) -> set[Digest]:
        deep = [head.digest for head in heads if head.depth >= commit.depth]
        places = self.graph.first_parent_ancestors(deep, commit.depth)
        return {head for head, place in places.items() if place == commit.digest}
