"""REST of the conflicts of proposals."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from merging import services
from merging.api.serializers.conflicts import (
    ProposalConflictSerializer,
    ResolutionSerializer,
    ResolvedSerializer,
)
from merging.api.serializers.proposals import WayQuery
from merging.api.views.proposals import ProposalScopedViewSet
from merging.exceptions import ConflictNotFound


class ConflictViewSet(ProposalScopedViewSet):
    """The conflicts of a proposal as its branches stand, and how they are resolved."""

    serializer_class = ProposalConflictSerializer

    @extend_schema(parameters=[WayQuery], responses=ProposalConflictSerializer(many=True))
    def list(self, request: Request, repository: str, number: int) -> Response:
        """All conflicts by path, those that are resolved among them."""
        page: Any = self.paginate_queryset(cast("Any", self._conflicts))
        return self.get_paginated_response(ProposalConflictSerializer(page, many=True).data)

    @extend_schema(parameters=[WayQuery], responses=ProposalConflictSerializer)
    def retrieve(self, request: Request, repository: str, number: int, identifier: str) -> Response:
        """One conflict."""
        found = next((each for each in self._conflicts if each.conflict.id == identifier), None)
        if found is None:
            raise ConflictNotFound
        return Response(ProposalConflictSerializer(found).data)

    @extend_schema(parameters=[WayQuery], request=ResolutionSerializer, responses=ResolvedSerializer)
    def partial_update(self, request: Request, repository: str, number: int, identifier: str) -> Response:
        """Resolve a conflict by one of its options, or open it again by null."""
        data = self.body(ResolutionSerializer)
        resolved = services.conflict_resolve(
            actor=request.user, proposal=self.proposal, conflict=identifier, **self.query(WayQuery), **data
        )
        return Response(ResolvedSerializer(resolved).data)

    @property
    def _conflicts(self) -> Any:
        found = services.proposal_preview(actor=self.request.user, proposal=self.proposal, **self.query(WayQuery))
        return found.conflicts
