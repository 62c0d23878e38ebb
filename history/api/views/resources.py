"""Resources at a ref, and writing one as one commit."""

import re
from functools import partial
from typing import Any, Final, cast

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from gateway.exceptions import FieldError
from history import services
from history.api.serializers import (
    CommitSerializer,
    LogQuery,
    RefQuery,
    ResourceDeleteQuery,
    ResourceListQuery,
    ResourcePatchSerializer,
    ResourcePutSerializer,
    ResourceSerializer,
)
from history.api.views.base import AUTHORITY, DocumentViewSet
from history.api.views.commits import log_response
from history.engine.content import Content, Key
from history.engine.tree import Entry
from history.exceptions import KindUnknown, ResourceChanged, ResourceNotFound
from history.models import Commit
from history.selectors import TreeView, content_model, resource_log_page
from history.selectors.rows import contents_of

ENTITY_TAGS: Final = re.compile(r'(?:W/)?"([^"]*)"')
"""Weak ones count as well: proxies that compress make a tag weak, and a digest is as strong as before."""


def resource_json(key: Key, content: Content, commit: Commit) -> dict[str, Any]:
    kind, name = key
    return {"kind": kind, "api_name": name, "rid": content.get("rid"), "content": content, "commit": commit.digest}


class ResourceViewSet(DocumentViewSet):
    """The resources of a repository at a ref. A resource's ETag is the digest of its content."""

    serializer_class = ResourceSerializer

    @property
    def key(self) -> Key:
        return self.kwargs["kind"], self.kwargs["api_name"]

    @extend_schema(parameters=[ResourceListQuery], responses=ResourceSerializer(many=True))
    def list(self, request: Request, repository: str) -> Response:
        """The resources at ``ref``, by kind and name."""
        query = self.query(ResourceListQuery)
        if query["kind"] and query["kind"] not in content_model().kinds:
            kinds = ", ".join(content_model().kinds)
            message = _("{kind} is none of {kinds}.").format(kind=repr(query["kind"]), kinds=kinds)
            raise KindUnknown(message, errors=[FieldError("?kind", "KIND_UNKNOWN", message)])
        commit = self.commit_at(query["ref"])
        page = ResourcePage(TreeView(commit.root), kind=query["kind"], search=query["search"])
        entries: list[Entry] = self.paginate_queryset(cast("Any", page)) or []
        bodies = contents_of(entry.digest for entry in entries)
        return self.get_paginated_response(
            [resource_json(entry.key, bodies[entry.digest], commit) for entry in entries]
        )

    @extend_schema(parameters=[RefQuery], responses=ResourceSerializer)
    def retrieve(self, request: Request, repository: str, kind: str, api_name: str) -> Response:
        """One resource at ``ref``; 304 where ``If-None-Match`` names it as it is."""
        answer = self._answer(self.commit_at(self.query(RefQuery)["ref"]))
        unwanted = request.headers.get("If-None-Match")
        if unwanted is not None and self._named(unwanted, answer["ETag"].strip('"')):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": answer["ETag"]})
        return answer

    @extend_schema(
        parameters=[RefQuery, *AUTHORITY],
        request=ResourcePutSerializer,
        responses={200: ResourceSerializer, 201: ResourceSerializer},
    )
    def update(self, request: Request, repository: str, kind: str, api_name: str) -> Response:
        """Give a resource its content on the branch ``ref``, as one commit; ``If-Match`` and ``If-None-Match`` hold."""
        data = self.body(ResourcePutSerializer)
        branch = self.branch(self.query(RefQuery)["ref"])
        commit, created = services.resource_put(
            actor=request.user,
            branch=branch,
            key=self.key,
            precondition=self._precondition,
            authority=self.authority,
            **data,
        )
        return self._answer(commit, status.HTTP_201_CREATED if created else status.HTTP_200_OK)

    @extend_schema(parameters=[RefQuery, *AUTHORITY], request=ResourcePatchSerializer, responses=ResourceSerializer)
    def partial_update(self, request: Request, repository: str, kind: str, api_name: str) -> Response:
        """Change a resource on the branch ``ref`` by a JSON merge patch of its content, as one commit."""
        data = self.body(ResourcePatchSerializer)
        branch = self.branch(self.query(RefQuery)["ref"])
        commit = services.resource_patch(
            actor=request.user,
            branch=branch,
            key=self.key,
            patch=data["content"],
            message=data["message"],
            precondition=self._precondition,
            authority=self.authority,
        )
        return self._answer(commit)

    @extend_schema(parameters=[ResourceDeleteQuery, *AUTHORITY], responses={200: CommitSerializer})
    def destroy(self, request: Request, repository: str, kind: str, api_name: str) -> Response:
        """Delete a resource on the branch ``ref``; the commit that did it."""
        query = self.query(ResourceDeleteQuery)
        commit = services.resource_delete(
            actor=request.user,
            branch=self.branch(query["ref"]),
            key=self.key,
            message=query["message"],
            precondition=self._precondition,
            authority=self.authority,
        )
        return Response(CommitSerializer(commit).data)

    @extend_schema(parameters=[LogQuery], responses=CommitSerializer(many=True))
    def history(self, request: Request, repository: str, kind: str, api_name: str) -> Response:
        """The commits that changed the resource, newest first: {next, results}."""
        return log_response(self, lambda frontier, limit: resource_log_page(frontier, self.key, limit))

    def _answer(self, commit: Commit, code: int = status.HTTP_200_OK) -> Response:
        tree = TreeView(commit.root)
        digest = tree.digests([self.key]).get(self.key)
        if digest is None:
            message = _("There is no {resource} at {commit}.").format(resource=" ".join(self.key), commit=commit.digest)
            raise ResourceNotFound(message)
        content = contents_of([digest])[digest]
        return Response(resource_json(self.key, content, commit), status=code, headers={"ETag": f'"{digest}"'})

    def _precondition(self, digest: str | None) -> None:
        """See that ``If-Match`` and ``If-None-Match`` (RFC 9110, section 13.1) hold for ``digest``."""
        wanted, unwanted = self.request.headers.get("If-Match"), self.request.headers.get("If-None-Match")
        if wanted is not None and not self._named(wanted, digest):
            raise ResourceChanged(etag=digest)
        if unwanted is not None and self._named(unwanted, digest):
            raise ResourceChanged(_("The resource is there already."), etag=digest)

    @staticmethod
    def _named(header: str, digest: str | None) -> bool:
        return digest is not None and (header.strip() == "*" or digest in ENTITY_TAGS.findall(header))


class ResourcePage:
    """The resources of a tree, as a paginator asks: their count and a slice of them."""

    def __init__(self, tree: TreeView, *, kind: str, search: str) -> None:
        self._page = partial(tree.page, kind=kind, search=search)

    def count(self) -> int:
        return self._page(limit=0)[0]

    def __getitem__(self, wanted: slice) -> Any:
        return self._page(offset=wanted.start, limit=wanted.stop - wanted.start)[1]
