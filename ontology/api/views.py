"""REST of ontology: parse, call a service, render."""

from hashlib import sha256
from typing import Any, cast

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from gateway.api.views import OMSViewSet, PublicView
from gateway.http.bodies import json_bytes
from history.api.serializers import RefQuery
from history.api.views.base import AUTHORITY, DocumentViewSet, RepositoryScopedViewSet
from ontology import services
from ontology.api.serializers import (
    CompareQuery,
    ComparisonSerializer,
    EffectiveTypeSerializer,
    ExportQuery,
    ImportReportSerializer,
    ImportSerializer,
    RuleSettingSerializer,
    RuleWeightSerializer,
    SchemaSerializer,
    ValidationSerializer,
)
from ontology.engine.json_schemas import MEDIA_TYPE, schema_id
from ontology.engine.kinds import KINDS
from ontology.formats import FORMATS, WRITABLE
from ontology.models import RuleSeverity
from ontology.selectors import compare, content_schema, effective_type, ontology_export, rule_weights, violations_at


class SchemaViewSet(PublicView, OMSViewSet):
    """What contents look like: a JSON Schema of each kind, the same for everybody."""

    serializer_class = SchemaSerializer
    media_types = {"retrieve": [MEDIA_TYPE]}

    @extend_schema(responses=SchemaSerializer(many=True))
    def list(self, request: Request) -> Response:
        """The kinds, and where their schemas are."""
        kinds: Any = self.paginate_queryset(cast("Any", list(KINDS))) or []
        rows = [
            {"kind": kind, "id": schema_id(kind), "url": reverse("schema", [kind], request=request)} for kind in kinds
        ]
        return self.get_paginated_response(SchemaSerializer(rows, many=True).data)

    @extend_schema(responses={(200, MEDIA_TYPE): OpenApiTypes.OBJECT})
    def retrieve(self, request: Request, kind: str) -> HttpResponseBase:
        """The JSON Schema of the contents of a kind; 304 where ``If-None-Match`` names it as it is."""
        body = json_bytes(content_schema(kind))
        response = HttpResponse(body, content_type=MEDIA_TYPE, headers={"Cache-Control": "public, max-age=3600"})
        response["ETag"] = f'"{sha256(body).hexdigest()}"'
        return get_conditional_response(request, etag=response["ETag"], response=response) or response


class ImportViewSet(DocumentViewSet):
    """Bringing a whole ontology in."""

    @extend_schema(parameters=AUTHORITY, request=ImportSerializer, responses={201: ImportReportSerializer})
    def create(self, request: Request, repository: str) -> Response:
        """Make a document what a branch holds, as one commit; 422 where that would change nothing.

        What a foreign format holds and OMS cannot is among the ``omissions``.
        """
        data = self.body(ImportSerializer)
        branch, format_name = self.branch(data.pop("branch")), data.pop("format")
        report = services.document_import(
            actor=request.user, branch=branch, format_name=format_name, authority=self.authority, **data
        )
        return Response(ImportReportSerializer(report).data, status=status.HTTP_201_CREATED)


class ExportViewSet(RepositoryScopedViewSet):
    """Taking a whole ontology out."""

    media_types = {"retrieve": [FORMATS[name].media_type for name in WRITABLE]}

    @extend_schema(
        parameters=[ExportQuery],
        responses={(200, FORMATS[name].media_type): OpenApiTypes.STR for name in WRITABLE}
        | {(200, "application/json"): OpenApiTypes.OBJECT},
    )
    def retrieve(self, request: Request, repository: str) -> HttpResponse:
        """The ontology at ``ref`` in a format: same content, same bytes."""
        query = self.query(ExportQuery)
        body = ontology_export(self.commit_at(query["ref"]), query["format"])
        return HttpResponse(body, content_type=FORMATS[query["format"]].media_type)


class EffectiveViewSet(RepositoryScopedViewSet):
    """What a type has by inheritance."""

    @extend_schema(parameters=[RefQuery], responses=EffectiveTypeSerializer)
    def retrieve(self, request: Request, repository: str, kind: str, api_name: str) -> Response:
        """The properties that an object type or interface has at ``ref``, by name, and where each comes from."""
        commit = self.commit_at(self.query(RefQuery)["ref"])
        found = effective_type(commit, (kind, api_name))
        answer = {
            "kind": kind,
            "api_name": api_name,
            "commit": commit.digest,
            "properties": [found.properties[name] for name in sorted(found.properties)],
            "lineage": found.lineage,
            "interfaces": found.interfaces,
        }
        return Response(EffectiveTypeSerializer(answer).data)


class CompareViewSet(RepositoryScopedViewSet):
    """The difference between two refs."""

    @extend_schema(parameters=[CompareQuery], responses=ComparisonSerializer)
    def retrieve(self, request: Request, repository: str) -> Response:
        """The resources in which the state at ``head`` differs from that at ``base``, and their merge base."""
        query = self.query(CompareQuery)
        comparison = compare(self.commit_at(query["base"]), self.commit_at(query["head"]))
        return Response(ComparisonSerializer(comparison).data)


class ValidationViewSet(RepositoryScopedViewSet):
    """What a state breaks."""

    @extend_schema(parameters=[RefQuery], responses=ValidationSerializer)
    def retrieve(self, request: Request, repository: str) -> Response:
        """The errors and warnings of the whole state at ``ref``, by the rules of the repository."""
        violations = violations_at(self.commit_at(self.query(RefQuery)["ref"]))
        return Response(ValidationSerializer({"violations": violations}).data)


class RuleSettingViewSet(RepositoryScopedViewSet):
    """What the rules of validation weigh in a repository."""

    serializer_class = RuleWeightSerializer

    @extend_schema(responses=RuleWeightSerializer(many=True))
    def list(self, request: Request, repository: str) -> Response:
        """All rules, and what they weigh here."""
        page: Any = self.paginate_queryset(cast("Any", rule_weights(self.repository)))
        return self.get_paginated_response(RuleWeightSerializer(page, many=True).data)

    @extend_schema(request=RuleSettingSerializer, responses=RuleWeightSerializer)
    def update(self, request: Request, repository: str, rule: str) -> Response:
        """Have a movable rule refuse commits, be told, or not be looked at."""
        severity = RuleSeverity(self.body(RuleSettingSerializer)["severity"])
        services.rule_setting_set(actor=request.user, repository=self.repository, rule=rule, severity=severity)
        weight = next(weight for weight in rule_weights(self.repository) if weight.rule.id == rule)
        return Response(RuleWeightSerializer(weight).data)
