"""Signing in to the console, step by step, and out of it."""

from functools import cached_property
from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.views import LogoutView, RedirectURLMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.engine.methods import Method
from accounts.engine.passwords import Rule
from accounts.exceptions import ChallengeInvalid
from accounts.http import PasswordField, attempt_recorded
from accounts.models import SessionKind
from accounts.services import BROWSER_SESSION, Device, Enrolment, Login, LoginPending, SignedIn, session_end
from accounts.views.base import CHALLENGE, PrivateView
from accounts.views.forms import (
    BESIDE,
    CodeForm,
    FirstCodeForm,
    NewPasswordForm,
    PasskeyCreateForm,
    PasskeyForm,
    TrustForm,
)
from gateway.exceptions import Unauthenticated
from gateway.http.forms import ServiceForm

NEXT = "accounts.next"
"""Under this key it keeps the address that it was on the way to."""


class PasswordForm(ServiceForm):
    username = forms.CharField(
        label=_("Username"),
        max_length=150,
        strip=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "username webauthn", "autofocus": True, "autocapitalize": "none"}
        ),
    )
    password = PasswordField(label=_("Password"), autocomplete="current-password")


class SecondFactorForm(TrustForm, CodeForm):
    """A code, and whether the device is trusted from now on."""


class PasskeyFactorForm(TrustForm, PasskeyForm):
    """A passkey, and whether the device is trusted from now on."""


class SignInView(RedirectURLMixin, PrivateView):
    """What the steps of a sign-in share: where it goes on, and how it ends."""

    next_page = "admin:index"
    template: ClassVar[str]

    def page(self, form: ServiceForm, *, status: int = 0, **context: Any) -> HttpResponse:
        """The step's page; ``status`` is that of ``form`` where none is given."""
        response = render(self.request, self.template, {"form": form, **context}, status=status or form.status)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            response["WWW-Authenticate"] = Unauthenticated.challenge
        return response

    def go_on(self, outcome: Login) -> HttpResponse:
        """The next step, or the page that the visitor was on the way to."""
        if isinstance(outcome, SignedIn):
            return self._enter(outcome)
        self.request.session[CHALLENGE] = outcome.token
        self.request.session[NEXT] = self._next
        return redirect(step_address(outcome))

    @cached_property
    def _next(self) -> str:
        return self.get_redirect_url() or self.request.session.get(NEXT) or reverse(self.next_page)

    def _enter(self, signed_in: SignedIn) -> HttpResponse:
        """Open the browser's session in place of the one that it had."""
        response = redirect(self._next)
        end_session(self.request)
        login(self.request, signed_in.session.user)
        self.request.session[BROWSER_SESSION] = str(signed_in.session.pk)
        for key in (CHALLENGE, NEXT):
            self.request.session.pop(key, None)
        if signed_in.device_secret:
            remember_device(response, signed_in.device_secret)
        return response


class ConsoleLoginView(SignInView):
    """The first step: the password."""

    template = "accounts/login.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect(self._next)
        return self._page(PasswordForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PasswordForm(request.POST)
        outcome = form.attempt(lambda: self._begun(form.cleaned_data))
        return self._page(form) if outcome is None else self.go_on(outcome)

    def _page(self, form: PasswordForm) -> HttpResponse:
        passkey = PasskeyForm(auto_id=BESIDE)
        return self.page(form, passkey=passkey, next=self._next, provider=settings.SIGN_IN_PROVIDER)

    def _begun(self, given: dict[str, str]) -> Login:
        device = device_of(self.request)
        with attempt_recorded(self.request, given["username"]):
            return services.login_start(**given, device=device, kind=SessionKind.BROWSER)


class StepView(SignInView):
    """A later step, for a browser whose sign-in waits for just this; another is sent to where it belongs."""

    url_name: ClassVar[str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            pending = self.pending
        except ChallengeInvalid:
            return redirect("admin:login")
        if step_address(pending) != reverse(f"admin:{self.url_name}"):
            return redirect(step_address(pending))
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def pending(self) -> LoginPending:
        return services.login_pending(self.token)


class SecondFactorView(StepView):
    """The second factor of who has one."""

    template = "accounts/second_factor.html"
    url_name = "second-factor"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(SecondFactorForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SecondFactorForm(request.POST)
        outcome = form.attempt(lambda: services.login_code_verify(token=self.token, **form.cleaned_data))
        return self._page(form) if outcome is None else self.go_on(outcome)

    def _page(self, form: SecondFactorForm) -> HttpResponse:
        methods = set(self.pending.methods)
        passkey = PasskeyFactorForm(auto_id=BESIDE) if Method.WEBAUTHN in methods else None
        return self.page(form, passkey=passkey, has_code=bool(methods - {Method.WEBAUTHN}))


class EnrolView(StepView):
    """A second factor for who must have one and has none."""

    template = "accounts/enrol.html"
    url_name = "enrol"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(FirstCodeForm(), services.login_totp_enrol(token=self.token))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FirstCodeForm(request.POST)
        done = form.attempt(lambda: services.login_totp_confirm(token=self.token, code=form.cleaned_data["code"]))
        return self._page(form) if done is None else self.enrolled(*done)

    def enrolled(self, outcome: Login, codes: list[str]) -> HttpResponse:
        """The first recovery codes, on the way to where the sign-in goes on."""
        onward = self.go_on(outcome)
        context = {"codes": codes, "onward": onward.headers["Location"]}
        shown = render(self.request, "accounts/recovery_codes.html", context)
        shown.cookies = onward.cookies
        return shown

    def _page(self, form: FirstCodeForm, enrolment: Enrolment | None = None) -> HttpResponse:
        return self.page(form, enrolment=enrolment, passkey=PasskeyCreateForm(auto_id=BESIDE))


class PasswordRenewView(StepView):
    """Another password, for who has one that is not fit any more."""

    template = "accounts/password_renew.html"
    url_name = "password-renew"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(NewPasswordForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewPasswordForm(request.POST)
        outcome = form.attempt(lambda: services.login_password_change(token=self.token, **form.cleaned_data))
        return self._page(form) if outcome is None else self.go_on(outcome)

    def _page(self, form: NewPasswordForm) -> HttpResponse:
        return self.page(form, expired=self.pending.password_unfit == Rule.EXPIRED)


class ConsoleLogoutView(LogoutView):
    """Ends the session's row and with it the browser's cookie."""

    next_page = "admin:login"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        end_session(request)
        return super().post(request, *args, **kwargs)


def step_address(pending: LoginPending) -> str:
    """The page of what a sign-in needs next."""
    if pending.methods:
        return reverse("admin:second-factor")
    return reverse("admin:password-renew") if pending.password_unfit else reverse("admin:enrol")


def device_of(request: HttpRequest) -> Device:
    """The device of a browser, with what an earlier sign-in left there."""
    return Device.of(request.META, request.COOKIES.get(settings.DEVICE_COOKIE, ""))


def remember_device(response: HttpResponse, secret: str) -> None:
    """Leave the device its secret, for the console's pages alone."""
    response.set_cookie(
        settings.DEVICE_COOKIE,
        secret,
        max_age=int(settings.DEVICE_KEPT.total_seconds()),
        path=reverse("admin:index"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def end_session(request: HttpRequest) -> None:
    """End the row of the session that the browser has, if it has one."""
    if session := request.META.get(BROWSER_SESSION):
        session_end(session=session)
