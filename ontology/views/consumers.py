"""Consumers of a repository, and which branches break them."""

from collections.abc import Iterator
from typing import Final

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gateway.exceptions import OMSError
from gateway.http.forms import ServiceForm, show_problem
from history.engine.content import Key
from history.permissions import ADMINISTER
from history.selectors import ref_resolve
from history.views.base import RepositoryView, address
from ontology.selectors import branches_asked, compatibility_of, consumer_get, consumers_of, standings_of
from ontology.services import Declared, Registration, consumer_delete, consumer_register

PAGE: Final = 20

PLAIN: Final = {"autocomplete": "off", "spellcheck": "false"}
CODE: Final = {"rows": 4, "class": "code", "spellcheck": "false"}


class UsesField(forms.CharField):
    """A usage a line: ``Person``, ``Person.age``, or ``link_type employment`` for what is no object type."""

    widget = forms.Textarea(attrs=CODE)

    def clean(self, value: str) -> list[tuple[Key, str]]:
        """The resources and their members."""
        return list(_uses(super().clean(value)))


def _uses(text: str) -> Iterator[tuple[Key, str]]:
    for line in text.splitlines():
        if line.strip():
            kind, _space, name = line.strip().rpartition(" ")
            type_, _dot, member = name.partition(".")
            yield (kind.strip() or "object_type", type_), member


class ConsumerNameForm(ServiceForm):
    name = forms.CharField(label=gettext_lazy("Name"), widget=forms.TextInput(attrs=PLAIN))


class ConsumerForm(ConsumerNameForm):
    contact = forms.CharField(label=gettext_lazy("Contact"), required=False)
    description = forms.CharField(
        label=gettext_lazy("Description"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    reads = UsesField(
        label=gettext_lazy("Reads"),
        required=False,
        help_text=gettext_lazy("One a line: Person, Person.age, or the kind before it, as in link_type employment."),
    )
    writes = UsesField(label=gettext_lazy("Writes"), required=False)
    query = forms.CharField(
        label=gettext_lazy("GraphQL query"),
        required=False,
        widget=forms.Textarea(attrs=CODE),
        help_text=gettext_lazy("What it selects counts as read."),
    )

    def refuse(self, problem: OMSError) -> None:
        """Show what is wrong with a usage at the list that it stands in."""
        self.status = problem.status
        show_problem(self, problem, {error.field: _field(error.field) for error in problem.errors})


def _field(pointer: str) -> str:
    name = pointer.split("/")[1]
    return "query" if name == "queries" else name


class ConsumerListView(RepositoryView):
    """Who uses the ontology, what of it, and the form of a registration."""

    tab = "consumers"

    def get(self, request: HttpRequest, repository: str) -> HttpResponse:
        return self._page(ConsumerForm())

    def post(self, request: HttpRequest, repository: str) -> HttpResponse:
        form = ConsumerForm(request.POST)
        registration = form.attempt(lambda: self._register(form))
        if registration is None:
            return self._page(form)
        messages.success(request, _("Consumer {name} registered.").format(name=registration.consumer.name))
        return redirect(address("consumers", self.repository.name))

    def _register(self, form: ConsumerForm) -> Registration:
        given = dict(form.cleaned_data)
        query = given.pop("query")
        declared = Declared(
            reads=given.pop("reads"), writes=given.pop("writes"), queries=[query] if query.strip() else []
        )
        return consumer_register(actor=self.request.user, repository=self.repository, declared=declared, **given)

    def _page(self, form: ConsumerForm) -> HttpResponse:
        page = Paginator(consumers_of(self.repository), PAGE).get_page(self.request.GET.get("page"))
        user = self.request.user
        return self.page(
            "ontology/consumers.html",
            status=form.status,
            page_obj=page,
            rows=standings_of(self.repository, page.object_list),
            form=form,
            administers=user.has_perm(ADMINISTER, self.repository),
        )


class ConsumerRemoveView(RepositoryView):
    """The end of a consumer."""

    def post(self, request: HttpRequest, repository: str) -> HttpResponse:
        form = ConsumerNameForm(request.POST)
        form.attempt(lambda: self._remove(form.cleaned_data["name"]))
        form.tell(request)
        return redirect(address("consumers", self.repository.name))

    def _remove(self, name: str) -> None:
        consumer_delete(actor=self.request.user, consumer=consumer_get(self.repository, name))
        messages.success(self.request, _("Consumer {name} removed.").format(name=name))


class CompatibilityView(RepositoryView):
    """A table of branches and consumers: what a branch alone did, and whom that breaks."""

    tab = "consumers"

    def get(self, request: HttpRequest, repository: str) -> HttpResponse:
        base = request.GET.get("base") or self.repository.default_branch
        commit = ref_resolve(self.repository, base)
        page = Paginator(branches_asked(self.repository, base), PAGE).get_page(request.GET.get("page"))
        rows = compatibility_of(self.repository, commit, page.object_list)
        consumers = [verdict.consumer for verdict in rows[0].consumers] if rows else []
        return self.page("ontology/compatibility.html", base=base, page_obj=page, rows=rows, consumers=consumers)
