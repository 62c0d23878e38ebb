"""Commits: the log, one commit, and making one from changes."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from history import services
from history.api.serializers import (
    CommitCreateSerializer,
    CommitGraphSerializer,
    CommitSerializer,
    GraphQuery,
    LogQuery,
)
from history.api.views.base import AUTHORITY, DocumentViewSet, RepositoryScopedViewSet
from history.models import Commit
from history.selectors import (
    branches_left_out,
    cursor_of,
    frontier_of,
    graph_cursor,
    graph_page,
    graph_position,
    graph_start,
    log_page,
)

LogReader = Callable[[Sequence[str], int], tuple[list[Commit], list[str]]]


def log_response(view: RepositoryScopedViewSet, read: LogReader) -> Response:
    """A page of commits from ``?ref=``, or from where ``?cursor=`` says."""
    query = view.query(LogQuery)
    cursor, ref = query["cursor"], query["ref"]
    frontier = frontier_of(view.repository, cursor) if cursor else [view.commit_at(ref).digest]
    commits, behind = read(frontier, query["limit"])
    following = next_page(view, cursor_of(behind), limit=query["limit"])
    return Response({"next": following, "results": CommitSerializer(commits, many=True).data})


def next_page(view: RepositoryScopedViewSet, cursor: str, **query: object) -> str | None:
    """The address of the page at ``cursor``; None where that is empty."""
    parameters = urlencode({**query, "cursor": cursor})
    return view.request.build_absolute_uri(f"{view.request.path}?{parameters}") if cursor else None


class CommitViewSet(DocumentViewSet):
    """The commits of a repository."""

    serializer_class = CommitSerializer

    @extend_schema(parameters=[LogQuery], responses=CommitSerializer(many=True))
    def list(self, request: Request, repository: str) -> Response:
        """The commits that a ref reaches, newest first: {next, results}."""
        return log_response(self, log_page)

    @extend_schema(responses=CommitSerializer)
    def retrieve(self, request: Request, repository: str, ref: str) -> Response:
        """One commit, by its id, a unique start of it, or another ref without slashes."""
        return Response(CommitSerializer(self.commit_at(ref)).data)

    @extend_schema(parameters=AUTHORITY, request=CommitCreateSerializer, responses={201: CommitSerializer})
    def create(self, request: Request, repository: str) -> Response:
        """Apply changes to a branch as one commit, all or nothing."""
        data = self.body(CommitCreateSerializer)
        branch = self.branch(data.pop("branch"))
        commit = services.commit_create(actor=request.user, branch=branch, authority=self.authority, **data)
        return Response(CommitSerializer(commit).data, status=status.HTTP_201_CREATED)


class CommitGraphViewSet(RepositoryScopedViewSet):
    """The commits of a repository as a picture in rows."""

    serializer_class = CommitGraphSerializer

    @extend_schema(parameters=[GraphQuery], responses=CommitGraphSerializer)
    def retrieve(self, request: Request, repository: str) -> Response:
        """The commits of a ref, or of all branches with it, in lanes: {next, left_out, results}."""
        query = self.query(GraphQuery)
        cursor, limit, every = query["cursor"], query["limit"], query["all"]
        if cursor:
            position = graph_position(self.repository, cursor)
        else:
            position = graph_start(self.repository, self.commit_at(query["ref"]), every_branch=every)
        drawn, behind = graph_page(self.repository, position, limit)
        following = next_page(self, graph_cursor(behind), limit=limit, **({"all": "true"} if every else {}))
        left_out = branches_left_out(self.repository) if every else 0
        page = {"next": following, "left_out": left_out, "results": drawn}
        return Response(CommitGraphSerializer(page).data)
