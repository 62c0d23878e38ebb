"""Who is asking, by bearer token or by the console's cookie."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from accounts.engine.api_keys import MARK
from accounts.exceptions import TokenInvalid
from accounts.models import APIKey, Session, User
from accounts.services import BROWSER_SESSION, api_key_authenticate, session_authenticate
from gateway.exceptions import CSRFFailed, Unauthenticated
from gateway.http.client import client_address


class SignedInRequest(Request):
    """What a view gets that only lets in who is signed in."""

    user: User
    auth: Session | APIKey


class AccessTokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer <access token or API key>``; ``request.auth`` is the session or the key.

    A token that does not serve is a 401 that says why; another scheme is left to others.
    """

    def authenticate(self, request: Request) -> tuple[User, Session | APIKey] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            credential = _credential(request, token.strip())
        except Unauthenticated:
            # Whoever asks for the user while this is answered must not be authenticated once more.
            request.user, request.auth = AnonymousUser(), None
            raise
        user: User = credential.user
        user.credential = credential
        return user, credential

    def authenticate_header(self, request: Request) -> str:
        return TokenInvalid.challenge


def _credential(request: Request, token: str) -> Session | APIKey:
    """What ``token`` stands for. An API key tells itself apart by how it begins."""
    if token.startswith(MARK):
        return api_key_authenticate(secret=token, ip=client_address(request.META))
    return session_authenticate(access=token)


class BrowserSessionAuthentication(SessionAuthentication):
    """The console's cookie, with a CSRF token on writes; ``request.auth`` is the session."""

    def authenticate(self, request: Request) -> tuple[Any, Session] | None:
        signed_in = super().authenticate(request)
        if signed_in is None:
            return None
        user, session = signed_in[0], request.META[BROWSER_SESSION]
        user.credential = session
        return user, session

    def enforce_csrf(self, request: Any) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            raise CSRFFailed from error


class AccessTokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes access tokens."""

    target_class = AccessTokenAuthentication
    name = "accessToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class BrowserSessionScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes the console's cookie."""

    target_class = BrowserSessionAuthentication
    name = "browserSession"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
