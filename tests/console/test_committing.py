"""Committing from the console: one resource at a time, on the head that one has seen."""

import json
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from history.engine.changes import Put
from history.models import Branch, Commit, Event, Repository
from history.selectors import branch_get
from tests.console.conftest import ADDRESS, PERSON
from tests.console.pages import PERSON_PAGE, WORLD, state, text
from tests.factories import lock_by

Clients = Callable[[User], Client]


def given(head: str, content: object = PERSON, name: str = "Person", message: str = "") -> dict:
    return {"name": name, "content": json.dumps(content), "message": message, "expected_head": head}


def test_a_resource_is_added_with_a_message_of_its_own(
    bob: User, main: Branch, repository: Repository, client_of: Clients
) -> None:
    address = f"{WORLD}resources/new/?ref=main&kind=struct_type"
    response = client_of(bob).post(address, given(main.head_id, ADDRESS, "Address"))
    assert response.status_code == 302
    assert ("struct_type", "Address") in state(repository)
    assert branch_get(repository, "main").head.message == "Add struct_type Address"


def test_a_new_resource_does_not_replace_one(
    bob: User, person: Commit, repository: Repository, client_of: Clients
) -> None:
    response = client_of(bob).post(
        f"{WORLD}resources/new/?ref=main&kind=object_type", given(person.digest, {"properties": {}})
    )
    assert response.status_code == 409
    assert "There is Person already; edit it instead." in text(response)
    assert branch_get(repository, "main").head == person


def test_an_edit_under_another_name_is_a_rename(
    bob: User, person: Commit, repository: Repository, client_of: Clients
) -> None:
    rid = state(repository)["object_type", "Person"]["rid"]
    content = {**state(repository)["object_type", "Person"], "status": "active"}
    response = client_of(bob).post(
        f"{PERSON_PAGE}edit/?ref=main", given(person.digest, content, "Human", "Call them humans")
    )
    assert response.status_code == 302
    human = state(repository)["object_type", "Human"]
    assert (human["rid"], human["status"]) == (rid, "active")
    assert ("object_type", "Person") not in state(repository)


def test_a_stale_edit_is_refused_with_what_was_typed(
    bob: User, person: Commit, commit: Callable, repository: Repository, client_of: Clients
) -> None:
    head = commit(Put("object_type", "Person", {**PERSON, "status": "active"}), message="Meanwhile")
    response = client_of(bob).post(f"{PERSON_PAGE}edit/?ref=main", given(person.digest, {**PERSON, "icon": "typed"}))
    assert response.status_code == 409
    shown = text(response)
    assert "Alice committed “Meanwhile”" in shown
    assert "&quot;icon&quot;: &quot;typed&quot;" in shown
    assert f'name="expected_head" value="{head.digest}"' in shown
    assert branch_get(repository, "main").head == head


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        ("{", 400, "The body is not JSON"),
        ('{"properties": {}, "properties": {}}', 400, "more than once"),
        ('{"properties": {"a": {"type": "strin"}}}', 422, "is not a type"),
        ('{"properties": {"a": {"value_type": "Nowhere"}}}', 422, "Nowhere"),
        ('{"properties": {}, "colour": "red"}', 422, "has no field"),
        ("[]", 422, "must be an object"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    content: str, status: int, sentence: str, bob: User, person: Commit, repository: Repository, client_of: Clients
) -> None:
    client = client_of(bob)
    typed = {**given(person.digest), "content": content}
    response = client.post(f"{PERSON_PAGE}edit/?ref=main", typed)
    assert response.status_code == status
    assert sentence in text(response)
    assert branch_get(repository, "main").head == person
    checked = client.post(f"{PERSON_PAGE}edit/check/?ref=main", typed).json()
    assert any(sentence in violation["message"] for violation in checked["violations"])


def test_a_check_finds_nothing_wrong_and_leaves_nothing_behind(
    bob: User, person: Commit, repository: Repository, client_of: Clients
) -> None:
    client, events = client_of(bob), Event.objects.count()
    answer = client.post(f"{PERSON_PAGE}edit/check/?ref=main", given(person.digest, {**PERSON, "icon": "person"}))
    assert {**answer.json(), "foreseen": ""} == {
        "violations": [],
        "warnings": [],
        "findings": 1,
        "foreseen": "",
        "stale": "",
    }
    assert branch_get(repository, "main").head == person
    assert Event.objects.count() == events


def test_an_unchanged_resource_is_no_commit(bob: User, person: Commit, client_of: Clients) -> None:
    client = client_of(bob)
    assert client.post(f"{PERSON_PAGE}edit/check/?ref=main", given(person.digest)).json()["violations"] == []
    assert client.post(f"{PERSON_PAGE}edit/?ref=main", given(person.digest)).status_code == 422


def test_names_are_offered_for_references(bob: User, person: Commit, client_of: Clients) -> None:
    names = f"{WORLD}resource-names/?ref=main&kind=struct_type&kind=object_type&search="
    assert client_of(bob).get(names).json() == {"names": ["Address", "Person"]}


def test_a_resource_is_renamed_and_its_referrers_follow(
    bob: User, person: Commit, repository: Repository, client_of: Clients
) -> None:
    client = client_of(bob)
    page = f"{WORLD}resources/struct_type/Address/rename/?ref=main"
    assert "These will follow:" in text(client.get(page))
    response = client.post(page, {"to": "PostalAddress", "message": "", "expected_head": person.digest})
    assert response["Location"] == f"{WORLD}resources/struct_type/PostalAddress/?ref=main"
    home = state(repository)["object_type", "Person"]["properties"]["home"]
    assert home["type"]["struct_type"] == "PostalAddress"


def test_a_check_tells_what_breaks_and_what_is_a_warning(bob: User, person: Commit, client_of: Clients) -> None:
    check = f"{PERSON_PAGE}edit/check/?ref=main"
    content = {**PERSON, "properties": {"person_id": {"type": "string"}}, "primary_key": ["person_id"]}
    answer = client_of(bob).post(check, given(person.digest, content)).json()
    assert answer["violations"] == []
    assert [(each["pointer"], each["rule"]) for each in answer["warnings"]] == [
        ("/properties/person_id", "NAMING_CONVENTION")
    ]
    assert answer["findings"] == 5
    assert answer["foreseen"].index("OT_PRIMARY_KEY_CHANGED") < answer["foreseen"].index("PR_DELETED")


def test_a_check_tells_what_breaks_where_an_error_blocks(bob: User, person: Commit, client_of: Clients) -> None:
    check = f"{PERSON_PAGE}edit/check/?ref=main"
    content = {**PERSON, "properties": {"fullName": {"type": "string"}}}
    answer = client_of(bob).post(check, given(person.digest, content)).json()
    assert [each["pointer"] for each in answer["violations"]] == ["/primary_key/0"]
    assert "PR_DELETED" in answer["foreseen"]


def test_at_most_fifty_findings_are_told_and_all_are_counted(
    bob: User, person: Commit, commit: Callable, client_of: Clients
) -> None:
    many = {f"field{number}": {"type": "string"} for number in range(60)}
    head = commit(Put("object_type", "Person", {**PERSON, "properties": {**PERSON["properties"], **many}}))
    answer = client_of(bob).post(f"{PERSON_PAGE}edit/check/?ref=main", given(head.digest, PERSON)).json()
    assert answer["findings"] == 60
    assert answer["foreseen"].count('class="finding"') == 50
    assert "The gravest 50 of 60 are shown." in answer["foreseen"]


def test_a_rename_is_previewed_with_what_it_rewrites_and_breaks(
    bob: User, person: Commit, repository: Repository, client_of: Clients
) -> None:
    page = f"{WORLD}resources/struct_type/Address/rename/?ref=main"
    typed = {"to": "PostalAddress", "message": "", "expected_head": person.digest, "preview": "1"}
    response = client_of(bob).post(page, typed)
    shown = text(response)
    assert response.status_code == 200
    assert [resource.change.api_name for resource in response.context["preview"].rewritten] == ["Person"]
    assert "struct PostalAddress" in shown
    assert "RS_CHANGED" in shown
    assert 'value="PostalAddress"' in shown
    assert branch_get(repository, "main").head == person


@pytest.mark.parametrize(("to", "status"), [("not a name", 422), ("", 422), ("Address", 200)])
def test_a_rename_that_cannot_be_is_told_at_its_preview(
    to: str, status: int, bob: User, person: Commit, client_of: Clients
) -> None:
    page = f"{WORLD}resources/struct_type/Address/rename/?ref=main"
    typed = {"to": to, "message": "", "expected_head": person.digest, "preview": "1"}
    response = client_of(bob).post(page, typed)
    assert response.status_code == status
    assert ("errorlist" in text(response)) is (status == 422)


def test_a_delete_tells_at_once_what_it_breaks_and_why_it_would_be_refused(
    bob: User, person: Commit, repository: Repository, client_of: Clients
) -> None:
    client = client_of(bob)
    refused = text(client.get(f"{WORLD}resources/struct_type/Address/delete/?ref=main"))
    assert "Why the commit would be refused" in refused
    assert "ST_DELETED" in refused
    allowed = text(client.get(f"{PERSON_PAGE}delete/?ref=main"))
    assert "Why the commit would be refused" not in allowed
    assert "OT_DELETED" in allowed
    assert branch_get(repository, "main").head == person


def test_a_delete_on_a_locked_branch_says_so(bob: User, person: Commit, main: Branch, client_of: Clients) -> None:
    lock_by(None, main)
    assert "main is locked by locker until" in text(client_of(bob).get(f"{PERSON_PAGE}delete/?ref=main"))


def test_a_resource_that_is_referred_to_is_not_deleted(
    bob: User, person: Commit, repository: Repository, client_of: Clients
) -> None:
    client = client_of(bob)
    page = f"{WORLD}resources/struct_type/Address/delete/?ref=main"
    assert "These still refer to it" in text(client.get(page))
    response = client.post(page, {"message": "", "expected_head": person.digest})
    assert response.status_code == 422
    assert branch_get(repository, "main").head == person
    assert (
        client.post(f"{PERSON_PAGE}delete/?ref=main", {"message": "Gone", "expected_head": person.digest}).status_code
        == 302
    )
    assert ("object_type", "Person") not in state(repository)


def test_a_stale_delete_can_be_done_on_top(
    bob: User, person: Commit, commit: Callable, repository: Repository, client_of: Clients
) -> None:
    head = commit(Put("value_type", "Color", {"type": "string"}))
    client, page = client_of(bob), f"{PERSON_PAGE}delete/?ref=main"
    response = client.post(page, {"message": "", "expected_head": person.digest})
    assert response.status_code == 409
    assert "Commit on top of the new head" in text(response)
    assert client.post(page, {"message": "", "expected_head": [person.digest, head.digest]}).status_code == 302
