"""REST of accounts: parse, call a service, render."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import services
from accounts.api.authentication import SignedInRequest
from accounts.api.serializers import (
    JWKSetSerializer,
    LoginSerializer,
    RefreshSerializer,
    SessionSerializer,
    TokensSerializer,
    UserCreateSerializer,
    UserSerializer,
    UserUpdateSerializer,
)
from accounts.engine.tokens import public_jwk
from accounts.models import Session, SigningKey, User
from accounts.selectors import users_visible_to
from gateway.api.views import OMSAPIView, OMSViewSet, PublicView


def tokens_response(tokens: services.Tokens) -> Response:
    return Response(TokensSerializer(tokens).data, headers={"Cache-Control": "no-store"})


class LoginView(PublicView):
    @extend_schema(request=LoginSerializer, responses=TokensSerializer, operation_id="auth_login")
    def post(self, request: Request) -> Response:
        """Sign in with username and password."""
        tokens = services.session_start(**self.body(LoginSerializer), device=services.Device.of(request.META))
        return tokens_response(tokens)


class RefreshView(PublicView):
    @extend_schema(request=RefreshSerializer, responses=TokensSerializer, operation_id="auth_refresh")
    def post(self, request: Request) -> Response:
        """Exchange a refresh token, which is used up by it, for new tokens."""
        return tokens_response(services.session_refresh(**self.body(RefreshSerializer)))


class LogoutView(OMSAPIView):
    @extend_schema(request=None, responses={204: None}, operation_id="auth_logout")
    def post(self, request: SignedInRequest) -> Response:
        """End the session that this request belongs to."""
        services.session_end(session=request.auth)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema_view(list=extend_schema(description="The caller's live sessions, the last used first."))
class SessionViewSet(ListModelMixin, OMSViewSet):
    queryset = Session.objects.none()
    serializer_class = SessionSerializer

    def get_queryset(self) -> QuerySet[Session]:
        live = Session.objects.visible_to(self.request.user).live(timezone.now())
        return live.filter(user=self.request.user.pk) if self.action == "list" else live

    @extend_schema(responses={204: None})
    def destroy(self, request: SignedInRequest, pk: str) -> Response:
        """End a session: one's own, or anybody's for an administrator."""
        services.session_revoke(actor=request.user, session=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeView(OMSAPIView):
    @extend_schema(responses=UserSerializer, operation_id="users_me")
    def get(self, request: SignedInRequest) -> Response:
        """The caller's own account."""
        return Response(UserSerializer(request.user).data)


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
        keys = [public_jwk(bytes(key.public_key)) for key in SigningKey.objects.verifying()]
        return Response({"keys": keys}, headers={"Cache-Control": "public, max-age=300"})
