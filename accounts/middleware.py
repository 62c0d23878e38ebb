"""A browser stays signed in as long as its session's row lives."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from accounts.http import confirm_address
from accounts.models import Session
from accounts.services import BROWSER_SESSION, browser_session_resume
from gateway.exceptions import AuthenticationStale
from gateway.http.problems import MACHINE_PATHS


class BrowserSessionMiddleware:
    """Signs a browser out whose session was revoked, has expired or is gone, before any view sees its user.

    The live row is ``request.META[BROWSER_SESSION]`` from here on.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Without a cookie nobody is signed in: the API's requests then cost no query here.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            session = _live_session(request)
            if session is None:
                logout(request)
            else:
                request.META[BROWSER_SESSION] = session
                request.user.credential = session
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Where a page asks for a fresh sign-in, its visitor is asked for one and then comes back."""
        is_page = request.META.get(BROWSER_SESSION) is not None and not request.path.startswith(MACHINE_PATHS)
        if not isinstance(error, AuthenticationStale) or not is_page:
            return None
        onward = request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "")
        return redirect(confirm_address(onward))


def _live_session(request: HttpRequest) -> Session | None:
    session_id = request.session.get(BROWSER_SESSION)
    session = browser_session_resume(session_id=session_id) if session_id else None
    return session if session is not None and session.user_id == request.user.pk else None
