"""How the OpenAPI document describes what all operations have in common."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_lib_doc_excludes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.serializers import Serializer

from gateway.api.serializers import StrictSerializer
from gateway.api.views import WRITES, OMSAPIView, OMSViewSet, PublicView

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Sent again with the same request, it gets the first answer and executes nothing.",
)
DRY_RUN = OpenApiParameter(
    "dry_run", bool, description="Answer as the real request would, and leave nothing behind.", default=False
)


def classes_not_quoted() -> list[type]:
    """Classes whose docstrings are for developers, not for whom reads what their subclasses serve."""
    return [*get_lib_doc_excludes(), StrictSerializer, OMSAPIView, OMSViewSet, PublicView]


class FieldErrorSerializer(Serializer[Any]):
    field = serializers.CharField(help_text="An RFC 6901 pointer into the body, or ?name of a query parameter.")
    rule = serializers.CharField()
    message = serializers.CharField()


class ProblemSerializer(Serializer[Any]):
    """Problem details (RFC 9457); a problem type may add members."""

    type = serializers.CharField(help_text="urn:oms:problem:…")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """``errors`` is an attribute of every serializer, so this field cannot be declared like the others."""
        return {**super().get_fields(), "errors": FieldErrorSerializer(many=True, required=False)}


class OperationSchema(AutoSchema):
    """Every operation may answer with problem details; writes can be repeated and, where the view says so, tried."""

    def get_override_parameters(self) -> list[OpenApiParameter | Serializer[Any] | type[Serializer[Any]]]:
        parameters: list[OpenApiParameter | Serializer[Any] | type[Serializer[Any]]] = []
        if self.method == "POST" and self.view.get_authenticators() and not getattr(self.view, "holds_secret", False):
            parameters.append(IDEMPOTENCY_KEY)
        if self.method in WRITES and getattr(self.view, "dry_run", False):
            parameters.append(DRY_RUN)
        return parameters

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            problem = self.resolve_serializer(ProblemSerializer, "response")
            operation["responses"]["default"] = {
                "description": "The request failed.",
                "content": {"application/problem+json": {"schema": problem.ref}},
            }
        return operation
