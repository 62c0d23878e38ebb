"""What protects branches, for administrators; every write is a service's."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gateway.admin import AdministratorsOnly, ServiceModelForm, WrittenByService
from gateway.http.forms import LinesField
from history.models import Role
from history.permissions import ADMINISTER
from merging.models import Check, FindingOverride, Ownership, ProtectionRule
from merging.services import (
    RULE_FIELDS,
    owners_remove,
    owners_set,
    protection_rule_create,
    protection_rule_delete,
    protection_rule_update,
)


class ProtectionRuleForm(ServiceModelForm):
    required_checks = LinesField(label=_("checks that have to pass"), required=False, help_text=_("One name a line."))
    bypass_roles = forms.MultipleChoiceField(
        label=_("roles that may go past it"),
        required=False,
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ProtectionRule
        fields: ClassVar[list[str]] = ["repository", *RULE_FIELDS]

    def write(self) -> ProtectionRule:
        """Validation has changed the form's own row already, so the service gets the row as it is."""
        given: Any = {name: value for name, value in self.cleaned_data.items() if name != "repository"}
        if self.instance.pk is None:
            repository = self.cleaned_data["repository"]
            return protection_rule_create(actor=self.actor, repository=repository, fields=given)
        rule = ProtectionRule.objects.select_related("repository").get(pk=self.instance.pk)
        return protection_rule_update(actor=self.actor, rule=rule, fields=given)


class OwnedRows(WrittenByService):
    """Rows of a repository that are added and deleted, too."""

    permission = ADMINISTER
    allows = frozenset({"add", "change", "delete"})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The repository of a row that is there stays."""
        return ["repository"] if obj else []


@admin.register(ProtectionRule)
class ProtectionRuleAdmin(OwnedRows):
    form = ProtectionRuleForm
    list_display = ["pattern", "repository", "mode", "created_by", "updated_at"]
    list_filter = ["mode", "repository"]
    list_select_related = ["repository", "created_by"]
    search_fields = ["pattern", "repository__name_key"]

    def delete_model(self, request: HttpRequest, obj: ProtectionRule) -> None:
        protection_rule_delete(actor=request.user, rule=obj)


class OwnershipForm(ServiceModelForm):
    class Meta:
        model = Ownership
        fields: ClassVar[list[str]] = ["repository", "pattern", "position", "users", "groups"]

    def write(self) -> Ownership:
        given = self.cleaned_data
        repository = given["repository"] if self.instance.pk is None else self.instance.repository
        return owners_set(
            actor=self.actor,
            repository=repository,
            pattern=given.get("pattern", self.instance.pattern),
            position=given["position"],
            users=[user.username for user in given["users"]],
            groups=[group.name for group in given["groups"]],
        )


@admin.register(Ownership)
class OwnershipAdmin(OwnedRows):
    """Who owns what. The pattern of a row that is there stays: another one is another row."""

    form = OwnershipForm
    list_display = ["pattern", "repository", "position"]
    list_filter = ["repository"]
    list_select_related = ["repository"]
    search_fields = ["pattern", "repository__name_key"]
    filter_horizontal = ["users", "groups"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["repository", "pattern"] if obj else []

    def delete_model(self, request: HttpRequest, obj: Ownership) -> None:
        owners_remove(actor=request.user, ownership=obj)


@admin.register(Check)
class CheckAdmin(AdministratorsOnly):
    permission = ADMINISTER
    list_display = ["name", "state", "commit", "posted_by", "posted_at"]
    list_filter = ["state"]
    list_select_related = ["commit", "posted_by"]
    search_fields = ["name", "commit__digest"]
    fields = ["commit", "name", "state", "url", "summary", "posted_by", "posted_at"]
    show_full_result_count = False


@admin.register(FindingOverride)
class FindingOverrideAdmin(AdministratorsOnly):
    permission = ADMINISTER
    list_display = ["rule", "path", "severity", "proposal", "overridden_by", "overridden_at"]
    list_filter = ["severity"]
    list_select_related = ["proposal__repository", "overridden_by"]
    search_fields = ["rule", "path"]
    fields = ["proposal", "rule", "path", "severity", "reason", "overridden_by", "overridden_at"]
