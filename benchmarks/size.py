"""How large a run is."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """The numbers of everything that is measured; the defaults are those of ``make bench``."""

    resources: int = 20_000
    """Half object types, half links."""
    changed: int = 200
    """Resources that each side changes."""
    conflicts: int = 20
    """How many of those the sides disagree about."""
    branches: tuple[int, int] = (10, 10_000)
    repositories: tuple[int, int] = (10_000, 100_000)
    """Resources of the repositories in which one resource is committed."""
    commits: int = 100_000
    pairs: int = 100
    """Pairs of commits whose merge bases are compared with git's."""
    types: tuple[int, ...] = (1_000, 10_000, 100_000)
    """Object types of the ontologies in memory of which ``types_changed`` change."""
    types_changed: int = 100
    schema_types: int = 10_000
    """Object types of the ontology that is written as GraphQL schemas, of which ``schema_changed`` change."""
    schema_changed: int = 100
    sign_ins: int = os.cpu_count() or 1
    """Sign-ins by a password at once."""
    refusals: int = 30
    """Refusals of each kind of account."""
    resets: int = 300
    """Resets asked for of each kind of account: of what takes two milliseconds, fewer would tell of noise."""
    times: int = 20
    """Repetitions of what takes long."""
    short_times: int = 60
    """Repetitions of what takes a few milliseconds."""
    few_times: int = 3
    """Repetitions of what takes seconds."""
