"""What happened to an account, for its user to read."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.engine.security_log import PREFIX, told
from accounts.models import User
from accounts.permissions import require_no_key
from history.models import Event


@dataclass(frozen=True)
class LogEntry:
    """Something that happened to an account or was done by its user. ``by`` is ``self``, ``other`` or ``system``."""

    id: uuid.UUID
    """The event's."""
    time: datetime
    type: str
    message: str
    """A sentence for people, in English until an edge tells it."""
    by: str
    about_other: bool
    """Whether it is something that the user did to another account."""


def security_log(user: User) -> QuerySet[Event]:
    """The events of accounts that concern ``user``, newest first: of their account, their sessions, and what they did.

    Sessions that are forgotten by now are known by the events of their start. Each of the three reads
    an index of its own. Raises :class:`NotForAPIKeys`: a key learns nothing of where its user is signed in.
    """
    require_no_key(user)
    events = Event.objects.filter(type__startswith=PREFIX)
    started = Event.objects.filter(actor=user.pk, type=f"{PREFIX}session.started").values("subject")
    concerning = [
        events.filter(reason).order_by().values("pk")
        for reason in (Q(subject=f"users/{user.pk}"), Q(actor=user.pk), Q(subject__in=started))
    ]
    return Event.objects.filter(pk__in=concerning[0].union(*concerning[1:])).order_by("-id")


def log_entries(user: User, events: Iterable[Event]) -> list[LogEntry]:
    """What :func:`security_log` found, as it is told to ``user``."""
    return [_entry(user, event) for event in events]


def _entry(user: User, event: Event) -> LogEntry:
    data: dict[str, Any] = json.loads(bytes(event.body)).get("data", {})
    by = "system" if event.actor is None else "self" if event.actor == user.pk else "other"
    return LogEntry(
        id=event.uuid,
        time=event.time,
        type=event.type,
        message=told(event.type, data),
        by=by,
        about_other=str(data.get("user", user.pk)) != str(user.pk),
    )
