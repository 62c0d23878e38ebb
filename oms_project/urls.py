"""Every address of the web process. Each app's REST routes are found in its ``api/urls.py``."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.api.views import JWKSView
from oms_project.api_docs import DocsView, SchemaView
from oms_project.graphql import GraphQLView

handler400 = "gateway.views.bad_request"
handler403 = "gateway.views.permission_denied"
handler404 = "gateway.views.page_not_found"
handler500 = "gateway.views.server_error"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("console/", admin.site.urls),
    path("graphql/", GraphQLView.as_view(), name="graphql"),
    path("health/", include("gateway.api.urls")),
    path("api/schema/", SchemaView.as_view(), name="api-schema"),
    path("api/docs/", DocsView.as_view(), name="api-docs"),
    path("api/v1/", include("accounts.api.urls")),
    path("api/v1/", include("history.api.urls")),
    path("api/v1/", include("ontology.api.urls")),
    path("api/v1/", include("merging.api.urls")),
    path(".well-known/jwks.json", JWKSView.as_view(), name="jwks"),
]
