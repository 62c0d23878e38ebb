"""What the views below a repository share."""

from functools import cached_property
from typing import Final

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter

from gateway.api.views import OMSViewSet
from history.http.authority import BYPASS_HEADER, LOCK_HEADER, authority_of
from history.models import Branch, Commit, Repository
from history.selectors import branch_get, ref_resolve, repository_get
from history.services import Authority

AUTHORITY: Final = [
    OpenApiParameter(
        LOCK_HEADER, int, OpenApiParameter.HEADER, description="The token of the lock that one holds on the branch."
    ),
    OpenApiParameter(
        BYPASS_HEADER,
        str,
        OpenApiParameter.HEADER,
        description="Why rules of the branch are gone past, where one may; other than ASCII is percent-encoded UTF-8.",
    ),
]
"""The header fields of every operation that moves a head."""
BYPASS: Final = AUTHORITY[1:]
"""Those of one that makes a branch, which nobody has locked yet."""


class RepositoryScopedViewSet(OMSViewSet):
    """A view of something in the repository that the path names, if the caller may see it."""

    dry_run = True

    @cached_property
    def repository(self) -> Repository:
        return repository_get(self.request.user, self.kwargs["repository"])

    @cached_property
    def authority(self) -> Authority:
        """What the request brings to the move of a head."""
        return authority_of(self.request.headers)

    def commit_at(self, ref: str) -> Commit:
        """The commit that ``ref`` names, by default the default branch's head."""
        return ref_resolve(self.repository, ref or self.repository.default_branch)

    def branch(self, name: str = "") -> Branch:
        """The branch of that name, by default the default branch."""
        return branch_get(self.repository, name or self.repository.default_branch)


class DocumentViewSet(RepositoryScopedViewSet):
    """Where documents and commits come in."""

    body_limit = settings.DOCUMENT_BODY_LIMIT
