"""Asking something that may never answer, without waiting for it."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock, Thread
from time import perf_counter

from gateway.engine.sentences import phrase


@dataclass(frozen=True)
class Finding:
    """Whether what was asked is well, after how many milliseconds, and what is wrong where it is not."""

    well: bool
    latency_ms: float
    detail: str = ""


class Probe:
    """Runs ``check`` beside its callers, never twice at the same time, and waits a bounded time.

    A check that hangs holds one thread and no caller; callers who ask meanwhile wait for the same run.
    Once it ends, the next caller asks anew.
    """

    def __init__(self, name: str, check: Callable[[], None]) -> None:
        self._name = name
        self._check = check
        self._lock = Lock()
        self._run: Future[Finding] | None = None

    def ask(self, budget: float) -> Finding:
        """What the check finds within ``budget`` seconds."""
        try:
            return self._current_run().result(timeout=budget)
        except TimeoutError:
            budget_ms = round(budget * 1000)
            late = phrase("no answer within {budget} ms", budget=budget_ms)
            return Finding(well=False, latency_ms=budget_ms, detail=late)

    def _current_run(self) -> "Future[Finding]":
        with self._lock:
            if self._run is None or self._run.done():
                self._run = Future()
                Thread(target=self._find, args=(self._run,), name=f"probe-{self._name}", daemon=True).start()
            return self._run

    def _find(self, run: "Future[Finding]") -> None:
        started = perf_counter()
        try:
            self._check()
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, it is what was asked for
            run.set_result(Finding(well=False, latency_ms=_since(started), detail=type(error).__name__))
        else:
            run.set_result(Finding(well=True, latency_ms=_since(started)))


def _since(started: float) -> float:
    return round((perf_counter() - started) * 1000, 1)
