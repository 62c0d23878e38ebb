"""What a step breaks, made ready to be read."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

from history.engine.content import Key
from history.selectors import ChangeKind, ResourceChange
from history.views.base import address
from ontology.engine.breaking import Finding, Severity, Step
from ontology.views.difference import Tally, tallies
from ontology.views.labels import AUDIENCES, SEVERITIES
from ontology.views.places import Place, place_of

PAGE: Final = 50
USERS: Final = 100
"""How many users of what breaks are listed; the rest are counted."""

FORESEEN: Final = 50
"""How many findings are told before a commit; the rest are counted."""

Links = Callable[[Key], str]
"""The address of a resource by its key; empty where there is none yet."""

Beside = Callable[[Sequence[Finding]], Sequence[Any]]
"""What a page has to say of each of some findings besides."""


@dataclass(frozen=True)
class LinkedPlace:
    place: Place
    href: str


@dataclass(frozen=True)
class ShownFinding:
    """A finding with its places in words."""

    finding: Finding
    links: Links
    beside: Any = None
    """What the page has to say of it besides, for the template of that page."""

    @property
    def at(self) -> LinkedPlace:
        return self._linked(self.finding.path)

    @property
    def breaks(self) -> list[str]:
        return [audience for audience in AUDIENCES if audience in self.finding.breaks]

    @property
    def users(self) -> list[LinkedPlace]:
        return [self._linked(user) for user in self.finding.users[:USERS]]

    @property
    def more_users(self) -> int:
        """How many there are beside those listed."""
        return max(len(self.finding.users) - USERS, 0)

    @property
    def steps(self) -> Sequence[Step]:
        return self.finding.migration.steps if self.finding.migration else ()

    def _linked(self, pointer: str) -> LinkedPlace:
        place = place_of(pointer)
        return LinkedPlace(place, self.links(place.key))


@dataclass(frozen=True)
class Report:
    """All findings by number, and a page of those that the reader asked for."""

    findings: Sequence[Finding]
    severity: str
    audience: str
    page_number: str
    links: Links
    beside: Beside | None = None

    @cached_property
    def severities(self) -> list[Tally]:
        return tallies(list(SEVERITIES), Counter(str(finding.severity) for finding in self.findings))

    @cached_property
    def audiences(self) -> list[Tally]:
        return tallies(list(AUDIENCES), Counter(str(each) for finding in self.findings for each in finding.breaks))

    @cached_property
    def grave(self) -> int:
        """How many are more than low."""
        return sum(finding.severity is not Severity.LOW for finding in self.findings)

    @cached_property
    def page(self) -> Page[Finding]:
        wanted = [
            finding
            for finding in self.findings
            if self.severity in {"", finding.severity} and (not self.audience or self.audience in finding.breaks)
        ]
        return Paginator(wanted, PAGE).get_page(self.page_number)

    @cached_property
    def rows(self) -> list[ShownFinding]:
        """The findings of the page."""
        found = list(self.page)
        said = self.beside(found) if self.beside else [None] * len(found)
        return [ShownFinding(finding, self.links, beside) for finding, beside in zip(found, said, strict=True)]


def report(findings: Sequence[Finding], query: Mapping[str, Any], links: Links) -> Report:
    """``findings`` as ``query`` (``severity``, ``breaks``, ``page``) asks for them."""
    severity, audience = query.get("severity", ""), query.get("breaks", "")
    return Report(
        findings,
        severity if severity in SEVERITIES else "",
        audience if audience in AUDIENCES else "",
        query.get("page", "1"),
        links,
    )


@dataclass(frozen=True)
class Foreseen:
    """The gravest findings of what is not committed yet, those that break somebody apart, and how many there are."""

    grave: Sequence[ShownFinding]
    harmless: Sequence[ShownFinding]
    count: int

    @property
    def told(self) -> int:
        return len(self.grave) + len(self.harmless)


def foreseen(findings: Sequence[Finding], changes: Iterable[ResourceChange], repository: str, branch: str) -> Foreseen:
    """The first of ``findings``, which are in order, of ``changes`` that are not on ``branch`` yet."""
    to = links(changes, repository, branch, None)
    shown = [ShownFinding(finding, to) for finding in findings[:FORESEEN]]
    grave = [each for each in shown if each.finding.severity is not Severity.LOW]
    return Foreseen(grave, shown[len(grave) :], len(findings))


def links(changes: Iterable[ResourceChange], repository: str, base: str, head: str | None) -> Links:
    """Links to resources as they are at ``head``, those that are gone by then at ``base``.

    Where there is no ``head`` yet, all are as at ``base``.
    """
    gone, come = set[Key](), set[Key]()
    for change in changes:
        if change.change is not ChangeKind.REMOVED:
            come.add((change.kind, change.api_name))
        if change.change is not ChangeKind.ADDED:
            gone.add((change.kind, change.former_name))

    def link(key: Key) -> str:
        if head is None:
            return "" if key in come - gone else address("resource", repository, *key, ref=base)
        return address("resource", repository, *key, ref=base if key in gone - come else head)

    return link
