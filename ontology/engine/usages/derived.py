"""What was found used in something that a consumer has."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from history.engine.content import Key, Violation

Use = tuple[Key, str]
"""A resource, and the member of it that is used; empty where that is the resource itself."""


@dataclass(frozen=True)
class Derived:
    """What is used, and what of it the ontology has not."""

    uses: Collection[Use] = ()
    violations: Collection[Violation] = ()


def derived(roots: Iterable[Key], uses: Collection[Use], violations: Collection[Violation]) -> Derived:
    """What was found used from ``roots`` on; of a root of which no member is used, the whole is."""
    used = {key for key, _ in uses}
    return Derived({*uses, *((key, "") for key in roots if key not in used)}, violations)
