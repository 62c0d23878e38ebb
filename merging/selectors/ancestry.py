"""What two trees come from: one tree, or several that are merged into one first."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from history.engine.content import Key
from history.engine.tree import EMPTY_ROOT
from history.models import Commit
from history.selectors import TreeView, merge_bases_of
from merging.engine.merge import Base, virtual_base
from merging.selectors.schema import merge_schema

LIMIT: Final = 24
"""How many merges of ancestors are made for one merge. Further back any common ancestor stands for them all."""


@dataclass(frozen=True)
class Ancestry:
    """The best common ancestors of two trees, and for each after the first what it and those before it come from."""

    bases: Sequence[TreeView]
    grounds: Sequence["Ancestry"] = ()

    def views(self) -> Iterator[TreeView]:
        """Every tree in it."""
        yield from self.bases
        for ground in self.grounds:
            yield from ground.views()

    def base(self, keys: Collection[Key]) -> Base:
        """What is there under ``keys``, and under what else the bases together call it."""
        bases = [base.contents(keys) for base in self.bases]
        return virtual_base(bases, merge_schema(), [ground.base(keys) for ground in self.grounds])


def ancestry_of(bases: Sequence[Commit], limit: int = LIMIT) -> Ancestry:
    """The ancestry of commits whose best common ancestors are ``bases``, as git's recursive strategy has it.

    It comes to ``limit`` merges at most.
    """
    merges = len(bases) - 1
    roots = [base.root for base in bases] or [EMPTY_ROOT]
    if len({*roots}) == 1 or merges > limit:
        return Ancestry([TreeView(roots[0])])
    further = (limit - merges) // merges
    grounds = [ancestry_of(merge_bases_of(bases[:at], bases[at]), further) for at in range(1, len(bases))]
    return Ancestry([TreeView(root) for root in roots], grounds)
