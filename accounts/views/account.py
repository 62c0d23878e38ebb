"""One's own account: who one is, what one signs in with, and where one is signed in."""

from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import RedirectURLMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import selectors, services
from accounts.engine.methods import Method
from accounts.http import PasswordField
from accounts.models import KnownDevice, Session, TOTPFactor
from accounts.views.base import PrivateView
from accounts.views.forms import BESIDE, CodeForm, FirstCodeForm, PasskeyForm
from gateway.http.forms import ServiceForm


class AccountView(PrivateView):
    """A page of the visitor's own account, in its frame."""

    tab: ClassVar[str]
    """Which of the account's tabs the page belongs to."""

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """The template within the account's frame."""
        return render(self.request, template, {"tab": self.tab, **self._frame(), **context}, status=status)

    def _frame(self) -> dict[str, Any]:
        """The days that the password still serves, for a note, and whether there is another way to sign in."""
        return {
            "password_days": services.password_warning(self.user),
            "has_provider": settings.SIGN_IN_PROVIDER is not None,
        }


class FactorsView(AccountView):
    """The second factors."""

    tab = "factors"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(
            "accounts/factors.html",
            totp=TOTPFactor.objects.confirmed(self.user).first(),
            passkeys=selectors.passkeys_of(self.user),
            factors=selectors.factors_of(self.user),
        )


class TOTPEnrolView(AccountView):
    """A new authenticator application: the picture, then its first code."""

    tab = "factors"

    def get(self, request: HttpRequest) -> HttpResponse:
        enrolment = services.totp_enrol(actor=self.user)
        return self.page("accounts/totp.html", form=FirstCodeForm(), enrolment=enrolment)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FirstCodeForm(request.POST)
        codes = form.attempt(lambda: services.totp_confirm(actor=self.user, code=form.cleaned_data["code"]))
        if codes is None:
            return self.page("accounts/totp.html", status=form.status, form=form)
        return self.page("accounts/codes.html", codes=codes) if codes else redirect("admin:factors")


class TOTPRemoveView(AccountView):
    tab = "factors"

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ServiceForm(request.POST)
        form.attempt(lambda: services.totp_remove(actor=self.user))
        form.tell(request)
        return redirect("admin:factors")


class RecoveryCodesView(AccountView):
    tab = "factors"

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.page("accounts/codes.html", codes=services.recovery_codes_replace(actor=self.user))


class SessionsView(AccountView):
    """Where one is signed in, and the devices that are known."""

    tab = "sessions"

    def get(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        return self.page(
            "accounts/sessions.html",
            sessions=Session.objects.live(now).filter(user=self.user),
            devices=KnownDevice.objects.filter(user=self.user),
            current=self.user.credential,
            now=now,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """End all others."""
        services.sessions_revoke_others(actor=self.user)
        messages.success(request, _("All other sessions have ended."))
        return redirect("admin:sessions")


class SessionEndView(AccountView):
    tab = "sessions"

    def post(self, request: HttpRequest, session: Any) -> HttpResponse:
        services.session_revoke(actor=self.user, session=get_object_or_404(Session, pk=session, user=self.user))
        messages.success(request, _("The session has ended."))
        return redirect("admin:sessions")


class PresentPasswordForm(ServiceForm):
    password = PasswordField(label=gettext_lazy("Password"), autocomplete="current-password", autofocus=True)


class ConfirmView(RedirectURLMixin, AccountView):
    """Asks once more who one is, on the way to something sensitive."""

    tab = ""
    next_page = "admin:index"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(self._asked()())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._asked()(request.POST)
        if form.attempt(lambda: services.session_confirm(actor=self.user, **form.cleaned_data)) is None:
            return self._page(form)
        return redirect(self.get_success_url())

    def _asked(self) -> type[ServiceForm]:
        """The form of a code, or of the password of who has no factor; an empty one where there is neither."""
        if Method.PASSWORD in self._methods:
            return PresentPasswordForm
        return CodeForm if set(self._methods) - {Method.WEBAUTHN} else ServiceForm

    @cached_property
    def _methods(self) -> list[Method]:
        return selectors.confirmation_methods(self.user)

    def _page(self, form: ServiceForm) -> HttpResponse:
        return self.page(
            "accounts/confirm.html",
            status=form.status,
            form=form,
            next=self.get_redirect_url(),
            passkey=PasskeyForm(auto_id=BESIDE) if Method.WEBAUTHN in self._methods else None,
            minutes=int(settings.FRESH_AUTHENTICATION.total_seconds() // 60),
        )
