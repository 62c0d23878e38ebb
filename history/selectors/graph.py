"""The commit graph as it lies in the database."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django.db import connection
from django.db.models import Prefetch

from history.engine import dag
from history.engine.dag import CommitNode, Digest
from history.models import Commit, CommitParent

# LATERAL with OFFSET 0 has the edges looked up commit by commit. A walk's rows cannot be estimated, and
# at a guess that is too high the planner would read whole tables.
WALK: Final = """
WITH RECURSIVE walk AS (
    SELECT digest, generation, depth, TRUE AS asked FROM history_commit WHERE digest = ANY(%(start)s)
    UNION
    SELECT near.digest, near.generation, near.depth, FALSE
    FROM walk
    CROSS JOIN LATERAL (
        SELECT c.digest, c.generation, c.depth
        FROM history_commitparent edge JOIN history_commit c ON {step}
        OFFSET 0
    ) near
    WHERE {within}
)
SELECT digest, generation, depth,
    ARRAY(SELECT parent_id FROM history_commitparent WHERE commit_id = walk.digest ORDER BY position)
FROM walk
"""
ANCESTORS: Final = WALK.format(
    step="c.digest = edge.parent_id WHERE edge.commit_id = walk.digest",
    within="walk.generation > (SELECT max(generation) FROM history_commit WHERE digest = ANY(%(start)s)) - %(window)s",
)
"""The commits asked for, and the parents of all that is less than some generations back."""
DESCENDANTS: Final = WALK.format(
    step="c.digest = edge.commit_id WHERE edge.parent_id = walk.digest",
    within="walk.asked OR walk.generation < %(ceiling)s",
)
"""The commits asked for, and the children of these and of all that is below a generation."""

# Follows the jump where it does not overshoot, else one first-parent step; then some steps more.
FIRST_PARENTS: Final = """
WITH RECURSIVE walk AS (
    SELECT digest AS start, digest, depth, first_parent_id, jump_id, jump_depth
    FROM history_commit WHERE digest = ANY(%(digests)s)
    UNION ALL
    SELECT walk.start, near.digest, near.depth, near.first_parent_id, near.jump_id, near.jump_depth
    FROM walk
    CROSS JOIN LATERAL (
        SELECT c.digest, c.depth, c.first_parent_id, c.jump_id, c.jump_depth
        FROM history_commit c
        WHERE c.digest = CASE WHEN walk.jump_depth >= %(from)s THEN walk.jump_id ELSE walk.first_parent_id END
        OFFSET 0
    ) near
    WHERE walk.depth > %(to)s
)
SELECT start, depth, digest FROM walk WHERE depth <= %(from)s
"""

FIRST_WINDOW: Final = 8
LARGEST_WINDOW: Final = 512


class DatabaseGraph:
    """Reads commits and keeps what it has read: a graph is asked within one operation only.

    Who asks for a commit soon asks for its neighbours. So a read takes in a window of generations
    around it, and a larger one each time, since a long search goes on for long.
    """

    def __init__(self) -> None:
        self._commits: dict[Digest, CommitNode] = {}
        self._ends: dict[Digest, int] = {}
        """The commits that are not read yet but are parents of what is, each with a child's generation."""
        self._children: dict[Digest, tuple[CommitNode, ...]] = {}
        self._lines: dict[Digest, dict[int, Digest]] = {}
        self._windows = dict.fromkeys((ANCESTORS, DESCENDANTS, FIRST_PARENTS), FIRST_WINDOW)

    def commits(self, digests: Collection[Digest]) -> Mapping[Digest, CommitNode]:
        missing = {digest for digest in digests if digest not in self._commits}
        if missing:
            self._read_ancestors(missing)
        return {digest: self._commits[digest] for digest in digests}

    def children(self, digests: Collection[Digest]) -> Mapping[Digest, tuple[CommitNode, ...]]:
        missing = [digest for digest in digests if digest not in self._children]
        if missing:
            self._read_children(missing)
        return {digest: self._children[digest] for digest in digests}

    def first_parent_ancestors(self, digests: Collection[Digest], depth: int) -> Mapping[Digest, Digest]:
        lines = {digest: self._lines.setdefault(digest, {}) for digest in digests}
        missing = [digest for digest, line in lines.items() if depth not in line]
        if missing:
            window = self._next_window(FIRST_PARENTS)
            with connection.cursor() as cursor:
                cursor.execute(FIRST_PARENTS, {"digests": missing, "from": depth + window, "to": depth - window})
                for digest, place, ancestor in cursor.fetchall():
                    lines[digest][place] = ancestor
        return {digest: line[depth] for digest, line in lines.items() if depth in line}

    def _read_ancestors(self, digests: Collection[Digest]) -> None:
        """``digests``, what is behind them, and behind other ends that a search comes to next."""
        window = self._next_window(ANCESTORS)
        highest = max((self._ends[digest] for digest in digests if digest in self._ends), default=0)
        near = (digest for digest, generation in self._ends.items() if highest - window < generation <= highest)
        self._read(ANCESTORS, start=list({*digests, *near}), window=window)

    def _read_children(self, digests: Collection[Digest]) -> None:
        """The children of ``digests``, and others of which a search asks next.

        One that came up to ``digests`` goes on upwards. One that begins with them begins just below the next time.
        """
        window = self._next_window(DESCENDANTS)
        asked, known = set(digests), self.commits(digests).values()
        lowest = ceiling = min(node.generation for node in known)
        if any(parent in self._children for node in known for parent in node.parents):
            ceiling += window
        else:
            ceiling += FIRST_WINDOW
            below = range(lowest - window + 1, lowest + 1)
            asked.update(node.digest for node in self._commits.values() if node.generation in below)
            asked -= self._children.keys()
        found = self._read(DESCENDANTS, start=list(asked), ceiling=ceiling)
        children: dict[Digest, list[CommitNode]] = {
            node.digest: [] for node in found if node.generation < ceiling or node.digest in asked
        }
        for node in found:
            for parent in children.keys() & node.parents:
                children[parent].append(node)
        self._children.update((digest, tuple(nodes)) for digest, nodes in children.items())

    def _read(self, walk: str, **parameters: Any) -> list[CommitNode]:
        with connection.cursor() as cursor:
            cursor.execute(walk, parameters)
            found = [
                CommitNode(digest, tuple(parents), generation, depth)
                for digest, generation, depth, parents in cursor.fetchall()
            ]
        self._commits.update((node.digest, node) for node in found)
        ends = self._ends | {parent: node.generation for node in found for parent in node.parents}
        self._ends = {digest: generation for digest, generation in ends.items() if digest not in self._commits}
        return found

    def _next_window(self, walk: str) -> int:
        window = self._windows[walk]
        self._windows[walk] = min(2 * window, LARGEST_WINDOW)
        return window


def merge_bases(left: Commit, right: Commit) -> list[Commit]:
    """The best common ancestors of two commits of one repository, in order of their digests."""
    return _in_order(dag.merge_bases(DatabaseGraph(), left.digest, right.digest))


def merge_bases_of(parents: Sequence[Commit], other: Commit) -> list[Commit]:
    """Likewise of ``other`` and a commit that merges ``parents``, which need not be there."""
    return _in_order(dag.merge_bases_of(DatabaseGraph(), [parent.digest for parent in parents], other.digest))


def _in_order(digests: Collection[str]) -> list[Commit]:
    return list(Commit.objects.filter(digest__in=digests).order_by("digest"))


def commits_only_in(head: Commit, other: Commit, limit: int) -> list[Commit]:
    """The commits that ``head`` reaches and ``other`` does not, with authors and parents; ``limit`` at most.

    The later ones come first, and none before one that descends from it.
    """
    digests = dag.only_in(DatabaseGraph(), head.digest, other.digest, limit)
    found = Commit.objects.select_related("author").prefetch_related(parents_prefetch()).filter(digest__in=digests)
    return sorted(found, key=lambda commit: (commit.generation, commit.created_at, commit.digest), reverse=True)


def commits_reached(head: Commit, digests: Collection[str]) -> set[str]:
    """Those of ``digests``, of commits of the same repository, that ``head`` reaches, or is."""
    return dag.reached(DatabaseGraph(), head.digest, digests) if digests else set()


def parents_prefetch() -> "Prefetch[str]":
    """For querysets of commits: their parents in order, as ``edge.parent`` of ``parent_edges``."""
    return Prefetch("parent_edges", CommitParent.objects.order_by("position").select_related("parent"))
