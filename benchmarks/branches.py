"""Making a branch where there are few and where there are many."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.git import GitRepository, commit_stream
from benchmarks.measure import Line, Work, timings
from benchmarks.ontology import resources
from benchmarks.progress import step
from benchmarks.size import Size
from benchmarks.store import analyze, repository_of
from history.models import Branch, HeadMove
from history.services import branch_create

RESOURCES = 100
MADE = "feature/made"


def lines(actor: Any, size: Size, folder: Path) -> Iterator[Line]:
    with step(f"Making repositories with {size.branches[0]:,} and {size.branches[1]:,} branches"):
        works = [work for count in size.branches for work in (_in_oms(actor, count), _in_git(folder, count))]
        analyze()
    few, git_few, many, git_many = timings(works, size.short_times)
    yield Line(many, few, aim=1.5)
    yield Line(few, git_few)
    yield Line(many, git_many)


def _names(count: int) -> list[str]:
    return [f"feature/{number:06}" for number in range(count - 1)]  # main is one as well


def _in_oms(actor: Any, count: int) -> Work:
    main = repository_of(actor, f"branches-{count}", resources(RESOURCES))
    repository, head = main.repository, main.head
    Branch.objects.bulk_create(
        Branch(repository=repository, name=name, head=head, created_by=actor) for name in _names(count)
    )
    HeadMove.objects.bulk_create(
        HeadMove(repository=repository, branch=name, after=head, actor=actor, reason="Load") for name in _names(count)
    )
    return Work(
        f"branch among {count:,}",
        lambda: branch_create(actor=actor, repository=repository, name=MADE),
        lambda: repository.branches.filter(name=MADE).delete(),
    )


def _in_git(folder: Path, count: int) -> Work:
    git = GitRepository(folder / f"branches-{count}.git")
    git.load(commit_stream("main", resources(RESOURCES)))
    head = git.run("rev-parse", "main").strip()
    git.run(
        "update-ref",
        "--stdin",
        given=b"".join(b"create refs/heads/%s %s\n" % (n.encode(), head) for n in _names(count)),
    )
    git.tidy()
    return Work(
        f"git branch among {count:,}",
        lambda: git.run("branch", MADE, "main"),
        lambda: git.run("update-ref", "-d", f"refs/heads/{MADE}"),
    )
