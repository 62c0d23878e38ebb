"""REST of what protects branches: parse, call a service, render."""

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from history.api.views.base import RepositoryScopedViewSet
from history.permissions import ADMINISTER, require
from merging import selectors, services
from merging.api.serializers.protection import (
    CheckPostSerializer,
    CheckSerializer,
    FindingOverrideCreateSerializer,
    FindingOverrideSerializer,
    OwnershipSerializer,
    OwnersSetSerializer,
    ProtectionRuleCreateSerializer,
    ProtectionRuleSerializer,
    ProtectionRuleUpdateSerializer,
)
from merging.models import Check, FindingOverride, Ownership, ProtectionRule


class ProtectionRuleViewSet(ListModelMixin, RepositoryScopedViewSet):
    """What is asked of every move of the branches that a pattern describes."""

    queryset = ProtectionRule.objects.none()
    serializer_class = ProtectionRuleSerializer

    def get_queryset(self) -> QuerySet[ProtectionRule]:
        return selectors.protection_rules_of(self.repository)

    @extend_schema(responses=ProtectionRuleSerializer)
    def retrieve(self, request: Request, repository: str, identifier: int) -> Response:
        """One rule."""
        return Response(ProtectionRuleSerializer(self._rule(identifier)).data)

    @extend_schema(request=ProtectionRuleCreateSerializer, responses={201: ProtectionRuleSerializer})
    def create(self, request: Request, repository: str) -> Response:
        """Make a rule; it holds from the next move of a head on."""
        fields = cast("services.RuleFields", self.body(ProtectionRuleCreateSerializer))
        rule = services.protection_rule_create(actor=request.user, repository=self.repository, fields=fields)
        return Response(ProtectionRuleSerializer(rule).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ProtectionRuleUpdateSerializer, responses=ProtectionRuleSerializer)
    def partial_update(self, request: Request, repository: str, identifier: int) -> Response:
        """Change what a rule says."""
        fields = cast("services.RuleFields", self.body(ProtectionRuleUpdateSerializer))
        rule = services.protection_rule_update(actor=request.user, rule=self._rule(identifier), fields=fields)
        return Response(ProtectionRuleSerializer(rule).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, repository: str, identifier: int) -> Response:
        """Delete a rule."""
        services.protection_rule_delete(actor=request.user, rule=self._rule(identifier))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _rule(self, identifier: int) -> ProtectionRule:
        return selectors.protection_rule_get(self.repository, identifier)


class OwnersViewSet(ListModelMixin, RepositoryScopedViewSet):
    """Who owns the resources that a pattern describes; of several patterns the last counts."""

    queryset = Ownership.objects.none()
    serializer_class = OwnershipSerializer

    def get_queryset(self) -> QuerySet[Ownership]:
        return selectors.ownerships_of(self.repository)

    @extend_schema(request=OwnersSetSerializer, responses={200: OwnershipSerializer})
    def create(self, request: Request, repository: str) -> Response:
        """Have exactly these people and groups own what a pattern describes, whoever did before."""
        require(request.user, ADMINISTER, self.repository)  # first, or anybody could ask who has an account
        data = self.body(OwnersSetSerializer)
        ownership = services.owners_set(actor=request.user, repository=self.repository, **data)
        return Response(OwnershipSerializer(ownership).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, repository: str, identifier: int) -> Response:
        """Have a pattern say nothing of owners any more."""
        ownership = selectors.ownership_get(self.repository, identifier)
        services.owners_remove(actor=request.user, ownership=ownership)
        return Response(status=status.HTTP_204_NO_CONTENT)


class CheckViewSet(ListModelMixin, RepositoryScopedViewSet):
    """What other systems have found out about a commit."""

    queryset = Check.objects.none()
    serializer_class = CheckSerializer

    def get_queryset(self) -> QuerySet[Check]:
        return selectors.checks_of(self.commit_at(self.kwargs["ref"]))

    @extend_schema(request=CheckPostSerializer, responses={201: CheckSerializer})
    def create(self, request: Request, repository: str, ref: str) -> Response:
        """Say how a check of a commit went; of a name the last counts."""
        data: dict[str, Any] = self.body(CheckPostSerializer)
        check = services.check_post(actor=request.user, commit=self.commit_at(ref), **data)
        return Response(CheckSerializer(check).data, status=status.HTTP_201_CREATED)


class FindingOverrideViewSet(ListModelMixin, RepositoryScopedViewSet):
    """The findings of a proposal that somebody answers for."""

    queryset = FindingOverride.objects.none()
    serializer_class = FindingOverrideSerializer

    def get_queryset(self) -> QuerySet[FindingOverride]:
        return selectors.finding_overrides_of(selectors.proposal_get(self.repository, self.kwargs["number"]))

    @extend_schema(request=FindingOverrideCreateSerializer, responses={201: FindingOverrideSerializer})
    def create(self, request: Request, repository: str, number: int) -> Response:
        """Let a finding land with the proposal, as grave as it is now, for a reason."""
        data = self.body(FindingOverrideCreateSerializer)
        proposal = selectors.proposal_get(self.repository, number)
        override = services.finding_override(actor=request.user, proposal=proposal, **data)
        return Response(FindingOverrideSerializer(override).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, repository: str, number: int, identifier: int) -> Response:
        """Answer for a finding no longer."""
        proposal = selectors.proposal_get(self.repository, number)
        override = selectors.finding_override_get(proposal, identifier)
        services.finding_override_withdraw(actor=request.user, override=override)
        return Response(status=status.HTTP_204_NO_CONTENT)
