"""The commits of one branch or of many as a picture in rows, page by page."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Case, Count, F, Value, When, Window
from django.db.models.functions import RowNumber

from gateway.exceptions import FieldError
from history.engine.dag import Digest
from history.engine.lanes import Lane, Lanes, Row, lanes_laid
from history.exceptions import CursorInvalid
from history.models import Commit, Repository
from history.selectors.log import START_BYTES, commits_of, cursor_of, log_page, starts_of

HEADS: Final = 50
"""A picture of all branches begins at the heads of this many, those with the newest commits."""
LABELS: Final = 10
"""So many branches are named at the commit that they point to."""
FREE: Final = "0" * 64
"""What stands in a cursor for a lane that is free."""


@dataclass(frozen=True)
class GraphPosition:
    """Where a picture goes on."""

    lanes: Lanes
    waiting: tuple[Digest, ...]
    """Commits to come to which no line leads yet."""

    @property
    def is_end(self) -> bool:
        return not self.lanes and not self.waiting


@dataclass(frozen=True)
class Label:
    """The branches that point to a commit: the names of the first, and how many there are."""

    names: tuple[str, ...] = ()
    count: int = 0


@dataclass(frozen=True)
class DrawnCommit:
    commit: Commit
    row: Row
    label: Label


def graph_start(repository: Repository, head: Commit, *, every_branch: bool) -> GraphPosition:
    """The beginning of the picture of ``head``, which has the first lane, or of the newest branches with it."""
    heads = {head.digest}
    if every_branch:
        newest = repository.branches.order_by("-head__created_at", "name")
        heads.update(newest.values_list("head_id", flat=True)[:HEADS])
    return GraphPosition((Lane(head.digest, begun=False),), tuple(sorted(heads)))


def branches_left_out(repository: Repository) -> int:
    """How many branches a picture of all does not begin at."""
    return max(repository.branches.count() - HEADS, 0)


def graph_page(repository: Repository, position: GraphPosition, limit: int) -> tuple[list[DrawnCommit], GraphPosition]:
    """The next ``limit`` commits from ``position``, newest first, and where to go on.

    A later call with that goes on exactly there: pages of any size make up the same picture.
    """
    leading = {lane.commit for lane in position.lanes if lane}
    commits, behind = log_page(sorted(leading | set(position.waiting)), limit)
    rows, lanes = lanes_laid(
        [(commit.digest, [edge.parent_id for edge in commit.parent_edges.all()]) for commit in commits], position.lanes
    )
    labels = _labels(repository, [commit.digest for commit in commits])
    drawn = [
        DrawnCommit(commit, row, labels.get(commit.digest, Label())) for commit, row in zip(commits, rows, strict=True)
    ]
    led_to = {lane.commit for lane in lanes if lane and lane.begun}
    return drawn, GraphPosition(lanes, tuple(digest for digest in behind if digest not in led_to))


def graph_cursor(position: GraphPosition) -> str:
    """A position as text that a client carries; empty at the end."""
    if position.is_end:
        return ""
    lanes = cursor_of([lane.commit if lane else FREE for lane in position.lanes])
    return f"{lanes}.{cursor_of(position.waiting)}"


def graph_position(repository: Repository, cursor: str) -> GraphPosition:
    """The position that :func:`graph_cursor` made a text of. Raises CursorInvalid."""
    lanes, waiting = map(starts_of, cursor.partition(".")[::2])
    free = FREE[: 2 * START_BYTES]
    known = commits_of(repository, {*lanes, *waiting} - {free})
    position = GraphPosition(
        tuple(None if start == free else Lane(known[start], start not in waiting) for start in lanes),
        tuple(known[start] for start in waiting),
    )
    if graph_cursor(position) != cursor:
        raise CursorInvalid(errors=[FieldError("?cursor", "INVALID", CursorInvalid().detail)])
    return position


def _labels(repository: Repository, digests: Collection[Digest]) -> Mapping[Digest, Label]:
    """The branches that point to each of ``digests``, the default branch first."""
    is_other = Case(When(name=repository.default_branch, then=Value(0)), default=Value(1))
    ranked = repository.branches.filter(head_id__in=digests).annotate(
        rank=Window(RowNumber(), partition_by="head_id", order_by=[is_other, F("name")]),
        count=Window(Count("*"), partition_by="head_id"),
    )
    named = ranked.filter(rank__lte=LABELS).order_by("rank")
    found: dict[Digest, Label] = {}
    for digest, name, count in named.values_list("head_id", "name", "count"):
        found[digest] = Label((*found.get(digest, Label()).names, name), count)
    return found
