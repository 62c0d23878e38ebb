"""Forms whose rules are those of the services that they call."""

from collections.abc import Callable, Mapping
from typing import ClassVar, Final, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from gateway.exceptions import OMSError
from gateway.http.forms import show_problem
from history.models import Visibility

T = TypeVar("T")

DURATIONS: Final = [
    (15 * 60, _("15 minutes")),
    (60 * 60, _("1 hour")),
    (4 * 60 * 60, _("4 hours")),
    (24 * 60 * 60, _("1 day")),
    (7 * 24 * 60 * 60, _("7 days")),
]
"""For how many seconds a branch is locked from the console, where nobody sends heartbeats."""


class ServiceForm(forms.Form):
    """Shows what a service refuses at the fields that it is about."""

    places: ClassVar[Mapping[str, str]] = {}
    """The form's fields by the pointers of the service, where they differ."""

    status = 200
    """The status of the page that shows the form."""

    def attempt(self, write: Callable[[], T]) -> T | None:
        """What ``write`` gives; None where the form or the service refuses, and :attr:`status` then says how."""
        if not self.is_valid():
            self.status = 422
            return None
        try:
            return write()
        except OMSError as problem:
            self.refuse(problem)
            return None

    def refuse(self, problem: OMSError) -> None:
        """Show ``problem`` and take its status; a form whose fields hold documents shows it in its own way."""
        self.status = problem.status
        show_problem(self, problem, self.places)


class RepositoryForm(ServiceForm):
    name = forms.CharField(
        label=_("Name"),
        help_text=_("Letters, digits, dots, hyphens and underscores; it is part of the repository's address."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autofocus": True}),
    )
    title = forms.CharField(label=_("Title"), required=False, max_length=200)
    description = forms.CharField(label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    visibility = forms.ChoiceField(
        label=_("Visibility"), choices=Visibility.choices, initial=Visibility.PRIVATE, widget=forms.RadioSelect
    )


class BranchNameForm(ServiceForm):
    name = forms.CharField(
        label=_("Name"), widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )


class BranchLockForm(BranchNameForm):
    reason = forms.CharField(label=_("Reason"))
    duration = forms.TypedChoiceField(label=_("For"), choices=DURATIONS, coerce=int)


class BranchForm(BranchNameForm):
    start = forms.CharField(
        label=_("From"),
        required=False,
        help_text=_("A branch or a commit; the default branch where this is left empty."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "list": "branch-names"}),
    )
