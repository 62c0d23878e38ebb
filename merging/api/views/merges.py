"""REST of merges: parse, call a service, render."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from history.api.views.base import AUTHORITY, RepositoryScopedViewSet
from merging import services
from merging.api.serializers.merges import (
    MergedSerializer,
    MergePreviewRequestSerializer,
    MergePreviewSerializer,
    MergeRequestSerializer,
)


class MergeViewSet(RepositoryScopedViewSet):
    """Merging one ref into another."""

    @extend_schema(request=MergePreviewRequestSerializer, responses={200: MergePreviewSerializer})
    def preview(self, request: Request, repository: str) -> Response:
        """What merging ``source`` into ``target`` would do; nothing is written."""
        data = self.body(MergePreviewRequestSerializer)
        preview = services.merge_preview(actor=request.user, repository=self.repository, **data)
        return Response(MergePreviewSerializer(preview).data)

    @extend_schema(parameters=AUTHORITY, request=MergeRequestSerializer, responses={200: MergedSerializer})
    def create(self, request: Request, repository: str) -> Response:
        """Merge ``source`` into the branch ``target``; 409 with the conflicts where there are any."""
        data = self.body(MergeRequestSerializer)
        merged = services.branch_merge(actor=request.user, repository=self.repository, authority=self.authority, **data)
        return Response(MergedSerializer(merged).data)
