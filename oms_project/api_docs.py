"""The OpenAPI document and a page to try it, both without any outside address."""

from drf_spectacular import renderers
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from gateway.api.views import PublicView
from oms_project.contracts import openapi


class SchemaView(PublicView):
    """The OpenAPI document in YAML, or in JSON where the request accepts that."""

    renderer_classes = (
        renderers.OpenApiYamlRenderer,
        renderers.OpenApiYamlRenderer2,
        renderers.OpenApiJsonRenderer,
        renderers.OpenApiJsonRenderer2,
    )

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(openapi())


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI under the strict Content-Security-Policy: its script is an answer of its own."""

    url_name = "api-schema"
    template_name = "api_docs.html"
