"""Repositories, who belongs to them, and what happened, for administrators; every write is a service's."""

from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gateway.admin import AdministratorsOnly, ServiceModelForm, WrittenByService
from history.http.authority import REASON_LENGTH
from history.models import Branch, Event, Membership, Repository
from history.permissions import ADMINISTER
from history.services import (
    Authority,
    branch_archive,
    branch_reset,
    branch_restore,
    membership_remove,
    membership_set,
    repository_update,
)


class RepositoryForm(ServiceModelForm):
    class Meta:
        model = Repository
        fields: ClassVar[list[str]] = ["title", "description", "visibility"]

    def write(self) -> Repository:
        """Validation has changed the form's own row already, so the service gets the row as it is."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        return repository_update(actor=self.actor, repository=Repository.objects.get(pk=self.instance.pk), **changed)


@admin.register(Repository)
class RepositoryAdmin(WrittenByService):
    permission = ADMINISTER
    allows = frozenset({"change"})
    form = RepositoryForm
    list_display = ["name", "title", "visibility", "created_by", "created_at"]
    list_filter = ["visibility"]
    list_select_related = ["created_by"]
    search_fields = ["name_key", "title"]
    fields = ["name", "title", "description", "visibility", "default_branch", "created_by", "created_at"]
    readonly_fields = ["name", "default_branch", "created_by", "created_at"]


class MembershipForm(ServiceModelForm):
    class Meta:
        model = Membership
        fields: ClassVar[list[str]] = ["repository", "user", "role"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].required = True

    def write(self) -> Membership:
        return membership_set(actor=self.actor, **self.cleaned_data)


@admin.register(Membership)
class MembershipAdmin(WrittenByService):
    """Somebody's role in a repository. Adding one anew changes it."""

    permission = ADMINISTER
    allows = frozenset({"add", "delete"})
    form = MembershipForm
    list_display = ["repository", "user", "group", "role"]
    list_filter = ["role"]
    list_select_related = ["repository", "user", "group"]
    search_fields = ["repository__name_key", "user__username_key"]
    autocomplete_fields = ["repository", "user"]

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        membership_remove(actor=request.user, membership=obj)


class BypassReasonField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Reason to bypass"),
            required=False,
            max_length=REASON_LENGTH,
            help_text=_("Why rules that protect the branch are gone past."),
        )


class BranchForm(ServiceModelForm):
    """A reset of the branch, which guards may refuse."""

    to = forms.CharField(label=_("Reset to"), help_text=_("A branch or a commit; whatever the branch held is left."))
    bypass_reason = BypassReasonField()
    expected_head = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = Branch
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expected_head"].initial = self.instance.head_id

    def write(self) -> Branch:
        return branch_reset(
            actor=self.actor,
            branch=Branch.objects.get(pk=self.instance.pk),
            to=self.cleaned_data["to"],
            expected_head=self.cleaned_data["expected_head"],
            authority=Authority(bypass_reason=self.cleaned_data["bypass_reason"]),
        )


class BranchActionForm(ActionForm):
    """What is done to the selected branches, which guards may refuse."""

    bypass_reason = BypassReasonField()


@admin.register(Branch)
class BranchAdmin(WrittenByService):
    """Branches can be reset, archived and restored; whoever works on them does so elsewhere."""

    permission = ADMINISTER
    allows = frozenset({"change"})
    form = BranchForm
    action_form = BranchActionForm
    list_display = ["name", "repository", "shown_state", "head", "created_by", "created_at"]
    list_filter = [("archived_at", admin.EmptyFieldListFilter)]
    list_select_related = ["repository", "head", "created_by", "lock"]
    search_fields = ["name", "repository__name_key"]
    fields = [
        *["repository", "name", "shown_state", "head", "created_by", "created_at"],
        *["to", "bypass_reason", "expected_head"],
    ]
    readonly_fields = ["repository", "name", "shown_state", "head", "created_by", "created_at"]
    actions = ["archive", "restore"]

    @admin.display(description=_("state"))
    def shown_state(self, branch: Branch) -> str:
        return str(branch.state.label)

    @admin.action(description=_("Archive the selected branches"), permissions=["change"])
    def archive(self, request: HttpRequest, queryset: QuerySet[Branch]) -> None:
        authority = Authority(bypass_reason=request.POST.get("bypass_reason", ""))
        archive = partial(branch_archive, authority=authority)
        self.for_each(request, queryset.select_related("repository"), archive, "branch")

    @admin.action(description=_("Restore the selected branches"), permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Branch]) -> None:
        self.for_each(request, queryset.select_related("repository"), branch_restore, "branch")


@admin.register(Event)
class EventAdmin(AdministratorsOnly):
    """The whole instance's events; a repository's own are on its page."""

    permission = ADMINISTER
    list_display = ["type", "subject", "actor", "repository", "time"]
    list_filter = ["repository"]
    list_select_related = ["repository"]
    search_fields = ["type", "subject"]
    fields = ["uuid", "type", "subject", "actor", "repository", "time", "cloud_event"]
    show_full_result_count = False

    @admin.display(description=_("CloudEvent"))
    def cloud_event(self, event: Event) -> str:
        return bytes(event.body).decode()
