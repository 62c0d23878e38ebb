"""Asking once more who somebody is before something sensitive is done."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.utils import timezone

from accounts.engine.methods import Shown
from accounts.exceptions import NotForAPIKeys
from accounts.models import Session
from gateway.exceptions import AuthenticationStale

P = ParamSpec("P")
T = TypeVar("T")


def fresh_authentication(service: Callable[P, T]) -> Callable[P, T]:
    """A service whose ``actor`` must have shown who they are within ``settings.FRESH_AUTHENTICATION``.

    It stands on the service, so that every edge asks: REST, GraphQL, gRPC and the console.
    """

    @wraps(service)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        require_fresh_authentication(kwargs["actor"])
        return service(*args, **kwargs)

    return call


def require_fresh_authentication(actor: Any) -> None:
    """Raises :class:`AuthenticationStale`, or :class:`NotForAPIKeys` where a key can never show more.

    Without a credential the system itself acts: a command, or a worker that goes on with what was begun.
    """
    credential = actor.credential if actor is not None else None
    if credential is None:
        return
    if not isinstance(credential, Session):
        raise NotForAPIKeys
    is_stale = timezone.now() - credential.auth_time > settings.FRESH_AUTHENTICATION
    # On a trusted device the second factor was left out: what is sensitive asks for it all the same.
    if is_stale or (Shown.TRUSTED_DEVICE in credential.amr and Shown.SEVERAL not in credential.amr):
        raise AuthenticationStale(max_age=int(settings.FRESH_AUTHENTICATION.total_seconds()))
