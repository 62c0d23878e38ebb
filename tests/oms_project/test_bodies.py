"""What every REST endpoint takes as a body is what the OpenAPI document says, and nothing else."""

import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from rest_framework.exceptions import ValidationError

from gateway.api.serializers import StrictSerializer
from gateway.http.problems import field_errors
from oms_project import contracts
from tests.factories import UserFactory, api_client_for

NOBODY = str(uuid.UUID(int=7))
WRITES = ("post", "put", "patch", "delete")
SAMPLES: Mapping[str, Any] = {"string": "60", "integer": 3, "boolean": True, "array": [], "object": {}}
MISFITS: Mapping[str, list[Any]] = {
    kind: [sample for other, sample in SAMPLES.items() if other != kind] + [1.5] for kind in SAMPLES
}
UNREADABLE = {
    "a field": (b'{"foo": 1}', "application/json", 400),
    "a list": (b"[1]", "application/json", 400),
    "no JSON": (b"{broken", "application/json", 400),
    "no UTF-8": (b'{"foo": "\xff"}', "application/json", 400),
    "a form": (b"a=b", "application/x-www-form-urlencoded", 415),
}


def operations() -> dict[str, dict[str, Any]]:
    """Every write of the document by its method and address."""
    return {
        f"{method} {path}": operation
        for path, methods in contracts.openapi()["paths"].items()
        for method, operation in methods.items()
        if method in WRITES
    }


def requests() -> list[str]:
    """The names of the schemas of all bodies."""
    bodies = [each["requestBody"]["content"] for each in operations().values() if "requestBody" in each]
    return sorted({body["application/json"]["schema"]["$ref"].rpartition("/")[2] for body in bodies})


def without_body() -> list[str]:
    return sorted(name for name, operation in operations().items() if "requestBody" not in operation)


def misfits(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Values of other types than the schema says, each within one that otherwise fits, and the pointer to it."""
    if "$ref" in schema:
        schema = contracts.openapi()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        for name, member in schema.get("properties", {}).items():
            yield from ((f"/{name}{pointer}", {name: value}) for pointer, value in misfits(member))
    yield from (("", value) for value in MISFITS.get(schema.get("type", ""), ()))
    if "items" in schema:
        yield from ((f"/0{pointer}", [value]) for pointer, value in misfits(schema["items"]))
    if isinstance(schema.get("additionalProperties"), dict):
        yield from ((f"/x{pointer}", {"x": value}) for pointer, value in misfits(schema["additionalProperties"]))


def strict_serializers(base: type[StrictSerializer] = StrictSerializer) -> Iterator[type[StrictSerializer]]:
    for each in base.__subclasses__():
        yield each
        yield from strict_serializers(each)


def refused_at(serializer: type[StrictSerializer], body: Any) -> set[str]:
    try:
        serializer(data=body).is_valid(raise_exception=True)
    except ValidationError as error:
        return {each.field for each in field_errors(error.detail)}
    return set()


@pytest.mark.django_db
@pytest.mark.parametrize("name", requests())
def test_a_value_of_another_type_is_refused_where_it_stands(name):
    known = {each.__name__: each for each in strict_serializers()}
    serializer = known[f"{name.removeprefix('Patched').removesuffix('Request')}Serializer"]
    wrong = list(misfits({"$ref": f"#/components/schemas/{name}"}))
    assert len(wrong) > 5
    assert [(at, body) for at, body in wrong if at not in refused_at(serializer, body)] == []


def test_a_value_of_another_type_is_malformed_and_named(alice):
    client = api_client_for(alice)
    answer = client.post("/api/v1/repositories/", {"name": "crm", "title": 3, "visibility": True})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {"field": "/title", "rule": "INVALID", "message": "This must be a string."},
        {"field": "/visibility", "rule": "INVALID_CHOICE", "message": '"True" is not a valid choice.'},
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("operation", without_body())
def test_what_takes_no_body_refuses_one(alice, operation):
    method = operation.partition(" ")[0].upper()
    client = api_client_for(alice)
    for name, (body, content_type, status) in UNREADABLE.items():
        answer = client.generic(method, address(operation), body, content_type)
        assert answer.status_code == status, name


@pytest.mark.django_db
@pytest.mark.parametrize("operation", without_body())
def test_what_takes_no_body_takes_an_empty_one(alice, operation):
    method = operation.partition(" ")[0].upper()
    for body in (b"", b"{}"):
        answer = api_client_for(alice).generic(method, address(operation), body, "application/json")
        assert answer.status_code not in {400, 415}


def address(operation: str) -> str:
    """An address of the operation at which nothing is; the release of a lock asks for its token."""
    parameters = operations()[operation].get("parameters", [])
    uuids = {each["name"] for each in parameters if each["schema"].get("format") == "uuid"}
    path = operation.partition(" ")[2]
    return re.sub(r"\{(\w+)\}", lambda found: NOBODY if found[1] in uuids else "7", path) + "?token=7"


@pytest.fixture
def alice(db):
    return UserFactory(username="alice", role="administrator")
