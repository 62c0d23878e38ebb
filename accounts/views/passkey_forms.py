"""The forms that an authenticator's answer is sent with."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from gateway.exceptions import Malformed
from gateway.http.bodies import json_read
from gateway.http.forms import ServiceForm

ANSWER_LENGTH = 20_000
BESIDE = "passkey_%s"
"""The ids of its fields where it stands beside another form."""


class PasskeyForm(ServiceForm):
    """What an authenticator answers, filled in by the page's script."""

    places: ClassVar[dict[str, str]] = {"/ceremony": "", "/credential": ""}
    ceremony = forms.UUIDField(widget=forms.HiddenInput)
    credential = forms.CharField(max_length=ANSWER_LENGTH, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    def clean_credential(self) -> Any:
        try:
            return json_read(self.cleaned_data["credential"].encode())
        except Malformed as error:
            raise ValidationError(error.detail) from error

    def clean(self) -> dict[str, Any] | None:
        unread = {"ceremony", "credential"} & set(self.errors)
        for name in unread:
            del self.errors[name]  # nobody sees the field
        if unread:
            raise ValidationError(_("The browser sent no passkey; try again."))
        return super().clean()


class PasskeyNameForm(ServiceForm):
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("By which you tell it from others, such as the device that it is on."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PasskeyCreateForm(PasskeyForm, PasskeyNameForm):
    """A new one."""


class PasskeyFactorForm(PasskeyForm):
    trust_device = forms.BooleanField(label=_("Do not ask again on this device for 30 days"), required=False)
