"""One's own account: who one is, what one signs in with, and where one is signed in."""

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import RedirectURLMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from accounts import services
from accounts.models import KnownDevice, Passkey, Session, TOTPFactor, User
from accounts.views.login import CodeForm, FirstCodeForm
from accounts.views.passkey_forms import BESIDE, PasskeyForm
from gateway.http.forms import ServiceForm


class AccountView(View):
    """A page of the visitor's own account, in its frame."""

    request: HttpRequest
    tab: ClassVar[str]
    """Which of the account's tabs the page belongs to."""

    @property
    def user(self) -> User:
        return cast(User, self.request.user)

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """The template within the account's frame. It may show what is shown once, so nothing keeps it."""
        response = render(self.request, template, {"tab": self.tab, **self._frame(), **context}, status=status)
        response["Cache-Control"] = "no-store"
        return response

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
        totp = TOTPFactor.objects.confirmed(self.user).first()
        return self.page(
            "accounts/factors.html",
            totp=totp,
            passkeys=Passkey.objects.filter(user=self.user),
            codes_left=services.recovery_codes_left(self.user),
            methods=services.factor_methods(self.user),
            required=services.factor_is_required(self.user),
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
        return self.page("accounts/codes.html", codes=codes)


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


class ConfirmForm(ServiceForm):
    """The factor, or the password of who has none."""

    def __init__(self, methods: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "password" in methods:
            widget = forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True})
            self.fields["password"] = forms.CharField(label=gettext_lazy("Password"), strip=False, widget=widget)
        elif methods and methods != ["webauthn"]:
            self.fields["code"] = CodeForm.base_fields["code"]


class ConfirmView(RedirectURLMixin, AccountView):
    """Asks once more who one is, on the way to something sensitive."""

    tab = ""
    next_page = "admin:index"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(ConfirmForm(services.confirmation_methods(self.user)))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ConfirmForm(services.confirmation_methods(self.user), request.POST)
        if form.attempt(lambda: services.session_confirm(actor=self.user, **form.cleaned_data)) is None:
            return self._page(form)
        return redirect(self.get_success_url())

    def _page(self, form: ConfirmForm) -> HttpResponse:
        methods = services.confirmation_methods(self.user)
        return self.page(
            "accounts/confirm.html",
            status=form.status,
            form=form,
            next=self.get_redirect_url(),
            methods=methods,
            passkey=PasskeyForm(auto_id=BESIDE) if "webauthn" in methods else None,
            minutes=int(settings.FRESH_AUTHENTICATION.total_seconds() // 60),
        )
