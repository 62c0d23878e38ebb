"""What tests arrange with.

``UserFactory(username="alice", role=Role.ADMINISTRATOR)`` makes an account through its service. It
has no password unless one is given, since hashing one takes a while. ``api_client_for(alice)`` is a
``rest_framework.test.APIClient`` with a real session and its access token, ``console_client_for(alice)``
a ``django.test.Client`` that is signed in to the console as a browser would be. ``lock_by(alice, main)``
locks a branch for her, or for an administrator who is nobody in the tests.
"""

from typing import Any

import factory
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import SessionKind, User
from accounts.services import BROWSER_SESSION, Device, SignedIn, Tokens, session_open, tokens_of, user_create
from history.models import Branch, BranchLock, Role
from history.services import lock_take

PASSWORD = "correct horse battery staple"


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User

    username = factory.Sequence(lambda number: f"user{number}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **values: Any) -> User:
        return user_create(actor=None, check_password=False, **values)


def api_client_for(user: User) -> APIClient:
    """A client whose requests carry an access token of ``user``."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens_for(user).access}")
    return client


DEVICE = Device("192.0.2.1", "tests")


def signed_in(user: User, kind: SessionKind = SessionKind.API, device: Device = DEVICE) -> SignedIn:
    """A session of ``user``, who has just shown the password."""
    return session_open(user=user, kind=kind, device=device, amr=["pwd"], since=timezone.now())


def tokens_for(user: User) -> Tokens:
    """The tokens of an API session of ``user``."""
    return tokens_of(signed_in(user))


def lock_by(user: User | None, branch: Branch, duration: int = 600) -> BranchLock:
    owner = user or UserFactory(username="locker", role=Role.ADMINISTRATOR)
    return lock_take(actor=owner, branch=branch, reason="Migration", duration=duration)


def console_client_for(user: User) -> Client:
    """A browser in which ``user`` is signed in to the console."""
    client, session = Client(), signed_in(user, SessionKind.BROWSER).session
    client.force_login(user)
    cookie_session = client.session
    cookie_session[BROWSER_SESSION] = str(session.pk)
    cookie_session.save()
    return client
