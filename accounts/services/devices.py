"""Recognising the device that somebody signs in from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from accounts.engine import tokens
from accounts.models import KnownDevice, Session, User
from gateway.engine.text import folded
from gateway.http.client import client_address

USER_AGENT_LENGTH = 300


@dataclass(frozen=True)
class Device:
    """Where a sign-in comes from. ``secret`` is what an earlier one left there."""

    ip: str | None = None
    user_agent: str = ""
    secret: str = ""

    @classmethod
    def of(cls, meta: Mapping[str, Any], secret: str = "") -> Self:
        """The device of a request, from its WSGI environment."""
        return cls(client_address(meta), meta.get("HTTP_USER_AGENT", "")[:USER_AGENT_LENGTH], secret)


def device_known(username: str, secret: str) -> KnownDevice | None:
    """The device that got this secret when the account of that name signed in there."""
    if not secret:
        return None
    since = timezone.now() - settings.DEVICE_KEPT
    of_account = KnownDevice.objects.filter(user__username_key=folded(username), last_seen_at__gt=since)
    return of_account.filter(digest=tokens.digest(secret)).first()


def device_trusted(device: KnownDevice | None, at: datetime) -> bool:
    """Whether the second factor may be left out there: its user said so in a session that is still live."""
    if device is None or device.trusted_by_id is None:
        return False
    return Session.objects.live(at).filter(pk=device.trusted_by_id).exists()


def device_remember(user: User, device: Device, known: KnownDevice | None, at: datetime) -> tuple[KnownDevice, str]:
    """The row of the device that ``user`` has signed in from, and a new secret where it had none.

    The user's row is locked. Beyond ``settings.DEVICES`` the one that was not used for longest is forgotten: each
    may be guessed on apart.
    """
    if known is not None:
        seen = {"last_seen_at": at, "ip": device.ip, "user_agent": device.user_agent}
        if KnownDevice.objects.filter(pk=known.pk).update(**seen):
            return known, ""
    surplus = KnownDevice.objects.filter(user=user).order_by("-last_seen_at", "pk")[settings.DEVICES - 1 :]
    KnownDevice.objects.filter(pk__in=list(surplus.values_list("pk", flat=True))).delete()
    secret = tokens.opaque_token()
    row = KnownDevice.objects.create(
        user=user,
        digest=tokens.digest(secret),
        user_agent=device.user_agent,
        ip=device.ip,
        created_at=at,
        last_seen_at=at,
    )
    return row, secret


def devices_forget(user: User, kept: UUID | None) -> None:
    """Know no device of ``user`` any more but the one that is ``kept``, and trust none.

    Who had what the account signed in with before could have made any number of them known.
    """
    devices = KnownDevice.objects.filter(user=user)
    devices.exclude(pk__in=[kept] if kept else []).delete()
    devices.update(trusted_by=None)


def device_trust(device: KnownDevice, session: Session) -> None:
    """Ask for no second factor there as long as ``session`` lives."""
    device.trusted_by = session
    device.save(update_fields=["trusted_by"])
