"""A compact set of passwords that everybody knows: a table of shortened digests, searched in its bytes."""

import hashlib
import json
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Self

from gateway.engine.text import folded

MAGIC = b"oms-password-blocklist 1\n"
BUCKETS = 1 << 16
"""The first two bytes of a digest say where it stands; what is kept there are its next three."""
REST_BYTES = 3
MOST_IN_BUCKET = 255
"""Reached at about eleven million entries."""
LISTED, COMMON = b"listed", b"common"


class BlocklistInvalid(ValueError):
    """The file is no password blocklist."""


@dataclass(frozen=True)
class Blocklist:
    """The passwords of a file, in any case and Unicode form.

    Of 40 bits of SHA-256 each is kept, so that a text that is not in it is taken for one that is with
    a probability of ``entries / 2**40``: one in two million for half a million entries.
    """

    sources: tuple[str, ...]
    entries: int
    offsets: Sequence[int]
    rests: bytes

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """The blocklist of a file's bytes. Raises :class:`BlocklistInvalid`."""
        head, _, rest = content.removeprefix(MAGIC).partition(b"\n")
        if not content.startswith(MAGIC) or len(rest) < BUCKETS:
            raise BlocklistInvalid
        offsets = array("I", [0, *accumulate(rest[:BUCKETS])])
        rests = rest[BUCKETS:]
        try:
            sources = tuple(str(source) for source in json.loads(head)["sources"])
        except (ValueError, KeyError, TypeError) as error:
            raise BlocklistInvalid from error
        if len(rests) != offsets[-1] * REST_BYTES:
            raise BlocklistInvalid
        return cls(sources, offsets[-1], offsets, rests)

    def is_listed(self, text: str) -> bool:
        """Whether somebody's password was ``text``, which is folded."""
        return self._has(LISTED, text)

    def is_common(self, text: str) -> bool:
        """Whether ``text``, which is folded, is among the most frequent: what passwords are put together of."""
        return self._has(COMMON, text)

    def _has(self, kind: bytes, text: str) -> bool:
        bucket, rest = _placed(kind, text)
        begin, end = self.offsets[bucket] * REST_BYTES, self.offsets[bucket + 1] * REST_BYTES
        return any(self.rests[at : at + REST_BYTES] == rest for at in range(begin, end, REST_BYTES))


def blocklist_built(sources: Sequence[str], listed: Iterable[str], common: Iterable[str]) -> bytes:
    """The bytes of a file of these passwords, the same for the same ones; ``sources`` say where they are from."""
    buckets: dict[int, set[bytes]] = defaultdict(set)
    for kind, texts in ((LISTED, listed), (COMMON, common)):
        for text in texts:
            bucket, rest = _placed(kind, folded(text))
            buckets[bucket].add(rest)
    if max(map(len, buckets.values()), default=0) > MOST_IN_BUCKET:
        raise BlocklistInvalid("So many passwords do not fit.")
    entries = sum(map(len, buckets.values()))
    head = json.dumps({"sources": list(sources), "entries": entries}, ensure_ascii=False).encode()
    counts = bytes(len(buckets.get(number, ())) for number in range(BUCKETS))
    return b"".join(
        [MAGIC, head, b"\n", counts, *(rest for number in sorted(buckets) for rest in sorted(buckets[number]))]
    )


def _placed(kind: bytes, text: str) -> tuple[int, bytes]:
    """The bucket of a text and what is kept of it there."""
    digest = hashlib.sha256(kind + b"\0" + text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:2]), digest[2 : 2 + REST_BYTES]
