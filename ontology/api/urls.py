from django.urls import include, path

from ontology.api import consumer_views, views

in_repository = [
    path("import/", views.ImportViewSet.as_view({"post": "create"}), name="import"),
    path("export/", views.ExportViewSet.as_view({"get": "retrieve"}), name="export"),
    path("validation/", views.ValidationViewSet.as_view({"get": "retrieve"}), name="validation"),
    path("rule-settings/", views.RuleSettingViewSet.as_view({"get": "list"}), name="rule-settings"),
    path("rule-settings/<str:rule>/", views.RuleSettingViewSet.as_view({"put": "update"}), name="rule-setting"),
    path("consumers/", consumer_views.ConsumerViewSet.as_view({"get": "list", "post": "create"}), name="consumers"),
    path(
        "consumers/<str:name>/",
        consumer_views.ConsumerViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
        name="consumer",
    ),
    path("compatibility/", consumer_views.CompatibilityViewSet.as_view({"get": "list"}), name="compatibility"),
    path(
        "resources/<str:kind>/<str:api_name>/effective/",
        views.EffectiveViewSet.as_view({"get": "retrieve"}),
        name="resource-effective",
    ),
    path("compare/", views.CompareViewSet.as_view({"get": "retrieve"}), name="compare"),
]

urlpatterns = [
    path("schemas/", views.SchemaViewSet.as_view({"get": "list"}), name="schemas"),
    path("schemas/<str:kind>/", views.SchemaViewSet.as_view({"get": "retrieve"}), name="schema"),
    path("repositories/<str:repository>/", include(in_repository)),
]
