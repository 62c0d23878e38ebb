"""Accounts, and the keys that verify their tokens."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import services
from accounts.api.authentication import SignedInRequest
from accounts.api.serializers.users import (
    JWKSetSerializer,
    MeSerializer,
    UserCreateSerializer,
    UserSerializer,
    UserUpdateSerializer,
)
from accounts.engine.tokens import public_jwk
from accounts.models import SigningKey, User
from accounts.selectors import users_visible_to
from gateway.api.views import OMSAPIView, OMSViewSet, PublicView


class MeView(OMSAPIView):
    @extend_schema(responses=MeSerializer, operation_id="users_me")
    def get(self, request: SignedInRequest) -> Response:
        """The caller's own account."""
        return Response(MeSerializer(request.user).data)


@extend_schema_view(
    list=extend_schema(description="All accounts, by name. For administrators."),
    retrieve=extend_schema(description="One account. For administrators."),
)
class UserViewSet(ListModelMixin, RetrieveModelMixin, OMSViewSet):
    queryset = User.objects.none()
    serializer_class = UserSerializer

    def get_queryset(self) -> QuerySet[User]:
        return users_visible_to(self.request.user)

    @extend_schema(request=UserCreateSerializer, responses={201: UserSerializer})
    def create(self, request: SignedInRequest) -> Response:
        """Make an account. For administrators."""
        user = services.user_create(actor=request.user, **self.body(UserCreateSerializer))
        return Response(UserSerializer(user).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=UserUpdateSerializer, responses=UserSerializer)
    def partial_update(self, request: SignedInRequest, pk: str) -> Response:
        """Change an account; who is disabled loses every session at once. For administrators."""
        data = self.body(UserUpdateSerializer)
        user = services.user_update(actor=request.user, user=self.get_object(), **data)
        return Response(UserSerializer(user).data)


class JWKSView(PublicView):
    @extend_schema(responses=JWKSetSerializer, operation_id="jwks", tags=["auth"])
    def get(self, request: Request) -> Response:
        """The public keys that verify access tokens (RFC 7517)."""
        keys = [public_jwk(bytes(key.public_key)) for key in SigningKey.objects.verifying(timezone.now())]
        return Response({"keys": keys}, headers={"Cache-Control": "public, max-age=300"})
