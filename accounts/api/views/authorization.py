"""Roles on resources, and why somebody may do something."""

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from accounts import selectors, services
from accounts.api.authentication import SignedInRequest
from accounts.api.serializers.authorization import (
    ExplainQuerySerializer,
    ExplanationSerializer,
    ResourceGrantCreateSerializer,
    ResourceGrantSerializer,
)
from accounts.models import ResourceGrant, User
from gateway.api.views import OMSAPIView
from history.api.views.base import RepositoryScopedViewSet
from history.permissions import ADMINISTER, require
from history.selectors import repository_get, user_get


class ResourceGrantViewSet(ListModelMixin, RepositoryScopedViewSet):
    """Roles on some of a repository's resources. For who administers it."""

    queryset = ResourceGrant.objects.none()
    serializer_class = ResourceGrantSerializer

    def get_queryset(self) -> QuerySet[ResourceGrant]:
        return selectors.resource_grants_of(cast(User, self.request.user), self.repository)

    @extend_schema(request=ResourceGrantCreateSerializer, responses={201: ResourceGrantSerializer})
    def create(self, request: SignedInRequest, repository: str) -> Response:
        """Give a user or a group a role on the resources that a pattern describes."""
        require(request.user, ADMINISTER, self.repository)  # first, or anybody could ask who has an account
        given = self.body(ResourceGrantCreateSerializer)
        user = user_get(given["user"]) if "user" in given else None
        group = selectors.group_get(given["group"]) if "group" in given else None
        grant = services.resource_grant_create(
            actor=request.user,
            repository=self.repository,
            role=given["role"],
            pattern=given["pattern"],
            user=user,
            group=group,
        )
        return Response(ResourceGrantSerializer(grant).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: SignedInRequest, repository: str, identifier: Any) -> Response:
        """Take a grant back."""
        grant = selectors.resource_grant_get(request.user, self.repository, identifier)
        services.resource_grant_delete(actor=request.user, grant=grant)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ExplainView(OMSAPIView):
    @extend_schema(
        parameters=[ExplainQuerySerializer], responses=ExplanationSerializer, operation_id="authorization_explain"
    )
    def get(self, request: SignedInRequest) -> Response:
        """Whether somebody may do something, and why. For administrators, also of the repository, and oneself."""
        asked = self.query(ExplainQuerySerializer)
        repository = repository_get(request.user, asked["repository"]) if "repository" in asked else None
        user = selectors.user_asked_about(request.user, asked.get("user"), repository)
        explanation = selectors.explain(user, asked["permission"], repository, asked.get("resource"))
        return Response(ExplanationSerializer(explanation).data)
