"""Second factors."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import selectors, services
from accounts.api.authentication import SignedInRequest
from accounts.api.serializers.factors import (
    EnrolmentSerializer,
    FactorsSerializer,
    RecoveryCodesSerializer,
    TOTPConfirmSerializer,
)
from accounts.api.serializers.login import MFATokenSerializer
from accounts.api.views.login import login_response
from accounts.models import User
from gateway.api.views import OMSAPIView
from gateway.exceptions import Unauthenticated


class MaybeSignedInView(OMSAPIView):
    """A view for who is signed in and for who is about to be, by a token in the body."""

    permission_classes = (AllowAny,)

    def signed_in(self) -> User:
        """The caller. Raises :class:`Unauthenticated` where nobody is signed in."""
        if not self.request.user.is_authenticated:
            raise Unauthenticated
        return self.request.user


class FactorsView(OMSAPIView):
    @extend_schema(responses=FactorsSerializer, operation_id="auth_mfa")
    def get(self, request: SignedInRequest) -> Response:
        """The caller's second factors."""
        return Response(FactorsSerializer(selectors.factors_of(request.user)).data)


class TOTPView(MaybeSignedInView):
    holds_secret = True

    @extend_schema(request=MFATokenSerializer, responses=EnrolmentSerializer, operation_id="auth_mfa_totp_enrol")
    def post(self, request: Request) -> Response:
        """Begin with an authenticator application, signed in or in a sign-in that asks for a factor."""
        token = self.body(MFATokenSerializer).get("mfa_token")
        if token is not None:
            enrolment = services.login_totp_enrol(token=token)
        else:
            enrolment = services.totp_enrol(actor=self.signed_in())
        return Response(EnrolmentSerializer(enrolment).data)

    @extend_schema(request=None, responses={204: None}, operation_id="auth_mfa_totp_remove")
    def delete(self, request: Request) -> Response:
        """Sign in without the application from now on."""
        services.totp_remove(actor=self.signed_in())
        return Response(status=status.HTTP_204_NO_CONTENT)


class TOTPConfirmView(MaybeSignedInView):
    holds_secret = True

    @extend_schema(
        request=TOTPConfirmSerializer, responses=RecoveryCodesSerializer, operation_id="auth_mfa_totp_confirm"
    )
    def post(self, request: Request) -> Response:
        """Have the application count by its first code. In a sign-in, what that goes on with comes along."""
        given = self.body(TOTPConfirmSerializer)
        if "mfa_token" in given:
            login, codes = services.login_totp_confirm(token=given["mfa_token"], code=given["code"])
            return login_response(login, recovery_codes=codes)
        codes = services.totp_confirm(actor=self.signed_in(), code=given["code"])
        return Response({"recovery_codes": codes})


class RecoveryCodesView(OMSAPIView):
    holds_secret = True

    @extend_schema(request=None, responses=RecoveryCodesSerializer, operation_id="auth_mfa_recovery_codes")
    def post(self, request: SignedInRequest) -> Response:
        """New recovery codes in place of all earlier ones."""
        codes = services.recovery_codes_replace(actor=request.user)
        return Response({"recovery_codes": codes})
