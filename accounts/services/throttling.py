"""Counters of wrong guesses: taken before a guess is looked at, so that parallel guesses cannot outrun them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.engine.sealing import derived_key
from accounts.engine.tokens import keyed_digest
from accounts.models import AttemptCounter, KnownDevice
from gateway.engine.text import folded

TAKE = """
INSERT INTO accounts_attemptcounter AS counter (key, failures, window_ends_at, consecutive)
VALUES (%(key)s, 1, %(now)s + CASE WHEN %(limit)s = 1 THEN %(lock)s ELSE %(window)s END, 1)
ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN counter.window_ends_at <= %(now)s THEN 1 ELSE counter.failures + 1 END,
    window_ends_at = CASE
        WHEN counter.window_ends_at <= %(now)s THEN EXCLUDED.window_ends_at
        WHEN counter.failures + 1 >= %(limit)s THEN %(now)s + %(lock)s
        ELSE counter.window_ends_at
    END,
    consecutive = counter.consecutive + 1
WHERE (counter.window_ends_at <= %(now)s OR counter.failures < %(limit)s) AND counter.consecutive < %(hard)s
RETURNING failures, consecutive
"""
"""Counts one more unless that would be one too many; the row's lock makes parallel takers wait for one another."""
UNLIMITED = 2**31 - 1


@dataclass(frozen=True, order=True)
class Counted:
    """Something that may be guessed at ``limit`` times in a window, and ``hard`` times in a row at all."""

    key: str
    limit: int
    hard: int = UNLIMITED
    is_shared: bool = False
    """Whether many act through it: a success of one then says nothing of the others."""


@dataclass(frozen=True)
class Attempt:
    """A guess that was counted as a failure in advance."""

    counted: tuple[Counted, ...]
    is_allowed: bool
    is_network_refused: bool = False
    """Whether too much came from its network, whatever it was about."""
    is_last: bool = False
    """Whether it locks what is guessed at, unless it is right."""


def counted_sign_in(username: str, device: KnownDevice | None, ip: str | None) -> tuple[Counted, ...]:
    """What a guess at a password counts for: the account and the network, or the known device alone."""
    if device is not None:
        return (_device_counted(device),)
    return (account_counted(username), *_network_counted(ip))


def _device_counted(device: KnownDevice) -> Counted:
    return _counted("device", str(device.pk))


def account_counted(username: str) -> Counted:
    """What counts guesses at an account from devices that are not known."""
    return _counted("account", folded(username))


def counted_factor(user_id: object, device: KnownDevice | None) -> tuple[Counted, ...]:
    """What a guess at a code counts for. A stranger who has the password cannot lock out a known device."""
    place = str(device.pk) if device is not None else ""
    return (_counted("factor", str(user_id), place),)


def counted_reset(email: str, ip: str | None) -> tuple[Counted, ...]:
    """What asking for a mail without signing in counts for: the address, whosever it is, and the network.

    Neither is ever right or wrong, so no number of them closes an address for good.
    """
    return (Counted(_key("reset", folded(email)), settings.MAIL_LIMIT), *_network_counted(ip, "reset-network"))


def counted_mail(user_id: object, email: str) -> tuple[Counted, ...]:
    """What having a mail sent to an address of one's choice counts for: that address, and who has it sent."""
    sender = Counted(_key("mail-of", str(user_id)), settings.MAIL_LIMIT)
    return (sender, *counted_invitation(email))


def counted_invitation(email: str) -> tuple[Counted, ...]:
    """What having a mail sent to an address counts for where it is one's task to send many: that address."""
    return (Counted(_key("mail", folded(email)), settings.MAIL_LIMIT),)


def attempt_begin(counted: tuple[Counted, ...]) -> Attempt:
    """Count a guess before it is looked at. What is locked counts none, so that retries lengthen no lock."""
    now, is_last = timezone.now(), False
    with transaction.atomic(), connection.cursor() as cursor:
        # What many share first: where that is refused, the rest is not even looked at.
        for each in sorted(counted, key=lambda each: (not each.is_shared, each)):
            taken = _take(cursor, each, now)
            if taken is None:
                transaction.set_rollback(True)
                return Attempt(counted, is_allowed=False, is_network_refused=each.is_shared)
            is_last = is_last or (taken and not each.is_shared)
    return Attempt(counted, is_allowed=True, is_last=is_last)


def attempt_succeeded(attempt: Attempt) -> None:
    """Take the count back; what only the one who was right uses starts anew."""
    for each in attempt.counted:
        if each.is_shared:
            _give_back(each)
        else:
            AttemptCounter.objects.filter(key=each.key).update(failures=0, consecutive=0)


def attempt_withdrawn(attempt: Attempt) -> None:
    """Take the count of a guess back that nobody came to look at."""
    if attempt.is_allowed:
        for each in attempt.counted:
            _give_back(each)


def account_unlock(username: str) -> None:
    """Let the account's password be guessed at again, from every device."""
    devices = KnownDevice.objects.filter(user__username_key=folded(username))
    counted = [account_counted(username), *map(_device_counted, devices)]
    AttemptCounter.objects.filter(key__in=[each.key for each in counted]).delete()


def factors_unlock(user_id: object, devices: Iterable[KnownDevice]) -> None:
    """Let codes be guessed at again, from every device."""
    counted = [each.key for device in (None, *devices) for each in counted_factor(user_id, device)]
    AttemptCounter.objects.filter(key__in=counted).delete()


def account_is_locked(username: str) -> bool:
    """Whether the right password would be refused from a device that is not known."""
    counted = account_counted(username)
    counter = AttemptCounter.objects.filter(key=counted.key).first()
    if counter is None:
        return False
    is_soft = counter.failures >= counted.limit and counter.window_ends_at > timezone.now()
    return is_soft or counter.consecutive >= counted.hard


def idle_counters_purge() -> None:
    """Forget counters that nobody has added to for long, but for those at the hard limit."""
    over = timezone.now() - settings.LOGIN_COUNTERS_KEPT
    AttemptCounter.objects.filter(window_ends_at__lt=over).exclude(consecutive__gte=settings.LOGIN_HARD_LIMIT).delete()


def _take(cursor: CursorWrapper, counted: Counted, now: datetime) -> bool | None:
    """Whether this one is the last that may be tried for a while, or at all; None where it may not."""
    values: dict[str, Any] = {
        "key": counted.key,
        "limit": counted.limit,
        "hard": counted.hard,
        "now": now,
        "window": settings.LOGIN_WINDOW,
        "lock": settings.LOGIN_LOCK,
    }
    cursor.execute(TAKE, values)
    row = cursor.fetchone()
    return None if row is None else bool(row[0] >= counted.limit or row[1] >= counted.hard)


def _give_back(counted: Counted) -> None:
    one_less = Greatest(F("failures") - 1, 0), Greatest(F("consecutive") - 1, 0)
    AttemptCounter.objects.filter(key=counted.key).update(failures=one_less[0], consecutive=one_less[1])


def _network_counted(ip: str | None, what: str = "network") -> tuple[Counted, ...]:
    """An IPv4 address, or the /64 that one IPv6 subscriber has."""
    if ip is None:
        return ()
    address = ip_address(ip)
    network = ip if address.version == 4 else str(ip_network((address, 64), strict=False))
    return (Counted(_key(what, network), settings.LOGIN_NETWORK_LIMIT, is_shared=True),)


def _counted(*parts: str) -> Counted:
    return Counted(_key(*parts), settings.LOGIN_LIMIT, settings.LOGIN_HARD_LIMIT)


def _key(*parts: str) -> str:
    return keyed_digest(derived_key(settings.SECRET_KEY, "oms accounts attempts"), *parts)
