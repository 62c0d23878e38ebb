"""Writing to the event log."""

import json
import uuid
from collections.abc import Iterable
from typing import Any

import structlog
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from django.conf import settings
from django.utils import timezone

from history.engine.canonical import canonical_bytes
from history.models import Event, Repository


def event_record(
    *,
    type: str,  # noqa: A002  (CloudEvents' own name for it)
    subject: str,
    actor: Any,
    data: dict[str, Any],
    repository: Repository | None = None,
    branch: str = "",
    commit: str = "",
) -> Event:
    """Write what happened, in the caller's transaction: it is told exactly if the change is kept.

    ``type`` is ``io.oms.<app>.<thing>.<past participle>``; ``actor`` is the user who did it or
    None for the system, and only the UUID is written. The bytes of the CloudEvent are frozen
    here. Raises CloudEvents' own errors where an attribute breaks the specification and
    CanonicalError where the data is not JSON.
    """
    event = _event(type, subject, actor, data, repository, branch, commit)
    event.save(force_insert=True)
    return event


def events_record(
    *,
    type: str,  # noqa: A002  (as in :func:`event_record`)
    subject: str,
    actor: Any,
    data: Iterable[dict[str, Any]],
    repository: Repository | None = None,
) -> None:
    """Write that the same happened several times, once for each of ``data``, as :func:`event_record` does."""
    Event.objects.bulk_create(_event(type, subject, actor, each, repository, "", "") for each in data)


def _event(
    type_: str,
    subject: str,
    actor: Any,
    data: dict[str, Any],
    repository: Repository | None,
    branch: str,
    commit: str,
) -> Event:
    app = type_.split(".")[2]
    number, time = uuid.uuid4(), timezone.now()
    correlation = structlog.contextvars.get_contextvars().get("request_id")
    attributes = {
        "id": str(number),
        "type": type_,
        "source": f"/oms/{settings.INSTANCE}/{app}",
        "specversion": "1.0",
        "time": time,
        "datacontenttype": "application/json",
        "subject": subject,
        "actor": str(actor.pk) if actor else "",
        "branch": branch,
        "commit": commit,
        "correlationid": str(correlation or ""),
    }
    event = CloudEvent({name: value for name, value in attributes.items() if value != ""}, data)
    return Event(
        uuid=number,
        type=type_,
        subject=subject,
        actor=actor.pk if actor else None,
        repository=repository,
        time=time,
        body=canonical_bytes(json.loads(JSONFormat().write(event))),
    )
