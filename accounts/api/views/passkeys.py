"""Passkeys: made, signed in by, confirmed by, renamed and removed."""

import uuid
from typing import cast

from django.db.models import QuerySet
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import selectors, services
from accounts.api.authentication import SignedInRequest
from accounts.api.serializers.login import (
    AccessSerializer,
    LoginPendingSerializer,
    LoginTokensSerializer,
    MFATokenSerializer,
)
from accounts.api.serializers.passkeys import (
    AnswerSerializer,
    CeremonySerializer,
    PasskeyLoginSerializer,
    PasskeyRegisteredSerializer,
    PasskeyRegisterSerializer,
    PasskeyRenameSerializer,
    PasskeySerializer,
    PasskeyTokenSerializer,
    PasskeyVerifySerializer,
)
from accounts.api.views.factors import MaybeSignedInView
from accounts.api.views.login import LOGIN_ANSWERS, login_response, renewed_response
from accounts.exceptions import FactorNotFound
from accounts.models import Passkey, SessionKind, User
from gateway.api.views import OMSAPIView, OMSViewSet, PublicView

REGISTER_ANSWERS = PolymorphicProxySerializer(
    component_name="PasskeyRegisterAnswer",
    serializers=[PasskeyRegisteredSerializer, LoginTokensSerializer, LoginPendingSerializer],
    resource_type_field_name=None,
)


def ceremony_response(ceremony: services.Ceremony) -> Response:
    return Response(CeremonySerializer(ceremony).data)


class PasskeyRegisterBeginView(MaybeSignedInView):
    holds_secret = True

    @extend_schema(
        request=MFATokenSerializer, responses=CeremonySerializer, operation_id="auth_webauthn_register_begin"
    )
    def post(self, request: Request) -> Response:
        """Begin with a passkey, signed in or in a sign-in that asks for a factor."""
        token = self.body(MFATokenSerializer).get("mfa_token")
        if token is not None:
            return ceremony_response(services.login_passkey_enrol(token=token))
        return ceremony_response(services.passkey_register_begin(actor=self.signed_in()))


class PasskeyRegisterFinishView(MaybeSignedInView):
    holds_secret = True

    @extend_schema(
        request=PasskeyRegisterSerializer, responses=REGISTER_ANSWERS, operation_id="auth_webauthn_register_finish"
    )
    def post(self, request: Request) -> Response:
        """Have the passkey count. In a sign-in, what that goes on with comes along with the recovery codes."""
        given = self.body(PasskeyRegisterSerializer)
        token = given.pop("mfa_token", None)
        if token is not None:
            login, codes = services.login_passkey_confirm(token=token, **given)
            return login_response(login, recovery_codes=codes)
        registered = services.passkey_register_finish(actor=self.signed_in(), **given)
        return Response(PasskeyRegisteredSerializer(registered).data)


class PasskeyLoginBeginView(PublicView):
    holds_secret = True

    @extend_schema(request=None, responses=CeremonySerializer, operation_id="auth_webauthn_login_begin")
    def post(self, request: Request) -> Response:
        """Begin to sign in by a passkey alone."""
        return ceremony_response(services.passkey_login_begin())


class PasskeyLoginFinishView(PublicView):
    holds_secret = True

    @extend_schema(request=PasskeyLoginSerializer, responses=LOGIN_ANSWERS, operation_id="auth_webauthn_login_finish")
    def post(self, request: Request) -> Response:
        """Sign in by the passkey, which is both factors at once."""
        given = self.body(PasskeyLoginSerializer)
        device = services.Device.of(request.META, given.pop("device"))
        return login_response(services.passkey_login_finish(**given, device=device, kind=SessionKind.API))


class MFAPasskeyBeginView(PublicView):
    holds_secret = True

    @extend_schema(request=PasskeyTokenSerializer, responses=CeremonySerializer, operation_id="auth_mfa_webauthn_begin")
    def post(self, request: Request) -> Response:
        """Begin to show a passkey as the second factor of a sign-in."""
        return ceremony_response(services.login_passkey_begin(token=self.body(PasskeyTokenSerializer)["mfa_token"]))


class MFAPasskeyFinishView(PublicView):
    holds_secret = True

    @extend_schema(request=PasskeyVerifySerializer, responses=LOGIN_ANSWERS, operation_id="auth_mfa_webauthn_finish")
    def post(self, request: Request) -> Response:
        """Show it."""
        given = self.body(PasskeyVerifySerializer)
        return login_response(services.login_passkey_verify(token=given.pop("mfa_token"), **given))


class PasskeyConfirmBeginView(OMSAPIView):
    holds_secret = True

    @extend_schema(request=None, responses=CeremonySerializer, operation_id="auth_confirm_webauthn_begin")
    def post(self, request: SignedInRequest) -> Response:
        """Begin to confirm by a passkey who one is."""
        return ceremony_response(services.passkey_confirm_begin(actor=request.user))


class PasskeyConfirmFinishView(OMSAPIView):
    holds_secret = True

    @extend_schema(request=AnswerSerializer, responses=AccessSerializer, operation_id="auth_confirm_webauthn_finish")
    def post(self, request: SignedInRequest) -> Response:
        """Confirm it: what is sensitive asks for it."""
        return renewed_response(services.passkey_confirm_finish(actor=request.user, **self.body(AnswerSerializer)))


@extend_schema_view(
    list=extend_schema(description="One's own passkeys, the oldest first."),
    retrieve=extend_schema(description="One of one's own passkeys."),
)
class PasskeyViewSet(ListModelMixin, RetrieveModelMixin, OMSViewSet):
    not_found = FactorNotFound
    queryset = Passkey.objects.none()
    serializer_class = PasskeySerializer

    def get_queryset(self) -> QuerySet[Passkey]:
        return selectors.passkeys_of(cast(User, self.request.user))

    @extend_schema(request=PasskeyRenameSerializer, responses=PasskeySerializer)
    def partial_update(self, request: SignedInRequest, pk: uuid.UUID) -> Response:
        """Call a passkey something else."""
        named = self.body(PasskeyRenameSerializer)
        passkey = services.passkey_rename(actor=request.user, passkey=pk, **named)
        return Response(PasskeySerializer(passkey).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: SignedInRequest, pk: uuid.UUID) -> Response:
        """Sign in without the passkey from now on."""
        services.passkey_remove(actor=request.user, passkey=pk)
        return Response(status=status.HTTP_204_NO_CONTENT)
