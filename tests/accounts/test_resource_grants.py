"""Roles on some of a repository's resources: granting them, what they let one do, and the answer to why."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import ResourceGrant
from accounts.services import api_key_create, resource_grant_create
from history.engine.changes import Delete, Put
from history.models import Event, HeadMove, Repository, Role
from history.services import branch_create, commit_create, membership_set, repository_create
from tests.factories import UserFactory, api_client_for, console_client_for

REPOSITORY = "/api/v1/repositories/maps/"
URL = f"{REPOSITORY}resource-grants/"
STRING = {"type": {"type": "string"}}


@pytest.fixture
def maps(alice):
    return repository_create(actor=alice, name="maps")


@pytest.fixture
def granted(alice, charlie, maps):
    """Charlie develops the value types that begin with C, and is no member."""
    return resource_grant_create(
        actor=alice, repository=maps, user=charlie, role=Role.DEVELOPER, pattern="value_type/C*"
    )


def put(name, **content):
    return {"op": "put", "kind": "value_type", "name": name, "content": STRING | content}


def commit(client, *changes, branch="main"):
    return client.post(f"{REPOSITORY}commits/", {"branch": branch, "message": "Change", "changes": list(changes)})


def head(repository, branch="main"):
    return repository.branches.get(name=branch).head_id


def refused_paths(response):
    assert (response.status_code, response.json()["type"]) == (403, "urn:oms:problem:resource-refused")
    return [error["message"] for error in response.json()["errors"]]


# --- Granting --------------------------------------------------------------------------------------


def test_who_administers_the_repository_grants_and_takes_back(alice, charlie, maps):
    client = api_client_for(alice)

    made = client.post(URL, {"user": "charlie", "role": "developer", "pattern": "value_type/C*"})

    assert made.status_code == 201, made.content
    assert set(made.json()) == {"id", "user", "group", "role", "pattern", "created_at"}
    event = Event.objects.get(type="io.oms.accounts.resource_grant.created")
    assert (event.actor, event.repository) == (alice.pk, maps)
    assert b"charlie" not in bytes(event.body)
    assert [grant["pattern"] for grant in client.get(URL).json()["results"]] == ["value_type/C*"]
    assert client.delete(f"{URL}{made.json()['id']}/").status_code == 204
    assert client.delete(f"{URL}{made.json()['id']}/").status_code == 404
    assert Event.objects.filter(type="io.oms.accounts.resource_grant.deleted").count() == 1


@pytest.mark.parametrize(
    ("given", "status", "field"),
    [
        ({"user": "charlie", "group": "none"}, 404, None),
        ({}, 422, "/user"),
        ({"user": "charlie", "pattern": "a b"}, 422, "/pattern"),
        ({"user": "charlie", "pattern": "***"}, 422, "/pattern"),
        ({"user": "charlie", "pattern": "Customer*"}, 422, "/pattern"),
        ({"user": "charlie", "pattern": "a/b/c"}, 422, "/pattern"),
        ({"user": "charlie", "pattern": "value_type/한글"}, 422, "/pattern"),
        ({"user": "charlie", "pattern": "value_type/a.b*"}, 422, "/pattern"),
        ({"user": "charlie", "pattern": "value_typ/*"}, 422, "/pattern"),
        ({"user": "charlie", "pattern": "**/a/**"}, 422, "/pattern"),
        ({"user": "charlie", "pattern": "valu.**"}, 422, "/pattern"),
        ({"user": "charlie", "role": "king"}, 400, "/role"),
        ({"user": "nobody"}, 404, None),
    ],
)
def test_what_cannot_be_granted(alice, charlie, maps, given, status, field):
    response = api_client_for(alice).post(URL, {"role": "viewer", "pattern": "**"} | given)

    assert response.status_code == status
    assert field is None or response.json()["errors"][0]["field"] == field
    assert not ResourceGrant.objects.exists()


def test_a_grant_is_there_once(alice, granted):
    response = api_client_for(alice).post(URL, {"user": "charlie", "role": "developer", "pattern": "value_type/C*"})

    assert response.status_code == 409


def test_others_neither_see_nor_make_grants(alice, bob, charlie, maps, granted):
    membership_set(actor=alice, repository=maps, user=bob, role=Role.DEVELOPER)

    for client in (api_client_for(bob), api_client_for(charlie)):
        assert client.get(URL).status_code == 403
        assert client.post(URL, {"user": "bob", "role": "administrator", "pattern": "**"}).status_code == 403
        assert client.delete(f"{URL}{granted.pk}/").status_code == 403


def test_the_number_of_queries_does_not_grow(alice, maps):
    client = api_client_for(alice)

    def queries():
        with CaptureQueriesContext(connection) as context:
            client.get(URL)
        return len(context)

    def grant():
        resource_grant_create(actor=alice, repository=maps, user=UserFactory(), role=Role.VIEWER, pattern="**")

    grant()
    before = queries()
    for _ in range(5):
        grant()
    assert queries() == before == 4  # session, repository, count, rows


# --- What they let one do --------------------------------------------------------------------------


def test_a_grant_lets_one_see_the_repository(charlie, maps, granted):
    client = api_client_for(charlie)

    assert [each["name"] for each in client.get("/api/v1/repositories/").json()["results"]] == ["maps"]
    assert client.get(f"{REPOSITORY}resources/").status_code == 200
    assert client.get(f"{REPOSITORY}members/").status_code == 200
    granted.delete()
    assert api_client_for(charlie).get(REPOSITORY).status_code == 404


def test_commits_within_the_pattern_and_nothing_outside_it(charlie, maps, granted):
    client = api_client_for(charlie)
    made = commit(client, put("Code"))
    assert made.status_code == 201, made.content

    before = head(maps)
    (path,) = refused_paths(commit(client, put("Code", description={"en": "x"}), put("Name")))

    assert "value_type/Name" in path
    assert head(maps) == before == made.json()["id"]
    assert HeadMove.objects.filter(after=before).count() == 1
    assert Event.objects.filter(type="io.oms.history.branch.refused").count() == 1


def test_a_rename_out_of_the_pattern_is_refused(charlie, maps, granted):
    client = api_client_for(charlie)
    commit(client, put("Code"))

    (path,) = refused_paths(commit(client, {"op": "rename", "kind": "value_type", "name": "Code", "to": "Name"}))

    assert "value_type/Name" in path
    assert commit(client, {"op": "rename", "kind": "value_type", "name": "Code", "to": "Cipher"}).status_code == 201


def test_a_resource_outside_the_pattern_is_not_deleted(alice, charlie, maps, granted):
    commit_create(actor=alice, branch=maps.branches.get(), changes=[Put("value_type", "Name", STRING)], message="Add")

    assert refused_paths(commit(api_client_for(charlie), {"op": "delete", "kind": "value_type", "name": "Name"}))


@pytest.fixture
def draft(alice, maps):
    """A branch on which an administrator has made one change within the pattern and one outside it."""
    branch = branch_create(actor=alice, repository=maps, name="draft", start="main")
    changes = [Put("value_type", "Code", STRING), Put("value_type", "Name", STRING)]
    commit_create(actor=alice, branch=branch, changes=changes, message="Add")
    return branch


def test_a_merge_that_brings_something_else_is_refused(alice, charlie, maps, granted, draft):
    client, before = api_client_for(charlie), head(maps)

    (path,) = refused_paths(client.post(f"{REPOSITORY}merges/", {"source": "draft", "target": "main"}))
    assert "value_type/Name" in path
    assert head(maps) == before

    commit_create(actor=alice, branch=draft, changes=[Delete("value_type", "Name")], message="Remove")
    merged = client.post(f"{REPOSITORY}merges/", {"source": "draft", "target": "main"})
    assert merged.status_code == 200, merged.content


def test_a_reset_and_a_revert_of_something_else_are_refused(alice, charlie, maps, granted, draft):
    client, added = api_client_for(charlie), head(maps, "draft")

    response = client.patch(f"{REPOSITORY}branches/draft/", {"head": head(maps), "expected_head": added})
    reverted = client.post(f"{REPOSITORY}reverts/", {"branch": "draft", "commit": added})

    assert refused_paths(response)
    assert refused_paths(reverted)
    assert head(maps, "draft") == added


def test_an_import_of_something_else_is_refused(charlie, maps, granted):
    resources = {"value_type": {"Name": STRING}}
    body = {"branch": "main", "message": "Import", "document": {"format": "oms/1", "resources": resources}}
    before = head(maps)

    (path,) = refused_paths(api_client_for(charlie).post(f"{REPOSITORY}import/", body))

    assert "value_type/Name" in path
    assert head(maps) == before


def test_makes_branches_and_deletes_ones_own_alone(alice, charlie, maps, granted):
    branch_create(actor=alice, repository=maps, name="theirs", start="main")
    client = api_client_for(charlie)

    assert client.post(f"{REPOSITORY}branches/", {"name": "mine", "from": "main"}).status_code == 201
    assert client.delete(f"{REPOSITORY}branches/mine/").status_code == 204
    assert client.delete(f"{REPOSITORY}branches/theirs/").status_code == 403
    assert maps.branches.filter(name="theirs").exists()


def test_a_viewer_by_grant_commits_nothing(alice, charlie, maps):
    resource_grant_create(actor=alice, repository=maps, user=charlie, role=Role.VIEWER, pattern="**")

    assert commit(api_client_for(charlie), put("Code")).status_code == 403


def test_a_grant_by_group_counts_for_its_members(alice, charlie, maps):
    group = Group.objects.create(name="cartographers")
    charlie.groups.add(group)
    resource_grant_create(actor=alice, repository=maps, group=group, role=Role.DEVELOPER, pattern="value_type/C*")
    client = api_client_for(charlie)

    assert commit(client, put("Code")).status_code == 201
    assert refused_paths(commit(client, put("Name")))


def test_a_role_on_the_repository_is_held_to_no_pattern(alice, charlie, maps, granted):
    membership_set(actor=alice, repository=maps, user=charlie, role=Role.DEVELOPER)

    assert commit(api_client_for(charlie), put("Name")).status_code == 201


def test_a_key_is_held_to_the_pattern_of_its_account(charlie, maps, granted):
    _, secret = api_key_create(actor=charlie, user=charlie, name="CI", scopes=["history.*"])
    client = api_client_for(charlie)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")

    assert commit(client, put("Code")).status_code == 201
    assert refused_paths(commit(client, put("Name")))


# --- Why -------------------------------------------------------------------------------------------

EXPLAIN = "/api/v1/authorization/explain/"


def asked(client, **query):
    response = client.get(EXPLAIN, query)
    assert response.status_code == 200, response.content
    return response.json()


def test_explains_by_which_role_somebody_may(alice, charlie, maps, granted):
    client = api_client_for(alice)

    within = asked(client, user="charlie", permission="history.commit", repository="maps", resource="value_type/Code")
    outside = asked(client, user="charlie", permission="history.commit", repository="maps", resource="value_type/Name")

    assert within == {
        "user": "charlie",
        "permission": "history.commit",
        "repository": "maps",
        "resource": "value_type/Code",
        "allowed": True,
        "reasons": ["The account has the role developer on resources like value_type/C*, which gives it there."],
    }
    assert outside["allowed"] is False
    assert "The role developer on resources like value_type/C* does not give it here." in outside["reasons"]


def test_explains_what_denies(alice, bob, maps):
    client = api_client_for(alice)

    assert asked(client, user="bob", permission="history.commit", repository="maps")["reasons"] == [
        "The repository is private and the account is no member of it."
    ]
    assert asked(client, user="bob", permission="accounts.manage_users")["reasons"] == [
        "The role developer on the instance does not give it.",
        "accounts.manage_users needs one of these roles: administrator.",
    ]


def test_who_may_ask(alice, bob, charlie, maps):
    membership_set(actor=alice, repository=maps, user=bob, role=Role.ADMINISTRATOR)
    membership_set(actor=alice, repository=maps, user=charlie, role=Role.VIEWER)
    as_bob, as_charlie = api_client_for(bob), api_client_for(charlie)

    assert asked(as_charlie, permission="history.commit")["allowed"] is False
    assert asked(as_bob, user="charlie", permission="history.commit", repository="maps")["allowed"] is False
    for name in ("bob", "nobody"):
        assert as_charlie.get(EXPLAIN, {"user": name, "permission": "history.commit"}).status_code == 403
    assert as_bob.get(EXPLAIN, {"user": "charlie", "permission": "history.commit"}).status_code == 403
    assert as_bob.get(EXPLAIN, {"permission": "history.fly"}).status_code == 422


def test_a_key_is_told_of_its_scopes(alice):
    _, secret = api_key_create(actor=alice, user=alice, name="CI", scopes=["history.view_repository"])
    client = api_client_for(alice)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")

    assert asked(client, permission="history.commit")["reasons"] == ["The API key does not have this in its scopes."]


def test_who_administers_a_repository_learns_nothing_of_who_has_no_role_there(bob, charlie):
    client = api_client_for(bob)
    client.post("/api/v1/repositories/", {"name": "mine"})

    answers = [
        client.get(EXPLAIN, {"user": name, "permission": "history.commit", "repository": "mine"})
        for name in ("charlie", "nobody")
    ]

    assert [(answer.status_code, answer.json()["type"]) for answer in answers] == [
        (403, "urn:oms:problem:explain-denied")
    ] * 2


def test_graphql_grants_lists_explains_and_takes_back(alice, charlie, maps):
    client = api_client_for(alice)

    def told(query):
        body = client.post("/graphql/", {"query": query}).json()
        assert "errors" not in body, body
        return body["data"]

    create = 'resourceGrantCreate(repository: "maps", user: "charlie", role: "viewer", pattern: "**") { id user }'
    made = told(f"mutation {{ {create} }}")["resourceGrantCreate"]
    assert made["user"] == "charlie"
    assert told('{ resourceGrants(repository: "maps") { pattern } }') == {"resourceGrants": [{"pattern": "**"}]}
    why = 'authorizationExplain(user: "charlie", permission: "history.view_repository", repository: "maps")'
    assert told(f"{{ {why} {{ allowed reasons }} }}")["authorizationExplain"]["allowed"] is True
    told(f'mutation {{ resourceGrantDelete(repository: "maps", id: "{made["id"]}") }}')
    assert not Repository.objects.visible_to(charlie).exists()


# --- The console -----------------------------------------------------------------------------------

WHO = "/console/administration/authorization/"


def test_administrators_ask_in_the_console_who_may_do_what(alice, bob, charlie, maps, granted):
    browser = console_client_for(alice)
    assert WHO in browser.get("/console/administration/").content.decode()
    asked_for = {"user": "charlie", "permission": "history.commit", "repository": "maps", "resource": "value_type/Code"}

    page = browser.get(WHO, asked_for)

    assert page.context["answer"].allowed is True
    assert "resources like value_type/C*" in page.content.decode()
    assert browser.get(WHO, asked_for | {"resource": "value_type/Name"}).context["answer"].allowed is False
    assert browser.get(WHO, asked_for | {"user": "nobody"}).status_code == 404
    assert browser.get(WHO).status_code == 200
    assert console_client_for(bob).get(WHO).status_code == 403


def test_administrators_grant_and_take_back_in_the_console(alice, bob, charlie, maps):
    path, browser = "/console/accounts/resourcegrant/", console_client_for(alice)
    form = {"repository": maps.pk, "user": charlie.pk, "role": "developer", "pattern": "value_type/*"}

    assert browser.post(f"{path}add/", form | {"pattern": "a b"}).status_code == 200
    response = browser.post(f"{path}add/", form)
    assert response.status_code == 302, response.context["adminform"].form.errors
    grant = ResourceGrant.objects.get()
    assert (grant.user, grant.created_by) == (charlie, alice)
    assert browser.get(path).status_code == 200
    browser.post(f"{path}{grant.pk}/delete/", {"post": "yes"})
    assert not ResourceGrant.objects.exists()
    assert Event.objects.filter(type="io.oms.accounts.resource_grant.deleted").count() == 1
    assert console_client_for(bob).get(path).status_code == 403
