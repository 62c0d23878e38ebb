"""The forms that several pages share: passwords, codes, and what an authenticator answers."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.http import PasswordField, check_repeated
from gateway.exceptions import Malformed
from gateway.http.bodies import json_read
from gateway.http.forms import ServiceForm

ANSWER_LENGTH = 20_000
BESIDE = "passkey_%s"
"""The ids of the fields of a passkey's form where it stands beside another one."""


class NewPasswordForm(ServiceForm):
    """A new password, typed twice: nobody sees what they type, and a slip would keep them out."""

    new_password = PasswordField(label=_("New password"), autocomplete="new-password")
    repeated = PasswordField(label=_("New password again"), autocomplete="new-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        next(iter(self.fields.values())).widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any] | None:
        check_repeated(self, "new_password")
        return super().clean()


class CodeField(forms.CharField):
    """A code of a second factor; ``help_text`` says of which."""

    def __init__(self, *, help_text: Any) -> None:
        attrs = {"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}
        super().__init__(label=_("Code"), max_length=50, help_text=help_text, widget=forms.TextInput(attrs=attrs))


class FirstCodeForm(ServiceForm):
    """Of an application that is being set up."""

    code = CodeField(help_text=_("Six digits from your authenticator application."))


class CodeForm(ServiceForm):
    code = CodeField(help_text=_("Six digits from your authenticator application, or one of your recovery codes."))


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


class TrustForm(ServiceForm):
    trust_device = forms.BooleanField(
        label=_("Do not ask again on this device while this session lasts"), required=False
    )
