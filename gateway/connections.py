"""Connections of our own to what the service depends on; PostgreSQL's are Django's."""

from functools import cache
from typing import Any

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
