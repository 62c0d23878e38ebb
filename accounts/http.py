"""What REST, the console and the administration share about signing in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.exceptions import CredentialsWrong
from accounts.models import PASSWORD_LENGTH
from gateway.http.client import client_address


@contextmanager
def attempt_recorded(request: Any, username: str) -> Iterator[None]:
    """Has axes keep a sign-in that is refused, for administrators to look at; it decides nothing."""
    try:
        yield
    except CredentialsWrong:
        AxesProxyHandler.user_login_failed(
            sender=attempt_recorded, credentials={"username": username}, request=getattr(request, "_request", request)
        )
        raise


def axes_address(request: Any) -> str | None:
    """Where axes learns a client's address, as everything else does."""
    return client_address(request.META)


def confirm_address(onward: str) -> str:
    """The console's page that asks who one is and then goes on to ``onward``."""
    return reverse("admin:confirm", query={"next": onward})


class PasswordField(forms.CharField):
    """A password as it is typed; ``autocomplete`` tells a password manager whether it is there already or new."""

    def __init__(self, *, autocomplete: str, autofocus: bool = False, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "autofocus": autofocus})
        super().__init__(max_length=PASSWORD_LENGTH, strip=False, widget=widget, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No ``maxlength``, by which browsers would cut off what is pasted without a word."""
        return {}


def check_repeated(form: Any, name: str) -> None:
    """Refuse what was typed in the field ``repeated`` where it is not what is in ``name``; it is gone from there on."""
    repeated = form.cleaned_data.pop("repeated", None)
    if repeated is not None and form.cleaned_data.get(name, repeated) != repeated:
        form.add_error("repeated", forms.ValidationError(_("The two are not the same."), code="differ"))
