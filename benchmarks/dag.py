"""A long history with many branches and merges, made up alike at every run."""

from dataclasses import dataclass, field
from random import Random
from typing import Final

SEED: Final = 100_000
OPEN_AT_MOST: Final = 12
RELEASE_EVERY: Final = 400
OLDEST_LENGTH: Final = 40

Parents = tuple[int, ...]


@dataclass
class History:
    """Commits by number with the numbers of their parents, which come first; ``heads`` by branch."""

    parents: list[Parents] = field(default_factory=list)
    heads: dict[str, int] = field(default_factory=dict)

    def commit(self, branch: str, *parents: int) -> None:
        """A commit on the head of ``branch``, or on ``parents`` where it starts or merges."""
        self.parents.append(parents or (self.heads[branch],))
        self.heads[branch] = len(self.parents) - 1

    def merge(self, source: str, target: str) -> None:
        self.commit(target, self.heads[target], self.heads[source])


def history(count: int) -> History:
    """``count`` commits: ``main``, short branches off it, and the branches ``release``, ``oldest`` and ``young``.

    ``oldest`` left main at its first commit and was never merged, ``young`` left it just now.
    The release line takes main in every so often and gives its own repairs back.
    """
    made = History([()], {"main": 0, "release": 0, "oldest": 0})
    for _ in range(OLDEST_LENGTH):
        made.commit("oldest")
    random = Random(SEED)
    while len(made.parents) < count - 1:
        if len(made.parents) % RELEASE_EVERY == 0:
            made.merge("main", "release")
        elif len(made.parents) % RELEASE_EVERY == RELEASE_EVERY // 2:
            made.commit("release")
            made.merge("release", "main")
        else:
            _day(made, random)
    made.commit("young", made.heads["main"])
    return made


def _day(made: History, random: Random) -> None:
    """One thing that happens on main or on a short branch."""
    short = [name for name in made.heads if name.startswith("feature/")]
    what = random.random()
    if what < 0.15 and len(short) < OPEN_AT_MOST:
        made.commit(f"feature/{len(made.parents)}", made.heads["main"])
    elif what < 0.4 or not short:
        made.commit("main")
    elif what < 0.85:
        made.commit(random.choice(short))
    elif what < 0.88:
        made.merge("main", random.choice(short))
    else:
        finished = random.choice(short)
        made.merge(finished, "main")
        del made.heads[finished]
