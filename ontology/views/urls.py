"""Pages of the console; the site prefixes them and asks who is there."""

from django.urls import path

from ontology.views.compare import CommitView, CompareView
from ontology.views.consumers import CompatibilityView, ConsumerListView, ConsumerRemoveView
from ontology.views.editor import EditorCheckView, EditorView, ResourceNamesView
from ontology.views.graph import GraphView
from ontology.views.imports import ImportView
from ontology.views.one_change import ResourceDeleteView, ResourceRenameView
from ontology.views.repository import RepositoryPageView
from ontology.views.resources import ResourcePageView

RESOURCE = "repositories/<str:repository>/resources/<str:kind>/<str:api_name>/"

urlpatterns = [
    path("repositories/<str:repository>/", RepositoryPageView.as_view(), name="repository"),
    path("repositories/<str:repository>/commits/<str:digest>/", CommitView.as_view(), name="commit"),
    path("repositories/<str:repository>/compare/", CompareView.as_view(), name="compare"),
    path("repositories/<str:repository>/import/", ImportView.as_view(), name="import"),
    path("repositories/<str:repository>/graph/", GraphView.as_view(), name="graph"),
    path("repositories/<str:repository>/compatibility/", CompatibilityView.as_view(), name="compatibility"),
    path("repositories/<str:repository>/consumers/", ConsumerListView.as_view(), name="consumers"),
    path("repositories/<str:repository>/consumers/remove/", ConsumerRemoveView.as_view(), name="consumer-remove"),
    path("repositories/<str:repository>/resources/new/", EditorView.as_view(), name="resource-new"),
    path("repositories/<str:repository>/resources/new/check/", EditorCheckView.as_view(), name="resource-new-check"),
    path("repositories/<str:repository>/resource-names/", ResourceNamesView.as_view(), name="resource-names"),
    path(RESOURCE, ResourcePageView.as_view(), name="resource"),
    path(f"{RESOURCE}edit/", EditorView.as_view(), name="resource-edit"),
    path(f"{RESOURCE}edit/check/", EditorCheckView.as_view(), name="resource-edit-check"),
    path(f"{RESOURCE}delete/", ResourceDeleteView.as_view(), name="resource-delete"),
    path(f"{RESOURCE}rename/", ResourceRenameView.as_view(), name="resource-rename"),
]
