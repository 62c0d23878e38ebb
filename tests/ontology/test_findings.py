"""What a change breaks, told where two refs are compared and where a merge is previewed."""

import pytest

from history.engine.changes import Delete, Put, Rename
from history.selectors import branch_get, repository_get
from history.services import branch_create, commit_create, repository_create
from tests.factories import UserFactory, api_client_for

pytestmark = pytest.mark.django_db

REPOSITORY = "/api/v1/repositories/crm/"


def person(**properties):
    properties = {"personId": {"type": "string", "required": True}, **properties}
    active = {name: {**each, "status": "active"} for name, each in properties.items()}
    return {"status": "active", "primary_key": ["personId"], "properties": active}


@pytest.fixture
def alice():
    return UserFactory(username="alice", role="developer")


@pytest.fixture
def client(alice):
    repository = repository_create(actor=alice, name="crm")
    main = branch_get(repository, "main")
    first = [
        Put("object_type", "Person", person(age={"type": "integer"})),
        Put("object_type", "Employee", {"extends": ["Person"], "properties": {}}),
    ]
    commit_create(actor=alice, branch=main, changes=first, message="Describe people")
    topic = branch_create(actor=alice, repository=repository, name="topic")
    commit_create(actor=alice, branch=topic, changes=[Put("object_type", "Person", person())], message="Forget the age")
    return api_client_for(alice)


def found(findings):
    return [(each["rule"], each["severity"], each["path"]) for each in findings]


DELETED = ("PR_DELETED", "critical", "/resources/object_type/Person/properties/age")


def test_a_comparison_tells_what_breaks_and_what_it_reaches(client):
    findings = client.get(f"{REPOSITORY}compare/?base=main&head=topic").json()["findings"]
    assert found(findings) == [DELETED]
    assert any("Employee" in user for user in findings[0]["users"])
    assert findings[0]["migration"]["steps"]


def test_nothing_breaks_where_nothing_differs(client):
    assert client.get(f"{REPOSITORY}compare/?base=main&head=main").json()["findings"] == []


def test_a_rename_is_told_as_one(client, alice):
    main = branch_get(repository_get(alice, "crm"), "main")
    before = main.head_id
    commit_create(actor=alice, branch=main, changes=[Rename("object_type", "Person", "Human")], message="Rename")
    findings = client.get(f"{REPOSITORY}compare/?base={before}&head=main").json()["findings"]
    assert [each["rule"] for each in findings] == ["OT_RENAMED"]


def test_a_preview_tells_what_the_merge_breaks_for_the_target(client, alice):
    preview = client.post(f"{REPOSITORY}merge-preview/", {"source": "topic", "target": "main"}).json()
    assert found(preview["findings"]) == [DELETED]
    main = branch_get(repository_get(alice, "crm"), "main")
    commit_create(actor=alice, branch=main, changes=[Delete("object_type", "Employee")], message="Go on")
    preview = client.post(f"{REPOSITORY}merge-preview/", {"source": "topic", "target": "main"}).json()
    assert (preview["method"], found(preview["findings"])) == ("merge", [DELETED])


def test_graphql_tells_the_same(client):
    query = """{
      compare(repository: "crm", base: "main", head: "topic") { findings }
      mergePreview(repository: "crm", source: "topic", target: "main") { findings }
    }"""
    data = client.post("/graphql/", {"query": query}).json()["data"]
    assert found(data["compare"]["findings"]) == found(data["mergePreview"]["findings"]) == [DELETED]
