"""The GraphQL root, made of the apps' own, and the view that serves it."""

from typing import Any, ClassVar, Final

import strawberry
from django.conf import settings
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

import accounts.graphql
import history.graphql
import merging.graphql
import oms_project
import ontology.graphql
from gateway import graphql
from gateway.api.views import OMSAPIView


@strawberry.type
class Query(accounts.graphql.Query, history.graphql.Query, ontology.graphql.Query, merging.graphql.Query):
    @strawberry.field
    def version(self) -> str:
        """The version of the service."""
        return oms_project.__version__


@strawberry.type
class Mutation(
    accounts.graphql.Mutation, history.graphql.Mutation, ontology.graphql.Mutation, merging.graphql.Mutation
):
    """Every app's mutations."""


COSTS: Final = {**history.graphql.COSTS, **ontology.graphql.COSTS, **merging.graphql.COSTS}
SCHEMA = graphql.Schema(query=Query, mutation=Mutation, costs=COSTS)


class OperationSerializer(serializers.Serializer[Any]):
    query = serializers.CharField(max_length=graphql.MAX_QUERY_LENGTH, trim_whitespace=False)
    variables = serializers.DictField(required=False, allow_null=True, default=None)
    operationName = serializers.CharField(required=False, allow_null=True, default=None)  # noqa: N815 - the protocol's


class GraphQLView(OMSAPIView):
    """GraphQL over HTTP, with the authentication, limits and problem details of REST.

    Any operation may ask for a secret, so no cache stores an answer; one that holds a secret refuses to be kept.
    """

    body_limit = settings.DOCUMENT_BODY_LIMIT
    schema = None  # not an operation of the OpenAPI document
    graphql_schema: ClassVar[graphql.Schema] = SCHEMA

    def post(self, request: Request) -> Response:
        operation = self.body(OperationSerializer)
        answer = graphql.answer(
            self.graphql_schema,
            graphql.Context(request),
            query=operation["query"],
            variables=operation["variables"],
            operation_name=operation["operationName"],
        )
        headers = {**answer.headers, "Cache-Control": "no-store"}
        return Response(answer.body, status=answer.status, headers=headers)
