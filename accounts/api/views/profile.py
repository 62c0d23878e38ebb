"""One's own account, and the log of what happened to it."""

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import services
from accounts.api.authentication import SignedInRequest
from accounts.api.serializers.links import DetailSerializer
from accounts.api.serializers.profile import (
    EmailChangeSerializer,
    LogEntrySerializer,
    OwnUserSerializer,
    ProfileSerializer,
)
from accounts.models import User
from accounts.selectors import log_entries, security_log
from gateway.api.pagination import CursorPagination
from gateway.api.views import OMSAPIView, OMSViewSet
from history.models import Event


def _mail_sent() -> Response:
    return Response({"detail": _("A mail with a link is on its way.")}, status=status.HTTP_202_ACCEPTED)


class MeView(OMSAPIView):
    @extend_schema(responses=OwnUserSerializer, operation_id="users_me")
    def get(self, request: SignedInRequest) -> Response:
        """The caller's own account."""
        return Response(OwnUserSerializer(request.user).data)

    @extend_schema(request=ProfileSerializer, responses=OwnUserSerializer, operation_id="users_me_update")
    def patch(self, request: SignedInRequest) -> Response:
        """Change one's display name, or the language that mails are written in."""
        user = services.user_profile_update(actor=request.user, **self.body(ProfileSerializer))
        return Response(OwnUserSerializer(user).data)

    @extend_schema(request=None, responses={204: None}, operation_id="users_me_delete")
    def delete(self, request: SignedInRequest) -> Response:
        """Delete one's account: nothing is left of whom it was, what it did stays under its key."""
        services.user_delete(actor=request.user, user=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class EmailChangeView(OMSAPIView):
    @extend_schema(request=EmailChangeSerializer, responses={202: DetailSerializer}, operation_id="users_me_email")
    def post(self, request: SignedInRequest) -> Response:
        """Have a link sent to another address, which becomes the account's once it is followed."""
        services.email_change(actor=request.user, **self.body(EmailChangeSerializer))
        return _mail_sent()


class EmailVerificationView(OMSAPIView):
    @extend_schema(request=None, responses={202: DetailSerializer}, operation_id="users_me_email_verification")
    def post(self, request: SignedInRequest) -> Response:
        """Have a link sent to one's own address, by which it is verified."""
        services.verification_send(actor=request.user)
        return _mail_sent()


class SecurityLogPagination(CursorPagination):
    ordering = "-id"


@extend_schema_view(list=extend_schema(responses=LogEntrySerializer(many=True), operation_id="users_me_security_log"))
class SecurityLogViewSet(ListModelMixin, OMSViewSet):
    """What happened to one's account, newest first."""

    queryset = Event.objects.none()
    serializer_class = LogEntrySerializer
    pagination_class = SecurityLogPagination

    def get_queryset(self) -> QuerySet[Event]:
        return security_log(cast(User, self.request.user))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        events = self.paginate_queryset(self.get_queryset()) or []
        entries = log_entries(cast(User, request.user), events)
        return self.get_paginated_response(LogEntrySerializer(entries, many=True).data)
