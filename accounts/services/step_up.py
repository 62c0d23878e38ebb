"""Asking once more who somebody is before something sensitive is done."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.utils import timezone

from accounts.engine.methods import Shown
from accounts.exceptions import NotForAPIKeys
from accounts.models import Session, User
from accounts.selectors.factors import confirmation_methods
from gateway.exceptions import AuthenticationStale

OURS = frozenset(Shown) - {Shown.FEDERATED, Shown.SEVERAL, Shown.TRUSTED_DEVICE}
"""What is shown to us, not to a provider."""
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
    if is_stale or _has_shown_too_little(actor, credential.amr):
        raise AuthenticationStale(max_age=int(settings.FRESH_AUTHENTICATION.total_seconds()))


def _has_shown_too_little(actor: User, amr: list[str]) -> bool:
    """Whether what is sensitive asks for more than the session began with, however short ago that was.

    On a trusted device the second factor was left out. A provider may have let somebody in by what they showed it
    long ago: who can show something here is asked to.
    """
    if Shown.TRUSTED_DEVICE in amr:
        return Shown.SEVERAL not in amr
    return Shown.FEDERATED in amr and OURS.isdisjoint(amr) and bool(confirmation_methods(actor))
