"""Making a repository."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from history.exceptions import NotAllowed
from history.services import repository_create
from history.views.base import address
from history.views.forms import RepositoryForm


class RepositoryNewView(View):
    """The form of a new repository."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("history.create_repository"):
            raise NotAllowed(_("You may not create repositories."))
        return self._page(request, RepositoryForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RepositoryForm(request.POST)
        repository = form.attempt(lambda: repository_create(actor=request.user, **form.cleaned_data))
        if repository is None:
            return self._page(request, form)
        messages.success(request, _("Repository {name} created.").format(name=repository.name))
        return redirect(address("repository", repository.name))

    def _page(self, request: HttpRequest, form: RepositoryForm) -> HttpResponse:
        return render(request, "history/repository_new.html", {"form": form}, status=form.status)
