"""Passkeys in the console: signing in by them, confirming by them, and the list of one's own.

A page's script asks for the ceremony, has the authenticator answer, and sends the answer with the page's form.
"""

from typing import Any

from django.contrib.auth.views import RedirectURLMixin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect

from accounts import services
from accounts.http import confirm_address
from accounts.models import Passkey, SessionKind
from accounts.views.account import AccountView
from accounts.views.base import PrivateView
from accounts.views.forms import BESIDE, FirstCodeForm, PasskeyCreateForm, PasskeyForm, PasskeyNameForm
from accounts.views.login import EnrolView, PasskeyFactorForm, SignInView, StepView, device_of
from gateway.exceptions import OMSError
from gateway.http.forms import ServiceForm
from gateway.http.problems import problem_response
from history.views.base import address


class BeginView(PrivateView):
    """Gives the page's script a ceremony as JSON, or what speaks against it in the words of problem details."""

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            ceremony = self.begin()
        except OMSError as problem:
            return problem_response(problem, request)
        return JsonResponse({"ceremony": ceremony.id, "options": ceremony.options})

    def begin(self) -> services.Ceremony:
        raise NotImplementedError


# --- Signing in ---------------------------------------------------------------------------------------


class LoginBeginView(BeginView):
    def begin(self) -> services.Ceremony:
        return services.passkey_login_begin()


class PasskeyLoginView(SignInView):
    """A passkey in place of the password."""

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PasskeyForm(request.POST)
        device = device_of(request)
        outcome = form.attempt(
            lambda: services.passkey_login_finish(**form.cleaned_data, device=device, kind=SessionKind.BROWSER)
        )
        if outcome is None:
            form.tell(request)
            return redirect(address("login", next=self.get_redirect_url()))
        return self.go_on(outcome)


class FactorBeginView(BeginView):
    def begin(self) -> services.Ceremony:
        return services.login_passkey_begin(token=self.token)


class PasskeyFactorView(StepView):
    """A passkey as the second factor."""

    url_name = "second-factor"

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PasskeyFactorForm(request.POST)
        outcome = form.attempt(lambda: services.login_passkey_verify(token=self.token, **form.cleaned_data))
        if outcome is None:
            form.tell(request)
            return redirect("admin:second-factor")
        return self.go_on(outcome)


class EnrolBeginView(BeginView):
    def begin(self) -> services.Ceremony:
        return services.login_passkey_enrol(token=self.token)


class PasskeyEnrolView(EnrolView):
    """A passkey for who must have a second factor and has none."""

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PasskeyCreateForm(request.POST, auto_id=BESIDE)
        done = form.attempt(lambda: services.login_passkey_confirm(token=self.token, **form.cleaned_data))
        if done is None:
            return self.page(FirstCodeForm(), enrolment=None, passkey=form, status=form.status)
        return self.enrolled(*done)


# --- One's own ----------------------------------------------------------------------------------------


class CreateBeginView(BeginView):
    def begin(self) -> services.Ceremony:
        return services.passkey_register_begin(actor=self.user)


class PasskeyCreateView(AccountView):
    """A new passkey; its visitor has signed in just now, or is asked to first."""

    tab = "factors"

    def get(self, request: HttpRequest) -> HttpResponse:
        services.require_fresh_authentication(self.user)
        return self.page("accounts/passkey_create.html", form=PasskeyCreateForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PasskeyCreateForm(request.POST)
        registered = form.attempt(lambda: services.passkey_register_finish(actor=self.user, **form.cleaned_data))
        if registered is None:
            return self.page("accounts/passkey_create.html", status=form.status, form=form)
        if registered.recovery_codes:
            return self.page("accounts/codes.html", codes=registered.recovery_codes)
        return redirect("admin:factors")


class PasskeyRenameView(AccountView):
    tab = "factors"

    def get(self, request: HttpRequest, passkey: Any) -> HttpResponse:
        row = get_object_or_404(Passkey, pk=passkey, user=self.user)
        return self.page("accounts/passkey_rename.html", form=PasskeyNameForm(initial={"name": row.name}))

    def post(self, request: HttpRequest, passkey: Any) -> HttpResponse:
        form = PasskeyNameForm(request.POST)
        renamed = form.attempt(
            lambda: services.passkey_rename(actor=self.user, passkey=passkey, name=form.cleaned_data["name"])
        )
        if renamed is None:
            return self.page("accounts/passkey_rename.html", status=form.status, form=form)
        return redirect("admin:factors")


class PasskeyRemoveView(AccountView):
    tab = "factors"

    def post(self, request: HttpRequest, passkey: Any) -> HttpResponse:
        form = ServiceForm(request.POST)
        form.attempt(lambda: services.passkey_remove(actor=self.user, passkey=passkey))
        form.tell(request)
        return redirect("admin:factors")


class ConfirmBeginView(BeginView):
    def begin(self) -> services.Ceremony:
        return services.passkey_confirm_begin(actor=self.user)


class PasskeyConfirmView(RedirectURLMixin, AccountView):
    """Shows by a passkey once more who one is, on the way to something sensitive."""

    tab = ""
    next_page = "admin:index"

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PasskeyForm(request.POST)
        if form.attempt(lambda: services.passkey_confirm_finish(actor=self.user, **form.cleaned_data)) is None:
            form.tell(request)
            return redirect(confirm_address(self.get_redirect_url()))
        return redirect(self.get_success_url())
