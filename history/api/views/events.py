"""The event log as those may read it who see what it tells of."""

from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request

from gateway.api.pagination import CursorPagination
from gateway.api.views import OMSViewSet
from history.api.serializers import EventQuery, EventSerializer
from history.models import Event

CLOUDEVENTS: Final = "application/cloudevents+json"


class EventPagination(CursorPagination):
    ordering = "-id"


@extend_schema(parameters=[EventQuery])
class EventViewSet(ListModelMixin, OMSViewSet):
    """Events as CloudEvents, newest first."""

    queryset = Event.objects.none()
    serializer_class = EventSerializer
    pagination_class = EventPagination
    lookup_field = "uuid"
    media_types = {"retrieve": [CLOUDEVENTS]}

    def get_queryset(self) -> QuerySet[Event]:
        query: dict[str, Any] = self.query(EventQuery) if self.action == "list" else {}
        return Event.objects.visible_to(self.request.user).matching(**query)

    @extend_schema(responses={(200, CLOUDEVENTS): OpenApiTypes.OBJECT}, parameters=[])
    def retrieve(self, request: Request, uuid: str) -> HttpResponse:
        """One event, byte for byte as it was written."""
        event = self.get_object()
        return HttpResponse(bytes(event.body), content_type=CLOUDEVENTS)
