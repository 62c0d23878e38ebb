"""Sessions: going on, confirming who one is, the list, and their end."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import services
from accounts.api.authentication import SignedInRequest
from accounts.api.serializers.login import AccessSerializer, TokensSerializer
from accounts.api.serializers.sessions import (
    ConfirmSerializer,
    RefreshSerializer,
    SessionSerializer,
)
from accounts.api.views.login import renewed_response, tokens_response
from accounts.exceptions import SessionNotFound
from accounts.models import Session
from accounts.permissions import require_session
from accounts.selectors import sessions_visible_to
from gateway.api.views import OMSAPIView, OMSViewSet, PublicView


class ConfirmView(OMSAPIView):
    holds_secret = True

    @extend_schema(request=ConfirmSerializer, responses=AccessSerializer, operation_id="auth_confirm")
    def post(self, request: SignedInRequest) -> Response:
        """Confirm who one is, by a code or, without a second factor, the password: what is sensitive asks for it."""
        require_session(request.user)
        return renewed_response(services.session_confirm(actor=request.user, **self.body(ConfirmSerializer)))


class RefreshView(PublicView):
    holds_secret = True

    @extend_schema(request=RefreshSerializer, responses=TokensSerializer, operation_id="auth_refresh")
    def post(self, request: Request) -> Response:
        """Exchange a refresh token, which is used up by it, for new tokens."""
        return tokens_response(services.session_refresh(**self.body(RefreshSerializer)))


class LogoutView(OMSAPIView):
    @extend_schema(request=None, responses={204: None}, operation_id="auth_logout")
    def post(self, request: SignedInRequest) -> Response:
        """End the session that this request belongs to."""
        services.session_end(session=require_session(request.user))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema_view(list=extend_schema(description="The caller's live sessions, the last used first."))
class SessionViewSet(ListModelMixin, OMSViewSet):
    not_found = SessionNotFound
    queryset = Session.objects.none()
    serializer_class = SessionSerializer

    def get_queryset(self) -> QuerySet[Session]:
        live = sessions_visible_to(self.request.user)
        return live.filter(user=self.request.user.pk) if self.action == "list" else live

    @extend_schema(responses={204: None})
    def destroy(self, request: SignedInRequest, pk: str) -> Response:
        """End a session: one's own, or anybody's for an administrator."""
        services.session_revoke(actor=request.user, session=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)


class SessionsRevokeOthersView(OMSAPIView):
    @extend_schema(request=None, responses={204: None}, operation_id="auth_sessions_revoke_others")
    def post(self, request: SignedInRequest) -> Response:
        """End all of one's sessions but this one."""
        services.sessions_revoke_others(actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
