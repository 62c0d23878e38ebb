"""What it costs to let a request in, and to sign in by a password."""

from base64 import b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Barrier
from typing import Any, Final

from argon2.low_level import Type, hash_secret
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.tokens import AccessToken

from accounts.api.authentication import AccessTokenAuthentication
from accounts.hashers import PasswordHasher
from accounts.models import SessionKind, User
from accounts.services import Device, SignedIn, login_start, session_open, tokens_of, user_create
from benchmarks.agreement import agree
from benchmarks.measure import Line, Timing, Work, beside
from benchmarks.size import Size

PASSWORD: Final = "correct horse battery staple"


def lines(size: Size) -> Iterator[Line]:
    kim = user_create(actor=None, username="kim", password=PASSWORD, check_password=False)
    yield beside(*_token_checks(kim), size.short_times, aim=1.5)
    yield _sign_ins(kim, size)


# --- Letting a request in ---------------------------------------------------------------------------


class PeerToken(AccessToken):
    """simplejwt's access token, signed as ours are: its default is a secret shared by all."""

    _token_backend: TokenBackend


class PeerAuthentication(JWTAuthentication):
    """simplejwt's own, which takes the classes of its tokens from settings that are read once."""

    def get_validated_token(self, raw_token: bytes) -> PeerToken:
        return PeerToken(raw_token)  # type: ignore[arg-type] # it is what the base class gives


def _token_checks(user: User) -> tuple[Work, Work]:
    """Both read a bearer token, verify its Ed25519 signature and get its user from the database."""
    PeerToken._token_backend = _peer_backend()  # noqa: SLF001 - else simplejwt makes it of settings that are read once
    signed_in = session_open(user=user, kind=SessionKind.API, device=Device(), amr=["pwd"], since=timezone.now())
    ours = _checking(AccessTokenAuthentication(), tokens_of(signed_in).access)
    peer = _checking(PeerAuthentication(), str(PeerToken.for_user(user)))
    agree("Who is let in", {ours()[0].pk}, {peer()[0].pk})
    return Work("token check of a request", ours), Work("simplejwt JWTAuthentication", peer)


def _peer_backend() -> TokenBackend:
    private = Ed25519PrivateKey.generate()
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    signing = private.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain).decode()
    verifying = private.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    return TokenBackend("EdDSA", signing, verifying, audience=settings.TOKEN_AUDIENCE, issuer=settings.TOKEN_ISSUER)


def _checking(authentication: Any, token: str) -> Callable[[], tuple[User, Any]]:
    request = HttpRequest()
    request.META["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    asked = Request(request)
    return lambda: authentication.authenticate(asked)


# --- Signing in by a password -----------------------------------------------------------------------


def _sign_ins(user: User, size: Size) -> Line:
    """As many at once as there are cores, beside as many bare hashes of the same cost."""
    agree("Hashes of the password", {user.password.removeprefix("argon2")}, {_hash(user)})
    with _at_once(size.sign_ins) as at_once:
        line = beside(
            Work("sign-in by password", lambda: at_once(_sign_in)),
            Work("Argon2id of the same cost", lambda: at_once(lambda: _hash(user))),
            size.times,
        )
    return Line(_per_second(line.ours, size.sign_ins), _per_second(line.peer, size.sign_ins))


def _sign_in() -> None:
    outcome = login_start(username="kim", password=PASSWORD, device=Device(), kind=SessionKind.API)
    agree("Sign-ins", {type(outcome)}, {SignedIn})


def _hash(user: User) -> str:
    """The password's hash once more, as it is kept, by Argon2's own library."""
    *_, salt, digest = user.password.split("$")
    cost = PasswordHasher
    return hash_secret(
        PASSWORD.encode(),
        b64decode(f"{salt}=="),
        time_cost=cost.time_cost,
        memory_cost=cost.memory_cost,
        parallelism=cost.parallelism,
        hash_len=len(b64decode(f"{digest}==")),
        type=Type.ID,
    ).decode()


def _per_second(timing: Timing, count: int) -> Timing:
    """Named by how many there are in a second."""
    return replace(timing, name=f"{timing.name}, {count} at once: {count / timing.p50:.1f} a second")


def _hang_up() -> None:
    connection.close()  # this thread's


@contextmanager
def _at_once(count: int) -> Iterator[Callable[[Callable[[], Any]], None]]:
    """Does something in ``count`` threads at the same time, whose connections stay open until the end."""
    if count == 1:
        yield lambda act: act()
        return
    start = Barrier(count)

    def together(act: Callable[[], Any]) -> None:
        start.wait()
        act()

    with ThreadPoolExecutor(count) as pool:

        def at_once(act: Callable[[], Any]) -> None:
            for _ in pool.map(together, [act] * count):
                pass

        yield at_once
        at_once(_hang_up)
