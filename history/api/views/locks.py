"""Locks of branches: parse, call a service, render."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from history import services
from history.api.serializers import BranchLockSerializer, LockReleaseQuery, LockRenewSerializer, LockTakeSerializer
from history.api.views.base import RepositoryScopedViewSet
from history.models import BranchLock
from history.selectors import lock_get, locks_of


class BranchLockViewSet(ListModelMixin, RepositoryScopedViewSet):
    """The locks that hold now, each under the name of its branch, which may hold slashes."""

    queryset = BranchLock.objects.none()
    serializer_class = BranchLockSerializer

    def get_queryset(self) -> QuerySet[BranchLock]:
        return locks_of(self.repository)

    @extend_schema(responses=BranchLockSerializer)
    def retrieve(self, request: Request, repository: str, branch: str) -> Response:
        """The lock that holds on a branch."""
        return Response(BranchLockSerializer(lock_get(self.repository, branch)).data)

    @extend_schema(request=LockTakeSerializer, responses={201: BranchLockSerializer})
    def create(self, request: Request, repository: str) -> Response:
        """Lock a branch for oneself; writes to it then need the ``token``. 423 where it is locked already."""
        data = self.body(LockTakeSerializer)
        lock = services.lock_take(actor=request.user, branch=self.branch(data.pop("branch")), **data)
        return Response(BranchLockSerializer(lock).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=LockRenewSerializer, responses=BranchLockSerializer)
    def partial_update(self, request: Request, repository: str, branch: str) -> Response:
        """A heartbeat of who holds the lock: it expires ``duration`` seconds from now."""
        data = self.body(LockRenewSerializer)
        lock = services.lock_renew(actor=request.user, branch=self.branch(branch), **data)
        return Response(BranchLockSerializer(lock).data)

    @extend_schema(parameters=[LockReleaseQuery], responses={204: None})
    def destroy(self, request: Request, repository: str, branch: str) -> Response:
        """End the lock that one holds, by its ``token``; or anybody's by ``force``, for administrators."""
        query = self.query(LockReleaseQuery)
        services.lock_release(actor=request.user, branch=self.branch(branch), **query)
        return Response(status=status.HTTP_204_NO_CONTENT)
