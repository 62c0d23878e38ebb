"""Whether this process lives and whether it can serve; programs that restart and route ask."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from gateway import selectors
from gateway.api.serializers import SentenceField
from gateway.api.views import PublicView


class LivenessSerializer(serializers.Serializer[dict[str, str]]):
    status = serializers.ChoiceField(choices=[selectors.Health.OK])


class DependencySerializer(serializers.Serializer[selectors.Dependency]):
    state = serializers.ChoiceField(choices=selectors.Health.choices)
    latency_ms = serializers.FloatField()
    detail = SentenceField()


class ReadinessSerializer(serializers.Serializer[selectors.Readiness]):
    status = serializers.ChoiceField(choices=selectors.Health.choices)
    dependencies = serializers.DictField(child=DependencySerializer())


class LivenessView(PublicView):
    """The process answers; nothing else is asked."""

    @extend_schema(responses=LivenessSerializer)
    def get(self, request: Request) -> Response:
        return Response({"status": selectors.Health.OK})


class ReadinessView(PublicView):
    """Every dependency with its state: 503 where PostgreSQL is down, ``degraded`` where another is."""

    @extend_schema(responses={200: ReadinessSerializer, 503: ReadinessSerializer})
    def get(self, request: Request) -> Response:
        readiness = selectors.readiness()
        status = 503 if readiness.status == selectors.Health.UNAVAILABLE else 200
        return Response(ReadinessSerializer(readiness).data, status=status)
