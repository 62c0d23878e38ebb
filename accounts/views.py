"""Signing in to the console and out of it."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse

from accounts.services import BROWSER_SESSION, Device, browser_session_start, session_end


class ConsoleAuthenticationForm(AuthenticationForm):
    """Lets people in; services, who have the API, get the answer of a wrong password."""

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        if not getattr(user, "is_staff", False):
            raise self.get_invalid_login_error()


class ConsoleLoginView(LoginView):
    """Opens a session's row for the browser that signs in, in place of the one that it had."""

    authentication_form = ConsoleAuthenticationForm
    template_name = "admin/login.html"

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        _end_session(self.request)
        response = super().form_valid(form)
        session = browser_session_start(user=form.get_user(), device=Device.of(self.request.META))
        self.request.session[BROWSER_SESSION] = str(session.pk)
        return response


class ConsoleLogoutView(LogoutView):
    """Ends the session's row and with it the browser's cookie."""

    next_page = "admin:login"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _end_session(request)
        return super().post(request, *args, **kwargs)


def _end_session(request: HttpRequest) -> None:
    if session := request.META.get(BROWSER_SESSION):
        session_end(session=session)
