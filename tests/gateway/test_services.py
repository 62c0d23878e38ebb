from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from gateway import services
from gateway.exceptions import IdempotencyKeyReused
from gateway.models import IdempotencyRecord
from gateway.services import IDEMPOTENCY_RETENTION, Answer, idempotent_answer
from gateway.tasks import purge_idempotency_records

pytestmark = pytest.mark.django_db


def ask(execute=lambda: Answer(200, {"ETag": '"1"'}, b"\x00\xff"), **changed):
    return idempotent_answer(**({"principal": "alice", "key": "k", "fingerprint": "f"} | changed), execute=execute)


def never():
    pytest.fail("executed again")


def test_an_answer_is_given_again_byte_for_byte():
    assert ask() == ask(never) == Answer(200, {"ETag": '"1"'}, b"\x00\xff")


def test_another_fingerprint_is_refused():
    ask()
    with pytest.raises(IdempotencyKeyReused):
        ask(never, fingerprint="g")


def test_an_exception_takes_the_key_with_it():
    def fail():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask(fail)
    assert not IdempotencyRecord.objects.exists()


def test_old_answers_are_purged_and_their_keys_are_free_again():
    ask(key="old")
    IdempotencyRecord.objects.update(created_at=timezone.now() - IDEMPOTENCY_RETENTION - timedelta(seconds=1))
    ask(key="new")
    assert purge_idempotency_records() == 1
    assert [record.key for record in IdempotencyRecord.objects.all()] == ["new"]


def test_work_starts_when_the_transaction_is_committed(monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr(services.current_app, "send_task", lambda name, args, **_: sent.append((name, args)))
    with django_capture_on_commit_callbacks(execute=True):
        services.enqueue("app.tasks.work", 1, "two")
        assert sent == []
    assert sent == [("app.tasks.work", (1, "two"))]


@pytest.mark.django_db(transaction=True)
def test_what_is_undone_starts_no_work_and_a_broker_that_is_down_undoes_nothing(monkeypatch, caplog):
    class Down(Exception):
        pass

    def fail(*_, **__):
        raise Down

    monkeypatch.setattr(services.current_app, "send_task", fail)
    with transaction.atomic():
        services.enqueue("app.tasks.work")
        transaction.set_rollback(True)
    assert caplog.records == []
    with transaction.atomic():
        services.enqueue("app.tasks.work")
        IdempotencyRecord.objects.create(principal="alice", key="k", fingerprint="f")
    assert IdempotencyRecord.objects.exists()
    assert caplog.records[0].exc_info[0] is Down
