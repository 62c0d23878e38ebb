"""One's own API keys."""

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import services
from accounts.engine.api_keys import known_scopes
from accounts.models import APIKey
from accounts.selectors import api_key_get, api_keys_of
from accounts.views.account import AccountView
from gateway.http.forms import ServiceForm

LIFETIMES: Final = [
    (7, gettext_lazy("7 days")),
    (30, gettext_lazy("30 days")),
    (90, gettext_lazy("90 days")),
    (366, gettext_lazy("a year")),
]


class APIKeyForm(ServiceForm):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("What it is for, so that you know it again."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(label=gettext_lazy("Expires after"), choices=LIFETIMES, coerce=int, initial=90)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may be used for"),
        choices=[(scope, scope) for scope in known_scopes()],
        required=False,
        help_text=gettext_lazy("Never more than you may do yourself. The star stands for everything."),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
    )


class APIKeysView(AccountView):
    """One's keys."""

    tab = "api-keys"

    def get(self, request: HttpRequest) -> HttpResponse:
        keys = api_keys_of(self.user).filter(revoked_at__isnull=True)
        return self.page("accounts/api_keys.html", keys=keys, now=timezone.now())


class APIKeyCreateView(AccountView):
    """Another key; its form is for who has signed in just now, or is asked to first."""

    tab = "api-keys"

    def get(self, request: HttpRequest) -> HttpResponse:
        services.require_fresh_authentication(self.user)
        return self._page(APIKeyForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = APIKeyForm(request.POST)
        made = form.attempt(lambda: self._made(form.cleaned_data))
        if made is None:
            return self._page(form)
        key, secret = made
        return self.page("accounts/api_key_made.html", key=key, secret=secret)

    def _made(self, given: dict[str, Any]) -> tuple[APIKey, str]:
        until = timezone.now() + timedelta(days=given.pop("days"))
        return services.api_key_create(actor=self.user, user=self.user, expires_at=until, **given)

    def _page(self, form: APIKeyForm) -> HttpResponse:
        return self.page("accounts/api_key_create.html", status=form.status, form=form)


class APIKeyRotateView(AccountView):
    tab = "api-keys"

    def post(self, request: HttpRequest, key: Any) -> HttpResponse:
        form = ServiceForm(request.POST)
        old = api_key_get(self.user, key)
        made = form.attempt(lambda: services.api_key_rotate(actor=self.user, key=old))
        if made is None:
            form.tell(request)
            return redirect("admin:api-keys")
        return self.page("accounts/api_key_made.html", key=made[0], secret=made[1], replaced=old)


class APIKeyRevokeView(AccountView):
    tab = "api-keys"

    def post(self, request: HttpRequest, key: Any) -> HttpResponse:
        services.api_key_revoke(actor=self.user, key=api_key_get(self.user, key))
        messages.success(request, _("The key has ended."))
        return redirect("admin:api-keys")
