"""The pages that the links in mails lead to. Opening one changes nothing, since programs that scan mails do it too."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.models import User
from accounts.views.base import PrivateView
from accounts.views.forms import NewPasswordForm
from gateway.http.client import client_address
from gateway.http.forms import ServiceForm


class ForgottenForm(ServiceForm):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


class TokenForm(ServiceForm):
    places: ClassVar[Mapping[str, str]] = {"/token": ""}  # nobody sees the field, so above them all
    token = forms.CharField(widget=forms.HiddenInput, max_length=200)


class LinkPasswordForm(TokenForm, NewPasswordForm):
    """The password that the link lets its owner set."""


class ForgottenView(PrivateView):
    """Asks for the address of who has forgotten the password, and answers the same for every one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(ForgottenForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ForgottenForm(request.POST)
        ip = client_address(request.META)
        sent = form.done(lambda: services.password_reset_request(ip=ip, **form.cleaned_data))
        return self._page(form, sent=sent)

    def _page(self, form: ForgottenForm, *, sent: bool = False) -> HttpResponse:
        return render(self.request, "accounts/forgotten.html", {"form": form, "sent": sent}, status=form.status)


class LinkView(PrivateView):
    """A page that shows what the link is for and a button, which does it."""

    form: ClassVar[type[TokenForm]] = TokenForm
    title: ClassVar[Any]
    text: ClassVar[Any]
    button: ClassVar[Any]
    done: ClassVar[Any]
    onward: ClassVar[str] = "admin:login"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(self.form(initial={"token": request.GET.get("token", "")}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if form.attempt(lambda: self.follow(form.cleaned_data)) is None:
            return self._page(form)
        messages.success(request, self.done)
        return redirect(self.onward)

    def follow(self, given: dict[str, str]) -> User:
        """Call the one service that uses the link up."""
        raise NotImplementedError

    def _page(self, form: TokenForm) -> HttpResponse:
        context: dict[str, Any] = {"form": form, "title": self.title, "text": self.text, "button": self.button}
        response = render(self.request, "accounts/link.html", context, status=form.status)
        # The token goes nowhere. With no-referrer browsers would call the form's origin "null", which is refused.
        response["Referrer-Policy"] = "strict-origin"
        return response


class ResetView(LinkView):
    form = LinkPasswordForm
    title = _("Set another password")
    text = _("All your sessions end. Your second factor stays as it is.")
    button = _("Set the password")
    done = _("Your password was changed. Sign in with it.")

    def follow(self, given: dict[str, str]) -> User:
        return services.password_reset_confirm(token=given["token"], password=given["new_password"])


class InvitationView(LinkView):
    form = LinkPasswordForm
    title = _("Accept the invitation")
    text = _("Set the password that you will sign in with.")
    button = _("Set the password")
    done = _("Your account is ready. Sign in with your username and password.")

    def follow(self, given: dict[str, str]) -> User:
        return services.invitation_accept(token=given["token"], password=given["new_password"])


class VerifyView(LinkView):
    title = _("Verify your e-mail address")
    text = _("Confirm that you read the address that this link was sent to.")
    button = _("Verify the address")
    done = _("Your e-mail address is verified.")

    def follow(self, given: dict[str, str]) -> User:
        return services.email_verify(**given)


class EmailConfirmView(LinkView):
    title = _("Change your e-mail address")
    text = _("The address that this link was sent to becomes that of your account. Your other sessions end.")
    button = _("Change the address")
    done = _("Your e-mail address was changed.")

    def follow(self, given: dict[str, str]) -> User:
        actor = self.request.user if isinstance(self.request.user, User) else None
        return services.email_confirm(**given, actor=actor)


class UnlockView(LinkView):
    title = _("Unlock your account")
    text = _("The account can be signed in to again at once.")
    button = _("Unlock the account")
    done = _("Your account is unlocked.")

    def follow(self, given: dict[str, str]) -> User:
        return services.account_unlock_by_link(**given)
