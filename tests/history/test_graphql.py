"""History at ``/graphql/``: the walk of REST, its errors by their codes, and what it costs."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from history.models import Branch, Repository
from history.selectors import cursor_of
from history.services import branch_create, repository_create
from tests.history.contents import commit, head_of, person, put
from tests.rows import rows

pytestmark = pytest.mark.django_db

CREATE_REPOSITORY = """
mutation ($name: String!, $visibility: String! = "private") {
  repositoryCreate(name: $name, title: "고객", visibility: $visibility) { name title defaultBranch visibility }
}"""
CREATE_BRANCH = """
mutation ($name: String!, $start: String! = "") {
  branchCreate(repository: "crm", name: $name, start: $start) { name head state createdBy }
}"""
COMMIT = """
mutation ($changes: [ChangeInput!]!, $branch: String! = "main", $message: String! = "Edit", $head: String) {
  commitCreate(repository: "crm", branch: $branch, message: $message, changes: $changes, expectedHead: $head) {
    id parents author message
  }
}"""
RESOURCE = """
query ($name: String!, $ref: String! = "") {
  repository(name: "crm") { resource(kind: "object_type", apiName: $name, ref: $ref) { apiName rid content etag commit } }
}"""


def change(name: str = "Person", op: str = "PUT", **fields: Any) -> dict[str, Any]:
    given = {"op": op, "kind": "object_type", "name": name, **fields}
    return {**given, "content": given.get("content", person())} if op == "PUT" else given


def posted(client: APIClient, query: str, **variables: Any) -> dict[str, Any]:
    answer = client.post("/graphql/", {"query": query, "variables": variables})
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


def asked(client: APIClient, query: str, **variables: Any) -> Any:
    """The data of an operation that succeeds."""
    body = posted(client, query, **variables)
    assert "errors" not in body, body
    return body["data"]


def refused(client: APIClient, query: str, **variables: Any) -> dict[str, Any]:
    """The extensions of the one error of an operation that fails."""
    (error,) = posted(client, query, **variables)["errors"]
    extensions: dict[str, Any] = error["extensions"]
    return extensions


# --- The walk -----------------------------------------------------------------------------------------


def test_the_walk_from_a_repository_to_its_history(as_alice: APIClient) -> None:
    made = asked(as_alice, CREATE_REPOSITORY, name="crm")["repositoryCreate"]
    assert made == {"name": "crm", "title": "고객", "defaultBranch": "main", "visibility": "private"}
    root = head_of(as_alice)
    first = asked(as_alice, COMMIT, changes=[change(), change("Pet", content=person(extends=["Person"]))], head=root)
    first = first["commitCreate"]
    assert (first["parents"], first["author"], first["message"]) == ([root], "alice", "Edit")
    branch = asked(as_alice, CREATE_BRANCH, name="topic/한글")["branchCreate"]
    assert branch == {"name": "topic/한글", "head": first["id"], "state": "active", "createdBy": "alice"}
    changes = [change("Person", op="RENAME", to="Human"), change("Pet", op="DELETE")]
    second = asked(as_alice, COMMIT, changes=changes, branch="topic/한글")["commitCreate"]
    found = asked(
        as_alice,
        """
        { repository(name: "crm") {
            branches { name head }
            commits(ref: "topic/한글", limit: 2) { items { id } next }
            resources(ref: "topic/한글") { total items { apiName } }
            members { user role }
            resourceHistory(kind: "object_type", apiName: "Pet", ref: "topic/한글") { items { id } }
        } }""",
    )["repository"]
    assert found == {
        "branches": [{"name": "main", "head": first["id"]}, {"name": "topic/한글", "head": second["id"]}],
        "commits": {"items": [{"id": second["id"]}, {"id": first["id"]}], "next": cursor_of([root])},
        "resources": {"total": 1, "items": [{"apiName": "Human"}]},
        "members": [{"user": "alice", "role": "administrator"}],
        "resourceHistory": {"items": [{"id": second["id"]}, {"id": first["id"]}]},
    }
    assert asked(as_alice, 'mutation { branchDelete(repository: "crm", name: "topic/한글") }')["branchDelete"]
    events = asked(as_alice, '{ events(repository: "crm", limit: 2) }')["events"]
    assert [event["type"] for event in events] == ["io.oms.history.branch.deleted", "io.oms.history.commit.created"]
    one = asked(as_alice, "query ($id: UUID!) { event(id: $id) }", id=events[0]["id"])["event"]
    assert one == events[0]


def test_one_resource_is_put_patched_and_deleted_by_its_etag(as_alice: APIClient, repository: Repository) -> None:
    put_query = """
    mutation ($content: JSON!, $etag: String) {
      resourcePut(repository: "crm", kind: "object_type", apiName: "Person", content: $content, etag: $etag) {
        etag content
      }
    }"""
    first = asked(as_alice, put_query, content=person())["resourcePut"]
    second = asked(as_alice, put_query, content=person(icon="face"), etag=first["etag"])["resourcePut"]
    assert second["content"]["icon"] == "face"
    stale = refused(as_alice, put_query, content=person(), etag=first["etag"])
    assert (stale["code"], stale["status"], stale["etag"]) == ("resource-changed", 412, second["etag"])
    patched = asked(
        as_alice,
        """mutation ($patch: JSON!) {
          resourcePatch(repository: "crm", kind: "object_type", apiName: "Person", patch: $patch) { content etag }
        }""",
        patch={"icon": None, "color": "#ff0000"},
    )["resourcePatch"]
    assert "icon" not in patched["content"]
    assert asked(as_alice, RESOURCE, name="Person")["repository"]["resource"]["etag"] == patched["etag"]
    delete = 'mutation { resourceDelete(repository: "crm", kind: "object_type", apiName: "Person") { message } }'
    assert asked(as_alice, delete)["resourceDelete"] == {"message": "Delete object_type Person"}
    assert asked(as_alice, RESOURCE, name="Person")["repository"]["resource"] is None
    assert refused(as_alice, delete)["code"] == "resource-not-found"


def test_members_and_what_a_repository_says_are_set(as_alice: APIClient, charlie: User, repository: Repository) -> None:
    asked(as_alice, 'mutation { membershipSet(repository: "crm", username: "charlie", role: "viewer") { role } }')
    assert repository.memberships.get(user=charlie).role == "viewer"
    asked(as_alice, 'mutation { membershipRemove(repository: "crm", username: "charlie") }')
    assert not repository.memberships.filter(user=charlie).exists()
    assert asked(as_alice, 'mutation { repositoryUpdate(name: "crm", title: "Kunden") { title } }')
    repository.refresh_from_db()
    assert repository.title == "Kunden"


# --- Locks and states -------------------------------------------------------------------------------

LOCK = """
mutation ($reason: String! = "Migration", $duration: Int! = 60) {
  lockTake(repository: "crm", branch: "main", reason: $reason, duration: $duration) { branch owner reason token }
}"""
BRANCH = '{ repository(name: "crm") { branch(name: "main") { state lock { owner token } } } }'
RELEASE = """
mutation ($token: Int, $force: Boolean! = false) {
  lockRelease(repository: "crm", branch: "main", token: $token, force: $force)
}"""


def test_a_lock_is_taken_shown_renewed_and_released(as_alice: APIClient, as_bob: APIClient, main: Branch) -> None:
    lock = asked(as_bob, LOCK)["lockTake"]
    token = lock.pop("token")
    assert lock == {"branch": "main", "owner": "bob", "reason": "Migration"}
    shown = {"state": "locked", "lock": {"owner": "bob", "token": token}}
    assert asked(as_alice, BRANCH)["repository"]["branch"] == shown
    renew = f'mutation {{ lockRenew(repository: "crm", branch: "main", token: {token}, duration: 90) {{ token }} }}'
    assert asked(as_bob, renew)["lockRenew"] == {"token": token}
    problem = refused(as_alice, renew)
    assert (problem["code"], problem["status"], problem["owner"]) == ("branch-locked", 423, "bob")
    assert refused(as_bob, RELEASE, force=True)["code"] == "not-allowed"
    assert refused(as_bob, RELEASE)["errors"][0]["field"] == "/token"
    assert asked(as_bob, RELEASE, token=token)["lockRelease"] == "main"
    assert asked(as_alice, BRANCH)["repository"]["branch"] == {"state": "active", "lock": None}
    assert refused(as_bob, renew)["code"] == "lock-lost"
    assert refused(as_alice, RELEASE, force=True)["code"] == "lock-not-found"
    assert refused(as_bob, LOCK, reason="", duration=0)["code"] == "lock-invalid"


def test_a_branch_is_archived_restored_and_reset(as_alice: APIClient, repository: Repository) -> None:
    root = head_of(as_alice)
    asked(as_alice, CREATE_BRANCH, name="topic")
    asked(as_alice, COMMIT, changes=[change()], branch="topic")
    of_topic = 'repository: "crm", name: "topic"'
    archived = asked(as_alice, f"mutation {{ branchArchive({of_topic}) {{ state createdBy }} }}")["branchArchive"]
    assert archived == {"state": "archived", "createdBy": "alice"}
    reset = f'mutation {{ branchReset({of_topic}, to: "{root}") {{ head }} }}'
    assert refused(as_alice, reset)["code"] == "branch-locked"
    restored = asked(as_alice, f"mutation {{ branchRestore({of_topic}) {{ state }} }}")["branchRestore"]
    assert restored == {"state": "active"}
    assert asked(as_alice, reset)["branchReset"] == {"head": root}


# --- Errors -------------------------------------------------------------------------------------------


def test_a_stale_head_is_told_with_the_head_that_is_there(as_alice: APIClient, repository: Repository) -> None:
    old = head_of(as_alice)
    made = commit(as_alice, put("Person"))
    found = refused(as_alice, COMMIT, changes=[change("Pet")], head=old)
    assert (found["code"], found["status"], found["head"]) == ("stale-head", 409, made["id"])


def test_what_is_invalid_is_told_by_field_and_nothing_is_written(as_alice: APIClient, repository: Repository) -> None:
    before = rows()
    changes = [change("a/b"), change("Pet", content=person(extends=["Nobody"])), change("X", op="DELETE")]
    found = refused(as_alice, COMMIT, changes=changes)
    assert (found["code"], found["status"]) == ("changes-invalid", 422)
    assert {error["field"] for error in found["errors"]} == {"/changes/0/name", "/changes/2/name"}
    dangling = refused(as_alice, COMMIT, changes=[changes[1]])
    assert [error["field"] for error in dangling["errors"]] == ["/changes/0/content/extends/0"]
    missing = refused(as_alice, COMMIT, changes=[{"op": "PUT", "kind": "object_type", "name": "Person"}])
    assert (missing["code"], missing["errors"][0]["field"]) == ("malformed", "/changes/0/content")
    assert rows() == before


def test_what_one_may_not_do_and_what_one_may_not_see(
    as_alice: APIClient, as_bob: APIClient, as_charlie: APIClient, repository: Repository
) -> None:
    as_alice.put("/api/v1/repositories/crm/members/bob/", {"role": "viewer"})
    before = rows()
    for query, variables in (
        (COMMIT, {"changes": [change()]}),
        (CREATE_BRANCH, {"name": "topic"}),
        ('mutation { repositoryUpdate(name: "crm", title: "x") { title } }', {}),
        ('mutation { membershipSet(repository: "crm", username: "nobody", role: "viewer") { role } }', {}),
        ('mutation { membershipRemove(repository: "crm", username: "alice") }', {}),
    ):
        assert refused(as_bob, query, **variables)["code"] == "not-allowed"
        assert refused(as_charlie, query, **variables)["code"] == "repository-not-found"
    assert refused(as_charlie, RESOURCE, name="Person")["code"] == "repository-not-found"
    assert asked(as_bob, RESOURCE, name="Person")["repository"]["resource"] is None
    assert asked(as_charlie, "{ repositories { name } }") == {"repositories": []}
    assert rows() == before


def test_who_is_not_signed_in_is_told_so(repository: Repository) -> None:
    assert APIClient().post("/graphql/", {"query": "{ repositories { name } }"}).status_code == 401


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ('{ repository(name: "nothing") { name } }', "repository-not-found"),
        ('{ repository(name: "a\\u0000b") { name } }', "malformed"),
        ('{ repository(name: "crm") { branch(name: "nothing") { name } } }', "branch-not-found"),
        ('{ repository(name: "crm") { commit(ref: "nothing") { id } } }', "ref-not-found"),
        ('{ repository(name: "crm") { commit(ref: "a\\u0000b") { id } } }', "malformed"),
        ('{ repository(name: "crm") { commit(ref: "main@{yesterday}") { id } } }', "ref-malformed"),
        ('{ repository(name: "crm") { commits(cursor: "x") { next } } }', "cursor-invalid"),
        ('{ repository(name: "crm") { commits(limit: 501) { next } } }', "malformed"),
        ('mutation { repositoryCreate(name: "a/b") { name } }', "name-invalid"),
        ('mutation { repositoryCreate(name: "crm") { name } }', "name-taken"),
        ('mutation { repositoryCreate(name: "x", visibility: "public") { name } }', "repository-invalid"),
        ('mutation { repositoryCreate(name: "x", title: "a\\u0000b") { name } }', "malformed"),
        ('mutation { repositoryUpdate(name: "crm", description: "a\\u0000b") { name } }', "malformed"),
        (
            'mutation { membershipSet(repository: "crm", username: "nobody", role: "viewer") { role } }',
            "member-not-found",
        ),
        ('mutation { membershipSet(repository: "crm", username: "bob", role: "king") { role } }', "role-unknown"),
        ('mutation { branchCreate(repository: "crm", name: "a..b") { name } }', "name-invalid"),
        ('mutation { branchCreate(repository: "crm", name: "main") { name } }', "name-taken"),
        ('mutation { branchDelete(repository: "crm", name: "main") }', "default-branch-kept"),
    ],
)
def test_an_error_has_the_code_of_its_problem(
    as_alice: APIClient, repository: Repository, query: str, code: str
) -> None:
    before = rows()
    assert refused(as_alice, query)["code"] == code
    assert rows() == before


# --- What it costs ------------------------------------------------------------------------------------


def test_nested_lists_ask_as_many_questions_for_many_as_for_few(
    as_alice: APIClient, alice: User, repository: Repository
) -> None:
    query = """
    { repositories { name title }
      repository(name: "crm") {
        branches(limit: 500) { name head createdBy }
        commits(limit: 500) { items { id parents author } }
        resources(limit: 500) { total items { apiName content } }
        members(limit: 500) { user role }
      }
      events(limit: 500)
    }"""
    counts = []
    for wanted in (3, 20):
        for number in range(repository.branches.count(), wanted):
            branch_create(actor=alice, repository=repository, name=f"b{number}")
            repository_create(actor=alice, name=f"r{number}")
            commit(as_alice, put(f"T{number}"))
        with CaptureQueriesContext(connection) as queries:
            found = asked(as_alice, query)
        assert len(found["repository"]["branches"]) == wanted
        assert len(found["repository"]["commits"]["items"]) == wanted
        counts.append(len(queries))
    assert abs(counts[0] - counts[1]) <= 1  # a node more or less may be read
    assert max(counts) <= 18
