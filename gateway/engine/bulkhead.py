"""A bound on how many do the same costly thing at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore


class BulkheadFull(Exception):
    """Every slot stayed taken for as long as the caller may wait."""


class Bulkhead:
    """Lets ``limit`` threads of this process in at once; others wait up to ``wait`` seconds.

    A burst then queues for a short time and is turned away, instead of slowing down everything
    until the process answers nobody.
    """

    def __init__(self, *, limit: int, wait: float) -> None:
        self.wait = wait
        self.slots = BoundedSemaphore(limit)

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Holds a slot; raises :class:`BulkheadFull` when none becomes free in time."""
        if not self.slots.acquire(timeout=self.wait):
            raise BulkheadFull
        try:
            yield
        finally:
            self.slots.release()
