"""What protects the branches of a repository: its rules, and who owns which resources."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gateway.exceptions import OMSError
from gateway.http.forms import LinesField, ServiceForm, show_problem
from history.models import Role
from history.views.base import RepositoryView, address
from merging.models import MAX_APPROVALS, FindingSeverity, Ownership, ProtectionRule, RuleMode
from merging.selectors import ownership_get, ownerships_of, protection_rule_get, protection_rules_of
from merging.services import (
    RuleFields,
    owners_remove,
    owners_set,
    protection_rule_create,
    protection_rule_delete,
    protection_rule_update,
    rule_settings,
)

PAGE: Final = 50
PLAIN: Final = {"autocomplete": "off", "spellcheck": "false"}
SWITCHES: Final[Mapping[str, Any]] = {
    field.name: field.verbose_name
    for field in ProtectionRule._meta.fields  # noqa: SLF001  (Django's documented name for it)
    if isinstance(field, models.BooleanField)
}
"""What a rule asks for by yes or no, in words."""


class AskedForm(ServiceForm):
    """A form whose lists are told what is wrong with one of their items."""

    def refuse(self, problem: OMSError) -> None:
        self.status = problem.status
        show_problem(self, problem, {error.field: error.field.split("/")[1] for error in problem.errors if error.field})


class RuleForm(AskedForm):
    pattern = forms.CharField(
        label=gettext_lazy("Branches"),
        help_text=gettext_lazy("A name, or a pattern: * is anything but a slash, ** anything."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Mode"), choices=RuleMode.choices, initial=RuleMode.ACTIVE, widget=forms.RadioSelect
    )
    switches = forms.MultipleChoiceField(
        label=gettext_lazy("What has to be so"), required=False, widget=forms.CheckboxSelectMultiple
    )
    required_approvals = forms.IntegerField(
        label=gettext_lazy("Approvals that are needed"), min_value=0, max_value=MAX_APPROVALS, initial=1
    )
    forbids_findings_from = forms.ChoiceField(
        label=gettext_lazy("Findings that need somebody to answer for them"),
        required=False,
        choices=[("", gettext_lazy("None")), *FindingSeverity.choices],
        help_text=gettext_lazy("From this severity on."),
    )
    required_checks = LinesField(
        label=gettext_lazy("Checks that have to pass"), required=False, help_text=gettext_lazy("One name a line.")
    )
    bypass_roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles that may go past the rule with a reason"),
        required=False,
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, rule: ProtectionRule | None = None, **kwargs: Any) -> None:
        given = rule_settings(rule or ProtectionRule())
        initial = given if rule else {}
        initial["switches"] = [name for name in SWITCHES if given[name]]
        super().__init__(*args, **{"initial": initial, **kwargs})
        switches: Any = self.fields["switches"]
        switches.choices = [(name, capfirst(words)) for name, words in SWITCHES.items()]

    @property
    def settings(self) -> RuleFields:
        """What was typed, as the service takes it."""
        given: Any = dict(self.cleaned_data)
        chosen = given.pop("switches")
        given |= {name: name in chosen for name in SWITCHES}
        fields: RuleFields = given
        return fields


class OwnersForm(AskedForm):
    prefix = "owners"
    pattern = forms.CharField(
        label=gettext_lazy("Resources"),
        help_text=gettext_lazy("A name or kind/name, with * for anything: Order*, link_type/*."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    users = LinesField(label=gettext_lazy("People"), required=False, help_text=gettext_lazy("One username a line."))
    groups = LinesField(label=gettext_lazy("Groups"), required=False, help_text=gettext_lazy("One name a line."))


class IdentifierForm(ServiceForm):
    id = forms.IntegerField()


def asked_in_words(rule: ProtectionRule) -> list[str]:
    """Everything that a rule asks for, in words."""
    words = [str(switch) for name, switch in SWITCHES.items() if getattr(rule, name)]
    if count := rule.required_approvals:
        words.insert(0, ngettext("{count} approval", "{count} approvals", count).format(count=count))
    if rule.forbids_findings_from:
        severity = rule.get_forbids_findings_from_display().lower()
        words.append(_("findings from {severity} on are answered for").format(severity=severity))
    words += [_("check {name}").format(name=name) for name in rule.required_checks]
    return words


class ProtectionView(RepositoryView):
    """The rules and the owners, and the form of a new rule."""

    tab = "protection"

    def get(self, request: HttpRequest, repository: str) -> HttpResponse:
        return self.shown(RuleForm(), OwnersForm())

    def post(self, request: HttpRequest, repository: str) -> HttpResponse:
        form = RuleForm(request.POST)
        rule = form.attempt(
            lambda: protection_rule_create(actor=request.user, repository=self.repository, fields=form.settings)
        )
        if rule is None:
            return self.shown(form, OwnersForm())
        messages.success(request, _("The rule for {pattern} holds.").format(pattern=rule.pattern))
        return redirect(address("protection", self.repository.name))

    def shown(self, form: RuleForm, owners: OwnersForm) -> HttpResponse:
        page = Paginator(protection_rules_of(self.repository), PAGE).get_page(self.request.GET.get("page"))
        roles = dict(Role.choices)
        return self.page(
            "merging/protection.html",
            status=max(form.status, owners.status),
            page_obj=page,
            rows=[(rule, asked_in_words(rule), [roles[role] for role in rule.bypass_roles]) for rule in page],
            ownerships=ownerships_of(self.repository)[:PAGE],
            form=form,
            owners=owners,
        )


class ProtectionRuleView(RepositoryView):
    """One rule, to change it."""

    tab = "protection"

    def get(self, request: HttpRequest, repository: str, identifier: int) -> HttpResponse:
        rule = self._rule()
        return self._page(rule, RuleForm(rule=rule))

    def post(self, request: HttpRequest, repository: str, identifier: int) -> HttpResponse:
        rule = self._rule()
        form = RuleForm(request.POST, rule=rule)
        changed = form.attempt(lambda: protection_rule_update(actor=request.user, rule=rule, fields=form.settings))
        if changed is None:
            return self._page(rule, form)
        messages.success(request, _("The rule for {pattern} holds as it is now.").format(pattern=changed.pattern))
        return redirect(address("protection", self.repository.name))

    def _rule(self) -> ProtectionRule:
        return protection_rule_get(self.repository, self.kwargs["identifier"])

    def _page(self, rule: ProtectionRule, form: RuleForm) -> HttpResponse:
        return self.page("merging/protection_rule.html", status=form.status, rule=rule, form=form)


class RemoveView(RepositoryView):
    """The end of something that the form names by its number."""

    def post(self, request: HttpRequest, repository: str) -> HttpResponse:
        form = IdentifierForm(request.POST)
        form.attempt(lambda: self.remove(form.cleaned_data["id"]))
        form.tell(request)
        return redirect(address("protection", self.repository.name))

    def remove(self, identifier: int) -> None:
        raise NotImplementedError


class ProtectionRuleDeleteView(RemoveView):
    def remove(self, identifier: int) -> None:
        rule = protection_rule_get(self.repository, identifier)
        protection_rule_delete(actor=self.request.user, rule=rule)
        messages.success(self.request, _("The rule for {pattern} is deleted.").format(pattern=rule.pattern))


class OwnersRemoveView(RemoveView):
    def remove(self, identifier: int) -> None:
        ownership: Ownership = ownership_get(self.repository, identifier)
        owners_remove(actor=self.request.user, ownership=ownership)
        messages.success(self.request, _("{pattern} says nothing of owners.").format(pattern=ownership.pattern))


class OwnersSetView(ProtectionView):
    """The owners of what a pattern describes, set; what is refused is shown on the page of the rules."""

    def post(self, request: HttpRequest, repository: str) -> HttpResponse:
        form = OwnersForm(request.POST)
        ownership = form.attempt(
            lambda: owners_set(actor=request.user, repository=self.repository, **form.cleaned_data)
        )
        if ownership is None:
            return self.shown(RuleForm(), form)
        messages.success(request, _("The owners of {pattern} are set.").format(pattern=ownership.pattern))
        return redirect(address("protection", self.repository.name))
