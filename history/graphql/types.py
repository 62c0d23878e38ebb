"""What history shows over GraphQL: repositories, branches, commits, resources and members."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self

import strawberry

from gateway.graphql import JSON, Limit, Offset, page
from history import models, selectors
from history.engine.content import Key
from history.selectors import TreeView
from history.selectors.rows import contents_of


@strawberry.type(description="A state of the ontology and where it came from.")
class Commit:
    id: str
    parents: list[str]
    author: str
    message: str
    created_at: datetime

    @classmethod
    def of(cls, row: models.Commit) -> Self:
        return cls(
            id=row.digest,
            parents=[edge.parent_id for edge in row.parent_edges.all()],
            author=row.author.get_username(),
            message=row.message,
            created_at=row.created_at,
        )


@strawberry.type(description="A page of commits, newest first.")
class CommitPage:
    items: list[Commit]
    next: str | None

    @classmethod
    def of(cls, commits: list[models.Commit], frontier: list[str]) -> Self:
        return cls(items=[Commit.of(row) for row in commits], next=selectors.cursor_of(frontier) or None)


@strawberry.type(description="A commit and the lines through its row of the picture; lanes are counted from 0.")
class DrawnCommit:
    commit: Commit
    lane: int
    passing: list[int]
    joining: list[int]
    leaving: list[int]
    branches: list[str]
    branch_count: int

    @classmethod
    def of(cls, drawn: selectors.DrawnCommit) -> Self:
        return cls(
            commit=Commit.of(drawn.commit),
            lane=drawn.row.lane,
            passing=list(drawn.row.passing),
            joining=list(drawn.row.joining),
            leaving=list(drawn.row.leaving),
            branches=list(drawn.label.names),
            branch_count=drawn.label.count,
        )


@strawberry.type(
    description="A page of a picture of commits; ``leftOut`` counts the branches that it does not begin at."
)
class CommitGraphPage:
    items: list[DrawnCommit]
    next: str | None
    left_out: int


@strawberry.type(description="That one person or service alone writes to a branch until the lock expires.")
class BranchLock:
    branch: str
    owner: str
    reason: str
    token: int
    taken_at: datetime
    renewed_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, row: models.BranchLock) -> Self:
        return cls(
            branch=row.branch.name,
            owner=row.owner.get_username(),
            reason=row.reason,
            token=row.token,
            taken_at=row.taken_at,
            renewed_at=row.renewed_at,
            expires_at=row.expires_at,
        )


@strawberry.type(description="A name for a commit that moves as work goes on.")
class Branch:
    name: str
    head: str
    state: str
    lock: BranchLock | None
    created_by: str
    created_at: datetime

    @classmethod
    def of(cls, row: models.Branch) -> Self:
        lock = row.current_lock
        return cls(
            name=row.name,
            head=row.head_id,
            state=row.state.value,
            lock=BranchLock.of(lock) if lock else None,
            created_by=row.created_by.get_username(),
            created_at=row.created_at,
        )


@strawberry.type(description="A resource at a commit.")
class Resource:
    kind: str
    api_name: str
    rid: str | None
    content: JSON
    etag: str
    commit: str

    @classmethod
    def list_of(cls, digests: Mapping[Key, str], commit: models.Commit) -> list[Self]:
        """The resources at ``commit`` whose contents have these digests."""
        bodies = contents_of(digests.values())
        return [
            cls(
                kind=kind,
                api_name=name,
                rid=bodies[digest].get("rid"),
                content=JSON(bodies[digest]),
                etag=digest,
                commit=commit.digest,
            )
            for (kind, name), digest in digests.items()
        ]

    @classmethod
    def at(cls, commit: models.Commit, key: Key) -> Self | None:
        """What stands under ``key`` at ``commit``."""
        return next(iter(cls.list_of(TreeView(commit.root).digests([key]), commit)), None)


@strawberry.type(description="A page of resources, by kind and name.")
class ResourcePage:
    total: int
    items: list[Resource]


@strawberry.type(description="That a person or a group belongs to a repository.")
class Member:
    user: str | None
    group: str | None
    role: str

    @classmethod
    def of(cls, row: models.Membership) -> Self:
        return cls(
            user=row.user.get_username() if row.user else None,
            group=row.group.name if row.group else None,
            role=row.role,
        )


@strawberry.type(description="An ontology's home.")
class RepositorySummary:
    row: strawberry.Private[models.Repository]
    name: str
    title: str
    description: str
    visibility: str
    default_branch: str
    created_at: datetime

    @classmethod
    def of(cls, row: models.Repository) -> Self:
        return cls(
            row=row,
            name=row.name,
            title=row.title,
            description=row.description,
            visibility=row.visibility,
            default_branch=row.default_branch,
            created_at=row.created_at,
        )


@strawberry.type(description="An ontology's home and what it holds.")
class Repository(RepositorySummary):
    @strawberry.field
    def branches(self, limit: Limit = 50, offset: Offset = 0) -> list[Branch]:
        """The branches, by name."""
        rows = self.row.branches.select_related("created_by", "lock__owner")
        return [Branch.of(row) for row in rows[page(limit, offset)]]

    @strawberry.field
    def branch(self, name: str) -> Branch:
        """One branch."""
        return Branch.of(selectors.branch_get(self.row, name))

    @strawberry.field
    def commits(self, ref: str = "", cursor: str = "", limit: Limit = 50) -> CommitPage:
        """The commits that a ref reaches, newest first; ``next`` of a page is the cursor of the one behind it."""
        page(limit)
        return CommitPage.of(*selectors.log_page(self._frontier(ref, cursor), limit))

    @strawberry.field
    def commit_graph(
        self,
        *,
        ref: str = "",
        all: bool = False,  # noqa: A002 - git's own name for it
        cursor: str = "",
        limit: Limit = 50,
    ) -> CommitGraphPage:
        """The commits of a ref, or of all branches with it, in lanes, newest first."""
        page(limit)
        if cursor:
            position = selectors.graph_position(self.row, cursor)
        else:
            position = selectors.graph_start(self.row, self._at(ref), every_branch=all)
        drawn, behind = selectors.graph_page(self.row, position, limit)
        return CommitGraphPage(
            items=[DrawnCommit.of(each) for each in drawn],
            next=selectors.graph_cursor(behind) or None,
            left_out=selectors.branches_left_out(self.row) if all else 0,
        )

    @strawberry.field
    def commit(self, ref: str) -> Commit:
        """The commit that a ref names."""
        return Commit.of(self._at(ref))

    @strawberry.field
    def resources(
        self, ref: str = "", kind: str = "", search: str = "", limit: Limit = 50, offset: Offset = 0
    ) -> ResourcePage:
        """The resources at a ref whose name holds ``search``."""
        page(limit, offset)
        commit = self._at(ref)
        total, entries = TreeView(commit.root).page(kind=kind, search=search, offset=offset, limit=limit)
        return ResourcePage(total=total, items=Resource.list_of({entry.key: entry.digest for entry in entries}, commit))

    @strawberry.field
    def resource(self, kind: str, api_name: str, ref: str = "") -> Resource | None:
        """One resource at a ref."""
        return Resource.at(self._at(ref), (kind, api_name))

    @strawberry.field
    def resource_history(
        self, kind: str, api_name: str, ref: str = "", cursor: str = "", limit: Limit = 50
    ) -> CommitPage:
        """The commits that changed a resource, newest first; a page may be short although ``next`` leads on."""
        page(limit)
        return CommitPage.of(*selectors.resource_log_page(self._frontier(ref, cursor), (kind, api_name), limit))

    @strawberry.field
    def members(self, limit: Limit = 50, offset: Offset = 0) -> list[Member]:
        """Who belongs to the repository, and as what."""
        rows = self.row.memberships.select_related("user", "group").order_by("id")
        return [Member.of(row) for row in rows[page(limit, offset)]]

    def _frontier(self, ref: str, cursor: str) -> list[str]:
        return selectors.frontier_of(self.row, cursor) if cursor else [self._at(ref).digest]

    def _at(self, ref: str) -> models.Commit:
        return selectors.ref_resolve(self.row, ref or self.row.default_branch)
