"""What a guard has looked at does not change before the head has moved."""

from collections.abc import Callable
from threading import Event as Signal
from time import sleep
from typing import Any

import pytest
from django.db import transaction

from history.engine.changes import Delete
from history.models import Event
from merging.exceptions import BranchProtected
from merging.services import (
    Method,
    ProposalAuthority,
    Way,
    branch_merge,
    check_post,
    finding_override,
    merge_settings_set,
    overrides,
    proposal_preview,
    review_dismiss,
)
from tests.merging.protected import REFUSED, World, events, thing
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

WHILE = 0.3
"""Seconds for which a transaction is left open: the other one would be through by then, did it not wait."""


def one_within_the_other(open_: Callable[[], Any], late: Callable[[], Any]) -> list[Any]:
    """What both give or raise, where ``late`` starts when ``open_`` is done but not committed yet."""
    done = Signal()

    def work(number: int) -> Any:
        if number == 1:
            done.wait(10)
            return late()
        with transaction.atomic():
            result = open_()
            done.set()
            sleep(WHILE)
        return result

    return at_once(2, work)


def merging(world: World) -> Callable[[], Any]:
    """The merge of a proposal by who holds no lock of it, so that it is the guard's that counts."""
    proposal = world.proposal()
    source = world.branch("topic").head
    check_post(actor=world.ci, commit=source, name="lint", state="success")

    def merge() -> str:
        merged = branch_merge(
            actor=world.dan,
            repository=world.repository,
            source=source.digest,
            target="main",
            way=Way.MERGE,
            authority=ProposalAuthority(proposal=proposal, source_head=source),
        )
        return merged.commit.digest

    return merge


def test_an_approval_that_is_dismissed_meanwhile_does_not_count(protected: World) -> None:
    protected.rule(required_approvals=1)
    merge = merging(protected)
    review = protected.review(protected.repository.proposals.get(), protected.bob)
    before, alice = protected.head, protected.alice
    _dismissed, refused = one_within_the_other(
        lambda: review_dismiss(actor=alice, review=review, reason="Not looked at"), merge
    )
    assert isinstance(refused, BranchProtected)
    assert protected.head == before
    assert len(events(REFUSED)) == 1


def test_a_check_that_fails_meanwhile_does_not_count_as_passed_and_one_that_fails_later_waits(
    protected: World,
) -> None:
    protected.rule(required_checks=["lint"])
    merge = merging(protected)
    source, ci = protected.branch("topic").head, protected.ci

    def post(state: str) -> Callable[[], Any]:
        return lambda: check_post(actor=ci, commit=source, name="lint", state=state)

    _posted, refused = one_within_the_other(post("failure"), merge)
    assert isinstance(refused, BranchProtected)
    post("success")()
    merged, posted = one_within_the_other(merge, post("failure"))
    assert protected.head.digest == merged
    assert posted.state == "failure"
    told = Event.objects.order_by("-id").values_list("type", flat=True)
    assert list(told[:2]) == ["io.oms.merging.check.posted", "io.oms.merging.branch.merged"]


def test_a_finding_is_overridden_while_the_source_is_brought_up_to_date(
    protected: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both write what the merge comes to, and both lock the proposal."""
    proposal = protected.proposal(
        thing("Person", status="active", plural_name="People"), Delete("object_type", "Company")
    )
    protected.commit(thing("Person", status="active", icon="user"))
    ada, dan, repository, holds = protected.ada, protected.dan, protected.repository, Signal()

    def slow(**asked: Any) -> Any:
        holds.set()
        sleep(WHILE)
        return proposal_preview(**asked)

    monkeypatch.setattr(overrides, "proposal_preview", slow)

    def work(number: int) -> Any:
        if number:
            holds.wait(10)
            return branch_merge(actor=dan, repository=repository, source="main", target="topic").method
        place = {"rule": "OT_DELETED", "path": "/resources/object_type/Company"}
        return finding_override(actor=ada, proposal=proposal, reason="Nobody uses it", **place).rule

    assert at_once(2, work) == ["OT_DELETED", Method.MERGE]


def test_of_many_first_settings_all_are_set(protected: World) -> None:
    alice, repository = protected.alice, protected.repository

    def work(_number: int) -> bool:
        settings = merge_settings_set(actor=alice, repository=repository, apply_remembered_resolutions=True)
        return settings.apply_remembered_resolutions

    assert at_once(6, work) == [True] * 6
    assert len(events("io.oms.merging.settings.set")) == 1


def test_of_many_direct_writes_at_once_none_lands_and_each_is_told(protected: World) -> None:
    protected.rule(requires_proposal=True)
    before, _dan = protected.head, protected.dan
    answers = at_once(6, lambda _: protected.commit())
    assert [type(answer) for answer in answers] == [BranchProtected] * 6
    assert protected.head == before
    assert len(events(REFUSED)) == 6
