"""All pages of the console, each found in its app's ``views/urls.py``."""

from django.urls import URLPattern, path

from accounts.views import urls as accounts
from history.views import urls as history
from merging.views import urls as merging
from oms_project.views import StartView
from ontology.views import urls as ontology

PAGES: list[URLPattern] = [
    path("", StartView.as_view(), name="index"),
    *accounts.urlpatterns,
    *history.urlpatterns,
    *ontology.urlpatterns,
    *merging.urlpatterns,
]
