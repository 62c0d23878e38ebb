"""The merge base of two commits in a long history."""

import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

from django.db import transaction

from benchmarks.agreement import agree
from benchmarks.dag import SEED, History, history
from benchmarks.git import WHO, GitRepository
from benchmarks.measure import Line, Timing, Work, beside
from benchmarks.progress import step
from benchmarks.size import Size
from benchmarks.store import analyze
from history.engine.canonical import digest
from history.engine.dag import Jump, next_jump
from history.engine.tree import EMPTY_ROOT
from history.models import Commit, CommitParent, Repository
from history.models.bulk import rows_insert
from history.selectors import merge_bases
from history.services import repository_create

COMMIT_COLUMNS: Final = {
    "digest": "text",
    "repository_id": "uuid",
    "root": "text",
    "author_id": "uuid",
    "message": "text",
    "message_salt": "bytea",
    "created_at": "timestamptz",
    "generation": "int4",
    "depth": "int4",
    "first_parent_id": "text",
    "jump_id": "text",
    "jump_depth": "int4",
}
EDGE_COLUMNS: Final = {"commit_id": "text", "parent_id": "text", "position": "int4"}


def lines(actor: Any, size: Size, folder: Path) -> Iterator[Line]:
    made = history(size.commits)
    with step(f"Loading a history of {size.commits:,} commits"):
        ours = load(actor, made)
        analyze()
    with step("Loading the same into git"):
        git = GitRepository(folder / "history.git")
        peer = load_git(git, made)
    main = made.heads["main"]
    with step(f"Comparing the merge bases of {size.pairs:,} pairs of commits"):
        yield Line(*compared(ours, git, peer, pairs(made, size.pairs)))
    young, oldest = (
        (
            Work(f"merge base of the {age} branch", partial(bases, ours, main, made.heads[age])),
            Work("git merge-base", partial(git_bases, git, peer, main, made.heads[age])),
        )
        for age in ("young", "oldest")
    )
    yield beside(*young, size.times)
    yield beside(*oldest, size.times, aim=1)


def pairs(made: History, count: int) -> list[tuple[int, int]]:
    """Pairs of commits of any age, the heads among them."""
    random = Random(SEED)
    heads = sorted(made.heads.values())
    return [(random.choice(heads), random.randrange(len(made.parents))) for _ in range(count)]


def compared(
    ours: Sequence[Commit], git: GitRepository, peer: Sequence[str], chosen: Sequence[tuple[int, int]]
) -> tuple[Timing, Timing]:
    """How long each merge base took. Raises Disagreement where one is another than git's."""
    number = {commit.digest: place for place, commit in enumerate(ours)}
    git_number = {name: place for place, name in enumerate(peer)}
    seconds: tuple[list[float], list[float]] = ([], [])
    for left, right in chosen:
        start = time.perf_counter()
        found = bases(ours, left, right)
        between = time.perf_counter()
        git_found = git_bases(git, peer, left, right)
        seconds[0].append(between - start)
        seconds[1].append(time.perf_counter() - between)
        agree(
            f"Merge bases of {left} and {right}",
            {number[each.digest] for each in found},
            {git_number[e] for e in git_found},
        )
    return Timing("merge base of any two commits", tuple(seconds[0])), Timing("git merge-base", tuple(seconds[1]))


def bases(ours: Sequence[Commit], left: int, right: int) -> list[Commit]:
    return merge_bases(ours[left], ours[right])


def git_bases(git: GitRepository, peer: Sequence[str], left: int, right: int) -> list[str]:
    return git.run("merge-base", "--all", peer[left], peer[right], succeeds=(0, 1)).decode().split()


def load(actor: Any, made: History) -> list[Commit]:
    """The commits by number, of which no more than the digest is read. Their trees are empty: nobody asks for them."""
    return commits_insert(repository_create(actor=actor, name="history"), made, EMPTY_ROOT)


@transaction.atomic
def commits_insert(repository: Repository, made: History, root: str) -> list[Commit]:
    """``made`` as commits of ``repository`` that all hold the tree ``root``, by number."""
    digests = [digest("commit", f"{repository.name} {number}".encode()) for number in range(len(made.parents))]
    places: dict[str | None, Jump] = {}
    generations: list[int] = []
    rows, edges = [], []
    for name, numbers in zip(digests, made.parents, strict=True):
        parents = [digests[number] for number in numbers]
        generations.append(1 + max((generations[number] for number in numbers), default=-1))
        place = places[name] = _place(parents, places)
        of_all = (repository.pk, root, repository.created_by_id, "Load", b"", repository.created_at)
        first = parents[0] if parents else None
        rows.append((name, *of_all, generations[-1], place.depth, first, place.jump, place.jump_depth))
        edges += [(name, parent, position) for position, parent in enumerate(parents)]
    rows_insert(Commit, COMMIT_COLUMNS, rows)
    rows_insert(CommitParent, EDGE_COLUMNS, edges)
    return [Commit(digest=name) for name in digests]


def _place(parents: Sequence[str], places: dict[str | None, Jump]) -> Jump:
    if not parents:
        return Jump(0, None, 0)
    first = places[parents[0]]
    return next_jump(parents[0], first, places.get(first.jump))


def load_git(git: GitRepository, made: History) -> list[str]:
    """The object names of all commits, by number."""
    marks = git.folder / "marks"
    git.load(_stream(made), f"--export-marks={marks}")
    git.tidy()
    names = dict(line.split() for line in marks.read_text().splitlines())
    return [names[f":{number + 1}"] for number in range(len(made.parents))]


def _stream(made: History) -> Iterator[bytes]:
    branch_of = {number: branch for branch, number in made.heads.items()}
    for number, parents in enumerate(made.parents):
        branch = branch_of.get(number, "passing")
        yield b"reset refs/heads/%s\ncommit refs/heads/%s\nmark :%d\n" % (branch.encode(), branch.encode(), number + 1)
        message = b"%d" % number  # without it, two commits on one parent would be one
        yield b"committer %s\ndata %d\n%s\n" % (WHO, len(message), message)
        for position, parent in enumerate(parents):
            yield b"%s :%d\n" % (b"merge" if position else b"from", parent + 1)
