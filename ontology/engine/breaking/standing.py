"""How settled something is: what may break without much ado, by its status."""

from collections.abc import Mapping
from datetime import date
from typing import Any

Json = Any


def is_settled(status: str, content: Mapping[str, Json], today: date) -> bool:
    """Whether others rely on what has this status: it is active, or deprecated and not past its deadline."""
    return status == "active" or (status == "deprecated" and not _is_past_deadline(content, today))


def awaits_deadline(content: Mapping[str, Json], today: date) -> bool:
    """Whether it is deprecated and was to stay until today at least."""
    deadline = content.get("deprecation", {}).get("deadline")
    return content.get("status") == "deprecated" and deadline is not None and not _is_past_deadline(content, today)


def _is_past_deadline(content: Mapping[str, Json], today: date) -> bool:
    deadline = content.get("deprecation", {}).get("deadline")
    return deadline is not None and today > date.fromisoformat(deadline)
