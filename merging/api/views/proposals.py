"""REST of proposals: parse, call a service, render."""

from functools import cached_property
from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from history.api.serializers import CommitSerializer
from history.api.views.base import AUTHORITY, RepositoryScopedViewSet
from merging import services
from merging.api.serializers.merges import MergedSerializer, MergePreviewSerializer
from merging.api.serializers.proposals import (
    MergeSettingsSerializer,
    MergeSettingsSetSerializer,
    ProposalDetailSerializer,
    ProposalMergeSerializer,
    ProposalOpenSerializer,
    ProposalQuery,
    ProposalSerializer,
    ProposalUpdateSerializer,
    WayQuery,
)
from merging.models import MergeSettings, Proposal
from merging.selectors import merge_settings_of, proposal_commits, proposal_get, proposals_of


class ProposalScopedViewSet(RepositoryScopedViewSet):
    """A view of something of the proposal that the path names."""

    @cached_property
    def proposal(self) -> Proposal:
        return proposal_get(self.repository, self.kwargs["number"])

    def shown(self, code: int = status.HTTP_200_OK, way: services.Way = services.Way.MERGE) -> Response:
        """The proposal as it is now, with what merging it in this way takes."""
        proposal = proposal_get(self.repository, self.proposal.number)
        context = {"actor": self.request.user, "way": way}
        return Response(ProposalDetailSerializer(proposal, context=context).data, status=code)


class ProposalViewSet(ListModelMixin, ProposalScopedViewSet):
    """Proposals to merge one branch into another."""

    queryset = Proposal.objects.none()
    serializer_class = ProposalSerializer

    def get_queryset(self) -> QuerySet[Proposal]:
        query = self.query(ProposalQuery)
        return proposals_of(self.repository, states=query.pop("state"), **query)

    @extend_schema(parameters=[ProposalQuery], responses=ProposalSerializer(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The proposals of a repository, the newest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(parameters=[WayQuery], responses=ProposalDetailSerializer)
    def retrieve(self, request: Request, repository: str, number: int) -> Response:
        """One proposal with its heads and reviewers, and what merging it in this way takes."""
        return self.shown(**self.query(WayQuery))

    @extend_schema(request=ProposalOpenSerializer, responses={201: ProposalDetailSerializer})
    def create(self, request: Request, repository: str) -> Response:
        """Propose that one branch be merged into another."""
        data = self.body(ProposalOpenSerializer)
        self.proposal = services.proposal_open(actor=request.user, repository=self.repository, **data)
        return self.shown(status.HTTP_201_CREATED)

    @extend_schema(request=ProposalUpdateSerializer, responses=ProposalDetailSerializer)
    def partial_update(self, request: Request, repository: str, number: int) -> Response:
        """Change the title, the description or the target."""
        services.proposal_update(actor=request.user, proposal=self.proposal, **self.body(ProposalUpdateSerializer))
        return self.shown()

    @extend_schema(request=None, responses=ProposalDetailSerializer)
    def ready(self, request: Request, repository: str, number: int) -> Response:
        """Make a draft one that can be merged."""
        services.proposal_ready(actor=request.user, proposal=self.proposal)
        return self.shown()

    @extend_schema(request=None, responses=ProposalDetailSerializer)
    def draft(self, request: Request, repository: str, number: int) -> Response:
        """Make it a draft."""
        services.proposal_draft(actor=request.user, proposal=self.proposal)
        return self.shown()

    @extend_schema(request=None, responses=ProposalDetailSerializer)
    def close(self, request: Request, repository: str, number: int) -> Response:
        """End it without a merge."""
        services.proposal_close(actor=request.user, proposal=self.proposal)
        return self.shown()

    @extend_schema(request=None, responses=ProposalDetailSerializer)
    def reopen(self, request: Request, repository: str, number: int) -> Response:
        """Go on with a closed one."""
        services.proposal_reopen(actor=request.user, proposal=self.proposal)
        return self.shown()

    @extend_schema(parameters=AUTHORITY, request=ProposalMergeSerializer, responses={200: MergedSerializer})
    def merge(self, request: Request, repository: str, number: int) -> Response:
        """Merge it; 409 with the conflicts that are open where there are any."""
        data = self.body(ProposalMergeSerializer)
        merged = services.proposal_merge(actor=request.user, proposal=self.proposal, authority=self.authority, **data)
        return Response(MergedSerializer(merged).data)

    @extend_schema(parameters=[WayQuery], responses=MergePreviewSerializer)
    def difference(self, request: Request, repository: str, number: int) -> Response:
        """What merging it would do as its branches are, the conflicts being those that are open.

        Of one that has ended: what it would have done then.
        """
        found = services.proposal_preview(actor=request.user, proposal=self.proposal, **self.query(WayQuery))
        return Response(MergePreviewSerializer(found.preview).data)

    @extend_schema(responses=CommitSerializer(many=True))
    def commits(self, request: Request, repository: str, number: int) -> Response:
        """The commits that the source has and the target has not, the later ones first; 500 at most."""
        page: Any = self.paginate_queryset(cast("Any", proposal_commits(self.proposal)))
        return self.get_paginated_response(CommitSerializer(page, many=True).data)


class MergeSettingsViewSet(RepositoryScopedViewSet):
    """What a repository decides about merging."""

    queryset = MergeSettings.objects.none()
    serializer_class = MergeSettingsSerializer

    @extend_schema(responses=MergeSettingsSerializer)
    def retrieve(self, request: Request, repository: str) -> Response:
        """What the repository decides about merging."""
        return Response(MergeSettingsSerializer(merge_settings_of(self.repository)).data)

    @extend_schema(request=MergeSettingsSetSerializer, responses=MergeSettingsSerializer)
    def partial_update(self, request: Request, repository: str) -> Response:
        """Decide otherwise, for who administers the repository."""
        data = self.body(MergeSettingsSetSerializer)
        settings = services.merge_settings_set(actor=request.user, repository=self.repository, **data)
        return Response(MergeSettingsSerializer(settings).data)
