"""Telling in which field of a request something is named that is not there."""

from collections.abc import Iterator
from contextlib import contextmanager

from gateway.exceptions import FieldError
from history.exceptions import BranchNotFound, RefAmbiguous, RefMalformed, RefNotFound


@contextmanager
def named_in(field: str) -> Iterator[None]:
    """Have the error about a branch or a ref that is looked for within name the field ``field``."""
    try:
        yield
    except (BranchNotFound, RefAmbiguous, RefMalformed, RefNotFound) as error:
        rule = "BRANCH_UNKNOWN" if isinstance(error, BranchNotFound) else "REF_UNKNOWN"
        error.errors = (FieldError(f"/{field}", rule, error.detail),)
        raise
