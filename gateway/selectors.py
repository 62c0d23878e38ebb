"""Reads of the ground floor: whether the service can serve."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import psycopg
from celery import current_app
from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from gateway.connections import redis_client
from gateway.engine.probe import Finding, Probe
from gateway.engine.sentences import phrase

HEALTH_BUDGET: Final = 0.1
"""Seconds that each dependency has to answer."""

WORKER_REPLY_TIMEOUT: Final = 1.0
"""Seconds after which a question to the workers expires; who asked has gone long before."""


class Health(models.TextChoices):
    OK = "ok", _("ok")
    DEGRADED = "degraded", _("degraded")
    UNAVAILABLE = "unavailable", _("unavailable")


class NoWorkerAnswered(Exception):
    """No worker answered."""


@dataclass(frozen=True)
class Dependency:
    """What was found of one dependency; ``detail`` is empty where its state is ok."""

    state: Health
    latency_ms: float
    detail: str


@dataclass(frozen=True)
class Readiness:
    """Whether requests can be served: not without PostgreSQL, and not all of them without the others."""

    status: Health
    dependencies: Mapping[str, Dependency]


def readiness() -> Readiness:
    """Ask every dependency, each for :data:`HEALTH_BUDGET` seconds at most."""
    database = DATABASE_PROBE.ask(HEALTH_BUDGET)
    redis = REDIS_PROBE.ask(HEALTH_BUDGET)
    worker = WORKER_PROBE.ask(HEALTH_BUDGET) if redis.well else Finding(False, 0, phrase("not asked: Redis is down"))
    findings = {"postgresql": database, "redis": redis, "worker": worker}
    if not database.well:
        status = Health.UNAVAILABLE
    elif redis.well and worker.well:
        status = Health.OK
    else:
        status = Health.DEGRADED
    return Readiness(status, {name: _dependency(finding) for name, finding in findings.items()})


def _dependency(finding: Finding) -> Dependency:
    return Dependency(Health.OK if finding.well else Health.UNAVAILABLE, finding.latency_ms, finding.detail)


def _ask_database() -> None:
    """A connection of its own, since one that is in use says nothing about new ones and cannot be left hanging."""
    with psycopg.connect(**connection.get_connection_params()) as own:
        own.execute("SELECT 1")


def _ask_redis() -> None:
    redis_client().ping()


def _ask_worker() -> None:
    timeouts = {"socket_timeout": settings.REDIS_TIMEOUT, "socket_connect_timeout": settings.REDIS_TIMEOUT}
    with current_app.connection_for_write(transport_options=timeouts) as broker:
        if not current_app.control.ping(limit=1, timeout=WORKER_REPLY_TIMEOUT, connection=broker):
            raise NoWorkerAnswered


DATABASE_PROBE = Probe("postgresql", _ask_database)
REDIS_PROBE = Probe("redis", _ask_redis)
WORKER_PROBE = Probe("worker", _ask_worker)
