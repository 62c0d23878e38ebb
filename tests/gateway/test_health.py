"""What load balancers and supervisors are told, with servers that are dead, hang and come back."""

import socket
import time

import pytest
from celery.contrib.testing.worker import start_worker
from django.db import connection
from django.test import Client

from gateway import connections, selectors
from oms_project.celery import app

DEAD_PORT = "1"


@pytest.fixture
def client(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield Client()


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """The machine that runs tests may be busy: nothing is late unless a test says so by calling this."""
    usual = selectors.HEALTH_BUDGET
    monkeypatch.setattr(selectors, "HEALTH_BUDGET", 5)
    return lambda: monkeypatch.setattr(selectors, "HEALTH_BUDGET", usual)


@pytest.fixture
def silent_port():
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def redis_at(settings, redis_client):
    """Tells the service that Redis is at another address."""
    usual = settings.REDIS_URL

    def move(address=None):
        settings.REDIS_URL = usual if address is None else f"redis://{address}/0"
        connections.redis_client.cache_clear()

    move()
    yield move
    settings.REDIS_URL = usual
    connections.redis_client.cache_clear()


@pytest.fixture
def worker(monkeypatch):
    """Whether a worker answers, without one."""
    answers = [True]

    def check():
        if not answers[0]:
            raise selectors.NoWorkerAnswered

    monkeypatch.setattr(selectors, "WORKER_PROBE", selectors.Probe("worker", check))
    return answers


def states(response):
    return {name: each["state"] for name, each in response.json()["dependencies"].items()}


def test_a_process_that_lives_says_so_without_asking_anybody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/health/live")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_all_is_well(client, redis_at, worker):
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json()["status"] == "ok"
    assert states(response) == {"postgresql": "ok", "redis": "ok", "worker": "ok"}
    for dependency in response.json()["dependencies"].values():
        assert dependency["detail"] == ""
        assert dependency["latency_ms"] >= 0


def test_without_postgresql_nothing_can_be_served_until_it_is_back(client, redis_at, worker, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        patch.setitem(connection.settings_dict, "PORT", DEAD_PORT)
        response = client.get("/health/ready")
        assert response.status_code == 503
        assert response.json()["status"] == "unavailable"
        assert states(response) == {"postgresql": "unavailable", "redis": "ok", "worker": "ok"}
        assert response.json()["dependencies"]["postgresql"]["detail"] == "OperationalError"
    assert client.get("/health/ready").status_code == 200


def test_a_postgresql_that_hangs_costs_its_budget_and_no_more(
    client, redis_at, worker, monkeypatch, patience, silent_port
):
    patience()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        patch.setitem(connection.settings_dict, "PORT", str(silent_port))
        for _ in range(2):
            response = client.get("/health/ready")
            assert response.status_code == 503
            assert response.json()["dependencies"]["postgresql"]["detail"] == "no answer within 100 ms"
    wait_until(lambda: client.get("/health/ready").json()["status"] == "ok")


def test_without_redis_the_service_is_degraded_and_no_worker_is_asked(client, redis_at, worker):
    redis_at(f"127.0.0.1:{DEAD_PORT}")
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    assert states(response) == {"postgresql": "ok", "redis": "unavailable", "worker": "unavailable"}
    redis_at()
    assert client.get("/health/ready").json()["status"] == "ok"


def test_a_redis_that_hangs_costs_its_budget_and_no_more(client, redis_at, worker, silent_port):
    redis_at(f"127.0.0.1:{silent_port}")
    response = client.get("/health/ready")
    assert states(response)["redis"] == "unavailable"
    assert response.json()["dependencies"]["redis"]["detail"] == "TimeoutError"
    redis_at()
    assert client.get("/health/ready").json()["status"] == "ok"


def test_without_a_worker_the_service_is_degraded(client, redis_at, worker):
    worker[0] = False
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    assert states(response)["worker"] == "unavailable"


@pytest.mark.slow
def test_a_real_worker_answers_and_leaves_nothing_behind_in_redis(client, redis_at, redis_client):
    assert states(client.get("/health/ready"))["worker"] == "unavailable"
    with start_worker(app, pool="solo", perform_ping_check=False):
        wait_until(lambda: states(client.get("/health/ready"))["worker"] == "ok")
        for _ in range(5):
            client.get("/health/ready")
        assert [key for key in redis_client.scan_iter() if b"reply" in key] == []


def wait_until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
