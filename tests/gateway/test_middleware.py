import re
from io import BytesIO

import pytest
import structlog
from django.db import OperationalError

from gateway.middleware import ChunkedBodies


@pytest.mark.parametrize("given", ["4f1e", "a.b_c-D", "x" * 128])
def test_the_client_s_request_id_comes_back(client, given):
    assert client.get("/page/", headers={"x-request-id": given})["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "two words", "x" * 129, 'a"b', "a\nb", "ключ"])
def test_a_request_id_that_is_unfit_for_logs_is_replaced(client, given):
    answered = client.get("/page/", headers={"x-request-id": given})["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", answered)


@pytest.mark.parametrize("path", ["/page/", "/api/fail/bug/", "/page/bug/", "/nowhere/"])
def test_every_answer_carries_the_id_under_which_it_was_logged(client, path):
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logs:
        response = client.get(path, headers={"x-request-id": "4f1e"})
    assert response["X-Request-ID"] == "4f1e"
    assert {entry["request_id"] for entry in logs} == {"4f1e"}


@pytest.mark.parametrize("path", ["/api/fail/bug/", "/page/bug/"])
def test_what_nobody_foresaw_is_logged_with_its_traceback(client, path):
    with structlog.testing.capture_logs() as logs:
        client.get(path)
    assert any(entry["event"] == "request_failed" and entry.get("exc_info") for entry in logs)


@pytest.mark.parametrize("path", ["/api/fail/unavailable/", "/page/unavailable/", "/api/fail/conflict/"])
def test_what_was_foreseen_is_not_logged_as_a_failure(client, path):
    with structlog.testing.capture_logs() as logs:
        client.get(path)
    assert not [entry for entry in logs if entry["event"] == "request_failed"]


def test_a_database_that_is_down_beneath_the_middleware_is_503(client, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.broken_middleware"]
    for path, media_type in [("/api/echo/", "application/problem+json"), ("/page/", "text/html; charset=utf-8")]:
        response = client.get(path)
        assert response.status_code == 503
        assert response["Content-Type"] == media_type
        assert response["Retry-After"] == "1"


def broken_middleware(get_response):
    def middleware(request):
        raise OperationalError("connection refused")

    return middleware


def served(environ):
    """What an application behind ChunkedBodies sees: the declared length and the bytes."""
    seen = {}

    def application(environ, start_response):
        seen.update(environ)
        return []

    ChunkedBodies(application)(environ, None)
    body = seen["wsgi.input"].read(int(seen.get("CONTENT_LENGTH") or 0))
    return seen.get("CONTENT_LENGTH"), body, "HTTP_TRANSFER_ENCODING" in seen


def chunked(body):
    return {"wsgi.input": BytesIO(body), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}


def test_a_body_in_chunks_gets_a_length():
    assert served(chunked(b"abc")) == ("3", b"abc", False)


def test_a_body_in_chunks_is_read_no_further_than_one_byte_past_the_largest_limit(settings):
    settings.DOCUMENT_BODY_LIMIT = 10
    assert served(chunked(b"x" * 100)) == ("11", b"x" * 11, False)


def test_a_body_that_declares_its_length_is_left_alone():
    environ = {"wsgi.input": BytesIO(b"abcdef"), "wsgi.input_terminated": True, "CONTENT_LENGTH": "3"}
    assert served(environ) == ("3", b"abc", False)


def test_a_server_that_does_not_end_the_stream_is_not_read_from():
    assert served({"wsgi.input": BytesIO(b"abc")}) == (None, b"", False)
