"""Reading for many rows at once where resolvers ask for one at a time."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from gateway.exceptions import OperationTooLarge
from history.engine.content import Key
from ontology.engine.relations import Contents
from ontology.engine.state import State

T = TypeVar("T")


class Allowance:
    """How many rows a walk may still come by."""

    def __init__(self, rows: int) -> None:
        self._rows = self._left = rows

    def take(self, rows: Sequence[T]) -> Sequence[T]:
        """``rows``; raises OperationTooLarge where they are more than are left."""
        self._left -= len(rows)
        if self._left < 0:
            sentence = _("The answer has more than {limit} types, properties and links.")
            raise OperationTooLarge(sentence.format(limit=self._rows), limit=self._rows)
        return rows


class Generation:
    """Resources that one step of a walk leads to, from wherever it starts.

    What one of them is asked for is found out for all of them, once: so the number of queries
    follows the steps of a walk, not the resources on the way.
    """

    def __init__(self, state: State, keys: Iterable[Key], allowance: Allowance) -> None:
        self.state = state
        self.contents: Contents = state.contents(keys)
        self.allowance = allowance
        self._known: dict[Hashable, Any] = {}

    def answer(self, question: Callable[[State, Contents], T]) -> T:
        """What ``question`` finds out of all of them."""
        return self._once(question, lambda: question(self.state, self.contents))

    def following(self, step: Hashable, keys: Iterable[Key]) -> "Generation":
        """Those of ``keys`` that exist: where ``step`` leads from all of them."""
        return self._once(("following", step), lambda: Generation(self.state, keys, self.allowance))

    def _once(self, name: Hashable, find: Callable[[], T]) -> T:
        if name not in self._known:
            self._known[name] = find()
        found: T = self._known[name]
        return found
