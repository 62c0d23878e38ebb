"""REST of picking and reverting commits: parse, call a service, render."""

from collections.abc import Callable

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from history.api.views.base import AUTHORITY, RepositoryScopedViewSet
from merging import services
from merging.api.serializers.picks import AppliedSerializer, ApplyRequestSerializer
from merging.services import Applied


class ApplyViewSet(RepositoryScopedViewSet):
    """Doing again, or taking back, what a commit did."""

    @extend_schema(parameters=AUTHORITY, request=ApplyRequestSerializer, responses={201: AppliedSerializer})
    def pick(self, request: Request, repository: str) -> Response:
        """Do on a branch what a commit did, as one commit; 409 with the conflicts where there are any."""
        return self._applied(services.commit_pick)

    @extend_schema(parameters=AUTHORITY, request=ApplyRequestSerializer, responses={201: AppliedSerializer})
    def revert(self, request: Request, repository: str) -> Response:
        """Take back on a branch what a commit did, as one commit; 409 with the conflicts where there are any."""
        return self._applied(services.commit_revert)

    def _applied(self, service: Callable[..., Applied]) -> Response:
        data = self.body(ApplyRequestSerializer)
        branch = self.branch(data.pop("branch"))
        applied = service(actor=self.request.user, branch=branch, authority=self.authority, **data)
        return Response(AppliedSerializer(applied).data, status=status.HTTP_201_CREATED)
