"""Differences between two states, made ready to be read."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.utils.functional import cached_property

from history.engine.content import Content, Key
from history.selectors import ChangeKind, ResourceChange, content_model
from history.views.base import RepositoryView
from ontology.engine.comparison import field_changes
from ontology.engine.kinds import KINDS
from ontology.views.labels import CHANGES, localised
from ontology.views.presentation import ShownChange, shown_change

PAGE: Final = 50
FOLDED: Final = 12
"""Rows from which on a resource that was added or removed is folded up at first."""
BALANCE: Final = 5
"""Squares that show the sorts of changes in proportion."""
LAYOUT_COOKIE: Final = "difference_layout"
LAYOUT_KEPT: Final = 365 * 24 * 60 * 60
"""Seconds for which a browser remembers the layout that was chosen in it."""


class Layout(StrEnum):
    """How the two sides of a difference stand to one another."""

    SPLIT = "split"
    UNIFIED = "unified"


class DifferenceView(RepositoryView):
    """A page that shows a difference, in the layout that was chosen last in this browser."""

    @property
    def layout(self) -> str:
        chosen = self.request.GET.get("layout") or self.request.COOKIES.get(LAYOUT_COOKIE, "")
        return chosen if chosen in set(Layout) else Layout.SPLIT

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        response = super().page(template, status=status, layout=self.layout, **context)
        if self.request.GET.get("layout") == self.layout:
            response.set_cookie(
                LAYOUT_COOKIE,
                self.layout,
                max_age=LAYOUT_KEPT,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


@dataclass(frozen=True)
class ShownResource:
    """A resource that differs, with its fields."""

    change: ResourceChange
    renames: Mapping[Key, str] = field(default_factory=dict)
    """What other resources of the difference are called afterwards."""

    @cached_property
    def rows(self) -> list[ShownChange]:
        kind, before, after = self.change.kind, self.change.before, self.change.after
        changes = field_changes(kind, before, after)
        own = {each.path for each in changes}
        if changes and before and after and self.renames:
            followed = content_model().rewrite(kind, before, self.renames)
            own = {each.path for each in field_changes(kind, followed, after)}
        return [shown_change(kind, each, follows=each.path not in own) for each in changes]

    @property
    def only_follows(self) -> bool:
        """Whether nothing but renames of others changed it."""
        return bool(self.rows) and all(row.follows for row in self.rows)

    @property
    def is_folded(self) -> bool:
        """What came or went whole says much that is no difference, and what follows a rename is said there."""
        is_whole = self.change.change in {ChangeKind.ADDED, ChangeKind.REMOVED}
        return self.only_follows or (is_whole and len(self.rows) > FOLDED)

    @property
    def display_name(self) -> str:
        content: Content = self.change.after or self.change.before or {}
        return localised(content.get("display_name"))


@dataclass(frozen=True)
class Tally:
    """How many of one sort there are, or of one kind."""

    name: str
    count: int


@dataclass(frozen=True)
class Difference:
    """All changes by number, and a page of those that the reader asked for."""

    changes: Sequence[ResourceChange]
    sort: str
    kind: str
    page_number: str

    @cached_property
    def sorts(self) -> list[Tally]:
        return tallies(list(CHANGES), Counter(str(change.change) for change in self.changes))

    @property
    def kinds(self) -> list[Tally]:
        return tallies(list(KINDS), Counter(change.kind for change in self.changes))

    @property
    def balance(self) -> list[str]:
        """The sort of change that each of the squares stands for: one each, the others in proportion (d'Hondt)."""
        squares = Counter(each.name for each in self.sorts)
        while self.sorts and squares.total() < BALANCE:
            squares[max(self.sorts, key=lambda each: each.count / (squares[each.name] + 1)).name] += 1
        return [each.name for each in self.sorts for _ in range(squares[each.name])]

    @cached_property
    def page(self) -> Page[ShownResource]:
        wanted = [
            change for change in self.changes if self.sort in {"", change.change} and self.kind in {"", change.kind}
        ]
        wanted.sort(key=lambda change: (list(KINDS).index(change.kind), change.api_name))
        renames = renames_of(self.changes)
        return Paginator([ShownResource(change, renames) for change in wanted], PAGE).get_page(self.page_number)


def difference(changes: Sequence[ResourceChange], query: Mapping[str, Any]) -> Difference:
    """``changes`` as ``query`` (``change``, ``kind``, ``page``) asks for them."""
    sort, kind = query.get("change", ""), query.get("kind", "")
    return Difference(changes, sort if sort in CHANGES else "", kind if kind in KINDS else "", query.get("page", "1"))


def renames_of(changes: Iterable[ResourceChange]) -> dict[Key, str]:
    """The new names of what was renamed, by what it was."""
    renamed = (change for change in changes if change.change is ChangeKind.RENAMED)
    return {(change.kind, change.former_name): change.api_name for change in renamed}


def tallies(names: Sequence[str], counts: Mapping[str, int]) -> list[Tally]:
    return [Tally(name, counts[name]) for name in names if counts[name]]
