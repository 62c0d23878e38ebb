"""Entries of the merge queue that PostgreSQL itself refuses: a real one, by triggers on the end of an entry."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection

from history.selectors import branch_get
from merging.models import Proposal, ProposalState, QueueEntry
from merging.services import queue, queue_advance, queue_enter
from merging.services.queue import ATTEMPTS
from tests.merging.branches import branch, contents, edit, put
from tests.merging.proposing import World, propose, told
from tests.merging.protected import events

pytestmark = pytest.mark.django_db(transaction=True)

Trouble = Callable[..., None]

DEATH = "PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5);"
MERGED = "NEW.state = 'merged'"


def refusal(sqlstate: str) -> str:
    return f"RAISE EXCEPTION 'no' USING ERRCODE = '{sqlstate}';"


@pytest.fixture
def trouble() -> Iterator[Trouble]:
    """Has PostgreSQL do something else than it should whenever entries are updated under a condition."""
    made: list[str] = []

    def make(body: str, entry: QueueEntry, when: str = MERGED, kind: str = "TRIGGER", timing: str = "BEFORE") -> None:
        name = f"trouble{len(made)}"
        made.append(name)
        deferred = "" if kind == "TRIGGER" else "DEFERRABLE INITIALLY DEFERRED"
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NEW; END $$;"
                f"CREATE {kind} {name} {timing} UPDATE ON merging_queueentry {deferred} FOR EACH ROW "
                f"WHEN (NEW.id = {entry.pk} AND {when}) EXECUTE FUNCTION {name}()"
            )

    yield make
    over(*made)


def over(*names: str) -> None:
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP FUNCTION IF EXISTS {name} CASCADE")


def queued(here: World, name: str) -> tuple[Proposal, QueueEntry]:
    branch(here.crm, name)
    edit(here.crm, name, put(name.title()))
    proposal = propose(here.crm, name)
    return proposal, queue_enter(actor=here.bob, proposal=proposal)


def attempt(here: World) -> bool | None:
    """What came of a turn; None where the database failed, after which a worker looks after its connection."""
    try:
        return queue_advance(repository=here.crm, target="main")
    except (OperationalError, InterfaceError):
        return None
    finally:
        connection.close_if_unusable_or_obsolete()


def waits(entry: QueueEntry) -> tuple[bool, int]:
    entry.refresh_from_db()
    return entry.is_queued, entry.failures


@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "53100", "53200", "54001", "57014"])
def test_what_postgresql_refuses_every_time_leaves_and_the_others_go_on(
    sqlstate: str, here: World, trouble: Trouble
) -> None:
    (proposal, entry), (_, after) = queued(here, "one"), queued(here, "two")
    head = branch_get(here.crm, "main").head
    trouble(refusal(sqlstate), entry)
    assert [attempt(here) for _ in range(ATTEMPTS - 1)] == [None] * (ATTEMPTS - 1)
    assert waits(entry) == (True, ATTEMPTS - 1)
    assert branch_get(here.crm, "main").head == head
    assert attempt(here) is True
    assert waits(entry) == (False, ATTEMPTS)
    assert (entry.state, entry.code, entry.reason) == (
        "failed",
        "internal",
        f"The database failed at {ATTEMPTS} attempts to merge it.",
    )
    assert branch_get(here.crm, "main").head == head
    assert told(proposal)[1:] == ["queue_entry.created", "queue_entry.failed"]
    [failure] = events("io.oms.merging.queue_entry.failed")
    assert (failure["entry"], failure["code"], failure["reason"]) == (entry.pk, "internal", entry.reason)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.OPEN
    assert attempt(here) is False
    assert waits(after) == (False, 0)
    assert (after.state, "Two" in contents(here.crm), "One" in contents(here.crm)) == ("merged", True, False)


def test_a_statement_that_runs_out_of_time_counts(
    here: World, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "ATTEMPTS", 2)
    _, entry = queued(here, "one")
    trouble("PERFORM pg_sleep(60);", entry)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '2s'")
    try:
        assert [attempt(here), attempt(here)] == [None, False]
    finally:
        connection.close()
    assert waits(entry) == (False, 2)
    assert entry.code == "internal"


def test_what_fails_as_it_is_committed_counts(here: World, trouble: Trouble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "ATTEMPTS", 2)
    _, entry = queued(here, "one")
    trouble(refusal("40001"), entry, kind="CONSTRAINT TRIGGER", timing="AFTER")
    assert [attempt(here), attempt(here)] == [None, False]
    assert waits(entry) == (False, 2)
    assert "One" not in contents(here.crm)


def test_what_passes_is_merged_whatever_was_counted(here: World, trouble: Trouble) -> None:
    proposal, entry = queued(here, "one")
    trouble(refusal("40P01"), entry)
    for _ in range(ATTEMPTS - 1):
        attempt(here)
    over("trouble0")
    assert attempt(here) is False
    assert waits(entry) == (False, ATTEMPTS - 1)
    assert (entry.state, told(proposal)[-1]) == ("merged", "proposal.merged")


@pytest.mark.parametrize("body", [DEATH, *map(refusal, ("08006", "53300", "55P03", "57P01", "57P02", "57P03"))])
def test_a_database_that_cannot_be_had_throws_nobody_out(body: str, here: World, trouble: Trouble) -> None:
    _, entry = queued(here, "one")
    trouble(body, entry)
    assert [attempt(here) for _ in range(ATTEMPTS + 1)] == [None] * (ATTEMPTS + 1)
    assert waits(entry) == (True, 0)
    over("trouble0")
    assert attempt(here) is False
    assert entry_state(entry) == "merged"


def test_a_server_that_is_not_there_throws_nobody_out(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _, entry = queued(here, "one")
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        patch.setitem(connection.settings_dict, "PORT", "1")
        connection.close()
        assert [attempt(here) for _ in range(ATTEMPTS + 1)] == [None] * (ATTEMPTS + 1)
    connection.close()
    assert waits(entry) == (True, 0)


@pytest.mark.parametrize("body", [DEATH, refusal("53100")])
def test_where_not_even_the_count_can_be_written_the_entry_waits(body: str, here: World, trouble: Trouble) -> None:
    _, entry = queued(here, "one")
    trouble(refusal("40001"), entry)
    trouble(body, entry, when="NEW.failures > OLD.failures")
    with pytest.raises(OperationalError) as failure:
        queue_advance(repository=here.crm, target="main")
    connection.close_if_unusable_or_obsolete()
    cause: Any = failure.value.__cause__
    assert cause.sqlstate == "40001"
    assert [attempt(here) for _ in range(ATTEMPTS)] == [None] * ATTEMPTS
    assert waits(entry) == (True, 0)
    over("trouble1")
    attempt(here)
    assert waits(entry) == (True, 1)


def test_a_server_that_dies_as_the_last_attempt_is_told_leaves_the_entry_to_the_next(
    here: World, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "ATTEMPTS", 2)
    proposal, entry = queued(here, "one")
    trouble(refusal("40001"), entry)
    trouble(DEATH, entry, when="NEW.state = 'failed'")
    assert [attempt(here) for _ in range(3)] == [None] * 3
    assert waits(entry) == (True, 3)
    over("trouble1")
    assert attempt(here) is False
    assert (entry_state(entry), told(proposal)[-1]) == ("failed", "queue_entry.failed")


def entry_state(entry: QueueEntry) -> str:
    entry.refresh_from_db()
    return entry.state
