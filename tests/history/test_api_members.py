"""/api/v1/repositories/{repository}/members/ and members/{username}/."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from history.exceptions import MemberNotFound
from history.models import Event, Membership, Repository
from history.services import membership_remove
from tests.factories import UserFactory, api_client_for
from tests.history.contents import CRM

pytestmark = pytest.mark.django_db

URL = f"{CRM}members/"


def test_members_see_who_belongs(as_bob: APIClient, repository: Repository) -> None:
    Membership.objects.create(repository=repository, group=Group.objects.create(name="sales"), role="viewer")
    assert as_bob.get(URL).json()["results"] == [
        {"user": "alice", "group": None, "role": "administrator"},
        {"user": "bob", "group": None, "role": "developer"},
        {"user": None, "group": "sales", "role": "viewer"},
    ]


def test_a_role_opens_the_repository_and_its_end_closes_it(
    as_alice: APIClient, charlie: User, repository: Repository
) -> None:
    assert api_client_for(charlie).get(CRM).status_code == 404
    answer = as_alice.put(f"{URL}charlie/", {"role": "reviewer"})
    assert (answer.status_code, answer.json()) == (200, {"user": "charlie", "group": None, "role": "reviewer"})
    assert api_client_for(charlie).get(CRM).status_code == 200
    assert as_alice.delete(f"{URL}charlie/").status_code == 204
    assert api_client_for(charlie).get(CRM).status_code == 404
    told = Event.objects.filter(type__startswith="io.oms.history.membership.").order_by("-id")[:2]
    assert [event.type.rsplit(".", 1)[1] for event in told] == ["removed", "set"]


def test_a_role_is_replaced_and_told_only_where_it_changes(as_alice: APIClient, repository: Repository) -> None:
    for role in ("viewer", "viewer"):
        assert as_alice.put(f"{URL}bob/", {"role": role}).json()["role"] == "viewer"
    assert Membership.objects.filter(repository=repository, user__username="bob").count() == 1
    assert Event.objects.filter(type="io.oms.history.membership.set").count() == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"role": "king"}, "/role"),
        ({}, "/role"),
        ({"role": "viewer", "user": "bob"}, "/user"),
        ({"role": None}, "/role"),
    ],
)
def test_a_role_that_is_none_is_refused(as_alice: APIClient, repository: Repository, body: Any, field: str) -> None:
    answer = as_alice.put(f"{URL}bob/", body)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_only_administrators_decide_and_nobody_else_learns_who_has_an_account(
    as_bob: APIClient, as_charlie: APIClient, charlie: User, repository: Repository
) -> None:
    for username in ("charlie", "nobody"):
        assert as_bob.put(f"{URL}{username}/", {"role": "viewer"}).status_code == 403
        assert as_charlie.put(f"{URL}{username}/", {"role": "viewer"}).status_code == 404
    assert as_bob.delete(f"{URL}alice/").status_code == 403
    assert as_charlie.delete(f"{URL}alice/").status_code == 404
    assert repository.memberships.count() == 2


@pytest.mark.parametrize("username", ["nobody", "a%00b"])
def test_who_does_not_exist_cannot_be_a_member(as_alice: APIClient, repository: Repository, username: str) -> None:
    assert as_alice.put(f"{URL}{username}/", {"role": "viewer"}).json()["type"] == "urn:oms:problem:member-not-found"
    assert as_alice.delete(f"{URL}{username}/").status_code == 404


def test_who_is_no_member_cannot_be_removed(as_alice: APIClient, charlie: User, repository: Repository) -> None:
    assert as_alice.delete(f"{URL}charlie/").status_code == 404


def test_a_membership_ends_once_though_two_end_it(alice: User, repository: Repository) -> None:
    twice = [repository.memberships.get(user__username="bob") for _ in range(2)]
    membership_remove(actor=alice, membership=twice[0])
    with pytest.raises(MemberNotFound):
        membership_remove(actor=alice, membership=twice[1])
    assert Event.objects.filter(type="io.oms.history.membership.removed").count() == 1


def test_an_administrator_of_the_instance_decides_everywhere(
    as_ada: APIClient, charlie: User, repository: Repository
) -> None:
    assert as_ada.put(f"{URL}charlie/", {"role": "viewer"}).status_code == 200


def test_a_dry_run_leaves_the_members_as_they_are(as_alice: APIClient, repository: Repository) -> None:
    assert as_alice.put(f"{URL}bob/?dry_run=true", {"role": "viewer"}).json()["role"] == "viewer"
    assert as_alice.delete(f"{URL}bob/?dry_run=true").status_code == 204
    assert repository.memberships.get(user__username="bob").role == "developer"


def test_the_list_asks_as_many_questions_for_many_as_for_few(as_alice: APIClient, repository: Repository) -> None:
    counts = []
    for wanted in (3, 30):
        while repository.memberships.count() < wanted:
            Membership.objects.create(repository=repository, user=UserFactory(), role="viewer")
        with CaptureQueriesContext(connection) as queries:
            assert as_alice.get(URL).json()["count"] == wanted
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5
