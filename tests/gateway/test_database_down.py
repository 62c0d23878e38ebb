"""A database that is down is a 503 at once, and the service heals by itself; a fault of ours is a 500."""

import json
import time
from contextlib import contextmanager

import psycopg
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import RequestFactory

from tests.gateway.site import StatementView

DEAD_PORT = "1"
HANGS = 2
"""Seconds that only a wait for the server takes, however busy the machine is."""


@pytest.fixture
def ask(site, django_db_setup, django_db_blocker):
    """A request as a web server hands it over, which also checks the connection as between two requests.

    Outside any transaction; nothing is written here.
    """
    application = get_wsgi_application()

    def ask(path="/api/statement/"):
        answered = {}

        def start_response(status, headers, exc_info=None):
            answered.update(status=int(status.split()[0]), headers=dict(headers))

        started = time.perf_counter()
        response = application(RequestFactory().get(path).environ, start_response)
        body = b"".join(response)
        response.close()
        return answered["status"], answered["headers"], json.loads(body), time.perf_counter() - started

    with django_db_blocker.unblock():
        yield ask
        connection.close()


@contextmanager
def database_down(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        patch.setitem(connection.settings_dict, "PORT", DEAD_PORT)
        connection.close()
        yield
    connection.close()


def kill_connection():
    pid = connection.connection.info.backend_pid
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_a_refused_connection_is_503_without_a_wait_and_heals(ask, monkeypatch):
    assert ask()[0] == 200
    with database_down(monkeypatch):
        for _ in range(3):
            status, headers, problem, seconds = ask()
            assert status == 503
            assert headers["Retry-After"] == "1"
            assert problem["type"] == "urn:oms:problem:unavailable"
            assert problem["dependency"] == "postgresql"
            assert DEAD_PORT not in problem["detail"]
            assert seconds < HANGS
    assert ask()[0] == 200


def test_a_connection_that_broke_between_two_requests_is_replaced_unnoticed(ask):
    assert ask()[0] == 200
    kill_connection()
    assert ask()[0] == 200


@pytest.mark.parametrize("is_atomic", [False, True])
def test_a_server_that_goes_away_amid_a_request_is_503_and_the_next_one_is_served(ask, monkeypatch, is_atomic):
    monkeypatch.setattr(StatementView, "is_atomic", is_atomic)
    with monkeypatch.context() as patch:
        patch.setattr(StatementView, "statement", "SELECT pg_terminate_backend(pg_backend_pid())")
        assert ask()[0] == 503
    assert ask()[0] == 200


def test_a_connection_that_was_lost_unnoticed_amid_a_request_is_503(ask, monkeypatch):
    @contextmanager
    def losing():
        with connection.cursor() as cursor:
            kill_connection()
            yield cursor

    class Losing:
        def cursor(self):
            return losing()

    monkeypatch.setattr("tests.gateway.site.connection", Losing())
    assert ask()[0] == 503


@pytest.mark.parametrize("is_atomic", [False, True])
@pytest.mark.parametrize(
    "statement",
    [
        "DO $$ BEGIN RAISE EXCEPTION SQLSTATE '40P01'; END $$",  # a deadlock
        "DO $$ BEGIN RAISE EXCEPTION SQLSTATE '40001'; END $$",  # a serialization failure
        "DO $$ BEGIN RAISE EXCEPTION SQLSTATE '57014'; END $$",  # a statement that took too long
        "DO $$ BEGIN RAISE EXCEPTION SQLSTATE '55P03'; END $$",  # a lock that was not to be had
        "SELECT nonsense",
        "SELECT 1 / 0",
    ],
)
def test_a_statement_that_the_database_refuses_is_our_fault(ask, monkeypatch, statement, is_atomic):
    monkeypatch.setattr(StatementView, "is_atomic", is_atomic)
    monkeypatch.setattr(StatementView, "statement", statement)
    status, headers, problem, _seconds = ask()
    assert status == 500
    assert "Retry-After" not in headers
    assert problem["type"] == "urn:oms:problem:internal"


@pytest.mark.parametrize("sqlstate", ["53300", "57P01", "57P03", "08006"])
def test_a_server_that_cannot_serve_now_is_503(ask, monkeypatch, sqlstate):
    monkeypatch.setattr(StatementView, "statement", f"DO $$ BEGIN RAISE EXCEPTION SQLSTATE '{sqlstate}'; END $$")
    assert ask()[0] == 503
