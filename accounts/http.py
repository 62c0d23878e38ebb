"""What REST and the console share about signing in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.urls import reverse

from accounts.exceptions import CredentialsWrong
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
