"""REST of the strategies that a repository chooses: parse, call a service, render."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from history.api.views.base import RepositoryScopedViewSet
from merging import services
from merging.api.serializers.strategies import MergeStrategySerializer, MergeStrategySetSerializer
from merging.models import MergeStrategy
from merging.selectors import strategies_of, strategy_get


class MergeStrategyViewSet(RepositoryScopedViewSet):
    """What settles disagreements here, by kind and place."""

    queryset = MergeStrategy.objects.none()
    serializer_class = MergeStrategySerializer

    @extend_schema(responses=MergeStrategySerializer(many=True))
    def list(self, request: Request, repository: str) -> Response:
        """The strategies that the repository has chosen, by kind and pattern."""
        page = self.paginate_queryset(strategies_of(self.repository)) or ()
        return self.get_paginated_response(MergeStrategySerializer(page, many=True).data)

    @extend_schema(
        request=MergeStrategySetSerializer, responses={201: MergeStrategySerializer, 200: MergeStrategySerializer}
    )
    def create(self, request: Request, repository: str) -> Response:
        """Choose a strategy for a kind and pattern; 200 where one was chosen there before."""
        data = self.body(MergeStrategySetSerializer)
        chosen, is_new = services.merge_strategy_set(actor=request.user, repository=self.repository, **data)
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(MergeStrategySerializer(chosen).data, status=code)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, repository: str, number: int) -> Response:
        """Let disagreements there be conflicts again."""
        services.merge_strategy_remove(actor=request.user, chosen=strategy_get(self.repository, number))
        return Response(status=status.HTTP_204_NO_CONTENT)
