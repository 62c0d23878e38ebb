"""What the console says of merges whose result breaks something, or of what was taken back."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from history.engine.changes import Delete, Put
from history.models import Commit, Repository
from history.selectors import branch_get
from history.services import branch_create
from merging.services import branch_merge, commit_revert, proposal_open
from ontology.models import RuleSeverity
from ontology.services import rule_setting_set
from tests.console.pages import WORLD, text

MERGE = f"{WORLD}merge/?source=topic&target=main"
PROPOSAL = f"{WORLD}proposals/1/"


@pytest.fixture
def alices(alice: User, repository: Repository, person: Commit, client_of: Callable[[User], Client]) -> Client:
    branch_create(actor=alice, repository=repository, name="topic")
    return client_of(alice)


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_what_the_target_has_taken_back_is_told_before_it_is_merged_again(
    alice: User, alices: Client, repository: Repository, commit: Callable[..., Commit]
) -> None:
    commit(Put("interface", "Named", {}))
    commit(Put("interface", "Aged", {}), branch="topic")
    made = branch_merge(actor=alice, repository=repository, source="topic", target="main", message="Merge ages").commit
    main = branch_get(repository, "main")
    by = commit_revert(actor=alice, branch=main, commit=made.digest, mainline=1).commit
    assert "Merge ages — reverted by" in plain(text(alices.get(MERGE)))
    commit(Put("interface", "Dated", {}), branch="topic")
    proposal_open(actor=alice, repository=repository, title="Ages", source="topic")
    for page in (MERGE, PROPOSAL):
        told = text(alices.get(page))
        assert f"commits/{by.digest}/" in told
        assert "It stays so until that revert is reverted." in plain(told)


def test_what_a_reference_misses_is_shown_as_the_resource_that_it_is(
    alices: Client, commit: Callable[..., Commit]
) -> None:
    commit(Delete("object_type", "Person"), branch="topic")
    commit(Put("object_type", "Employee", {"properties": {}, "extends": ["Person"]}))
    shown = plain(text(alices.get(MERGE)))
    assert "One side deleted what the other refers to." in shown
    assert "rid" not in shown
    assert "Properties" in shown


def test_rules_that_both_sides_break_together_are_told_in_a_sentence(
    alices: Client, alice: User, repository: Repository, commit: Callable[..., Commit]
) -> None:
    commit(*(Put("object_type", name, {"properties": {}}) for name in "AB"))
    branch_create(actor=alice, repository=repository, name="loop")
    commit(Put("object_type", "A", {"properties": {}, "extends": ["B"]}))
    commit(Put("object_type", "B", {"properties": {}, "extends": ["A"]}), branch="loop")
    shown = plain(text(alices.get(f"{WORLD}merge/?source=loop&target=main")))
    assert "What the sides have, each of them valid, breaks a rule together." in shown
    assert "A extends itself" in shown.replace("'", "").replace("&#x27;", "")


def test_a_fast_forward_that_breaks_a_rule_by_now_is_not_offered(
    alices: Client, alice: User, repository: Repository, commit: Callable[..., Commit]
) -> None:
    commit(Put("interface", "named", {}), branch="topic")
    rule_setting_set(actor=alice, repository=repository, rule="NAMING_CONVENTION", severity=RuleSeverity.ERROR)
    proposal_open(actor=alice, repository=repository, title="Names", source="topic")
    shown = plain(text(alices.get(MERGE)))
    assert "The merged state would not be valid" in shown
    assert "Merge into main" not in shown
    readiness = plain(text(alices.get(f"{PROPOSAL}?method=rebase")))
    assert "The merged state would break 1 rule." in readiness
    assert "Merge into main" not in readiness
    assert "Put it into the merge queue" not in readiness
