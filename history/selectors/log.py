"""The commits that a ref reaches, newest first, in pages."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Sequence
from functools import reduce
from operator import or_
from typing import Final

from django.db import connection
from django.db.models import Prefetch, Q

from gateway.exceptions import FieldError
from history.engine import tree
from history.engine.content import Key
from history.exceptions import CursorInvalid
from history.models import Commit, CommitParent, Repository
from history.selectors.trees import DatabaseNodes

# ``place`` is a commit's place in the log as text. A commit is never older than a parent, and of one age it has the
# greater generation, so children come first. The commits whose turn is still to come are an array: each step takes the
# newest out and puts its parents in. So a page costs what it holds, however many wait and however far back they lie.
NEXT_COMMITS: Final = """
WITH RECURSIVE placed AS NOT MATERIALIZED (
    SELECT digest, (
        to_char(created_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') || to_char(generation, 'FM0000000000') || digest
    ) COLLATE "C" AS place
    FROM history_commit
),
walk AS (
    SELECT 0 AS step, ARRAY(SELECT place FROM placed WHERE digest = ANY(%(start)s)) AS waiting
    UNION ALL
    SELECT step + 1, ARRAY(
        SELECT place FROM unnest(waiting) place WHERE place <> newest
        UNION
        SELECT place FROM history_commitparent edge JOIN placed ON placed.digest = edge.parent_id
        WHERE edge.commit_id = right(newest, 64)
    )
    FROM walk CROSS JOIN LATERAL (SELECT max(place COLLATE "C") AS newest FROM unnest(waiting) place) first
    WHERE step < %(limit)s AND newest IS NOT NULL
)
SELECT right((SELECT max(place COLLATE "C") FROM unnest(waiting) place), 64)
FROM walk WHERE step < %(limit)s AND cardinality(waiting) > 0 ORDER BY step
"""
START_BYTES: Final = 12
"""So much of a digest stands for it in a cursor: an address holds hundreds of them, and none meets another."""
CURSOR: Final = re.compile(r"([A-Za-z0-9_-]{16})+")
HISTORY_WINDOW: Final = 200
HISTORY_WINDOWS: Final = 25
"""A page of a resource's history reads at most this many windows of commits."""


def cursor_of(frontier: Sequence[str]) -> str:
    """A frontier as text that a client carries; empty at the end."""
    return urlsafe_b64encode(b"".join(bytes.fromhex(digest)[:START_BYTES] for digest in frontier)).decode()


def frontier_of(repository: Repository, cursor: str) -> list[str]:
    """The frontier that :func:`cursor_of` made a text of. Raises CursorInvalid."""
    return sorted(commits_of(repository, starts_of(cursor)).values())


def starts_of(cursor: str) -> list[str]:
    """The starts of digests that a cursor holds, in its order; none where it is no cursor."""
    packed = urlsafe_b64decode(cursor) if CURSOR.fullmatch(cursor) else b""
    return [packed[place : place + START_BYTES].hex() for place in range(0, len(packed), START_BYTES)]


def commits_of(repository: Repository, starts: Collection[str]) -> dict[str, str]:
    """The commits' digests by their starts. Raises CursorInvalid unless ``repository`` has one for each."""
    meant = reduce(or_, (Q(digest__startswith=start) for start in set(starts)), Q(digest__in=()))
    digests = Commit.objects.filter(meant, repository=repository).values_list("digest", flat=True)
    found = {digest[: 2 * START_BYTES]: digest for digest in digests}
    if not found or found.keys() != set(starts):
        raise CursorInvalid(errors=[FieldError("?cursor", "INVALID", CursorInvalid().detail)])
    return found


def log_page(start: Sequence[str], limit: int) -> tuple[list[Commit], list[str]]:
    """The next ``limit`` commits from the frontier ``start`` and the frontier behind them.

    Children come before parents. The frontier (digests) is the whole position: a later call
    with it goes on exactly there, at the same cost.
    """
    with connection.cursor() as cursor:
        cursor.execute(NEXT_COMMITS, {"start": list(start), "limit": limit})
        digests = [row[0] for row in cursor.fetchall()]
    edges = Prefetch("parent_edges", CommitParent.objects.order_by("position"))
    known = Commit.objects.select_related("author").prefetch_related(edges).in_bulk(digests)
    page = [known[digest] for digest in digests]
    return page, _frontier_behind(page, start)


def resource_log_page(start: Sequence[str], key: Key, limit: int) -> tuple[list[Commit], list[str]]:
    """The commits that changed ``key`` against every parent, newest first, and where to go on.

    The page may hold fewer than ``limit`` although there is more behind it.
    """
    nodes = DatabaseNodes()
    frontier, found = list(start), list[Commit]()
    for _ in range(HISTORY_WINDOWS):
        if not frontier or len(found) >= limit:
            break
        window, behind = log_page(frontier, HISTORY_WINDOW)
        roots = _roots(window)
        held = tree.lookup_in(nodes, set(roots.values()), key)
        for place, commit in enumerate(window):
            parents = [held[roots[edge.parent_id]] for edge in commit.parent_edges.all()] or [None]
            if held[commit.root] not in parents:
                found.append(commit)
                if len(found) == limit:
                    return found, _frontier_behind(window[: place + 1], frontier)
        frontier = behind
    return found, frontier


def _roots(window: Sequence[Commit]) -> dict[str, str]:
    """The roots of the commits of ``window`` and of their parents."""
    roots = {commit.digest: commit.root for commit in window}
    missing = {edge.parent_id for commit in window for edge in commit.parent_edges.all()} - roots.keys()
    roots.update(Commit.objects.filter(digest__in=missing).values_list("digest", "root"))
    return roots


def _frontier_behind(walked: Sequence[Commit], start: Sequence[str]) -> list[str]:
    """What comes next after ``walked``, which began at ``start``."""
    reached = {edge.parent_id for commit in walked for edge in commit.parent_edges.all()} | set(start)
    return sorted(reached - {commit.digest for commit in walked})
