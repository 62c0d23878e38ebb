"""REST of the merge queue: parse, call a service, render."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from history.api.views.base import RepositoryScopedViewSet
from merging import services
from merging.api.serializers.queue import QueueEnterSerializer, QueueEntrySerializer, QueueQuery
from merging.api.views.proposals import ProposalScopedViewSet
from merging.models import QueueEntry
from merging.selectors import merge_queue_of, queue_entry_get


class MergeQueueViewSet(ListModelMixin, RepositoryScopedViewSet):
    """What waits to be merged."""

    queryset = QueueEntry.objects.none()
    serializer_class = QueueEntrySerializer

    def get_queryset(self) -> QuerySet[QueueEntry]:
        return merge_queue_of(self.repository, **self.query(QueueQuery))

    @extend_schema(parameters=[QueueQuery], responses=QueueEntrySerializer(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What waits to be merged, the first one first."""
        return super().list(request, *args, **kwargs)


class QueueEntryViewSet(ProposalScopedViewSet):
    """A proposal's turn in the merge queue."""

    queryset = QueueEntry.objects.none()
    serializer_class = QueueEntrySerializer

    @extend_schema(responses=QueueEntrySerializer)
    def retrieve(self, request: Request, repository: str, number: int) -> Response:
        """Where it stands in the queue, or how it last left it."""
        return self._entry()

    @extend_schema(request=QueueEnterSerializer, responses={201: QueueEntrySerializer})
    def create(self, request: Request, repository: str, number: int) -> Response:
        """Have it merged in its turn, by what the caller may do then, as its source is now."""
        data = self.body(QueueEnterSerializer)
        services.queue_enter(actor=request.user, proposal=self.proposal, **data)
        return self._entry(status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, repository: str, number: int) -> Response:
        """Take it out of the queue."""
        services.queue_leave(actor=request.user, proposal=self.proposal)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _entry(self, code: int = status.HTTP_200_OK) -> Response:
        return Response(QueueEntrySerializer(queue_entry_get(self.proposal)).data, status=code)
