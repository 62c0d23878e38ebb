"""Proposals to merge one branch into another, and what people say about them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from history.models import Repository

NOTHING_DECIDED: Final[Mapping[str, str]] = MappingProxyType({})


class ProposalState(models.TextChoices):
    """Where a proposal stands; open, approved and changes requested follow from its reviews."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    APPROVED = "approved", _("Approved")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    MERGED = "merged", _("Merged")
    CLOSED = "closed", _("Closed")


ENDED = (ProposalState.MERGED, ProposalState.CLOSED)


class ProposalQuerySet(models.QuerySet["Proposal"]):
    FILTERS: ClassVar = {
        "states": "state__in",
        "author": "author__username",
        "source": "source",
        "target": "target",
    }

    def visible_to(self, user: Any) -> "ProposalQuerySet":
        """The proposals of the repositories that ``user`` sees."""
        return self.filter(repository__in=Repository.objects.visible_to(user))

    def pending(self) -> "ProposalQuerySet":
        """Those that are neither merged nor closed."""
        return self.exclude(state__in=ENDED)

    def matching(self, *, reviewer: str = "", search: str = "", **wanted: Any) -> "ProposalQuerySet":
        """Those of any of the ``states``, by the ``author``, from ``source`` to ``target`` (branches).

        ``reviewer`` was asked for a review or gave one; ``search`` is a part of the title or the description.
        People go by their usernames, and what is empty does not matter.
        """
        found = self.filter(**{self.FILTERS[name]: value for name, value in wanted.items() if value})
        if reviewer:
            theirs = {"proposal": models.OuterRef("pk"), "reviewer__username": reviewer}
            asked, given = (models.Exists(model.objects.filter(**theirs)) for model in (ReviewRequest, Review))
            found = found.filter(asked | given)
        if search:
            found = found.filter(models.Q(title__icontains=search) | models.Q(description__icontains=search))
        return found

    def with_counts(self) -> "ProposalQuerySet":
        """With ``comment_count``, of all comments, and ``unresolved_count``, of threads that are not resolved."""
        return self.annotate(
            comment_count=_count(Comment.objects.all()),
            unresolved_count=_count(Comment.objects.filter(parent=None, resolved_at=None)),
        )


class Proposal(models.Model):
    """That the branch ``source`` be merged into the branch ``target``, numbered within its repository.

    Branches are kept by name, so that a proposal outlives them; the heads are those at its end, the
    target's as it was before the merge, and NULL until then.
    """

    State = ProposalState

    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="proposals")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    source = models.CharField(_("source"), max_length=200, db_collation="C")
    target = models.CharField(_("target"), max_length=200, db_collation="C")
    state = models.CharField(_("state"), max_length=20, choices=ProposalState.choices, default=ProposalState.OPEN)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    retargeted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    """Who gave it its present target; NULL where it has the first."""
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    """How often its target or how a conflict is resolved has changed; what was reviewed before is another result."""
    source_head = models.ForeignKey("history.Commit", on_delete=models.RESTRICT, null=True, related_name="+")
    target_head = models.ForeignKey("history.Commit", on_delete=models.RESTRICT, null=True, related_name="+")
    merged_commit = models.ForeignKey("history.Commit", on_delete=models.RESTRICT, null=True, related_name="+")
    method = models.CharField(_("method"), max_length=20, blank=True)
    """How it was merged, a :class:`merging.services.Method`; empty where it was not."""
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    objects: ClassVar = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-number"]
        indexes = [models.Index(fields=["repository", "state", "-number"], name="proposal_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["repository", "number"], name="proposal_number_unique"),
            models.UniqueConstraint(
                fields=["repository", "source", "target"],
                condition=~models.Q(state__in=ENDED),
                name="proposal_pending_once",
            ),
            models.CheckConstraint(condition=models.Q(state__in=ProposalState.values), name="proposal_state"),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="proposal_two_branches"),
            models.CheckConstraint(
                condition=models.Q(state__in=ENDED, ended_by__isnull=False, ended_at__isnull=False)
                | models.Q(~models.Q(state__in=ENDED), ended_by__isnull=True, ended_at__isnull=True),
                name="proposal_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ProposalState.MERGED, merged_commit__isnull=False)
                | models.Q(~models.Q(state=ProposalState.MERGED), merged_commit__isnull=True),
                name="proposal_merged_as_a_commit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.repository} #{self.number}"

    @property
    def is_pending(self) -> bool:
        return self.state not in ENDED

    @property
    def subject(self) -> str:
        """What its events are about."""
        return f"repositories/{self.repository.name}/proposals/{self.number}"


class Verdict(models.TextChoices):
    """What a reviewer says of a proposal."""

    APPROVE = "approve", _("Approve")
    REQUEST_CHANGES = "request_changes", _("Request changes")
    COMMENT = "comment", _("Comment")


class ReviewQuerySet(models.QuerySet["Review"]):
    def standing(self) -> "ReviewQuerySet":
        """Of each reviewer of a proposal the last verdict that says yes or no, unless it was dismissed.

        What somebody said before a verdict that was dismissed does not come back.
        """
        decided = self.exclude(verdict=Verdict.COMMENT)
        last = decided.order_by("proposal_id", "reviewer_id", "-id").distinct("proposal_id", "reviewer_id")
        return self.filter(pk__in=last.values("pk"), dismissed_at=None).order_by("reviewer_id")


class Review(models.Model):
    """What a reviewer said of a proposal as its source stood at ``commit``. Of a reviewer the last verdict counts."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(_("verdict"), max_length=20, choices=Verdict.choices)
    body = models.TextField(_("body"), blank=True)
    commit = models.ForeignKey("history.Commit", on_delete=models.RESTRICT, related_name="+")
    revision = models.PositiveIntegerField(default=0, editable=False)
    """That of the proposal."""
    decisions = models.JSONField(default=dict, editable=False)
    """Of an approval the decisions with which conflicts were settled: by the id of each the decision's digest."""
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    dismissed_at = models.DateTimeField(_("dismissed at"), null=True, editable=False)
    dismissed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    dismissal_reason = models.TextField(_("reason of the dismissal"), blank=True)

    objects: ClassVar = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=models.Q(verdict__in=Verdict.values), name="review_verdict")]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.verdict}"

    def is_stale(self, source_head: str | None, decided: Mapping[str, str] = NOTHING_DECIDED) -> bool:
        """Whether it was given on another result than the one at ``source_head`` (a digest) now.

        That is so where the source has moved since, the target or how a conflict is resolved has changed, or a
        conflict is settled otherwise than it was for the reviewer: ``decided`` is as ``decisions`` are. Conflicts
        that are there no longer do not matter.
        """
        is_other = self.commit_id != source_head or self.revision != self.proposal.revision
        return is_other or not decided.items() <= self.decisions.items()


class ReviewRequest(models.Model):
    """That somebody was asked to review a proposal and has not done so since."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="review_requests")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("review request")
        verbose_name_plural = _("review requests")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["proposal", "reviewer"], name="review_request_once")]

    def __str__(self) -> str:
        return str(self.reviewer)


class Comment(models.Model):
    """A remark on a proposal, or on the place in it to which ``path`` points; a reply where it has a parent.

    A thread is resolved as a whole: at its first comment.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(_("path"), max_length=1000, blank=True, db_collation="C")
    body = models.TextField(_("body"))
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    edited_at = models.DateTimeField(_("edited at"), null=True, editable=False)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, editable=False)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | models.Q(resolved_at__isnull=True, path=""),
                name="comment_thread_at_its_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.body[:40]}"


def _count(comments: "models.QuerySet[Comment]") -> Coalesce:
    """How many of ``comments`` an outer query's proposal has."""
    of_it = comments.filter(proposal=models.OuterRef("pk")).order_by().values("proposal")
    counted = of_it.annotate(count=models.Count("pk")).values("count")
    return Coalesce(models.Subquery(counted), 0)
