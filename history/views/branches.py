"""A repository's branches: the list, a new one, and what is done to one."""

from typing import Any, ClassVar, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from history.models import Branch
from history.selectors import branch_get, token_held
from history.services import (
    branch_archive,
    branch_create,
    branch_delete,
    branch_restore,
    lock_release,
    lock_take,
)
from history.views.base import RepositoryView, address
from history.views.forms import DURATIONS, REASON, BranchEndForm, BranchForm, BranchLockForm, BranchNameForm

PAGE: Final = 50


class BranchListView(RepositoryView):
    """All branches, newest work first, and the form of a new one."""

    tab = "branches"

    def get(self, request: HttpRequest, repository: str) -> HttpResponse:
        return self._page(BranchForm(initial={"start": request.GET.get("start", "")}))

    def post(self, request: HttpRequest, repository: str) -> HttpResponse:
        form = BranchForm(request.POST)
        branch = form.attempt(lambda: self._made(form))
        if branch is None:
            return self._page(form)
        messages.success(request, _("Branch {name} created.").format(name=branch.name))
        return redirect(address("repository", self.repository.name, ref=branch.name))

    def _made(self, form: BranchForm) -> Branch:
        name, start = form.cleaned_data["name"], form.cleaned_data["start"]
        authority = self.authority(name, form.reason)
        return branch_create(
            actor=self.request.user, repository=self.repository, name=name, start=start, authority=authority
        )

    def _page(self, form: BranchForm) -> HttpResponse:
        search = self.request.GET.get("search", "")
        branches = self.repository.branches.select_related("head__author", "created_by", "lock__owner")
        if search:
            branches = branches.filter(name__icontains=search)
        page = Paginator(branches.order_by("-head__created_at", "name"), PAGE).get_page(self.request.GET.get("page"))
        return self.page(
            "history/branches.html",
            status=form.status,
            page_obj=page,
            form=form,
            search=search,
            durations=DURATIONS,
        )


class BranchActionView(RepositoryView):
    """Something that a button of the list does to one branch."""

    tab = "branches"
    form_class: type[BranchNameForm] = BranchNameForm

    def act(self, branch: Branch, given: dict[str, Any]) -> str:
        """Do it; what is said of it then, with the branch's ``{name}``."""
        raise NotImplementedError

    def post(self, request: HttpRequest, repository: str) -> HttpResponse:
        form = self.form_class(request.POST)
        done = form.attempt(lambda: self.act(branch_get(self.repository, form.cleaned_data["name"]), form.cleaned_data))
        if done is None:
            return self.refused(form)
        messages.success(request, done.format(name=form.cleaned_data["name"]))
        return self.back()

    def refused(self, form: BranchNameForm) -> HttpResponse:
        form.tell(self.request)
        return self.back()

    def back(self) -> HttpResponse:
        return redirect(address("branches", self.repository.name))


class BranchEndView(BranchActionView):
    """What takes a branch out of use. Where that takes a reason, a page of its own asks for it."""

    form_class = BranchEndForm
    template: ClassVar[str]

    def refused(self, form: BranchNameForm) -> HttpResponse:
        if isinstance(form, BranchEndForm) and form.asks_reason:
            return self.page(self.template, status=form.status, form=form, name=form["name"].value())
        return super().refused(form)


class BranchDeleteView(BranchEndView):
    """The end of a branch's name; its commits stay."""

    template = "history/branch_delete.html"

    def act(self, branch: Branch, given: dict[str, Any]) -> str:
        authority = self.authority(branch.name, given.get(REASON, ""))
        branch_delete(actor=self.request.user, branch=branch, authority=authority)
        return _("Branch {name} deleted.")


class BranchArchiveView(BranchEndView):
    template = "history/branch_archive.html"

    def act(self, branch: Branch, given: dict[str, Any]) -> str:
        authority = self.authority(branch.name, given.get(REASON, ""))
        branch_archive(actor=self.request.user, branch=branch, authority=authority)
        return _("Branch {name} archived.")


class BranchRestoreView(BranchActionView):
    def act(self, branch: Branch, given: dict[str, Any]) -> str:
        branch_restore(actor=self.request.user, branch=branch)
        return _("Branch {name} restored.")


class BranchLockView(BranchActionView):
    """A lock for the visitor, who then writes to the branch alone."""

    form_class = BranchLockForm

    def act(self, branch: Branch, given: dict[str, Any]) -> str:
        reason, duration = given["reason"], given["duration"]
        lock_take(actor=self.request.user, branch=branch, reason=reason, duration=duration)
        return _("Branch {name} locked: only you write to it now.")


class BranchUnlockView(BranchActionView):
    """The end of the visitor's own lock, or of somebody else's by who administers the repository."""

    def act(self, branch: Branch, given: dict[str, Any]) -> str:
        token = token_held(self.request.user, self.repository, branch.name)
        lock_release(actor=self.request.user, branch=branch, token=token, force=token is None)
        return _("Branch {name} unlocked.")
