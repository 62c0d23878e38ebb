"""Real threads, each with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection


def at_once(times: int, work: Callable[[int], Any]) -> list[Any]:
    """What ``work(0)`` … ``work(times - 1)`` gave or raised, all started at the same moment."""
    start = Barrier(times)

    def run(number: int) -> Any:
        try:
            start.wait(10)
            return work(number)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test judges it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))
