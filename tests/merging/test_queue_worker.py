"""The merge queue with a broker and a worker of Celery: what is put into it is merged without anybody asking."""

import time
from collections.abc import Iterator

import pytest
from celery.contrib.testing.worker import start_worker
from redis import Redis

from gateway import services as gateway
from history.engine.changes import Change, Delete
from merging.models import Proposal, QueueEntry, QueueState
from merging.services import queue_enter
from oms_project.celery import app
from tests.merging.branches import branch, contents, edit, put
from tests.merging.proposing import World, propose

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

MERGED, FAILED = QueueState.MERGED, QueueState.FAILED


@pytest.fixture
def worker(redis_client: Redis) -> Iterator[None]:
    with start_worker(app, pool="solo", perform_ping_check=False):
        yield


def proposed(here: World, name: str, change: Change) -> Proposal:
    branch(here.crm, name)
    edit(here.crm, name, change)
    return propose(here.crm, name)


def ended(proposals: list[Proposal], seconds: float = 30) -> list[str]:
    """How each one's turn ended."""
    until = time.monotonic() + seconds
    while QueueEntry.objects.queued().exists():
        assert time.monotonic() < until
        time.sleep(0.05)
    return [QueueEntry.objects.get(proposal=proposal).state for proposal in proposals]


def test_a_worker_merges_what_is_put_into_the_queue_and_passes_over_what_fails(here: World, worker: None) -> None:
    deletes = proposed(here, "deletes", Delete("object_type", "Company"))
    extends = proposed(here, "extends", put("Store", extends=["Company"]))
    adds = proposed(here, "adds", put("Pet"))
    for proposal in (deletes, extends, adds):
        queue_enter(actor=here.bob, proposal=proposal)
    assert ended([deletes, extends, adds]) == [MERGED, FAILED, MERGED]
    assert "Pet" in contents(here.crm)
    assert "Company" not in contents(here.crm)


def test_the_clock_finds_what_no_message_has_told_of(
    here: World, worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = proposed(here, "adds", put("Pet"))
    with monkeypatch.context() as patch:
        patch.setattr(gateway.current_app, "send_task", lost)
        queue_enter(actor=here.bob, proposal=proposal)
    app.send_task("merging.tasks.advance_queues")
    assert ended([proposal]) == [MERGED]


def lost(*_args: object, **_options: object) -> None:
    """A message that does not arrive."""
