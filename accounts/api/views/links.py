"""What the links in mails do, and asking for one that sets another password."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import services
from accounts.api.serializers.links import (
    DetailSerializer,
    LinkPasswordSerializer,
    LinkSerializer,
    ResetSerializer,
)
from accounts.api.views.factors import MaybeSignedInView
from accounts.models import User
from gateway.api.views import PublicView
from gateway.http.client import client_address


class PasswordResetView(PublicView):
    @extend_schema(request=ResetSerializer, responses={202: DetailSerializer}, operation_id="auth_password_reset")
    def post(self, request: Request) -> Response:
        """Have a link to set another password sent, if an account has this address; the answer never says."""
        services.password_reset_request(**self.body(ResetSerializer), ip=client_address(request.META))
        detail = _("If an account has this address, a mail with a link is on its way to it.")
        return Response({"detail": detail}, status=status.HTTP_202_ACCEPTED)


class PasswordResetConfirmView(PublicView):
    @extend_schema(request=LinkPasswordSerializer, responses={204: None}, operation_id="auth_password_reset_confirm")
    def post(self, request: Request) -> Response:
        """Set another password by a link; every session ends. Nobody is signed in by it."""
        given = self.body(LinkPasswordSerializer)
        services.password_reset_confirm(token=given["token"], password=given["new_password"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class InvitationAcceptView(PublicView):
    @extend_schema(request=LinkPasswordSerializer, responses={204: None}, operation_id="auth_invitation_accept")
    def post(self, request: Request) -> Response:
        """Set the first password of an account that one was invited to."""
        given = self.body(LinkPasswordSerializer)
        services.invitation_accept(token=given["token"], password=given["new_password"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class EmailVerifyView(PublicView):
    @extend_schema(request=LinkSerializer, responses={204: None}, operation_id="auth_email_verify")
    def post(self, request: Request) -> Response:
        """Verify the account's address by a link."""
        services.email_verify(**self.body(LinkSerializer))
        return Response(status=status.HTTP_204_NO_CONTENT)


class EmailConfirmView(MaybeSignedInView):
    """Its answer can be kept: of the body with the link's token only a keyed digest is, and the link serves once."""

    @extend_schema(request=LinkSerializer, responses={204: None}, operation_id="auth_email_confirm")
    def post(self, request: Request) -> Response:
        """Change the account's address by a link that was sent to the new one; its other sessions end."""
        actor = request.user if isinstance(request.user, User) else None
        services.email_confirm(**self.body(LinkSerializer), actor=actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class UnlockView(PublicView):
    @extend_schema(request=LinkSerializer, responses={204: None}, operation_id="auth_unlock")
    def post(self, request: Request) -> Response:
        """Unlock an account by a link."""
        services.account_unlock_by_link(**self.body(LinkSerializer))
        return Response(status=status.HTTP_204_NO_CONTENT)
