"""Branches in the administration: the one write to a head there goes through the service and its guards."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from gateway.exceptions import FieldError
from history.engine.changes import Put
from history.exceptions import HeadRefused
from history.models import Branch, Commit, Event, Repository
from history.selectors import branch_get
from history.services import HeadChange, branch_create, commit_create
from tests.factories import console_client_for, lock_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("note_content")]

LIST = "/console/history/branch/"


@pytest.fixture
def console(ada: User) -> Client:
    return console_client_for(ada)


@pytest.fixture
def topic(alice: User, repository: Repository) -> Branch:
    return branch_create(actor=alice, repository=repository, name="topic")


@pytest.fixture
def made(alice: User, topic: Branch) -> Commit:
    return commit_create(actor=alice, branch=topic, changes=[Put("note", "a", {})], message="Add a")


def page(branch: Branch) -> str:
    return f"{LIST}{branch.pk}/change/"


def typed(branch: Branch, **values: str) -> dict[str, str]:
    return {"to": "main", "bypass_reason": "", "expected_head": branch.head_id, **values}


def errors_of(response: Any) -> list[str]:
    return [error for errors in response.context["adminform"].form.errors.values() for error in errors]


def guard(change: HeadChange) -> None:
    """A head guard that lets pass who says why."""
    if not change.authority.bypass_reason:
        errors = [FieldError("/branch", "KEY", "No reset here.")]
        raise HeadRefused(f"{change.branch.name} is protected.", errors=errors)


def test_only_administrators_of_the_instance_see_branches(alice: User, topic: Branch, console: Client) -> None:
    assert console_client_for(alice).get(LIST).status_code == 403
    assert "topic" in console.get(LIST).content.decode()
    shown = console.get(page(topic)).content.decode()
    assert topic.head_id in shown
    assert "Active" in shown


def test_a_branch_is_reset_by_the_service(ada: User, made: Commit, topic: Branch, console: Client) -> None:
    response = console.post(page(topic), typed(topic))
    assert response.status_code == 302, errors_of(response)
    assert branch_get(topic.repository, "topic").head == branch_get(topic.repository, "main").head
    event = Event.objects.get(type="io.oms.history.branch.reset")
    assert event.actor == ada.pk


def test_a_reset_is_refused_where_the_service_refuses_it(
    alice: User, made: Commit, topic: Branch, console: Client
) -> None:
    for values, told in (({"to": "nowhere"}, "no branch or commit"), ({"expected_head": "0" * 64}, "has moved")):
        response = console.post(page(topic), typed(topic, **values))
        assert told in errors_of(response)[0]
    lock_by(alice, topic)
    assert "is locked by alice" in errors_of(console.post(page(topic), typed(topic)))[0]
    assert branch_get(topic.repository, "topic").head == made


def test_a_guard_s_refusal_stands_in_the_form_and_stays_as_an_event(
    made: Commit, topic: Branch, console: Client, settings: Any
) -> None:
    settings.HISTORY_HEAD_GUARDS = ["tests.history.test_admin.guard"]
    assert errors_of(console.post(page(topic), typed(topic))) == ["No reset here."]
    (event,) = Event.objects.filter(type="io.oms.history.branch.refused")
    data = json.loads(bytes(event.body))["data"]
    assert (data["move"], data["rules"]) == ("io.oms.history.branch.reset", ["KEY"])
    assert branch_get(topic.repository, "topic").head == made
    response = console.post(page(topic), typed(topic, bypass_reason="On call"))
    assert response.status_code == 302, errors_of(response)
    assert branch_get(topic.repository, "topic").head != made


def test_branches_are_archived_and_restored(
    alice: User, repository: Repository, topic: Branch, console: Client
) -> None:
    """Those that can be; of the others it is told why not."""
    lock_by(alice, branch_create(actor=alice, repository=repository, name="held"))
    selected = {"_selected_action": [str(branch.pk) for branch in repository.branches.all()]}
    shown = console.post(LIST, {"action": "archive", **selected}, follow=True).content.decode()
    assert {branch.name: branch.state for branch in repository.branches.all()} == {
        "held": "locked",
        "main": "active",
        "topic": "archived",
    }
    for told in ("held is locked by alice", "main is the default branch", "Done for 1 branch."):
        assert told in shown
    console.post(LIST, {"action": "restore", **selected})
    assert branch_get(repository, "topic").state == "active"


def test_branches_that_a_guard_keeps_are_archived_with_a_reason(topic: Branch, console: Client, settings: Any) -> None:
    settings.HISTORY_HEAD_GUARDS = ["tests.history.test_admin.guard"]
    selected = {"action": "archive", "_selected_action": [str(topic.pk)]}
    assert "topic is protected." in console.post(LIST, selected, follow=True).content.decode()
    assert 'name="bypass_reason"' in console.get(LIST).content.decode()
    for reason, state in (("x" * 501, "active"), ("a\0b", "active"), ("On call", "archived")):
        console.post(LIST, {**selected, "bypass_reason": reason})
        assert branch_get(topic.repository, "topic").state == state


def test_branches_are_neither_made_nor_deleted_here(topic: Branch, console: Client) -> None:
    assert console.get(f"{LIST}add/").status_code == 403
    assert console.post(f"{LIST}{topic.pk}/delete/", {"post": "yes"}).status_code == 403
