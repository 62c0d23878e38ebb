"""Merging proposals of one resource into a branch that has seen very many merges, among very many branches."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.commits import Edits
from benchmarks.dag import History
from benchmarks.git import WHO, GitRepository, commit_stream
from benchmarks.measure import Line, Work, beside
from benchmarks.merge_base import commits_insert
from benchmarks.ontology import resources
from benchmarks.progress import step
from benchmarks.size import Size
from benchmarks.store import analyze, repository_of
from history.engine.changes import Put
from history.engine.content import Content, Key
from history.models import Branch, Repository
from history.services import branch_create, branch_delete, commit_create
from merging.models import Proposal
from merging.services import Way, proposal_merge, proposal_open

TOPIC = "topic"


def lines(actor: Any, size: Size, folder: Path) -> Iterator[Line]:
    contents = resources(size.resources)
    with step(f"Loading {size.commits:,} merges and {size.branches[1]:,} branches"):
        main = repository_of(actor, "busy", contents)
        made = merges(size.commits)
        main.head = commits_insert(main.repository, made, main.head.root)[-1]
        main.save(update_fields=["head"])
        Branch.objects.bulk_create(
            Branch(repository=main.repository, name=f"feature/{number:06}", head=main.head, created_by=actor)
            for number in range(size.branches[1] - 1)
        )
        analyze()
    with step("Loading the same into git"):
        git = GitRepository(folder / "busy.git")
        git.load([*commit_stream("main", contents), *_merge_stream(size.commits)])
        heads = (f"create refs/heads/feature/{number:06} main\n".encode() for number in range(size.branches[1] - 1))
        git.run("update-ref", "--stdin", given=b"".join(heads))
        git.tidy()
    ours, peer = InOMS(actor, main.repository, contents), InGit(git, contents)
    name = f"proposal of one resource merged, after {size.commits:,} merges"
    yield beside(
        Work(name, ours.merge, ours.propose),
        Work("git merge-tree, commit-tree, update-ref", peer.merge, peer.propose),
        size.short_times,
    )


class InOMS:
    """Proposals one after the other, each of one edit."""

    def __init__(self, actor: Any, repository: Repository, contents: Mapping[Key, Content]) -> None:
        self._actor, self._repository, self._edits = actor, repository, Edits(contents)
        self._proposal: Proposal

    def propose(self) -> None:
        self._edits.choose()
        for left in self._repository.branches.filter(name=TOPIC):
            branch_delete(actor=self._actor, branch=left)
        branch = branch_create(actor=self._actor, repository=self._repository, name=TOPIC)
        commit_create(
            actor=self._actor, branch=branch, changes=[Put(*self._edits.key, self._edits.content)], message="Edit"
        )
        self._proposal = proposal_open(actor=self._actor, repository=self._repository, title="Edit", source=TOPIC)

    def merge(self) -> None:
        proposal_merge(actor=self._actor, proposal=self._proposal, way=Way.MERGE)


class InGit:
    """The same by git's own programs."""

    def __init__(self, git: GitRepository, contents: Mapping[Key, Content]) -> None:
        self._git, self._edits = git, Edits(contents)

    def propose(self) -> None:
        self._edits.choose()
        self._git.load(commit_stream(TOPIC, {self._edits.key: self._edits.content}, start="main"), "--force")

    def merge(self) -> None:
        tree = self._git.run("merge-tree", "--write-tree", "main", TOPIC).decode().strip()
        author = {f"GIT_{who}_{what}": "bench" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        commit = self._git.run("commit-tree", tree, "-p", "main", "-p", TOPIC, "-m", "Merge", **author)
        self._git.run("update-ref", "refs/heads/main", commit.decode().strip())


def merges(count: int) -> History:
    """A root and ``count`` merges, each of one commit beside the main line."""
    parents: list[tuple[int, ...]] = [()]
    for _ in range(count):
        main = len(parents) - 1
        parents += [(main,), (main, main + 1)]
    return History(parents, {"main": len(parents) - 1})


def _merge_stream(count: int) -> Iterator[bytes]:
    for number in range(1, count + 1):
        yield b"commit refs/heads/side\nmark :%d\ncommitter %s\ndata 4\nEdit\nfrom refs/heads/main\n" % (number, WHO)
        yield b"commit refs/heads/main\ncommitter %s\ndata 5\nMerge\nmerge :%d\n" % (WHO, number)
