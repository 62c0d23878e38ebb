"""``manage.py load_demo``: people, a repository with a history, and branches to learn merging on."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from accounts.models import User
from history.engine.tree import EMPTY_ROOT
from history.models import Commit, Event, Membership, Repository
from history.selectors import TreeView, branch_get
from merging.services import Method, merge_preview
from tests.factories import UserFactory
from tests.oms_project.test_demo_ontology import RESOURCES

pytestmark = pytest.mark.django_db

BOB, ALICE = "bob/dual-sourcing", "alice/trade-compliance"
PASSWORD = "a password of the test"
CONFLICTS = {
    ("value", "/resources/link_type/requisitionFulfilment/cardinality"),
    ("value", "/resources/object_type/PurchaseOrderLine/properties/requestedDelivery/type"),
    ("modify_delete", "/resources/object_type/Supplier/properties/paymentTermDays"),
}


@pytest.fixture(scope="module", autouse=True)
def cheap_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


def load(password: str | None = PASSWORD) -> str:
    output = io.StringIO()
    call_command("load_demo", password=password, stdout=output)
    return output.getvalue()


def demo() -> Repository:
    return Repository.objects.get(name="hangang-electronics")


def person(username: str) -> User:
    return User.objects.get(username=username)


def written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Repository, Commit, Event, User, Membership))


def test_the_password_comes_from_the_environment_where_none_is_given(monkeypatch):
    monkeypatch.setenv("OMS_DEMO_PASSWORD", "from the environment")
    assert "from the environment" not in load(None)
    assert person("carol").check_password("from the environment")


def test_a_password_that_was_made_at_random_is_printed(monkeypatch):
    monkeypatch.delenv("OMS_DEMO_PASSWORD", raising=False)
    password = load(None).split()[-1]
    assert person("alice").check_password(password)


def test_somebody_elses_account_of_that_name_is_left_alone():
    carol = UserFactory(username="Carol")
    with pytest.raises(CommandError, match="account"):
        load()
    assert list(User.objects.all()) == [carol]
    assert not Repository.objects.exists()


@pytest.fixture(scope="class")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo, for all tests of a class, each of which takes back what it changes."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("loaded")
class TestLoaded:
    def test_main_holds_the_whole_story(self):
        head = branch_get(demo(), "main").head
        assert TreeView(head.root).everything().keys() == RESOURCES.keys()

    def test_the_history_is_several_peoples_and_ends_with_a_merge(self):
        commit = branch_get(demo(), "main").head
        assert commit.parent_edges.count() == 2
        authors = []
        while commit.root != EMPTY_ROOT:
            authors.append(commit.author.username)
            commit = commit.first_parent
        assert len(authors) == 9
        assert set(authors) == {"alice", "bob"}

    def test_people_have_their_roles_on_the_instance_and_in_the_repository(self):
        roles = {"alice": "administrator", "bob": "developer", "carol": "reviewer", "dave": "viewer"}
        assert dict(User.objects.values_list("username", "role")) == roles
        assert dict(demo().memberships.values_list("user__username", "role")) == roles
        assert all(person(username).check_password(PASSWORD) for username in roles)

    def test_a_second_run_changes_nothing(self):
        before = written(), person("bob").password
        assert "already" in load()
        assert "already" in load(None)
        assert (written(), person("bob").password) == before

    def test_a_later_run_with_another_password_sets_it(self):
        repositories, commits, events, users, memberships = written()
        load("another password")
        assert person("dave").check_password("another password")
        assert written() == (repositories, commits, events + users, users, memberships)
        assert Event.objects.filter(type="io.oms.accounts.password.changed").count() == users

    def test_the_two_branches_start_from_one_commit_and_conflict_where_they_should(self):
        preview = merge_preview(actor=person("alice"), repository=demo(), source=BOB, target=ALICE)
        assert list(preview.bases) == [branch_get(demo(), "main").head]
        assert {(conflict.kind.value, conflict.path) for conflict in preview.conflicts} == CONFLICTS
        assert not preview.violations

    def test_what_both_branches_want_without_contradiction_is_merged(self):
        preview = merge_preview(actor=person("alice"), repository=demo(), source=BOB, target=ALICE)
        after = {change.api_name: change.after for change in preview.changes}
        assert {"sourcingStrategy", "preferentialOrigin"} <= after["Part"]["properties"].keys()
        assert {"TWD", "THB"} <= after["CurrencyCode"]["constraints"]["enum"].keys()
        assert {"PO", "구매 계약서"} <= set(after["PurchaseOrder"]["aliases"])
        assert "supplierLabel" in after["LogisticUnit"]["properties"]
        assert after["SupplyAgreement"]["description"]["en"].startswith("A multi-year contract")
        assert after["SupplyAgreement"]["description"]["en"].endswith("whose origin it warrants.")

    def test_each_branch_alone_merges_into_main(self):
        for branch in (BOB, ALICE):
            preview = merge_preview(actor=person("dave"), repository=demo(), source=branch, target="main")
            assert preview.method is Method.FAST_FORWARD
