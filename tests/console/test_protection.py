"""The page of what protects branches, and the same for administrators of the instance."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page

from accounts.models import User
from history.models import Commit, Repository, Role
from merging.models import Check, Ownership, ProtectionRule
from merging.services import check_post, owners_set, protection_rule_create
from tests.console.pages import WORLD, text
from tests.factories import UserFactory

Clients = Callable[[User], Client]

PAGE = f"{WORLD}protection/"
TYPED: dict[str, Any] = {
    "pattern": "main",
    "mode": "active",
    "switches": ["requires_proposal", "forbids_reset"],
    "required_approvals": "2",
    "forbids_findings_from": "high",
    "required_checks": " lint \n\nimpact",
    "bypass_roles": ["administrator"],
}


@pytest.fixture
def rule(alice: User, repository: Repository) -> ProtectionRule:
    return protection_rule_create(
        actor=alice, repository=repository, fields={"pattern": "main", "required_checks": ["lint"]}
    )


def test_a_stranger_is_told_that_there_is_no_such_repository(
    charlie: User, repository: Repository, client_of: Clients
) -> None:
    assert client_of(charlie).get(PAGE).status_code == 404


def test_a_rule_is_made_shown_changed_and_deleted(alice: User, repository: Repository, client_of: Clients) -> None:
    client = client_of(alice)
    assert "No rules yet" in text(client.get(PAGE))
    shown = text(client.post(PAGE, TYPED, follow=True))
    assert "The rule for main holds." in shown
    for words in ("changes by proposals only", "2 approvals", "findings from high on", "check impact", "Administrator"):
        assert words in shown
    made = ProtectionRule.objects.get()
    assert (made.required_checks, made.forbids_deletion, made.bypass_roles) == (
        ["impact", "lint"],
        False,
        ["administrator"],
    )
    one = f"{PAGE}{made.pk}/"
    form = text(client.get(one))
    assert 'value="requires_proposal" id="id_switches_0" checked' in form
    assert "impact\nlint</textarea>" in form
    shown = text(client.post(one, {**TYPED, "mode": "evaluate", "switches": []}, follow=True))
    assert "evaluates only" in shown
    assert "changes by proposals only" not in shown
    shown = text(client.post(f"{PAGE}delete/", {"id": made.pk}, follow=True))
    assert "The rule for main is deleted." in shown
    assert not ProtectionRule.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"pattern": "a..b"}, "does not hold two dots in a row"),
        ({"pattern": ""}, "This field is required."),
        ({"required_approvals": "11"}, "less than or equal to 10"),
        ({"required_checks": "x" * 101}, "at most 100 characters"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    typed: dict[str, str], sentence: str, alice: User, repository: Repository, client_of: Clients
) -> None:
    response = client_of(alice).post(PAGE, {**TYPED, **typed})
    assert response.status_code == 422
    assert sentence in text(response)
    assert 'aria-invalid="true"' in text(response)
    assert not ProtectionRule.objects.exists()


def test_a_second_rule_of_a_pattern_is_a_conflict(alice: User, rule: ProtectionRule, client_of: Clients) -> None:
    response = client_of(alice).post(PAGE, TYPED)
    assert response.status_code == 409
    assert "There is a rule of this mode for main already." in text(response)


def test_who_does_not_administer_sees_the_rules_and_changes_nothing(
    bob: User, rule: ProtectionRule, client_of: Clients
) -> None:
    client = client_of(bob)
    shown = text(client.get(PAGE))
    assert "check lint" in shown
    for offer in ("New rule", "Set owners", "Delete rule"):
        assert offer not in shown
    assert client.post(PAGE, TYPED).status_code == 403
    assert client.post(f"{PAGE}{rule.pk}/", TYPED).status_code == 403
    assert client.post(f"{PAGE}owners/", {"owners-pattern": "x"}).status_code == 403
    assert "This needs the permission" in text(client.post(f"{PAGE}delete/", {"id": rule.pk}, follow=True))
    rule.refresh_from_db()
    assert rule.required_approvals == 0


def test_a_rule_that_is_not_there_is_told(alice: User, repository: Repository, client_of: Clients) -> None:
    assert client_of(alice).get(f"{PAGE}7/").status_code == 404
    assert "has no protection rule 7" in text(client_of(alice).post(f"{PAGE}delete/", {"id": 7}, follow=True))


def test_owners_are_set_and_removed(alice: User, bob: User, repository: Repository, client_of: Clients) -> None:
    Group.objects.create(name="sales")
    client = client_of(alice)
    typed = {"owners-pattern": "Order*", "owners-users": "bob", "owners-groups": "sales"}
    shown = text(client.post(f"{PAGE}owners/", typed, follow=True))
    assert "The owners of Order* are set." in shown
    assert "@sales" in shown
    response = client.post(f"{PAGE}owners/", {**typed, "owners-users": "bob\nnobody"})
    assert response.status_code == 422
    assert "There is no user nobody." in text(response)
    shown = text(client.post(f"{PAGE}owners/remove/", {"id": Ownership.objects.get().pk}, follow=True))
    assert "Nobody owns anything." in shown


def test_the_page_costs_the_same_for_many_rules_and_owners(
    alice: User, repository: Repository, client_of: Clients
) -> None:
    client, counts = client_of(alice), []
    for number in range(5):
        protection_rule_create(actor=alice, repository=repository, fields={"pattern": f"b{number}"})
        owners_set(actor=alice, repository=repository, pattern=f"T{number}", users=["alice"])
        if number in (0, 4):
            with CaptureQueriesContext(connection) as queries:
                client.get(PAGE)
            counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_refused_commit_says_in_the_editor_what_is_missing(
    bob: User, person: Commit, rule: ProtectionRule, client_of: Clients
) -> None:
    typed = {"name": "Dog", "content": '{"properties": {}}', "message": "", "expected_head": person.digest}
    response = client_of(bob).post(f"{WORLD}resources/new/?kind=object_type&ref=main", typed)
    assert response.status_code == 403
    assert "The branch changes by the merge of a proposal only." in text(response)
    assert "The check lint has not been posted." in text(response)


# --- For administrators of the instance ---------------------------------------------------------------


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory(username="ada", role=Role.ADMINISTRATOR)


RULES, OWNERS = "/console/merging/protectionrule/", "/console/merging/ownership/"


@pytest.mark.parametrize(
    "path",
    [RULES, f"{RULES}add/", OWNERS, f"{OWNERS}add/", "/console/merging/check/", "/console/merging/findingoverride/"],
)
def test_djangos_pages_are_for_administrators(path: str, alice: User, ada: User, client_of: Clients) -> None:
    assert client_of(alice).get(path).status_code == 403
    assert client_of(ada).get(path).status_code == 200


def test_an_administrator_makes_changes_and_deletes_rules_by_the_services(
    ada: User, repository: Repository, client_of: Clients
) -> None:
    client = client_of(ada)
    typed = {
        "repository": str(repository.pk),
        "pattern": "main",
        "mode": "active",
        "requires_proposal": "on",
        "required_approvals": "1",
        "required_checks": "lint",
        "bypass_roles": ["administrator"],
    }
    assert client.post(f"{RULES}add/", typed).status_code == 302
    rule = ProtectionRule.objects.get()
    assert (rule.created_by, rule.required_checks, rule.forbids_reset) == (ada, ["lint"], False)
    one = f"{RULES}{rule.pk}/change/"
    assert "lint" in text(client.get(one))
    assert client.post(one, {**typed, "pattern": "release/*"}).status_code == 302
    rule.refresh_from_db()
    assert rule.pattern == "release/*"
    refused = client.post(one, {**typed, "pattern": "a..b"})
    assert "two dots" in str(refused.context["adminform"].form.errors["pattern"])
    assert client.post(f"{RULES}{rule.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not ProtectionRule.objects.exists()


def test_an_administrator_sets_and_removes_owners_by_the_services(
    ada: User, bob: User, repository: Repository, client_of: Clients
) -> None:
    client = client_of(ada)
    typed = {"repository": str(repository.pk), "pattern": "Order*", "position": "3", "users": [str(bob.pk)]}
    assert client.post(f"{OWNERS}add/", typed).status_code == 302
    row = Ownership.objects.get()
    assert (row.owners, row.position) == (["bob"], 3)
    assert client.post(f"{OWNERS}{row.pk}/change/", {"position": "4", "users": []}).status_code == 302
    row.refresh_from_db()
    assert (row.owners, row.position, row.pattern) == ([], 4, "Order*")
    client.post(OWNERS, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert not Ownership.objects.exists()


def test_checks_are_read_and_not_written(ada: User, person: Commit, client_of: Clients) -> None:
    check_post(actor=ada, commit=person, name="lint", state="success")
    one = f"/console/merging/check/{Check.objects.get().pk}/change/"
    assert client_of(ada).get(one).status_code == 200
    assert client_of(ada).post(one, {"state": "failure"}).status_code == 403


# --- In a browser ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_page_as_people_see_it(
    alice: User, rule: ProtectionRule, page_of: Callable[..., Page], screenshot: Callable[..., None]
) -> None:
    page = page_of(alice)
    page.goto(PAGE)
    page.get_by_label("Branches").fill("release/*")
    page.get_by_label("No merge commits").check()
    page.get_by_label("Checks that have to pass").fill("impact")
    page.get_by_role("button", name="Protect").click()
    page.get_by_text("The rule for release/* holds.").wait_for()
    screenshot(page, "protection")
    page.get_by_role("link", name="release/*", exact=True).click()
    assert page.get_by_label("No merge commits").is_checked()
    page.emulate_media(color_scheme="dark")
    screenshot(page, "protection-rule-dark")
