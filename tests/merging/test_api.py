"""REST of merging, along the product's main job: branch, change, see the difference, merge, find it in the log."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.factories import UserFactory, api_client_for

pytestmark = pytest.mark.django_db

REPOSITORY = "/api/v1/repositories/crm/"


def person(**fields: Any) -> dict[str, Any]:
    properties = {"personId": {"type": "string", "required": True}, **fields.pop("properties", {})}
    return {"primary_key": ["personId"], "properties": properties, **fields}


@pytest.fixture
def alice() -> APIClient:
    return api_client_for(UserFactory(username="alice", role="developer"))


@pytest.fixture
def crm(alice: APIClient) -> APIClient:
    """Alice's repository with a Person on main and the branch ``topic`` at the same commit."""
    assert alice.post("/api/v1/repositories/", {"name": "crm"}).status_code == 201
    commit(alice, "main", person(description="A human being."))
    assert alice.post(f"{REPOSITORY}branches/", {"name": "topic", "from": "main"}).status_code == 201
    return alice


def commit(client: APIClient, branch: str, content: dict[str, Any], name: str = "Person", **more: Any) -> Any:
    change = {"op": "put", "kind": "object_type", "name": name, "content": content}
    body = {"branch": branch, "message": f"Put {name}", "changes": [change], **more}
    answer = client.post(f"{REPOSITORY}commits/", body)
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_edits_of_different_fields_merge_into_a_commit_with_two_parents(crm: APIClient) -> None:
    ours = commit(crm, "main", person(description="A human being.", icon="user"))
    theirs = commit(crm, "topic", person(description="A human being.", properties={"age": {"type": "integer"}}))
    preview = crm.post(f"{REPOSITORY}merge-preview/", {"source": "topic", "target": "main"}).json()
    assert (preview["fast_forward"], preview["conflicts"], preview["violations"]) == (False, [], [])
    assert [change["api_name"] for change in preview["changes"]] == ["Person"]
    merged = crm.post(
        f"{REPOSITORY}merges/", {"source": "topic", "target": "main", "expected_head": ours["id"], "message": "Merge"}
    )
    assert merged.status_code == 200
    made = crm.get(f"{REPOSITORY}commits/{merged.json()['commit']}/").json()
    assert made["parents"] == [ours["id"], theirs["id"]]
    content = crm.get(f"{REPOSITORY}resources/object_type/Person/?ref=main").json()["content"]
    assert content["icon"] == "user"
    assert "age" in content["properties"]
    event = crm.get("/api/v1/events/?type=io.oms.merging.branch.merged").json()["results"][0]
    assert event["commit"] == made["id"]


def test_a_conflict_is_a_409_that_tells_it_in_full_and_changes_nothing(crm: APIClient) -> None:
    head = commit(crm, "main", person(description="A human being.", color="#ff0000"))
    commit(crm, "topic", person(description="A human being.", color="#0000ff"))
    refused = crm.post(f"{REPOSITORY}merges/", {"source": "topic", "target": "main"})
    assert refused.status_code == 409
    (conflict,) = refused.json()["conflicts"]
    assert conflict["path"] == "/resources/object_type/Person/color"
    assert (conflict["ours"], conflict["theirs"]) == ("#ff0000", "#0000ff")
    assert crm.get(f"{REPOSITORY}branches/main/").json()["head"] == head["id"]


def test_a_target_without_changes_of_its_own_is_fast_forwarded(crm: APIClient) -> None:
    theirs = commit(crm, "topic", person(icon="user"))
    merged = crm.post(f"{REPOSITORY}merges/", {"source": "topic", "target": "main"}).json()
    assert merged == {"commit": theirs["id"], "method": "fast_forward", "strategies": [], "reverted": []}
    again = crm.post(f"{REPOSITORY}merges/", {"source": "topic", "target": "main"}).json()
    assert again == {"commit": theirs["id"], "method": "up_to_date", "strategies": [], "reverted": []}


def test_a_merge_that_would_leave_a_reference_dangling_is_refused_until_it_is_decided(crm: APIClient) -> None:
    delete = {"op": "delete", "kind": "object_type", "name": "Person"}
    body = {"branch": "topic", "message": "Delete Person", "changes": [delete]}
    assert crm.post(f"{REPOSITORY}commits/", body).status_code == 201
    head = commit(crm, "main", {"extends": ["Person"], "properties": {}}, name="Employee")
    merge = {"source": "topic", "target": "main"}
    preview = crm.post(f"{REPOSITORY}merge-preview/", merge).json()
    (conflict,) = preview["conflicts"]
    assert (conflict["kind"], conflict["path"]) == ("dangling", "/resources/object_type/Employee/extends/0")
    assert (conflict["options"], conflict["base"]["api_name"]) == (["ours", "theirs", "base", "custom"], "Person")
    refused = crm.post(f"{REPOSITORY}merges/", merge)
    assert (refused.status_code, refused.json()["conflicts"]) == (409, [conflict])
    assert crm.get(f"{REPOSITORY}branches/main/").json()["head"] == head["id"]
    decided = {**merge, "decisions": {conflict["id"]: {"resolution": "ours"}}}
    preview = crm.post(f"{REPOSITORY}merge-preview/", decided).json()
    assert (preview["conflicts"], [each["id"] for each in preview["decided"]]) == ([], [conflict["id"]])
    assert crm.post(f"{REPOSITORY}merges/", decided).status_code == 200
    assert crm.get(f"{REPOSITORY}resources/object_type/Person/?ref=main").status_code == 200


def test_a_stale_expected_head_is_a_409_with_the_head_that_is_there(crm: APIClient) -> None:
    old = crm.get(f"{REPOSITORY}branches/main/").json()["head"]
    head = commit(crm, "main", person(icon="user"))
    commit(crm, "topic", person(color="#0000ff"))
    refused = crm.post(f"{REPOSITORY}merges/", {"source": "topic", "target": "main", "expected_head": old})
    assert (refused.status_code, refused.json()["head"]) == (409, head["id"])


def test_criss_crossed_branches_merge_over_a_virtual_base(crm: APIClient) -> None:
    commit(crm, "main", person(description="A human being.", icon="user"))
    commit(crm, "topic", person(description="A human being.", color="#0000ff"))
    main, topic = (crm.get(f"{REPOSITORY}branches/{name}/").json()["head"] for name in ("main", "topic"))
    crm.post(f"{REPOSITORY}merges/", {"source": topic, "target": "main"})
    crm.post(f"{REPOSITORY}merges/", {"source": main, "target": "topic"})
    commit(crm, "main", person(icon="user", color="#0000ff", plural_name="People"))
    preview = crm.post(f"{REPOSITORY}merge-preview/", {"source": "topic", "target": "main"}).json()
    assert len(preview["merge_bases"]) == 2
    assert preview["conflicts"] == []


def test_who_may_only_look_may_preview_but_not_merge(crm: APIClient) -> None:
    charlie = api_client_for(UserFactory(username="charlie", role="viewer"))
    assert charlie.post(f"{REPOSITORY}merges/", {"source": "topic", "target": "main"}).status_code == 404
    UserFactory(username="bob", role="viewer")
    assert crm.put(f"{REPOSITORY}members/charlie/", {"role": "viewer"}).status_code == 200
    commit(crm, "topic", person(icon="user"))
    assert charlie.post(f"{REPOSITORY}merge-preview/", {"source": "topic", "target": "main"}).status_code == 200
    assert charlie.post(f"{REPOSITORY}merges/", {"source": "topic", "target": "main"}).status_code == 403
