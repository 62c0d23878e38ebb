"""Whether the time of a refusal tells which accounts there are: the slowest kind of account beside the fastest."""

import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from celery import current_app
from rest_framework.test import APIClient

from accounts.models import AttemptCounter, SessionKind, User
from accounts.services import Device, login_start, user_create
from accounts.services.throttling import account_counted, attempt_begin
from benchmarks.agreement import agree
from benchmarks.measure import Line, Work, timings
from benchmarks.size import Size

PASSWORD: Final = "correct horse battery staple"
KINDS: Final = ("active", "missing", "disabled", "locked", "passwordless")
AIM: Final = 1.1
"""Medians within a tenth of one another."""


def lines(size: Size) -> Iterator[Line]:
    _make_accounts()
    client = APIClient(SERVER_NAME="localhost")
    broker, current_app.conf.broker_url = current_app.conf.broker_url, "memory://"
    logging.disable(logging.WARNING)  # a line for each request
    try:
        yield _slowest_beside_fastest("sign-in refused", partial(_sign_in, client), 401, size.refusals)
        yield _slowest_beside_fastest("reset asked for", partial(_ask_for_reset, client), 202, size.resets)
    finally:
        logging.disable(logging.NOTSET)
        current_app.conf.broker_url = broker


def _make_accounts() -> None:
    for name in KINDS:
        if name != "missing":
            password = None if name == "passwordless" else PASSWORD
            user_create(actor=None, username=name, email=_address(name), password=password, check_password=False)
    User.objects.filter(username="disabled").update(is_active=False)
    agree("Sign-ins", {type(_signed_in()).__name__}, {"SignedIn"})


def _signed_in() -> Any:
    return login_start(username="active", password=PASSWORD, device=Device(), kind=SessionKind.API)


def _slowest_beside_fastest(what: str, ask: Callable[[str], Any], status: int, times: int) -> Line:
    works = [Work(f"{what}, {name}", partial(ask, name), _count_anew) for name in KINDS]
    for work in works:
        work.prepare()
        agree(work.name, {work.act().status_code}, {status})
    taken = sorted(timings(works, times), key=lambda timing: timing.p50)
    return Line(taken[-1], taken[0], AIM)


def _count_anew() -> None:
    """No counter but that of the locked account is at its limit. Before each kind, so that each finds the same rows."""
    AttemptCounter.objects.all().delete()
    while attempt_begin((account_counted("locked"),)).is_allowed:
        pass


def _sign_in(client: APIClient, name: str) -> Any:
    return client.post("/api/v1/auth/login/", {"username": name, "password": "wrong"})


def _ask_for_reset(client: APIClient, name: str) -> Any:
    return client.post("/api/v1/auth/password/reset/", {"email": _address(name)})


def _address(name: str) -> str:
    return f"{name}@example.org"
