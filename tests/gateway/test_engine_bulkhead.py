import threading

import pytest

from gateway.engine.bulkhead import Bulkhead, BulkheadFull


def test_lets_in_no_more_than_its_limit():
    bulkhead, entered, leave = Bulkhead(limit=3, wait=5), threading.Semaphore(0), threading.Event()

    def work():
        with bulkhead.slot():
            entered.release()
            leave.wait(5)

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    assert all(entered.acquire(timeout=5) for _ in range(3))
    assert not entered.acquire(timeout=0.1)

    leave.set()
    assert all(entered.acquire(timeout=5) for _ in range(17))
    for thread in threads:
        thread.join()


def test_turns_away_who_waited_long_enough():
    bulkhead = Bulkhead(limit=1, wait=0.01)

    with bulkhead.slot(), pytest.raises(BulkheadFull), bulkhead.slot():
        pass


def test_a_failure_gives_its_slot_back():
    bulkhead = Bulkhead(limit=1, wait=0.01)

    with pytest.raises(ZeroDivisionError), bulkhead.slot():
        raise ZeroDivisionError
    with bulkhead.slot():
        pass
