"""Accounts, and the keys that verify their tokens."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import services
from accounts.api.authentication import SignedInRequest
from accounts.api.serializers.users import (
    InvitationSerializer,
    JWKSetSerializer,
    UserCreateSerializer,
    UserSerializer,
    UserUpdateSerializer,
)
from accounts.engine.tokens import public_jwk
from accounts.models import SigningKey, User
from accounts.selectors import users_visible_to
from gateway.api.views import OMSViewSet, PublicView


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

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: SignedInRequest, pk: str) -> Response:
        """Delete an account: nothing is left of whom it was, what it did stays under its key. For administrators."""
        services.user_delete(actor=request.user, user=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=InvitationSerializer, responses={201: UserSerializer}, operation_id="users_invite")
    @action(detail=False, methods=["post"])
    def invite(self, request: SignedInRequest) -> Response:
        """Make an account whose owner sets the password, by a link that is sent to them. For administrators."""
        user = services.user_invite(actor=request.user, **self.body(InvitationSerializer))
        return Response(UserSerializer(user).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None}, operation_id="users_reinvite")
    @action(detail=True, methods=["post"], url_path="invite")
    def reinvite(self, request: SignedInRequest, pk: str) -> Response:
        """Send the invitation anew. For administrators."""
        services.invitation_renew(actor=request.user, user=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def unlock(self, request: SignedInRequest, pk: str) -> Response:
        """Let an account that wrong passwords or codes have locked be signed in to. For administrators."""
        services.user_unlock(actor=request.user, user=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses={204: None})
    @action(detail=True, methods=["delete"])
    def factors(self, request: SignedInRequest, pk: str) -> Response:
        """Take every second factor from an account whose owner has lost them. For administrators."""
        services.factors_reset(actor=request.user, user=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)


class JWKSView(PublicView):
    @extend_schema(responses=JWKSetSerializer, operation_id="jwks", tags=["auth"])
    def get(self, request: Request) -> Response:
        """The public keys that verify access tokens (RFC 7517)."""
        keys = [public_jwk(bytes(key.public_key)) for key in SigningKey.objects.verifying(timezone.now())]
        return Response({"keys": keys}, headers={"Cache-Control": "public, max-age=300"})
