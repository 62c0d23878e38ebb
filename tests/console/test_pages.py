"""Every page as the people who may see it get it, and as those who may not do not."""

import json
import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from history.engine.changes import Delete, Put, Rename
from history.models import Branch, Commit, Event, Repository, Role
from history.selectors import branch_get
from history.services import branch_create, repository_create
from ontology.formats import WRITABLE
from tests.console.conftest import PERSON
from tests.console.pages import PERSON_PAGE, WORLD, state, text
from tests.factories import UserFactory, console_client_for, lock_by

Clients = Callable[[User], Client]


# --- Who gets in -------------------------------------------------------------------------------------


def test_who_is_not_signed_in_is_asked_to(client: Client, repository: Repository) -> None:
    response = client.get(f"{WORLD}?ref=main")
    assert (response.status_code, response["Location"]) == (
        302,
        "/console/login/?next=/console/repositories/world/%3Fref%3Dmain",
    )


def test_a_service_is_not_let_in(db: None) -> None:
    machine = UserFactory(username="machine", kind="service", role=Role.SERVICE)
    assert console_client_for(machine).get("/console/").status_code == 302


@pytest.mark.parametrize(
    "page", ["", "branches/", "commits/", "events/", "compare/", "merge/", "import/", "resources/object_type/Person/"]
)
def test_a_stranger_is_told_that_there_is_no_such_repository(
    page: str, charlie: User, person: Commit, client_of: Clients
) -> None:
    assert client_of(charlie).get(WORLD + page).status_code == 404


def test_a_nul_in_an_address_is_refused(alice: User, repository: Repository, client_of: Clients) -> None:
    client = client_of(alice)
    assert client.get("/console/repositories/a%00b/").status_code == 400
    assert client.get(f"{WORLD}?ref=%00").status_code == 400


@pytest.mark.parametrize(
    "page", ["/console/administration/", "/console/history/repository/", "/console/accounts/user/"]
)
def test_djangos_lists_are_for_administrators(page: str, alice: User, client_of: Clients) -> None:
    ada = UserFactory(username="ada", role=Role.ADMINISTRATOR)
    assert client_of(alice).get(page).status_code == 403
    assert client_of(ada).get(page).status_code == 200


def test_a_viewer_is_offered_nothing_that_is_refused(carol: User, person: Commit, client_of: Clients) -> None:
    client = client_of(carol)
    for page in (WORLD, PERSON_PAGE, f"{WORLD}branches/"):
        shown = text(client.get(page))
        for offer in ("New resource", "Import", "Edit</a>", "Rename", "Delete", "Create branch"):
            assert offer not in shown
    for page in (
        "import/",
        "resources/new/?kind=object_type",
        "resources/object_type/Person/edit/",
        "resources/object_type/Person/delete/",
    ):
        assert client.get(WORLD + page).status_code == 403


# --- The start page ------------------------------------------------------------------------------------


def test_the_start_page_shows_what_one_may_see(
    alice: User, carol: User, charlie: User, person: Commit, client_of: Clients
) -> None:
    shown = text(client_of(carol).get("/console/"))
    assert "The world" in shown
    assert "Describe people" in shown
    assert "New repository" not in shown
    assert "The world" not in text(client_of(charlie).get("/console/"))


def test_the_start_page_finds_repositories_by_name_and_title(
    alice: User, repository: Repository, client_of: Clients
) -> None:
    repository_create(actor=alice, name="other")
    shown = text(client_of(alice).get("/console/?search=WORLD"))
    assert "The world" in shown
    assert "repositories/other/" not in shown


def queries(client: Client, page: str) -> int:
    """How many queries a page takes once the caches of the process are warm."""
    client.get(page)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
        return len(captured)


def test_the_start_pages_queries_do_not_grow(
    alice: User, repository: Repository, person: Commit, client_of: Clients
) -> None:
    client = client_of(alice)
    few = queries(client, "/console/")
    for number in range(5):
        repository_create(actor=alice, name=f"more-{number}")
    assert queries(client, "/console/") == few == 7


# --- Repositories and branches ------------------------------------------------------------------------------


def test_a_repository_is_made(alice: User, client_of: Clients) -> None:
    response = client_of(alice).post(
        "/console/new/", {"name": "shop", "title": "Shop", "visibility": "internal"}, follow=True
    )
    assert "Repository shop created." in text(response)
    assert Repository.objects.get(name="shop").visibility == "internal"


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        ({"name": "a/b"}, 422, "A repository&#x27;s name has 1 to 100 letters"),
        ({"name": ""}, 422, "This field is required."),
        ({"name": "World"}, 409, "There is a repository World already."),
        ({"name": "x", "title": "t" * 201}, 422, "at most 200 characters"),
    ],
)
def test_what_is_wrong_with_a_new_repository_stands_at_its_field(
    given: dict, status: int, sentence: str, alice: User, repository: Repository, client_of: Clients
) -> None:
    response = client_of(alice).post("/console/new/", {"visibility": "private", **given})
    assert response.status_code == status
    assert sentence in text(response)
    assert 'aria-invalid="true"' in text(response)
    assert Repository.objects.count() == 1


def test_who_may_not_make_repositories_is_refused(charlie: User, client_of: Clients) -> None:
    client = client_of(charlie)
    assert client.get("/console/new/").status_code == 403
    assert client.post("/console/new/", {"name": "shop", "visibility": "private"}).status_code == 403


def test_a_branch_is_made_shown_and_deleted(
    bob: User, person: Commit, repository: Repository, client_of: Clients
) -> None:
    client = client_of(bob)
    response = client.post(f"{WORLD}branches/", {"name": "bob/한글", "start": person.digest[:10]}, follow=True)
    assert "Branch bob/한글 created." in text(response)
    assert "bob/한글" in text(client.get(f"{WORLD}branches/?search=한글"))
    response = client.post(f"{WORLD}branches/delete/", {"name": "bob/한글"}, follow=True)
    assert "Branch bob/한글 deleted." in text(response)
    assert not repository.branches.filter(name="bob/한글").exists()


@pytest.mark.parametrize(
    ("given", "status"), [({"name": "a..b"}, 422), ({"name": "main"}, 409), ({"name": "ok", "start": "nowhere"}, 404)]
)
def test_a_branch_that_cannot_be_is_refused(
    given: dict, status: int, bob: User, repository: Repository, client_of: Clients
) -> None:
    response = client_of(bob).post(f"{WORLD}branches/", given)
    assert response.status_code == status
    assert "errorlist" in text(response) or 'role="alert"' in text(response)


def test_the_default_branch_is_not_deleted(alice: User, repository: Repository, client_of: Clients) -> None:
    response = client_of(alice).post(f"{WORLD}branches/delete/", {"name": "main"}, follow=True)
    assert "is the default branch" in text(response)
    assert repository.branches.filter(name="main").exists()


@pytest.mark.parametrize("page", ["", "branches/", "commits/", "events/"])
def test_the_queries_of_lists_do_not_grow(
    page: str, alice: User, repository: Repository, person: Commit, commit: Callable, client_of: Clients
) -> None:
    client = client_of(alice)
    few = queries(client, WORLD + page)
    for number in range(8):
        branch_create(actor=alice, repository=repository, name=f"topic-{number}")
        commit(Put("object_type", f"Thing{number}", {"properties": {}}))
    assert queries(client, WORLD + page) <= few


# --- The ontology at a ref -------------------------------------------------------------------------------------


def test_the_ontology_is_listed_by_kind_and_searched(alice: User, person: Commit, client_of: Clients) -> None:
    client = client_of(alice)
    everything = text(client.get(WORLD))
    assert "Person" in everything
    assert "Address" in everything
    structs = text(client.get(f"{WORLD}?kind=struct_type"))
    assert "resources/struct_type/Address/" in structs
    assert "resources/object_type/Person/" not in structs
    assert "resources/object_type/Person/" in text(client.get(f"{WORLD}?search=pers"))
    assert "Nothing found" in text(client.get(f"{WORLD}?search=nothing"))


def test_long_lists_have_pages(alice: User, repository: Repository, commit: Callable, client_of: Clients) -> None:
    commit(*(Put("object_type", f"Thing{number:03}", {"properties": {}}) for number in range(60)))
    client = client_of(alice)
    assert "Thing059" not in text(client.get(WORLD))
    second = text(client.get(f"{WORLD}?page=2"))
    assert "Thing059" in second
    assert "51–60 of 60" in second


def test_the_past_can_be_looked_at(
    alice: User, repository: Repository, person: Commit, commit: Callable, client_of: Clients
) -> None:
    commit(Delete("object_type", "Person"))
    shown = text(client_of(alice).get(f"{WORLD}?ref={person.digest[:12]}"))
    assert "resources/object_type/Person/" in shown
    assert "as it was at commit" in shown
    assert "New resource" not in shown


def test_the_ontology_is_exported_from_its_page(alice: User, person: Commit, client_of: Clients) -> None:
    client = client_of(alice)
    links = [unescape(link) for link in re.findall(r'href="([^"]+/export/[^"]+)"', text(client.get(WORLD)))]
    assert [link.partition("format=")[2].partition("&")[0] for link in links] == list(WRITABLE)
    assert {client.get(link).status_code for link in links} == {200}
    assert set(client.get(links[0]).json()["resources"]) == {"object_type", "struct_type"}


@pytest.mark.parametrize(("ref", "status"), [("nowhere", 404), ("main@{yesterday}", 400)])
def test_a_ref_that_is_none_is_refused(
    ref: str, status: int, alice: User, repository: Repository, client_of: Clients
) -> None:
    assert client_of(alice).get(f"{WORLD}?{urlencode({'ref': ref})}").status_code == status


def test_a_locked_branch_says_so(alice: User, main: Branch, client_of: Clients) -> None:
    lock_by(None, main)
    shown = text(client_of(alice).get(WORLD))
    assert "This branch is locked" in shown
    assert "New resource" not in shown


def test_a_resource_is_readable(alice: User, person: Commit, client_of: Clients) -> None:
    shown = text(client_of(alice).get(PERSON_PAGE))
    for part in (
        'Person</span> · <span lang="ko">사람',
        "A human being.",
        "personId",
        "required",
        "Full name",
        "struct Address",
    ):
        assert part in shown
    assert f'href="{WORLD}resources/struct_type/Address/?ref=main"' in shown
    address = text(client_of(alice).get(f"{WORLD}resources/struct_type/Address/"))
    assert "Referred to by" in address
    assert "resources/object_type/Person/" in address


def inheriting(count: int) -> list[Put]:
    """Person, who extends as many types and takes a property and a value type of each."""
    types = [Put("value_type", f"Kind{number}", {"type": "string"}) for number in range(count)]
    parents = [
        Put("object_type", f"Parent{number}", {"properties": {f"trait{number}": {"value_type": f"Kind{number}"}}})
        for number in range(count)
    ]
    return [*types, *parents, Put("object_type", "Person", {**PERSON, "extends": [parent.name for parent in parents]})]


def test_a_type_shows_what_it_inherits_and_from_where(
    alice: User, person: Commit, commit: Callable[..., Commit], client_of: Clients
) -> None:
    client = client_of(alice)
    assert "Inherited properties" not in text(client.get(PERSON_PAGE))
    commit(*inheriting(1))
    shown = text(client.get(PERSON_PAGE)).partition("Inherited properties")[2]
    assert "trait0" in shown
    assert f'href="{WORLD}resources/object_type/Parent0/?ref=main"' in shown
    assert f'href="{WORLD}resources/value_type/Kind0/?ref=main"' in shown
    assert "Inherited properties" not in text(client.get(f"{WORLD}resources/value_type/Kind0/"))


def test_the_queries_of_a_type_do_not_grow_with_what_it_inherits(
    alice: User, person: Commit, commit: Callable[..., Commit], client_of: Clients
) -> None:
    client = client_of(alice)
    commit(*inheriting(3))
    few = queries(client, PERSON_PAGE)
    commit(*inheriting(30))
    assert queries(client, PERSON_PAGE) == few


def test_a_resource_has_its_history_and_its_json(
    alice: User, person: Commit, commit: Callable, client_of: Clients
) -> None:
    commit(Put("object_type", "Person", {**PERSON, "status": "active"}), message="Activate people")
    commit(Put("value_type", "Color", {"type": "string"}), message="Add colors")
    client = client_of(alice)
    history = text(client.get(f"{PERSON_PAGE}?view=history"))
    assert "Activate people" in history
    assert "Describe people" in history
    assert "Add colors" not in history
    assert "&quot;personId&quot;" in text(client.get(f"{PERSON_PAGE}?view=json"))


def test_a_resource_that_is_not_there_is_not_found(alice: User, repository: Repository, client_of: Clients) -> None:
    assert client_of(alice).get(PERSON_PAGE).status_code == 404
    assert client_of(alice).get(f"{WORLD}resources/planet/Earth/").status_code == 404


# --- Differences, merges, events -------------------------------------------------------------------------------------


@pytest.fixture
def topic(alice: User, repository: Repository, person: Commit, commit: Callable) -> Branch:
    """Has Person's description changed, Address renamed and Color added since it left ``main``."""
    branch = branch_create(actor=alice, repository=repository, name="topic")
    content = {**PERSON, "description": {"en": "A living human being."}}
    commit(Put("object_type", "Person", content), branch="topic")
    commit(Rename("struct_type", "Address", "PostalAddress"), branch="topic")
    commit(Put("value_type", "Color", {"type": "string"}), branch="topic")
    return branch


def test_a_difference_is_told_field_by_field(alice: User, topic: Branch, client_of: Clients) -> None:
    shown = text(client_of(alice).get(f"{WORLD}compare/?base=main&head=topic"))
    assert "<b>3</b> in all" in shown
    assert re.search(r"<ins>\s*living\s*</ins>", shown)
    assert '<span class="former">Address</span>' in shown
    assert "goes on from" in shown


def test_a_difference_can_be_filtered(alice: User, topic: Branch, client_of: Clients) -> None:
    client = client_of(alice)
    added = text(client.get(f"{WORLD}compare/?base=main&head=topic&change=added"))
    assert "value_type-Color" in added
    assert "object_type-Person" not in added
    objects = text(client.get(f"{WORLD}compare/?base=main&head=topic&kind=object_type"))
    assert "object_type-Person" in objects
    assert "value_type-Color" not in objects


def test_sides_that_parted_name_their_merge_base(
    alice: User, topic: Branch, commit: Callable, client_of: Clients
) -> None:
    commit(Put("value_type", "Shape", {"type": "string"}))
    shown = text(client_of(alice).get(f"{WORLD}compare/?base=main&head=topic"))
    assert "They parted at" in shown
    assert "Describe people" in shown


def test_refs_that_are_none_are_said_at_their_fields(alice: User, repository: Repository, client_of: Clients) -> None:
    response = client_of(alice).get(f"{WORLD}compare/?base=nowhere&head=main")
    assert response.status_code == 404
    assert "has no branch or commit nowhere" in text(response)


def test_a_commit_shows_what_it_changed(alice: User, person: Commit, client_of: Clients) -> None:
    shown = text(client_of(alice).get(f"{WORLD}commits/{person.digest}/"))
    assert "Describe people" in shown
    assert "object_type-Person" in shown
    assert "struct_type-Address" in shown


def test_the_log_has_pages(alice: User, repository: Repository, commit: Callable, client_of: Clients) -> None:
    for number in range(35):
        commit(Put("value_type", "Color", {"type": "string", "description": str(number)}), message=f"Commit {number}.")
    client = client_of(alice)
    first = client.get(f"{WORLD}commits/")
    assert "Commit 34." in text(first)
    assert "Commit 3." not in text(first)
    older = client.get(f"{WORLD}commits/?from={first.context['behind']}")
    assert "Commit 3." in text(older)


def test_the_log_of_another_repository_is_not_reached(
    alice: User, repository: Repository, charlie: User, client_of: Clients
) -> None:
    other = repository_create(actor=alice, name="secret")
    head = branch_get(other, "main").head_id
    assert client_of(alice).get(f"{WORLD}commits/?from={head}").status_code == 400


def test_a_clean_merge_is_previewed_and_made(
    bob: User, topic: Branch, commit: Callable, repository: Repository, client_of: Clients
) -> None:
    head = commit(Put("value_type", "Shape", {"type": "string"}))
    client = client_of(bob)
    preview = text(client.get(f"{WORLD}merge/?source=topic&target=main"))
    assert "This can be merged" in preview
    assert f'name="expected_head" value="{head.digest}"' in preview
    typed = {"source": "topic", "target": "main", "message": "Merge it", "expected_head": head.digest}
    response = client.post(f"{WORLD}merge/", typed, follow=True)
    assert "topic is merged into main" in text(response)
    assert {"Shape", "Color", "PostalAddress", "Person"} == {name for _, name in state(repository)}


def test_a_merge_that_moved_meanwhile_is_refused(
    bob: User, topic: Branch, person: Commit, commit: Callable, client_of: Clients
) -> None:
    commit(Put("value_type", "Shape", {"type": "string"}))
    typed = {"source": "topic", "target": "main", "message": "", "expected_head": person.digest}
    response = client_of(bob).post(f"{WORLD}merge/", typed)
    assert response.status_code == 409
    assert "has moved" in text(response)
    assert "This can be merged" in text(response)


def test_conflicts_are_shown_side_by_side_and_not_merged(
    bob: User, topic: Branch, commit: Callable, repository: Repository, client_of: Clients
) -> None:
    head = commit(Put("object_type", "Person", {**PERSON, "description": {"en": "A dead human being."}}))
    client = client_of(bob)
    preview = text(client.get(f"{WORLD}merge/?source=topic&target=main"))
    assert "1 conflict" in preview
    assert re.search(r"<ins>\s*dead\s*</ins>", preview)
    assert "Merge into main" not in preview
    typed = {"source": "topic", "target": "main", "message": "", "expected_head": head.digest}
    assert client.post(f"{WORLD}merge/", typed).status_code == 409
    assert branch_get(repository, "main").head == head


def test_a_viewer_sees_a_merge_and_does_not_make_it(
    carol: User, topic: Branch, person: Commit, client_of: Clients
) -> None:
    client = client_of(carol)
    preview = text(client.get(f"{WORLD}merge/?source=topic&target=main"))
    assert "You may look at this merge, but not make it." in preview
    typed = {"source": "topic", "target": "main", "message": "", "expected_head": person.digest}
    assert client.post(f"{WORLD}merge/", typed).status_code == 403


def test_events_are_listed_and_shown_as_they_were_written(
    alice: User, person: Commit, repository: Repository, client_of: Clients
) -> None:
    client = client_of(alice)
    assert "io.oms.history.commit.created" in text(client.get(f"{WORLD}events/"))
    event = Event.objects.filter(repository=repository, type="io.oms.history.commit.created").get()
    shown = text(client.get(f"{WORLD}events/{event.uuid}/"))
    assert "&quot;specversion&quot;: &quot;1.0&quot;" in shown
    other = repository_create(actor=alice, name="other")
    foreign = Event.objects.filter(repository=other).first()
    assert client.get(f"{WORLD}events/{foreign.uuid}/").status_code == 404


# --- For administrators ---------------------------------------------------------------------------------------------


def test_an_administrator_gives_and_takes_a_role(repository: Repository, charlie: User, client_of: Clients) -> None:
    ada = UserFactory(username="ada", role=Role.ADMINISTRATOR)
    client = client_of(ada)
    typed = {"repository": str(repository.pk), "user": str(charlie.pk), "role": "developer"}
    assert client.post("/console/history/membership/add/", typed).status_code == 302
    membership = repository.memberships.get(user=charlie)
    assert membership.role == "developer"
    assert Event.objects.filter(type="io.oms.history.membership.set", actor=ada.pk).exists()
    assert client.post(f"/console/history/membership/{membership.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not repository.memberships.filter(user=charlie).exists()


def test_an_administrator_changes_what_a_repository_is_called(repository: Repository, client_of: Clients) -> None:
    ada = UserFactory(username="ada", role=Role.ADMINISTRATOR)
    client = client_of(ada)
    page = f"/console/history/repository/{repository.pk}/change/"
    assert client.post(page, {"title": "New", "description": "", "visibility": "internal"}).status_code == 302
    repository.refresh_from_db()
    assert (repository.title, repository.visibility, repository.name) == ("New", "internal", "world")
    event = Event.objects.filter(type="io.oms.history.repository.updated").get()
    assert json.loads(bytes(event.body))["data"]["fields"] == ["title", "visibility"]
