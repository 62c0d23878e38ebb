"""REST of consumers: who uses an ontology, and whom branches break."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from gateway.api.pagination import ShortPagination
from gateway.engine.text import folded
from gateway.exceptions import FieldError
from history.api.views.base import RepositoryScopedViewSet
from ontology import services
from ontology.api.consumer_serializers import (
    BranchCompatibilitySerializer,
    CompatibilityQuery,
    ConsumerPutSerializer,
    ConsumerRegisterSerializer,
    ConsumerSerializer,
)
from ontology.exceptions import ConsumerInvalid
from ontology.models import Consumer
from ontology.selectors import branches_asked, compatibility_of, consumer_get, consumers_of, standings_of


class ConsumerViewSet(RepositoryScopedViewSet):
    """What uses the ontology from outside."""

    queryset = Consumer.objects.none()
    serializer_class = ConsumerSerializer
    pagination_class = ShortPagination

    @extend_schema(responses=ConsumerSerializer(many=True))
    def list(self, request: Request, repository: str) -> Response:
        """The consumers by name, and what each reads and writes as the default branch calls it now."""
        page = self.paginate_queryset(consumers_of(self.repository)) or ()
        return self.get_paginated_response(self._shown(page))

    @extend_schema(responses=ConsumerSerializer)
    def retrieve(self, request: Request, repository: str, name: str) -> Response:
        """One consumer; the case of its name does not matter."""
        return Response(self._shown([consumer_get(self.repository, name)])[0])

    @extend_schema(request=ConsumerRegisterSerializer, responses={201: ConsumerSerializer, 200: ConsumerSerializer})
    def create(self, request: Request, repository: str) -> Response:
        """Register a consumer of exactly what is given; 200 where there was one of that name."""
        return self._registered(self.body(ConsumerRegisterSerializer))

    @extend_schema(request=ConsumerPutSerializer, responses={201: ConsumerSerializer, 200: ConsumerSerializer})
    def update(self, request: Request, repository: str, name: str) -> Response:
        """The same under the name in the address; where the body says one too, it is spelled as there."""
        data = {"name": name, **self.body(ConsumerPutSerializer)}
        if folded(data["name"]) != folded(name):
            message = _("The name is {name}, as the address says.").format(name=name)
            raise ConsumerInvalid(errors=[FieldError("/name", "NAME_MISMATCH", message)])
        return self._registered(data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, repository: str, name: str) -> Response:
        """Forget a consumer and what it uses."""
        services.consumer_delete(actor=request.user, consumer=consumer_get(self.repository, name))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _registered(self, data: dict[str, Any]) -> Response:
        registration = services.consumer_register(actor=self.request.user, repository=self.repository, **data)
        code = status.HTTP_201_CREATED if registration.created else status.HTTP_200_OK
        return Response(self._shown([registration.consumer])[0], status=code)

    def _shown(self, consumers: Sequence[Consumer]) -> Any:
        rows: Any = standings_of(self.repository, consumers)
        return ConsumerSerializer(rows, many=True).data


class CompatibilityViewSet(RepositoryScopedViewSet):
    """Which branches break which consumers."""

    serializer_class = BranchCompatibilitySerializer
    pagination_class = ShortPagination

    @extend_schema(parameters=[CompatibilityQuery], responses=BranchCompatibilitySerializer(many=True))
    def list(self, request: Request, repository: str) -> Response:
        """For each branch what it alone did since it parted from ``base``, and whether each consumer bears it."""
        query = self.query(CompatibilityQuery)
        base = query["base"] or self.repository.default_branch
        names = [name for name in query["branches"].split(",") if name]
        page = self.paginate_queryset(branches_asked(self.repository, base, names)) or ()
        rows: Any = compatibility_of(self.repository, self.commit_at(base), page)
        return self.get_paginated_response(BranchCompatibilitySerializer(rows, many=True).data)
