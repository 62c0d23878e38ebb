"""API keys."""

from datetime import timedelta
from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import selectors, services
from accounts.api.authentication import SignedInRequest
from accounts.api.serializers.api_keys import (
    APIKeyCreateSerializer,
    APIKeyMadeSerializer,
    APIKeyQuerySerializer,
    APIKeyRotateSerializer,
    APIKeySerializer,
)
from accounts.models import APIKey, User
from gateway.api.views import OMSViewSet


class APIKeyViewSet(ListModelMixin, OMSViewSet):
    holds_secret = True
    queryset = APIKey.objects.none()
    serializer_class = APIKeySerializer

    def get_queryset(self) -> QuerySet[APIKey]:
        return selectors.api_keys_of(cast(User, self.request.user), self.query(APIKeyQuerySerializer).get("user"))

    @extend_schema(parameters=[APIKeyQuerySerializer])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The caller's keys, or for administrators those of another account, the newest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=APIKeyCreateSerializer, responses={201: APIKeyMadeSerializer})
    def create(self, request: SignedInRequest) -> Response:
        """Make a key: for oneself, or for a service account where one is an administrator. The secret comes once."""
        given = self.body(APIKeyCreateSerializer)
        user = selectors.api_key_owner(request.user, given.pop("user", None))
        return _made(*services.api_key_create(actor=request.user, user=user, **given))

    @extend_schema(responses={204: None})
    def destroy(self, request: SignedInRequest, pk: Any) -> Response:
        """End a key for good: one's own, or anybody's for an administrator."""
        services.api_key_revoke(actor=request.user, key=selectors.api_key_get(request.user, pk))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=APIKeyRotateSerializer, responses={201: APIKeyMadeSerializer})
    def rotate(self, request: SignedInRequest, pk: Any) -> Response:
        """Make a key that takes the place of this one, which goes on for a while."""
        overlap = self.body(APIKeyRotateSerializer).get("overlap")
        key = selectors.api_key_get(request.user, pk)
        time = None if overlap is None else timedelta(seconds=max(min(overlap, 10**9), -1))
        return _made(*services.api_key_rotate(actor=request.user, key=key, overlap=time))


def _made(key: APIKey, secret: str) -> Response:
    body = {**APIKeySerializer(key).data, "secret": secret}
    return Response(body, status=status.HTTP_201_CREATED)
