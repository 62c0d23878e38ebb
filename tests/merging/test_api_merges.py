"""/api/v1/repositories/{repository}/merges/ and merge-preview/: who may, what is refused, and nothing by halves."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from history.models import Branch
from tests.factories import UserFactory, api_client_for, lock_by
from tests.merging.over_rest import CRM, edit, parted
from tests.rows import rows

pytestmark = pytest.mark.django_db

MERGES, PREVIEW = f"{CRM}merges/", f"{CRM}merge-preview/"
BODY = {"source": "topic", "target": "main"}


@pytest.fixture
def alice() -> APIClient:
    return parted()


def test_a_merge_answers_with_its_commit_its_method_and_its_strategies(alice: APIClient) -> None:
    answer = alice.post(MERGES, {**BODY, "message": "Bring colour"})
    assert answer.status_code == 200
    merged = answer.json()
    assert merged.keys() == {"commit", "method", "strategies", "reverted"}
    assert alice.get(f"{CRM}commits/{merged['commit']}/").json()["message"] == "Bring colour"


def test_a_preview_writes_nothing(alice: APIClient) -> None:
    before = rows()
    found = alice.post(PREVIEW, BODY).json()
    assert {"merge_base", "fast_forward", "changes", "conflicts", "violations"} <= found.keys()
    assert found["merge_base"] in found["merge_bases"]
    assert rows() == before


def test_a_dry_run_answers_as_the_real_call_and_leaves_nothing(alice: APIClient) -> None:
    before = rows()
    tried = alice.post(f"{MERGES}?dry_run=true", BODY)
    assert (tried.status_code, tried.json()["method"]) == (200, "merge")
    assert rows() == before
    edit(alice, "topic", icon="theirs")
    assert alice.post(f"{MERGES}?dry_run=true", BODY).status_code == 409


def test_the_same_key_and_body_merge_once(alice: APIClient) -> None:
    key = {"headers": {"Idempotency-Key": "merge-1"}}
    first = alice.post(MERGES, BODY, **key)
    before = rows()
    again = alice.post(MERGES, BODY, **key)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert alice.post(MERGES, {**BODY, "message": "Other"}, **key).status_code == 422
    assert rows() == before


@pytest.mark.parametrize(
    ("more", "status", "field"),
    [
        ({"source": None}, 400, "/source"),
        ({"target": ["main"]}, 400, "/target"),
        ({"sauce": "topic"}, 400, "/sauce"),
        ({"message": 7.5, "expected_head": ""}, 400, "/expected_head"),
        ({"message": "x" * 10_001}, 422, "/message"),
        ({"message": " "}, 422, "/message"),
        ({"source": "nothing"}, 404, "/source"),
        ({"target": "nothing"}, 404, "/target"),
        ({"source": "00000000"}, 404, "/source"),
        ({"source": "main@{yesterday}"}, 400, "/source"),
        ({"expected_head": "0" * 64}, 409, None),
    ],
)
def test_bad_input_is_told_with_status_field_and_sentence_and_nothing_is_written(
    alice: APIClient, more: dict[str, Any], status: int, field: str | None
) -> None:
    before = rows()
    answer = alice.post(MERGES, {**BODY, **more})
    problem = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert problem["detail"]
    if field is not None:
        assert field in {error["field"] for error in problem["errors"]}
    assert rows() == before


def test_what_no_ref_of_a_preview_names_is_told_at_its_field(alice: APIClient) -> None:
    for more, status, field in (
        ({"source": "nothing"}, 404, "/source"),
        ({"target": "nothing"}, 404, "/target"),
        ({"target": "main@{yesterday}"}, 400, "/target"),
    ):
        answer = alice.post(PREVIEW, {**BODY, **more})
        assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (status, [field])


def test_a_locked_target_takes_no_merge(alice: APIClient) -> None:
    lock_by(None, Branch.objects.get(name="main"))
    answer = alice.post(MERGES, BODY)
    assert (answer.status_code, answer.json()["type"]) == (423, "urn:oms:problem:branch-locked")
    assert alice.post(PREVIEW, BODY).status_code == 200


def test_who_may_preview_and_merge(alice: APIClient) -> None:
    bob, charlie = (api_client_for(UserFactory(username=name, role="viewer")) for name in ("bob", "charlie"))
    ada = api_client_for(UserFactory(username="ada", role="administrator"))
    before = rows()
    for url in (PREVIEW, MERGES):
        assert charlie.post(url, BODY).status_code == 404
        assert APIClient().post(url, BODY).status_code == 401
    assert rows() == before
    for role, preview, merge in (("reviewer", 200, 403), ("developer", 200, 200)):
        alice.put(f"{CRM}members/bob/", {"role": role})
        assert bob.post(PREVIEW, BODY).status_code == preview
        assert bob.post(f"{MERGES}?dry_run=true", BODY).status_code == merge
    assert ada.post(MERGES, BODY).status_code == 200
