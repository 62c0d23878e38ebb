"""Signing in, step by step."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import services
from accounts.api.serializers.login import (
    AccessSerializer,
    CodeVerifySerializer,
    LoginPendingSerializer,
    LoginSerializer,
    LoginTokensSerializer,
    TokensSerializer,
)
from accounts.http import attempt_recorded
from accounts.models import Session, SessionKind
from gateway.api.views import PublicView


def tokens_response(tokens: services.Tokens, **more: Any) -> Response:
    return Response({**TokensSerializer(tokens).data, **more})


def renewed_response(session: Session) -> Response:
    """Another access token, for who has just confirmed in this session who they are."""
    return Response(AccessSerializer(services.access_token_renew(session)).data)


def login_response(login: services.Login, **more: Any) -> Response:
    """The tokens of a sign-in that is through, or what it needs next."""
    if isinstance(login, services.SignedIn):
        device = {"device": login.device_secret} if login.device_secret else {}
        return tokens_response(services.tokens_of(login), **device, **more)
    return Response({**LoginPendingSerializer(login).data, **more})


LOGIN_ANSWERS = PolymorphicProxySerializer(
    component_name="Login", serializers=[LoginTokensSerializer, LoginPendingSerializer], resource_type_field_name=None
)


class LoginView(PublicView):
    holds_secret = True

    @extend_schema(request=LoginSerializer, responses=LOGIN_ANSWERS, operation_id="auth_login")
    def post(self, request: Request) -> Response:
        """Sign in with username and password: tokens, or a token that continues the sign-in."""
        given = self.body(LoginSerializer)
        device = services.Device.of(request.META, given.pop("device"))
        with attempt_recorded(request, given["username"]):
            login = services.login_start(**given, device=device, kind=SessionKind.API)
        return login_response(login)


class MFAVerifyView(PublicView):
    holds_secret = True

    @extend_schema(request=CodeVerifySerializer, responses=LOGIN_ANSWERS, operation_id="auth_mfa_verify")
    def post(self, request: Request) -> Response:
        """Show the second factor of a sign-in by a code."""
        given = self.body(CodeVerifySerializer)
        return login_response(services.login_code_verify(token=given.pop("mfa_token"), **given))
