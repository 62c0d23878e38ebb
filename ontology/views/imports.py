"""Bringing a whole ontology in from the console."""

from functools import cached_property
from typing import Any, ClassVar, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gateway.exceptions import OMSError
from gateway.http.translation import translated
from history.exceptions import BranchNotFound, NotAllowed
from history.selectors import branch_get
from history.views.base import RepositoryView
from history.views.forms import HeadForm
from ontology.formats import FORMATS, READABLE, by_code
from ontology.services import IMPORT, ImportReport, document_import

BRANCHES: Final = 50
"""How many branches are offered where one is typed."""
EXAMPLES: Final = 100
"""How many omissions of a code, and how many errors, are shown."""


class ImportForm(HeadForm):
    """A document as a file or as text."""

    places: ClassVar = {"/document": "text"}

    branch = forms.CharField(
        label=gettext_lazy("Branch"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "list": "branch-names"}),
    )
    format = forms.ChoiceField(label=gettext_lazy("Format"))
    file = forms.FileField(label=gettext_lazy("File"), required=False, allow_empty_file=True)
    text = forms.CharField(
        label=gettext_lazy("Or its text"),
        help_text=gettext_lazy("Of a database the name that it has in this installation's configuration."),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "code", "spellcheck": "false", "autocomplete": "off"}),
    )
    replace = forms.BooleanField(
        label=gettext_lazy("Delete what the document does not hold"), required=False, initial=True
    )
    message = forms.CharField(
        label=gettext_lazy("Commit message"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        formats: Any = self.fields["format"]
        formats.choices = [(name, _(FORMATS[name].title)) for name in READABLE]

    def clean(self) -> dict[str, Any]:
        """Take the document from where it was given, and refuse none and two."""
        given: dict[str, Any] = super().clean() or {}
        file, text = given.get("file"), given.get("text", "")
        if file and text.strip():
            self.add_error("text", _("There is a file as well; give one of the two."))
        elif not file and not text.strip():
            self.add_error("text", _("Choose a file or paste its text."))
        try:
            given["document"] = file.read().decode() if file else text
        except UnicodeDecodeError:
            self.add_error("file", _("The file is not text in UTF-8."))
        if given.get("format") in FORMATS and FORMATS[given["format"]].names_source:
            given["document"] = given.get("document", "").strip()
        return given

    def refuse(self, problem: OMSError) -> None:
        """Show where in the document the errors are, which no field of the form is."""
        self.status = problem.status
        if isinstance(problem, BranchNotFound):
            self.add_error("branch", translated(problem.detail))
            return
        for error in problem.errors[:EXAMPLES]:
            field = self.places.get(error.field, None)
            place = error.field.removeprefix("/document")
            self.add_error(field, " ".join(filter(None, [place, translated(error.message)])))
        if len(problem.errors) > EXAMPLES:
            self.add_error(None, _("… and {count} more.").format(count=len(problem.errors) - EXAMPLES))
        if not problem.errors:
            self.add_error(None, translated(problem.detail))


class ImportView(RepositoryView):
    """The form, and what an import did."""

    tab = "ontology"

    def get(self, request: HttpRequest, repository: str) -> HttpResponse:
        self._require()
        return self._page(ImportForm(initial={"branch": self.ref}))

    def post(self, request: HttpRequest, repository: str) -> HttpResponse:
        self._require()
        form = ImportForm(request.POST, request.FILES)
        report = form.attempt(lambda: self._import(form.cleaned_data, form.reason))
        return self._page(form) if report is None else self._report(report, form.cleaned_data["branch"])

    def _require(self) -> None:
        if not self.request.user.has_perm(IMPORT, self.repository):
            raise NotAllowed(_("You may not import into this repository."))

    def _import(self, given: dict[str, Any], reason: str) -> ImportReport:
        return document_import(
            actor=self.request.user,
            branch=branch_get(self.repository, given["branch"]),
            document=given["document"],
            format_name=given["format"],
            message=given["message"].strip() or _("Import an ontology"),
            replace=given["replace"],
            authority=self.authority(given["branch"], reason),
        )

    def _page(self, form: ImportForm) -> HttpResponse:
        return self.page("ontology/import.html", status=form.status, form=form, branches=self._branches)

    @cached_property
    def _branches(self) -> Any:
        return self.repository.branches.order_by("-head__created_at")[:BRANCHES]

    def _report(self, report: ImportReport, branch: str) -> HttpResponse:
        groups = [
            {"code": code, "count": len(group), "shown": group[:EXAMPLES], "more": max(0, len(group) - EXAMPLES)}
            for code, group in by_code(report.omissions).items()
        ]
        return self.page(
            "ontology/imported.html", commit=report.commit, counts=report.counts, groups=groups, branch=branch
        )
