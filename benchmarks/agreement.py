"""Nothing is timed before ours and the peer give the same answer."""

from collections.abc import Collection
from typing import Any


class Disagreement(Exception):
    """OMS and its peer answer differently, so their times say nothing."""


def agree(what: str, ours: Collection[Any], peer: Collection[Any]) -> None:
    """Raise Disagreement unless both hold the same, and something."""
    if not ours or set(ours) != set(peer):
        only_ours, only_peer = sorted(set(ours) - set(peer))[:5], sorted(set(peer) - set(ours))[:5]
        raise Disagreement(f"{what}: {len(ours)} and {len(peer)}; only ours {only_ours}, only the peer's {only_peer}")
