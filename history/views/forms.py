"""Forms whose rules are those of the services that they call."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from gateway.http.forms import ServiceForm
from history.exceptions import HeadRefused
from history.http.authority import REASON_LENGTH
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

REASON: Final = "bypass_reason"
"""The field in which a reason to go past rules is given."""


class BypassReasonField(forms.CharField):
    """Why rules that protect a branch are gone past; empty where they are not."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Why the rules are gone past"),
            required=False,
            max_length=REASON_LENGTH,
            help_text=_("You may go past what refuses this; the reason is recorded."),
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )


class HeadForm(ServiceForm):
    """Moves a branch or takes it out of use, and asks for a reason once rules refuse what the visitor may go past."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.add_prefix(REASON) in self.data:
            self.fields[REASON] = BypassReasonField()

    @property
    def asks_reason(self) -> bool:
        return REASON in self.fields

    @property
    def reason(self) -> str:
        """What was given as the reason, for the authority of the move."""
        given: str = self.cleaned_data.get(REASON, "")
        return given

    def attempt(self, write: Callable[[], T]) -> T | None:
        def move() -> T:
            try:
                return write()
            except HeadRefused as refused:
                if refused.may_be_bypassed:
                    self._ask_reason()
                raise

        return super().attempt(move)

    def _ask_reason(self) -> None:
        field = BypassReasonField()
        field.widget.attrs["autofocus"] = True
        self.fields[REASON] = field


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


class BranchEndForm(HeadForm, BranchNameForm):
    """Which branch goes out of use."""


class BranchLockForm(BranchNameForm):
    reason = forms.CharField(label=_("Reason"))
    duration = forms.TypedChoiceField(label=_("For"), choices=DURATIONS, coerce=int)


class BranchForm(HeadForm, BranchNameForm):
    start = forms.CharField(
        label=_("From"),
        required=False,
        help_text=_("A branch or a commit; the default branch where this is left empty."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "list": "branch-names"}),
    )
