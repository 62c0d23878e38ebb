"""Passwords, and what administrators ask of them."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import services
from accounts.api.authentication import SignedInRequest
from accounts.api.serializers.passwords import (
    PasswordChangeSerializer,
    PolicyCreateSerializer,
    PolicySerializer,
    PolicyUpdateSerializer,
    RoleSettingsSerializer,
    RoleSettingsUpdateSerializer,
)
from accounts.api.views.factors import MaybeSignedInView
from accounts.api.views.login import LOGIN_ANSWERS, login_response
from accounts.exceptions import PolicyNotFound
from accounts.models import PasswordPolicy, RoleSettings
from accounts.selectors import policies_visible_to, role_settings_visible_to
from gateway.api.views import OMSViewSet


class PasswordChangeView(MaybeSignedInView):
    holds_secret = True

    @extend_schema(
        request=PasswordChangeSerializer,
        responses={200: LOGIN_ANSWERS, 204: OpenApiResponse(description="It is changed; other sessions have ended.")},
        operation_id="auth_password_change",
    )
    def post(self, request: Request) -> Response:
        """Set another password of one's own, signed in or in a sign-in that asks for one; that then goes on."""
        given = self.body(PasswordChangeSerializer)
        if "mfa_token" in given:
            login = services.login_password_change(token=given["mfa_token"], new_password=given["new_password"])
            return login_response(login)
        services.password_change(actor=self.signed_in(), **given)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema_view(list=extend_schema(description="The rules of passwords, by name. For administrators."))
class PolicyViewSet(ListModelMixin, OMSViewSet):
    not_found = PolicyNotFound
    queryset = PasswordPolicy.objects.none()
    serializer_class = PolicySerializer

    def get_queryset(self) -> QuerySet[PasswordPolicy]:
        return policies_visible_to(self.request.user)

    @extend_schema(request=PolicyCreateSerializer, responses={201: PolicySerializer})
    def create(self, request: SignedInRequest) -> Response:
        """Make a policy. For administrators."""
        policy = services.policy_save(actor=request.user, **self.body(PolicyCreateSerializer))
        return Response(PolicySerializer(policy).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=PolicyUpdateSerializer, responses=PolicySerializer)
    def partial_update(self, request: SignedInRequest, pk: str) -> Response:
        """Change a policy; what is made the default takes the place of the one that was. For administrators."""
        data = self.body(PolicyUpdateSerializer)
        return Response(
            PolicySerializer(services.policy_save(actor=request.user, policy=self.get_object(), **data)).data
        )

    @extend_schema(responses={204: None})
    def destroy(self, request: SignedInRequest, pk: str) -> Response:
        """Delete a policy that is not in use and not the default. For administrators."""
        services.policy_delete(actor=request.user, policy=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema_view(list=extend_schema(description="What each role asks of who has it. For administrators."))
class RoleSettingsViewSet(ListModelMixin, OMSViewSet):
    queryset = RoleSettings.objects.none()
    serializer_class = RoleSettingsSerializer

    def get_queryset(self) -> QuerySet[RoleSettings]:
        return role_settings_visible_to(self.request.user)

    @extend_schema(request=RoleSettingsUpdateSerializer, responses=RoleSettingsSerializer)
    def partial_update(self, request: SignedInRequest, pk: str) -> Response:
        """Change what a role asks. For administrators."""
        data = self.body(RoleSettingsUpdateSerializer)
        role = services.role_settings_save(actor=request.user, role=self.get_object(), **data)
        return Response(RoleSettingsSerializer(role).data)
