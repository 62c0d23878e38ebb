"""/api/v1/repositories/{repository}/resources/ and resources/{kind}/{api_name}/."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from history.models import Branch, Repository
from tests.factories import lock_by
from tests.history.contents import CRM, commit, delete, head_of, person, put, rename
from tests.rows import rows

pytestmark = pytest.mark.django_db

URL = f"{CRM}resources/"
PERSON = f"{URL}object_type/Person/"


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [each["api_name"] for each in answer.json()["results"]]


def etag_of(client: APIClient, url: str = PERSON) -> str:
    return client.get(url)["ETag"]


@pytest.fixture
def crm(as_alice: APIClient, repository: Repository) -> APIClient:
    """A Person, a Company that extends it, and a link between them."""
    knows = {"source": {"types": ["Person"]}, "target": {"types": ["Company"]}, "cardinality": "many_to_many"}
    commit(as_alice, put("Person", person(icon="user")), put("Company", person(extends=["Person"])))
    commit(as_alice, put("worksFor", knows, kind="link_type"))
    return as_alice


# --- Reading ------------------------------------------------------------------------------------------


def test_a_resource_is_told_with_its_identity_its_content_and_its_commit(crm: APIClient) -> None:
    answer = crm.get(PERSON)
    found = answer.json()
    assert found.keys() == {"kind", "api_name", "rid", "content", "commit"}
    assert (found["kind"], found["api_name"], found["commit"]) == ("object_type", "Person", head_of(crm))
    assert found["content"]["icon"] == "user"
    assert found["content"]["rid"] == found["rid"]
    assert len(answer["ETag"]) == 66


def test_the_etag_is_the_content_s_and_stays_while_others_change(crm: APIClient) -> None:
    tag = etag_of(crm)
    commit(crm, put("Pet"))
    assert etag_of(crm) == tag
    commit(crm, put("Person", person(icon="face")))
    assert etag_of(crm) != tag
    commit(crm, put("Person", person(icon="user")))
    assert etag_of(crm) == tag


@pytest.mark.parametrize("form", ["{}", "W/{}", '"x", {}', "*"])
def test_what_the_client_has_is_not_sent_again(crm: APIClient, form: str) -> None:
    tag = etag_of(crm)
    answer = crm.get(PERSON, headers={"If-None-Match": form.format(tag)})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert crm.get(PERSON, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_resource_is_read_at_any_ref(crm: APIClient) -> None:
    before = head_of(crm)
    commit(crm, put("Person", person(icon="face")))
    assert crm.get(f"{PERSON}?ref={before[:12]}").json()["content"]["icon"] == "user"
    assert crm.get(f"{PERSON}?ref=main").json()["content"]["icon"] == "face"
    assert crm.get(f"{PERSON}?ref=nothing").json()["type"] == "urn:oms:problem:ref-not-found"


@pytest.mark.parametrize("path", ["object_type/Nobody", "link_type/Person", "thing/Person", "object_type/a%00b"])
def test_a_resource_that_is_not_there(crm: APIClient, path: str) -> None:
    answer = crm.get(f"{URL}{path}/")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:oms:problem:resource-not-found")


def test_resources_are_listed_by_kind_and_name(crm: APIClient) -> None:
    assert names(crm.get(URL)) == ["worksFor", "Company", "Person"]
    assert names(crm.get(f"{URL}?kind=object_type")) == ["Company", "Person"]
    assert names(crm.get(f"{URL}?search=P")) == ["Company", "Person"]
    assert names(crm.get(f"{URL}?search=FOR")) == ["worksFor"]
    assert names(crm.get(f"{URL}?search=perSON&kind=link_type")) == []
    assert names(crm.get(f"{URL}?kind=value_type")) == []
    first = crm.get(URL).json()["results"][0]
    assert first == crm.get(f"{URL}link_type/worksFor/").json()


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [("kind=thing", 422, "?kind"), ("search=%00", 400, "?search"), ("ref=nothing", 404, None)],
)
def test_a_list_that_makes_no_sense_is_refused(crm: APIClient, query: str, status: int, field: str | None) -> None:
    answer = crm.get(f"{URL}?{query}")
    assert answer.status_code == status
    assert [error["field"] for error in answer.json().get("errors", [])] == ([field] if field else [])


@pytest.mark.parametrize("query", ["", "kind=object_type&", "search=Type&", "search=type&kind=object_type&"])
def test_pages_hold_everything_once(crm: APIClient, query: str) -> None:
    commit(crm, *(put(f"Type{number:03}") for number in range(120)))
    everything = names(crm.get(f"{URL}?{query}limit=500"))
    page = crm.get(f"{URL}?{query}limit=50")
    found = names(page)
    while following := page.json()["next"]:
        page = crm.get(following)
        found += names(page)
    assert found == everything
    assert page.json()["count"] == len(everything) >= 120
    assert names(crm.get(f"{URL}?{query}offset=1000")) == []


def test_the_list_asks_as_many_questions_for_many_as_for_few(crm: APIClient) -> None:
    counts = []
    for wanted in (3, 30):
        if wanted > 3:
            commit(crm, *(put(f"Type{number}") for number in range(wanted - 3)))
        with CaptureQueriesContext(connection) as queries:
            assert len(names(crm.get(URL))) == wanted
        counts.append(len(queries))
    assert abs(counts[0] - counts[1]) <= 1  # a node more or less may be read
    assert max(counts) <= 8


# --- Writing ------------------------------------------------------------------------------------------


def test_a_put_is_one_commit(crm: APIClient) -> None:
    before = head_of(crm)
    answer = crm.put(PERSON, {"content": person(icon="face"), "message": "A friendlier face"})
    assert answer.status_code == 200
    head = crm.get(f"{CRM}commits/main/").json()
    assert (head["id"], head["parents"], head["message"]) == (answer.json()["commit"], [before], "A friendlier face")
    assert answer["ETag"] == etag_of(crm)
    assert crm.get(PERSON).json() == answer.json()


def test_a_put_of_a_new_name_creates(crm: APIClient) -> None:
    answer = crm.put(f"{URL}object_type/Pet/", {"content": person()})
    assert answer.status_code == 201
    assert crm.get(f"{CRM}commits/main/").json()["message"] == "Add object_type Pet"


def test_a_put_of_what_is_there_writes_nothing(crm: APIClient) -> None:
    before = rows()
    content = crm.get(PERSON).json()["content"]
    answer = crm.put(PERSON, {"content": content})
    assert (answer.status_code, answer.json()["commit"]) == (200, head_of(crm))
    assert rows() == before


def test_a_put_goes_to_the_branch_that_is_named(crm: APIClient) -> None:
    crm.post(f"{CRM}branches/", {"name": "topic/a"})
    assert crm.put(f"{PERSON}?ref=topic/a", {"content": person(icon="face")}).status_code == 200
    assert crm.get(f"{PERSON}?ref=topic/a").json()["content"]["icon"] == "face"
    assert crm.get(PERSON).json()["content"]["icon"] == "user"
    answer = crm.put(f"{PERSON}?ref={head_of(crm)}", {"content": person()})
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:oms:problem:branch-not-found")


def test_if_match_holds_against_the_resource_alone(crm: APIClient) -> None:
    tag = etag_of(crm)
    commit(crm, put("Pet"))
    answer = crm.put(PERSON, {"content": person(icon="face")}, headers={"If-Match": tag})
    assert answer.status_code == 200
    before = rows()
    stale = crm.put(PERSON, {"content": person(icon="mask")}, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:oms:problem:resource-changed")
    assert f'"{stale.json()["etag"]}"' == answer["ETag"]
    assert crm.patch(PERSON, {"content": {"icon": "mask"}}, headers={"If-Match": tag}).status_code == 412
    assert crm.delete(PERSON, headers={"If-Match": tag}).status_code == 412
    assert rows() == before
    assert (
        crm.patch(PERSON, {"content": {"icon": "mask"}}, headers={"If-Match": f'"x", {answer["ETag"]}'}).status_code
        == 200
    )


def test_if_none_match_makes_only_what_is_not_there(crm: APIClient) -> None:
    before = rows()
    refused = crm.put(PERSON, {"content": person()}, headers={"If-None-Match": "*"})
    assert refused.status_code == 412
    assert rows() == before
    made = crm.put(f"{URL}object_type/Pet/", {"content": person()}, headers={"If-None-Match": "*"})
    assert made.status_code == 201


def test_if_match_fails_where_there_is_nothing(crm: APIClient) -> None:
    answer = crm.put(f"{URL}object_type/Pet/", {"content": person()}, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["etag"]) == (412, None)


def test_a_patch_merges_into_the_content(crm: APIClient) -> None:
    rid = crm.get(PERSON).json()["rid"]
    patch = {"icon": None, "color": "#ff0000", "properties": {"age": {"type": "integer"}}}
    answer = crm.patch(PERSON, {"content": patch, "message": "Ages"})
    assert answer.status_code == 200
    content = answer.json()["content"]
    assert "icon" not in content
    assert (content["color"], sorted(content["properties"]), content["rid"]) == ("#ff0000", ["age", "personId"], rid)
    assert crm.patch(f"{URL}object_type/Nobody/", {"content": {}}).status_code == 404


def test_a_deletion_answers_with_its_commit(crm: APIClient) -> None:
    answer = crm.delete(f"{URL}link_type/worksFor/?message=Alone")
    assert (answer.status_code, answer.json()["message"]) == (200, "Alone")
    assert answer.json()["id"] == head_of(crm)
    assert crm.get(f"{URL}link_type/worksFor/").status_code == 404
    assert crm.delete(f"{URL}link_type/worksFor/").status_code == 404


def test_a_deletion_that_leaves_a_reference_dangling_is_refused_where_it_dangles(crm: APIClient) -> None:
    before = rows()
    answer = crm.delete(PERSON)
    assert answer.status_code == 422
    assert {(error["rule"], error["field"]) for error in answer.json()["errors"]} == {
        ("DANGLING_REFERENCE", "/resources/link_type/worksFor/source/types/0"),
        ("DANGLING_REFERENCE", "/resources/object_type/Company/extends/0"),
    } | {
        (error["rule"], error["field"])
        for error in answer.json()["errors"]
        if error["field"].startswith("/resources/object_type/Company/primary_key")
    }
    assert rows() == before


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        ("object_type/Person", {}, 400, "/content"),
        ("object_type/Person", {"content": None}, 400, "/content"),
        ("object_type/Person", {"content": {}, "x": 1}, 400, "/x"),
        ("object_type/Person", {"content": []}, 422, "/content"),
        ("object_type/Person", {"content": person(extends=["Nobody"])}, 422, "/content/extends/0"),
        ("object_type/Person", {"content": person(api_name="Human")}, 422, "/content/api_name"),
        ("object_type/Person", {"content": person(), "message": "x" * 10_001}, 422, "/message"),
        ("object_type/a b", {"content": person()}, 422, "/name"),
        ("object_type/a%00b", {"content": person()}, 422, "/name"),
        ("thing/Person", {"content": person()}, 422, "/kind"),
    ],
)
def test_bad_input_is_told_by_field_and_nothing_is_written(
    crm: APIClient, path: str, body: Any, status: int, field: str
) -> None:
    before = rows()
    answer = crm.put(f"{URL}{path}/", body)
    assert answer.status_code == status, answer.content
    assert field in {error["field"] for error in answer.json()["errors"]}
    assert all(error["message"].endswith(".") for error in answer.json()["errors"])
    assert rows() == before


def test_a_dry_run_answers_as_the_real_call_and_leaves_nothing(crm: APIClient) -> None:
    before = rows()
    tried = crm.put(f"{PERSON}?dry_run=true", {"content": person(icon="face")})
    assert (tried.status_code, tried.json()["content"]["icon"]) == (200, "face")
    assert crm.patch(f"{PERSON}?dry_run=true", {"content": {"icon": "mask"}}).status_code == 200
    assert crm.delete(f"{URL}link_type/worksFor/?dry_run=true").status_code == 200
    assert rows() == before
    assert crm.get(PERSON).json()["content"]["icon"] == "user"


def test_who_may_write(crm: APIClient, as_bob: APIClient, as_charlie: APIClient) -> None:
    assert as_bob.put(PERSON, {"content": person(icon="bob")}).status_code == 200
    crm.put(f"{CRM}members/bob/", {"role": "viewer"})
    before = rows()
    for client, status in ((as_bob, 403), (as_charlie, 404)):
        assert client.put(PERSON, {"content": person()}).status_code == status
        assert client.patch(PERSON, {"content": {}}).status_code == status
        assert client.delete(PERSON).status_code == status
    assert as_bob.get(PERSON).status_code == 200
    assert as_charlie.get(PERSON).status_code == 404
    assert rows() == before


def test_a_locked_branch_takes_nothing(crm: APIClient, main: Branch) -> None:
    lock_by(None, main)
    assert crm.put(PERSON, {"content": person()}).status_code == 423
    assert crm.patch(PERSON, {"content": {}}).status_code == 423
    assert crm.delete(PERSON).status_code == 423


# --- A resource's history -----------------------------------------------------------------------------


def test_a_history_holds_the_commits_that_changed_the_resource(crm: APIClient) -> None:
    for number in range(5):
        commit(crm, put("Person", person(icon=f"i{number}")), message=f"Person {number}")
        commit(crm, put("Pet", person(icon=f"i{number}")), message=f"Pet {number}")
    commit(crm, rename("Pet", "Animal"), message="Rename")
    commit(crm, delete("worksFor", kind="link_type"), message="Alone")

    def told(url: str) -> list[str]:
        page = crm.get(url)
        found = [each["message"] for each in page.json()["results"]]
        while following := page.json()["next"]:
            page = crm.get(following)
            found += [each["message"] for each in page.json()["results"]]
        return found

    assert told(f"{PERSON}history/?limit=2") == [*(f"Person {number}" for number in range(4, -1, -1)), "Edit"]
    assert told(f"{URL}object_type/Pet/history/") == ["Rename", *(f"Pet {number}" for number in range(4, -1, -1))]
    assert told(f"{URL}object_type/Animal/history/") == ["Rename"]
    assert told(f"{URL}link_type/worksFor/history/") == ["Alone", "Edit"]
    assert told(f"{URL}object_type/Nobody/history/") == []


def test_a_merge_is_in_the_history_only_where_it_changed_the_resource(crm: APIClient) -> None:
    crm.post(f"{CRM}branches/", {"name": "topic"})
    commit(crm, put("Person", person(icon="user", color="#ff0000")), branch="topic", message="Colour")
    commit(crm, put("Person", person(icon="face")), message="Face")
    commit(crm, put("Company", person(extends=["Person"], icon="house")), message="House")
    crm.post(f"{CRM}merges/", {"source": "topic", "target": "main", "message": "Merge"})
    told = [each["message"] for each in crm.get(f"{PERSON}history/").json()["results"]]
    assert told[0] == "Merge"
    assert set(told[1:3]) == {"Colour", "Face"}
    company = [each["message"] for each in crm.get(f"{URL}object_type/Company/history/").json()["results"]]
    assert company == ["House", "Edit"]


def test_a_resource_takes_few_questions(crm: APIClient, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(7):
        crm.get(PERSON)
    with django_assert_max_num_queries(10):
        crm.get(f"{PERSON}history/")
