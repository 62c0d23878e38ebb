"""What a run is at, on standard error."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(doing: str) -> Iterator[None]:
    """Tells what is done now and, afterwards, how long it took."""
    print(f"{doing} …", end=" ", file=sys.stderr, flush=True)
    start = time.monotonic()
    yield
    print(f"{time.monotonic() - start:.1f} s", file=sys.stderr, flush=True)
