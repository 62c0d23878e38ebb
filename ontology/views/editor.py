"""Adding and editing a resource."""

from functools import cached_property
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gateway.exceptions import OMSError
from history.exceptions import KindUnknown, StaleHead
from history.selectors import TreeView
from history.views.base import RepositoryView, address
from history.views.forms import HeadForm
from ontology.engine.json_schemas import schema_of
from ontology.engine.kinds import KINDS
from ontology.engine.shapes import blank
from ontology.views import labels
from ontology.views.editing import Check, Edit, Stale, Violation, edit_commit, edit_try, stale_state
from ontology.views.editor_texts import TEXTS
from ontology.views.presentation import json_text
from ontology.views.report import foreseen
from ontology.views.resources import ResourceView

NAMES: Final = 20
"""How many names are offered where one is typed."""

EDITOR_WIDGET = {"rows": 24, "class": "code", "spellcheck": "false", "autocomplete": "off"}


class ResourceForm(HeadForm):
    """All of the editor where there is no JavaScript."""

    name = forms.CharField(
        label=gettext_lazy("API name"),
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    content = forms.CharField(
        label=gettext_lazy("Content, JSON"), strip=False, widget=forms.Textarea(attrs=EDITOR_WIDGET)
    )
    message = forms.CharField(
        label=gettext_lazy("Commit message"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    expected_head = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: str, original: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.original = kind, original
        self.fields["message"].widget.attrs["placeholder"] = (
            Edit(kind, original, original, "").default_message().strip()
        )
        self.violations: list[Violation] = []

    @property
    def edit(self) -> Edit:
        return Edit(self.kind, self.original, self.cleaned_data["name"], self.cleaned_data["content"])

    def refuse(self, problem: OMSError) -> None:
        """A stale head is told apart from what is wrong in the form."""
        self.status = problem.status
        self.violations = [] if isinstance(problem, StaleHead) else self.edit.violations(problem)
        for violation in self.violations:
            field = violation.place if violation.place in self.fields else None
            self.add_error(field, " ".join(filter(None, [violation.pointer, violation.message])))


class EditorView(ResourceView):
    """The editor of a resource that is on the branch, or of a new one."""

    @cached_property
    def kind(self) -> str:
        kind: str = self.kwargs.get("kind") or self.request.GET.get("kind", "")
        if kind not in KINDS:
            raise KindUnknown(_("There is no kind {kind}.").format(kind=kind))
        return kind

    @cached_property
    def original(self) -> str:
        """The name that the resource has on the branch; empty for a new one."""
        name: str = self.kwargs.get("api_name", "")
        return name

    def get(self, request: HttpRequest, **_path: str) -> HttpResponse:
        branch = self.working_branch
        if not self.original and "kind" not in request.GET:
            return self.page("ontology/kinds.html", branch=branch, kinds=list(KINDS))
        content = self.content if self.original else blank(KINDS[self.kind])
        initial = {"name": self.original, "content": json_text(content), "expected_head": branch.head_id}
        return self._page(ResourceForm(initial=initial, kind=self.kind, original=self.original))

    def post(self, request: HttpRequest, **_path: str) -> HttpResponse:
        branch, form = self.working_branch, self._form()
        commit = form.attempt(
            lambda: edit_commit(
                actor=request.user,
                branch=branch,
                edit=form.edit,
                message=form.cleaned_data["message"],
                expected_head=form.cleaned_data["expected_head"],
                authority=self.authority(branch.name, form.reason),
            )
        )
        if commit is None:
            return self._page(form)
        done = _("Committed as {digest}.").format(digest=commit.digest[:8])
        messages.success(request, done, extra_tags="committed")
        return redirect(address("resource", self.repository.name, self.kind, form.edit.name, ref=branch.name))

    def _form(self) -> ResourceForm:
        return ResourceForm(self.request.POST, kind=self.kind, original=self.original)

    def _page(self, form: ResourceForm) -> HttpResponse:
        return self.page(
            "ontology/editor.html",
            status=form.status,
            form=form,
            kind=self.kind,
            name=self.original,
            ref=self.ref,
            branch=self.working_branch,
            stale=self._stale(form),
            data={
                "schema": schema_of(self.kind),
                "labels": {name: str(label) for name, label in {**labels.CHOICES, **labels.FIELDS}.items()},
                "languages": [code for code, _name in settings.LANGUAGES],
                "texts": {key: str(text) for key, text in TEXTS.items()},
                "violations": [violation.as_json() for violation in form.violations],
            },
        )

    def _stale(self, form: ResourceForm) -> Stale | None:
        if not form.is_bound:
            return None
        return stale_state(
            branch=self.working_branch,
            expected_head=form.cleaned_data.get("expected_head", ""),
            kind=self.kind,
            name=self.original,
        )


class EditorCheckView(EditorView):
    """What a commit of what is typed would meet, for the editor to ask while one types."""

    def get(self, request: HttpRequest, **_path: str) -> HttpResponse:
        return HttpResponseNotAllowed(["POST"])

    def post(self, request: HttpRequest, **_path: str) -> HttpResponse:
        form = self._form()
        form.fields["name"].required = False
        branch = self.working_branch
        found = Check()
        if form.is_valid():
            authority = self.authority(branch.name)
            found = edit_try(actor=request.user, branch=branch, edit=form.edit, authority=authority)
        context = {
            "stale": self._stale(form),
            "repository": self.repository,
            "foreseen": foreseen(found.findings, found.changes, self.repository.name, branch.name),
        }
        return JsonResponse(
            {
                "violations": [violation.as_json() for violation in found.violations],
                "warnings": [warning.as_json() for warning in found.warnings],
                "findings": len(found.findings),
                "foreseen": render_to_string("ontology/foreseen.html", context, request),
                "stale": render_to_string("ontology/stale.html", context, request) if context["stale"] else "",
            }
        )


class ResourceNamesView(RepositoryView):
    """Names that start what somebody types as a reference: ``{"names": […]}``."""

    def get(self, request: HttpRequest, repository: str) -> HttpResponse:
        tree, search = TreeView(self.commit.root), request.GET.get("search", "")
        kinds = [kind for kind in request.GET.getlist("kind") if kind in KINDS]
        found = [entry.key[1] for kind in kinds for entry in tree.page(kind=kind, search=search, limit=NAMES)[1]]
        return JsonResponse({"names": found[:NAMES]})
