"""What happened to a proposal, in words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.paginator import Page, Paginator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gateway.http.translation import translated
from merging.models import Comment, Proposal, Review, Verdict
from merging.selectors import TimelineEntry, reviews_of, threads_of, timeline_entries, timeline_events
from merging.views.presentation import resolution_label
from ontology.views.places import Place, place_of

PAGE: Final = 100

WORDS: Final[Mapping[str, Promise]] = {
    "merging.proposal.opened": gettext_lazy("proposed to merge {source} into {target}"),
    "merging.proposal.updated": gettext_lazy("changed the {fields}"),
    "merging.proposal.readied": gettext_lazy("marked it as ready for review"),
    "merging.proposal.drafted": gettext_lazy("made it a draft"),
    "merging.proposal.closed": gettext_lazy("closed it"),
    "merging.proposal.reopened": gettext_lazy("opened it again"),
    "merging.proposal.merged": gettext_lazy("merged it into {target}"),
    "merging.reviewer.requested": gettext_lazy("asked {reviewer} for a review"),
    "merging.reviewer.withdrawn": gettext_lazy("asks {reviewer} for a review no longer"),
    "merging.review.dismissed": gettext_lazy("dismissed a review of {reviewer}"),
    "merging.comment.edited": gettext_lazy("edited a comment"),
    "merging.thread.resolved": gettext_lazy("resolved a thread"),
    "merging.thread.reopened": gettext_lazy("opened a thread again"),
    "merging.conflict.resolved": gettext_lazy("resolved a conflict: {resolution}"),
    "merging.conflict.reopened": gettext_lazy("opened a conflict again"),
    "merging.finding.overridden": gettext_lazy("answers for the finding {rule}"),
    "merging.finding_override.withdrawn": gettext_lazy("answers for the finding {rule} no longer"),
    "merging.queue_entry.created": gettext_lazy("put it into the merge queue"),
    "merging.queue_entry.merged": gettext_lazy("merged it by the merge queue"),
    "merging.queue_entry.failed": gettext_lazy("had it leave the merge queue with a problem"),
    "merging.queue_entry.withdrawn": gettext_lazy("took it out of the merge queue"),
    "merging.branch.merged": gettext_lazy("merged {source} into {branch}"),
    "merging.commit.picked": gettext_lazy("picked a commit onto {branch}"),
    "merging.commit.reverted": gettext_lazy("reverted a commit on {branch}"),
    "history.commit.created": gettext_lazy("committed to {branch}"),
    "history.branch.reset": gettext_lazy("reset {branch}"),
    "history.branch.created": gettext_lazy("created {branch}"),
    "history.branch.deleted": gettext_lazy("deleted {branch}"),
    "history.branch.locked": gettext_lazy("locked {branch}"),
    "history.branch.unlocked": gettext_lazy("unlocked {branch}"),
    "history.branch.archived": gettext_lazy("archived {branch}"),
    "history.branch.restored": gettext_lazy("restored {branch}"),
    "history.branch.refused": gettext_lazy("was refused to move {branch}"),
}
"""What somebody did, by the type of the event; what is said of their name follows it."""

VERDICTS: Final[Mapping[str, Promise]] = {
    Verdict.APPROVE: gettext_lazy("approved"),
    Verdict.REQUEST_CHANGES: gettext_lazy("asks for changes"),
    Verdict.COMMENT: gettext_lazy("reviewed"),
}
FIELDS: Final[Mapping[str, Promise]] = {
    "title": gettext_lazy("title"),
    "description": gettext_lazy("description"),
    "target": gettext_lazy("target"),
}
ICONS: Final[Mapping[str, str]] = {
    "merging.proposal.merged": "merge",
    "merging.proposal.closed": "cross",
    "merging.conflict.resolved": "check",
    "merging.thread.resolved": "check",
    "history.commit.created": "commit",
    "merging.branch.merged": "merge",
}


@dataclass(frozen=True)
class Known:
    """What events of a page name by a number: the rows, by these."""

    reviews: Mapping[int, Review] = field(default_factory=dict)
    threads: Mapping[int, Comment] = field(default_factory=dict)
    people: Mapping[str, Any] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=dict)
    """Why turns in the merge queue ended."""


@dataclass(frozen=True)
class Item:
    """An entry of the timeline: a sentence and, where somebody wrote something, that."""

    entry: TimelineEntry
    known: Known

    @property
    def type(self) -> str:
        return self.entry.type.removeprefix("io.oms.")

    @property
    def icon(self) -> str:
        if self.review:
            return {Verdict.APPROVE: "check", Verdict.REQUEST_CHANGES: "alert"}.get(Verdict(self.review.verdict), "dot")
        return ICONS.get(self.type, "dot")

    @property
    def review(self) -> Review | None:
        """The review that was given."""
        return self._review if self.type == "merging.review.submitted" else None

    @property
    def thread(self) -> Comment | None:
        """The thread that was begun."""
        return self.known.threads.get(self.entry.data["comment"]) if self.type == "merging.comment.created" else None

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread that was begun before."""
        return self.type == "merging.comment.created" and self.entry.data["thread"] != self.entry.data["comment"]

    @property
    def reason(self) -> str:
        """Why; as its event has it where nothing tells it in the reader's language."""
        data = self.entry.data
        review = self._review if self.type == "merging.review.dismissed" else None
        if review:
            return review.dismissal_reason
        reason = data.get("reason", "")
        return translated(self.known.reasons.get(data.get("entry", 0), reason)) if reason else ""

    @property
    def commit(self) -> str:
        """The commit that it led to."""
        return self.entry.data.get("after", "") or ""

    @property
    def place(self) -> Place | None:
        path = self.entry.data.get("path")
        return place_of(path) if path else None

    @property
    def words(self) -> str:
        """What was done; the event's type where nobody has words for it."""
        if self.review:
            return str(VERDICTS[self.review.verdict])
        template = WORDS.get(self.type)
        return str(template).format_map(self._names) if template else self.type

    @property
    def _names(self) -> Mapping[str, Any]:
        data = self.entry.data
        asked = self.known.people.get(data.get("reviewer", ""))
        reviewer = self._review.reviewer if self._review else asked
        names = {
            **data,
            "fields": ", ".join(str(FIELDS.get(name, name)) for name in data.get("fields", ())),
            "resolution": resolution_label(data.get("resolution", "")),
            "reviewer": reviewer.get_full_name() if reviewer else _("somebody"),
        }
        return defaultdict(lambda: "…", names)  # an event is as it was written, whatever its words ask for today

    @property
    def _review(self) -> Review | None:
        return self.known.reviews.get(self.entry.data.get("review", 0))


@dataclass(frozen=True)
class Timeline:
    page: Page[Any]
    items: Sequence[Item]


def timeline_of(proposal: Proposal, page: str | None) -> Timeline:
    """A page of what happened, the last one where none is asked for; replies stand in their threads."""
    paginator = Paginator(timeline_events(proposal), PAGE)
    found = paginator.get_page(page or paginator.num_pages)
    entries = timeline_entries(list(found))
    known = _known(proposal, entries)
    items = [Item(entry, known) for entry in entries]
    return Timeline(found, [item for item in items if not item.is_reply])


def _known(proposal: Proposal, entries: Iterable[TimelineEntry]) -> Known:
    named: dict[str, set[Any]] = {"review": set(), "comment": set(), "reviewer": set(), "entry": set()}
    for entry in entries:
        for name in named.keys() & entry.data.keys():
            named[name].add(entry.data[name])
    people = get_user_model().objects.in_bulk([UUID(each) for each in named["reviewer"]])
    return Known(
        reviews=reviews_of(proposal).in_bulk(named["review"]),
        threads=threads_of(proposal).in_bulk(named["comment"]),
        people={str(key): user for key, user in people.items()},
        reasons=dict(proposal.queue_entries.filter(pk__in=named["entry"]).values_list("pk", "reason")),
    )
