"""What holds of locks when many want them at once: real threads, each with a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from gateway.exceptions import Locked
from history.engine.changes import Put
from history.exceptions import BranchLocked, LockLost
from history.models import Branch, BranchLock, Event
from history.selectors import branch_get
from history.services import Authority, commit_create, lock_release, lock_renew, lock_take
from history.services.locks import branch_row
from tests.factories import lock_by
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("note_content")]

TAKERS = 10
ROUNDS = 8


def taken(actor: User, branch: Branch, duration: int = 600) -> BranchLock:
    return lock_take(actor=actor, branch=branch, reason="Race", duration=duration)


def expire_at(moment: datetime) -> None:
    """Let the one lock there is hold until this moment."""
    BranchLock.objects.update(expires_at=moment, renewed_at=moment - timedelta(seconds=60))


def wait_until(moment: datetime) -> None:
    sleep(max(0.0, (moment - timezone.now()).total_seconds()))


def test_of_ten_takers_one_has_the_lock(alice: User, bob: User, main: Branch) -> None:
    """Half of them are processes of one account; the lock that they want has just expired."""
    first = lock_by(bob, main)
    expire_at(timezone.now())
    found = at_once(TAKERS, lambda number: taken(alice if number % 2 else bob, main))
    locks = [each for each in found if isinstance(each, BranchLock)]
    assert len(locks) == 1
    assert {type(each) for each in found if each not in locks} == {BranchLocked}
    assert BranchLock.objects.get() == locks[0]
    assert locks[0].token > first.token


def test_a_late_holder_never_writes_once_somebody_else_has_the_lock(alice: User, bob: User, main: Branch) -> None:
    """Bob writes with his token until he is refused; Alice takes the lock the moment it expires, and writes."""
    lock = lock_by(bob, main)
    expire_at(timezone.now() + timedelta(seconds=0.3))
    end = monotonic() + 20

    def write(actor: User, token: int, number: int) -> None:
        change = Put("note", f"{actor.username}{number}", {})
        authority = Authority(lock_token=token)
        commit_create(actor=actor, branch=main, changes=[change], message="Edit", authority=authority)

    def work(number: int) -> int:
        """How many commits each has made."""
        written = 0
        while monotonic() < end:
            try:
                if number == 0:
                    write(alice, taken(alice, main).token, 0)
                    return 1
                write(bob, lock.token, number * 10_000 + written)
                written += 1
            except Locked:
                if number:
                    return written
        raise AssertionError

    commits = at_once(4, work)
    told = list(Event.objects.order_by("id").values_list("type", "actor"))
    change_of_hands = max(place for place, each in enumerate(told) if each[0] == "io.oms.history.branch.locked")
    assert told[change_of_hands] == ("io.oms.history.branch.locked", alice.pk)
    assert told[change_of_hands + 1 :] == [("io.oms.history.commit.created", alice.pk)]
    assert told.count(("io.oms.history.commit.created", bob.pk)) == sum(commits[1:]) > 0


def test_a_lock_is_renewed_or_taken_over_but_never_both(alice: User, bob: User, main: Branch) -> None:
    lock = lock_by(bob, main)
    for _round in range(ROUNDS):
        moment = timezone.now() + timedelta(seconds=0.05)
        expire_at(moment)

        def work(number: int, token: int = lock.token, moment: datetime = moment) -> Any:
            if number == 0:
                wait_until(moment - timedelta(milliseconds=2))
                return lock_renew(actor=bob, branch=main, token=token, duration=600)
            wait_until(moment)
            return taken(alice, main)

        renewed, next_one = at_once(2, work)
        assert isinstance(renewed, BranchLock) != isinstance(next_one, BranchLock)
        holds = renewed if isinstance(renewed, BranchLock) else next_one
        assert BranchLock.objects.get() == holds
        if holds == next_one:
            assert isinstance(renewed, BranchLocked | LockLost)
            BranchLock.objects.all().delete()
            lock = lock_by(bob, main)


def test_a_heartbeat_does_not_wait_for_the_owner_s_own_long_write(bob: User, main: Branch) -> None:
    lock = lock_by(bob, main)

    def beat() -> BranchLock:
        try:
            return lock_renew(actor=bob, branch=main, token=lock.token, duration=900)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        branch_row(main)
        assert pool.submit(beat).result(timeout=10).token == lock.token
    assert branch_get(main.repository, "main").state == "locked"


def test_a_write_without_a_token_does_not_slip_past_a_renewal_that_is_under_way(
    alice: User, bob: User, main: Branch
) -> None:
    """The lock has expired by what is committed, but its owner's renewal came in time."""
    lock = lock_by(bob, main)
    moment = timezone.now() + timedelta(seconds=0.2)
    expire_at(moment)

    def write() -> Any:
        try:
            return commit_create(actor=alice, branch=main, changes=[Put("note", "a", {})], message="Edit")
        except BranchLocked as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock_renew(actor=bob, branch=main, token=lock.token, duration=600)
            wait_until(moment)
            writing = pool.submit(write)
            sleep(0.2)
            assert not writing.done()
        refused = writing.result(timeout=10)
    assert isinstance(refused, BranchLocked)
    assert refused.extensions["owner"] == "bob"


def test_a_heartbeat_waits_for_the_end_of_the_lock_that_is_under_way(alice: User, bob: User, main: Branch) -> None:
    lock = lock_by(bob, main)

    def beat() -> Any:
        try:
            return lock_renew(actor=bob, branch=main, token=lock.token, duration=600)
        except LockLost as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock_release(actor=alice, branch=main, force=True)
            beating = pool.submit(beat)
            sleep(0.2)
            assert not beating.done()
        assert isinstance(beating.result(timeout=10), LockLost)
