"""The difference between two refs, and what one commit changed."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from gateway.exceptions import OMSError
from gateway.http.forms import ServiceForm
from gateway.http.translation import translated
from history.engine.tree import EMPTY_ROOT
from history.models import Commit
from history.selectors import TreeView, log_page, ref_resolve, resource_changes
from ontology.selectors import compare
from ontology.views.difference import DifferenceView, difference
from ontology.views.report import links, report

REF_WIDGET = {"autocomplete": "off", "spellcheck": "false", "list": "branch-names"}


class CompareForm(ServiceForm):
    base = forms.CharField(label=_("Base"), widget=forms.TextInput(attrs=REF_WIDGET))
    head = forms.CharField(label=_("Compared with"), widget=forms.TextInput(attrs=REF_WIDGET))


class CompareView(DifferenceView):
    """Two refs side by side."""

    tab = "compare"

    def get(self, request: HttpRequest, repository: str) -> HttpResponse:
        given = {
            "base": request.GET.get("base") or self.repository.default_branch,
            "head": request.GET.get("head") or self.repository.default_branch,
        }
        form = CompareForm(given)
        base, head = self._resolved(form, "base", given["base"]), self._resolved(form, "head", given["head"])
        context = {"form": form, **given, "branches": self.repository.branches.order_by("-head__created_at")[:50]}
        if base and head:
            comparison = compare(base, head)
            context |= {
                "base_commit": base,
                "head_commit": head,
                "merge_base": comparison.merge_base,
                "difference": difference(comparison.changes, request.GET.dict()),
                "report": report(
                    comparison.findings,
                    request.GET.dict(),
                    links(comparison.changes, self.repository.name, given["base"], given["head"]),
                ),
            }
        return self.page("ontology/compare.html", status=form.status, **context)

    def _resolved(self, form: CompareForm, field: str, ref: str) -> Commit | None:
        try:
            return ref_resolve(self.repository, ref)
        except OMSError as problem:
            form.add_error(field, translated(problem.detail))
            form.status = problem.status
            return None


class CommitView(DifferenceView):
    """One commit and what it changed against its first parent."""

    tab = "commits"

    def get(self, request: HttpRequest, repository: str, digest: str) -> HttpResponse:
        commit = log_page([ref_resolve(self.repository, digest).digest], 1)[0][0]
        parents = [edge.parent_id for edge in commit.parent_edges.all()]
        before = Commit.objects.values_list("root", flat=True).get(digest=parents[0]) if parents else EMPTY_ROOT
        changes = resource_changes(TreeView(before), TreeView(commit.root))
        return self.page(
            "ontology/commit.html",
            commit=commit,
            parents=parents,
            base=parents[0] if parents else "",
            head=commit.digest,
            difference=difference(changes, request.GET.dict()),
        )
