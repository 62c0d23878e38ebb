"""Connections of our own to what the service depends on, and what PostgreSQL, whose are Django's, says of a failure."""

from functools import cache
from typing import Any

import psycopg
import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry


@cache
def redis_client() -> redis.Redis:
    """The client of this process. A call fails within ``REDIS_TIMEOUT`` seconds where Redis is down or hangs."""
    options: dict[str, Any] = {"socket_timeout": settings.REDIS_TIMEOUT, "retry": Retry(NoBackoff(), 0)}
    if not settings.REDIS_URL.startswith("unix://"):  # a Unix socket has no time-out of its own for connecting
        options["socket_connect_timeout"] = settings.REDIS_TIMEOUT
    return redis.Redis.from_url(settings.REDIS_URL, **options)


def sqlstate_of(error: Exception) -> str | None:
    """The SQLSTATE with which PostgreSQL has refused what raised Django's ``error``; None where it did not answer."""
    cause = error.__cause__
    return cause.sqlstate if isinstance(cause, psycopg.Error) else None
