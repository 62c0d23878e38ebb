"""What a commit may do to a resource."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Put:
    """Give ``name`` this content, whether it was there before or not."""

    kind: str
    name: str
    content: Any


@dataclass(frozen=True)
class Delete:
    """Remove ``name``."""

    kind: str
    name: str


@dataclass(frozen=True)
class Rename:
    """Call ``name`` ``to`` from now on; everything that refers to it follows in the same commit."""

    kind: str
    name: str
    to: str


Change = Put | Delete | Rename


def merge_patched(target: Any, patch: Any) -> Any:
    """``target`` after a JSON merge patch: members of ``patch`` that are null are removed (RFC 7396, section 2)."""
    if not isinstance(patch, Mapping):
        return patch
    merged: dict[str, Any] = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patched(merged.get(name), value)
    return merged
