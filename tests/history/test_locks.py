"""Who may write to a branch that is locked or archived, and what becomes of locks."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.models import User
from gateway.exceptions import Locked
from history.engine.changes import Put
from history.exceptions import (
    BranchLocked,
    LockInvalid,
    LockLost,
    LockNotFound,
    NotAllowed,
    RepositoryNotFound,
)
from history.models import Branch, BranchLock, Commit, Event, Repository, Role
from history.selectors import branch_get
from history.services import (
    Authority,
    branch_archive,
    branch_create,
    branch_delete,
    branch_reset,
    commit_create,
    head_move,
    lock_release,
    lock_renew,
    lock_take,
    membership_set,
)
from history.services.commits import commit_write
from tests.factories import lock_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("note_content")]


def written(actor: User, branch: Branch, token: int | None = None) -> Commit:
    """A commit on the branch, with a token or without one."""
    change = Put("note", f"n{Commit.objects.count()}", {})
    authority = Authority(lock_token=token)
    return commit_create(actor=actor, branch=branch, changes=[change], message="Edit", authority=authority)


def told(*types: str) -> list[dict[str, Any]]:
    """The data of the events of these types, the oldest first."""
    rows = Event.objects.filter(type__in=[f"io.oms.history.branch.{each}" for each in types]).order_by("id")
    return [json.loads(bytes(row.body))["data"] for row in rows]


def later(seconds: float) -> Any:
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=False)


@pytest.fixture
def topic(alice: User, repository: Repository) -> Branch:
    return branch_create(actor=alice, repository=repository, name="topic")


# --- A lock that holds ------------------------------------------------------------------------------


def test_only_the_owner_writes_and_only_with_the_token(alice: User, bob: User, main: Branch) -> None:
    lock = lock_take(actor=bob, branch=main, reason="Migration", duration=60)
    for actor, token in ((alice, None), (alice, lock.token), (bob, None), (bob, lock.token - 1), (bob, 2**62)):
        with pytest.raises(BranchLocked) as refused:
            written(actor, main, token)
        until = f"{lock.expires_at:%Y-%m-%dT%H:%M:%SZ}"
        assert refused.value.detail == f"main is locked by bob until {until}."
        assert refused.value.extensions == {"owner": "bob", "expires_at": until, "reason": "Migration"}
    made = written(bob, main, lock.token)
    assert branch_get(main.repository, "main").head == made


def test_a_branch_is_locked_exactly_while_a_lock_holds(bob: User, main: Branch) -> None:
    def state() -> str:
        return branch_get(main.repository, "main").state

    assert state() == "active"
    lock = lock_take(actor=bob, branch=main, reason="Migration", duration=60)
    assert state() == "locked"
    with later(59):
        assert state() == "locked"
    with later(60):
        assert state() == "active"
    lock_release(actor=bob, branch=main, token=lock.token)
    assert state() == "active"


@pytest.mark.parametrize("of_account", ["bob", "alice"])
def test_a_lock_is_not_taken_twice_not_even_by_its_owner(alice: User, bob: User, main: Branch, of_account: str) -> None:
    lock_by(bob, main)
    with pytest.raises(BranchLocked):
        lock_by({"bob": bob, "alice": alice}[of_account], main)
    assert BranchLock.objects.count() == 1


def test_no_token_is_given_twice(alice: User, bob: User, main: Branch, topic: Branch) -> None:
    """After a release, an expiry, a forced end, and where the branch is made anew."""
    first = lock_by(bob, topic)
    lock_release(actor=bob, branch=topic, token=first.token)
    second = lock_by(bob, topic, duration=1)
    with later(1):
        third = lock_by(alice, topic)
        lock_release(actor=alice, branch=topic, force=True)
    fourth = lock_by(bob, topic)
    branch_delete(actor=bob, branch=topic, authority=Authority(lock_token=fourth.token))
    fifth = lock_by(bob, branch_create(actor=alice, repository=main.repository, name="topic"))
    tokens = [lock.token for lock in (first, second, third, fourth, fifth)]
    assert tokens == sorted(set(tokens))


def test_a_heartbeat_keeps_the_lock(bob: User, main: Branch) -> None:
    lock = lock_by(bob, main, duration=60)
    with later(50):
        renewed = lock_renew(actor=bob, branch=main, token=lock.token, duration=60)
        assert (renewed.token, renewed.expires_at) == (lock.token, timezone.now() + timedelta(seconds=60))
        assert renewed.taken_at == lock.taken_at < renewed.renewed_at
    with later(100):
        assert written(bob, main, lock.token)
    assert not told("renewed")


def test_nobody_else_renews_or_releases_a_lock(alice: User, bob: User, main: Branch) -> None:
    lock = lock_by(bob, main)
    for actor, token in ((alice, lock.token), (bob, lock.token + 1)):
        with pytest.raises(BranchLocked):
            lock_renew(actor=actor, branch=main, token=token, duration=60)
        with pytest.raises(BranchLocked):
            lock_release(actor=actor, branch=main, token=token)
    assert BranchLock.objects.get() == lock


def test_who_administers_the_repository_forces_a_lock_open(alice: User, bob: User, charlie: User, main: Branch) -> None:
    membership_set(actor=alice, repository=main.repository, user=charlie, role=Role.DEVELOPER)
    lock = lock_by(bob, main)
    with pytest.raises(NotAllowed):
        lock_release(actor=charlie, branch=main, force=True)
    lock_release(actor=alice, branch=main, force=True)
    assert written(charlie, main)
    with pytest.raises(LockLost):
        written(bob, main, lock.token)
    assert [each["forced"] for each in told("unlocked")] == [True]


def test_taking_and_ending_a_lock_are_events(bob: User, main: Branch) -> None:
    lock = lock_by(bob, main)
    lock_release(actor=bob, branch=main, token=lock.token)
    assert told("locked", "unlocked") == [
        {
            "repository": "crm",
            "branch": "main",
            "owner": str(bob.pk),
            "token": lock.token,
            "reason": "Migration",
            "expires_at": f"{lock.expires_at:%Y-%m-%dT%H:%M:%SZ}",
        },
        {"repository": "crm", "branch": "main", "owner": str(bob.pk), "token": lock.token, "forced": False},
    ]


@pytest.mark.parametrize(
    ("reason", "duration", "errors"),
    [
        ("", 60, [("/reason", "REQUIRED")]),
        (" ", 60, [("/reason", "REQUIRED")]),
        ("a\0", 60, [("/reason", "NULL_CHARACTER")]),
        ("가" * 501, 60, [("/reason", "LENGTH")]),
        ("x", 0, [("/duration", "OUT_OF_RANGE")]),
        ("x", 604_801, [("/duration", "OUT_OF_RANGE")]),
        (" ", -1, [("/reason", "REQUIRED"), ("/duration", "OUT_OF_RANGE")]),
    ],
)
def test_a_lock_says_why_and_ends(
    bob: User, main: Branch, reason: str, duration: int, errors: list[tuple[str, str]]
) -> None:
    with pytest.raises(LockInvalid) as refused:
        lock_take(actor=bob, branch=main, reason=reason, duration=duration)
    assert [(error.field, error.rule) for error in refused.value.errors] == errors
    assert not BranchLock.objects.exists()


def test_a_lock_is_for_who_may_lock(alice: User, bob: User, charlie: User, main: Branch) -> None:
    membership_set(actor=alice, repository=main.repository, user=bob, role=Role.REVIEWER)
    with pytest.raises(NotAllowed):
        lock_by(bob, main)
    with pytest.raises(RepositoryNotFound):
        lock_by(charlie, main)


def test_a_lock_keeps_deletion_reset_and_archiving_away(alice: User, bob: User, topic: Branch) -> None:
    lock_by(bob, topic)
    for write in (branch_delete, branch_archive, lambda **given: branch_reset(to="main", **given)):
        with pytest.raises(BranchLocked):
            write(actor=alice, branch=topic)


def test_no_way_of_moving_a_head_goes_around_a_lock(alice: User, bob: User, main: Branch) -> None:
    """Not even one that has not asked for the branch first."""
    lock_by(bob, main)
    root = main.head
    commit = commit_write(repository=main.repository, author=alice, root=root.root, parents=[root], message="Around")
    with pytest.raises(BranchLocked):
        head_move(actor=alice, branch=main, before=root, after=commit, event="io.oms.history.commit.created")
    assert branch_get(main.repository, "main").head == root


# --- A lock that has expired ------------------------------------------------------------------------


def test_an_expired_lock_is_in_nobody_s_way_and_its_holder_is_late(alice: User, bob: User, main: Branch) -> None:
    lock = lock_by(bob, main, duration=60)
    with later(60):
        for late in (
            lambda: written(bob, main, lock.token),
            lambda: lock_renew(actor=bob, branch=main, token=lock.token, duration=60),
            lambda: lock_release(actor=bob, branch=main, token=lock.token),
        ):
            with pytest.raises(LockLost):
                late()
        with pytest.raises(LockNotFound):
            lock_release(actor=alice, branch=main, force=True)
        assert written(alice, main)
        assert written(bob, main)


def test_the_next_one_takes_an_expired_lock_over(alice: User, bob: User, main: Branch) -> None:
    first = lock_by(bob, main, duration=60)
    with later(61):
        second = lock_by(alice, main)
        assert second.token > first.token
        for late in (
            lambda: written(bob, main, first.token),
            lambda: lock_renew(actor=bob, branch=main, token=first.token, duration=60),
        ):
            with pytest.raises(BranchLocked) as refused:
                late()
            assert refused.value.extensions["owner"] == "alice"
        assert written(alice, main, second.token)


def test_a_token_without_a_lock_is_refused(alice: User, main: Branch) -> None:
    with pytest.raises(LockLost):
        written(alice, main, 7)


def test_a_write_that_outlasts_its_lock_is_refused(
    bob: User, main: Branch, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hook stands for a validation that takes longer than the lock."""
    lock = lock_by(bob, main, duration=60)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        monkeypatch.setattr("tests.history.test_store.refuse", lambda _step: clock.shift(61))
        settings.HISTORY_COMMIT_HOOKS = ["tests.history.test_store.refuse"]
        with pytest.raises(LockLost):
            written(bob, main, lock.token)
    assert branch_get(main.repository, "main").head == main.head


# --- Any order of takes, heartbeats, releases, writes and time --------------------------------------

people, tokens = st.sampled_from(["alice", "bob"]), st.integers(0, 3)


class Locking(RuleBasedStateMachine):
    """One branch and a clock, beside a model of who holds what until when."""

    start: Callable[[], tuple[Branch, dict[str, User]]]

    def __init__(self) -> None:
        super().__init__()
        self.branch, self.users = self.start()
        self.clock = time_machine.travel(timezone.now(), tick=False)
        self.time = self.clock.start()
        self.given: list[int] = []
        self.held: tuple[str, int] | None = None
        self.until = timezone.now()

    def teardown(self) -> None:
        self.clock.stop()

    @property
    def holder(self) -> tuple[str, int] | None:
        return self.held if timezone.now() < self.until else None

    def _token(self, back: int) -> int:
        """One of those that were given, counted from the last; 0 where there are not so many."""
        return self.given[-1 - back] if back < len(self.given) else 0

    def _does(self, work: Callable[[], Any], *, allowed: bool) -> Any:
        if allowed:
            return work()
        with pytest.raises(Locked):
            work()
        return None

    @rule(who=people, duration=st.integers(1, 30))
    def take(self, who: str, duration: int) -> None:
        lock = self._does(
            lambda: lock_take(actor=self.users[who], branch=self.branch, reason="x", duration=duration),
            allowed=self.holder is None,
        )
        if lock:
            assert lock.token > max(self.given, default=0)
            self.given.append(lock.token)
            self.held, self.until = (who, lock.token), lock.expires_at

    @rule(who=people, back=tokens, duration=st.integers(1, 30))
    def renew(self, who: str, back: int, duration: int) -> None:
        token = self._token(back)
        renewed = self._does(
            lambda: lock_renew(actor=self.users[who], branch=self.branch, token=token, duration=duration),
            allowed=self.holder == (who, token),
        )
        if renewed:
            self.until = timezone.now() + timedelta(seconds=duration)

    @rule(who=people, back=tokens)
    def release(self, who: str, back: int) -> None:
        token = self._token(back)
        is_allowed = self.holder == (who, token)
        self._does(lambda: lock_release(actor=self.users[who], branch=self.branch, token=token), allowed=is_allowed)
        if is_allowed:
            self.held = None

    @rule(who=people, back=st.none() | tokens)
    def write(self, who: str, back: int | None) -> None:
        token = None if back is None else self._token(back)
        is_allowed = self.holder == (who, token) or (self.holder is None and token is None)
        self._does(lambda: written(self.users[who], self.branch, token), allowed=is_allowed)

    @rule(seconds=st.integers(1, 20))
    def wait(self, seconds: int) -> None:
        self.time.shift(seconds)

    @invariant()
    def shown_is_what_holds(self) -> None:
        expected = "locked" if self.holder else "active"
        assert branch_get(self.branch.repository, self.branch.name).state == expected


def test_whatever_happens_one_holder_writes_and_only_while_their_lock_holds(
    alice: User, bob: User, repository: Repository
) -> None:
    def start() -> tuple[Branch, dict[str, User]]:
        name = f"b{repository.branches.count()}"
        return branch_create(actor=alice, repository=repository, name=name), {"alice": alice, "bob": bob}

    machine = type("Machine", (Locking,), {"start": staticmethod(start)})
    few = settings(
        max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=few)
