"""The console: Django's admin under our own site, and our own pages within it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.i18n import set_language

from gateway.exceptions import Malformed

View = Callable[..., HttpResponseBase]

LEFT_OUT = frozenset({"index", "login", "logout", "password_change", "password_change_done"})
"""Pages of Django's that the console has its own of, or none."""


class ConsoleSite(admin.AdminSite):
    """Where people work with OMS in a browser.

    Every signed-in person may enter; each page asks what it needs. Django's own lists of models
    are for administrators.
    """

    site_header = gettext_lazy("OMS")
    site_title = gettext_lazy("OMS")
    index_title = gettext_lazy("Administration")
    site_url = None
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Our pages first; what Django adds of its own follows."""
        # The views import models, which are not loaded yet where this module is.
        from accounts.views import PUBLIC  # noqa: PLC0415
        from oms_project.console import PAGES  # noqa: PLC0415

        django_own = [page for page in super().get_urls() if getattr(page, "name", None) not in LEFT_OUT]
        return [
            *(URLPattern(page.pattern, without_nul(page.callback), page.default_args, page.name) for page in PUBLIC),
            path("language/", set_language, name="language"),
            path("administration/", self.admin_view(self.administration), name="administration"),
            *(self._page(page) for page in PAGES),
            *django_own,
        ]

    def administration(self, request: HttpRequest) -> HttpResponse:
        """Django's index: the models that the visitor may see."""
        if not request.user.has_perm("accounts.manage_users"):
            raise PermissionDenied
        return super().index(request)

    def _page(self, page: URLPattern) -> URLPattern:
        return URLPattern(page.pattern, self.admin_view(page.callback), page.default_args, page.name)

    def admin_view(self, view: View, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002  (as in Django)
        """Every page is for who has permission and at an address without NUL, Django's own pages as well."""
        return super().admin_view(without_nul(view), cacheable)


def without_nul(view: View) -> View:
    """``view`` for requests whose address holds no NUL, which no name does and no database takes."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        given = [request.path, *(value for values in request.GET.lists() for value in values[1])]
        if any("\0" in value for value in given):
            raise Malformed(_("The address holds a NUL character."))
        return view(request, *args, **kwargs)

    return guarded
