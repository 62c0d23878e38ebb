"""Sessions: the one that an access token names, read at every request, and those that one may end."""

import uuid
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import connection, models
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Session, SessionKind, User
from accounts.permissions import require_session


def _columns(table: str, model: type[models.Model]) -> str:
    return ", ".join(f'{table}."{field.column}"' for field in model._meta.concrete_fields)  # noqa: SLF001 - documented


NAMED: Final = f"""
SELECT {_columns("session", Session)}, {_columns("holder", User)}, (
    SELECT public_key FROM accounts_signingkey
    WHERE kid = %(kid)s AND (retired_at IS NULL OR retired_at > %(now)s)
)
FROM accounts_session session JOIN accounts_user holder ON holder.id = session.user_id
WHERE session.id = %(session)s AND session.kind = %(kind)s AND session.revoked_at IS NULL
    AND session.expires_at > %(now)s AND session.last_used_at > %(idle_since)s AND holder.is_active
"""  # noqa: S608 - of names of columns alone
"""What ``Session.objects.live`` and ``SigningKey.objects.verifying`` ask, as one query: Django takes several times
longer to write it at each request than PostgreSQL to run it."""


def sessions_visible_to(viewer: Any) -> QuerySet[Session]:
    """The live sessions that ``viewer`` may end, the last used first. Raises :class:`NotForAPIKeys`."""
    require_session(viewer)
    return Session.objects.visible_to(viewer).live(timezone.now())


def session_named(session: uuid.UUID, kid: str, now: datetime) -> tuple[Session | None, bytes | None]:
    """The live API session with its active user, and the public key that goes by ``kid`` and still verifies."""
    values: dict[str, Any] = {
        "session": session,
        "kid": kid,
        "kind": SessionKind.API.value,
        "now": now,
        "idle_since": now - settings.SESSION_IDLE_LIFETIME,
    }
    with connection.cursor() as cursor:
        cursor.execute(NAMED, values)
        row = cursor.fetchone()
    if row is None:
        return None, None
    found, rest = _read(Session, row)
    found.user, (public_key,) = _read(User, rest)
    return found, public_key


def _read(model: type[Any], row: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
    """The model's instance by the first columns of ``row``, and the other columns."""
    fields = model._meta.concrete_fields  # noqa: SLF001 - documented
    values = [
        field.from_db_value(value, None, connection) if hasattr(field, "from_db_value") else value
        for field, value in zip(fields, row, strict=False)
    ]
    names = [field.attname for field in fields]
    return model.from_db(connection.alias, names, values), row[len(fields) :]
