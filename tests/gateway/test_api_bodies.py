"""What comes in as a body, and how it is refused."""

import pytest

JSON = "application/json"


def post(client, body, path="/api/echo/", content_type=JSON, **extra):
    return client.generic("POST", path, body, content_type, **extra)


def test_a_body_is_read_as_it_was_written(client):
    response = post(client, '{"name": " Ä 한국 ", "n": [1, 2.5, null]}'.encode())
    assert response.status_code == 200
    assert response.content == '{"data":{"name":" Ä 한국 ","n":[1,2.5,null]}}'.encode()
    assert response["Content-Type"] == JSON


@pytest.mark.parametrize(
    ("body", "rule", "field"),
    [
        (b'{"a": {"b": 1, "b": 2}}', "DUPLICATE_KEY", "/a/b"),
        (b'{"a": NaN}', "NOT_A_NUMBER", "/a"),
        (b'{"a": "\\u0000"}', "NULL_CHARACTER", "/a"),
        (b'{"a": "\\ud800"}', "LONE_SURROGATE", "/a"),
        (b'{"a": "\xff"}', "NOT_UTF8", None),
        (b"{", "NOT_JSON", None),
        (b"[" * 100_000, "TOO_DEEP", None),
    ],
)
def test_a_body_that_readers_disagree_on_is_malformed(client, body, rule, field):
    response = post(client, body)
    problem = response.json()
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert problem["type"] == "urn:oms:problem:malformed"
    assert problem["rule"] == rule
    assert problem.get("errors", []) == (
        [] if field is None else [{"field": field, "rule": rule, "message": problem["detail"]}]
    )


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_media_type_is_not_supported(client, content_type):
    response = post(client, b"a=1", content_type=content_type)
    assert response.status_code == 415
    assert response.json()["type"] == "urn:oms:problem:unsupported-media-type"


def test_an_answer_in_another_media_type_cannot_be_had(client):
    response = post(client, b"{}", headers={"accept": "text/csv"})
    assert response.status_code == 406
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("length", "status"), [(10, 200), (11, 413)])
def test_the_longest_body_that_a_view_takes(client, length, status):
    response = post(client, b'"' + b"x" * (length - 2) + b'"', path="/api/small/")
    assert response.status_code == status


def test_a_body_over_the_limit_is_refused_by_its_declared_length_alone(client):
    response = post(client, b'"x"', path="/api/small/", CONTENT_LENGTH="11")
    assert response.status_code == 413
    assert response.json()["limit"] == 10


def test_a_body_may_have_one_megabyte_where_a_view_says_nothing_else(client, settings):
    assert post(client, b'"' + b"x" * (settings.BODY_LIMIT - 2) + b'"').status_code == 200
    assert post(client, b'"' + b"x" * (settings.BODY_LIMIT - 1) + b'"').status_code == 413


def test_no_body_is_an_empty_object(client):
    assert post(client, b"").json() == {"data": {}}
