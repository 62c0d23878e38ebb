"""The content-addressed store: rows that are written once and never updated.

Digests are SHA-256 in hexadecimal, 64 characters, over the bytes that the row holds.
"""

from collections.abc import Collection
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from history.models.bulk import BodyQuerySet, binary_cursor
from history.models.repositories import Repository


class Blob(models.Model):
    """One version of one resource: the canonical bytes of its content."""

    digest = models.CharField(max_length=64, db_collation="C", primary_key=True)
    body = models.BinaryField()

    objects: ClassVar = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("blob")

    def __str__(self) -> str:
        return self.digest[:12]


class Node(models.Model):
    """One node of the ordered Merkle tree; see ``history.engine.tree`` for its body."""

    digest = models.CharField(max_length=64, db_collation="C", primary_key=True)
    body = models.BinaryField()

    objects: ClassVar = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tree node")

    def __str__(self) -> str:
        return self.digest[:12]


class Commit(models.Model):
    """A state of a repository's ontology and where it came from."""

    digest = models.CharField(max_length=64, db_collation="C", primary_key=True)
    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="commits")
    root = models.CharField(max_length=64, db_collation="C")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    message = models.TextField()
    message_salt = models.BinaryField(max_length=16)
    created_at = models.DateTimeField(default=timezone.now)
    generation = models.PositiveIntegerField()
    """1 + the greatest generation of the parents; 0 for a root."""
    depth = models.PositiveIntegerField()
    """Number of first-parent steps to a root."""
    first_parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    jump = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    """A far first-parent ancestor, so that any one is reached in a logarithmic number of steps."""
    jump_depth = models.PositiveIntegerField(default=0)
    """The depth of ``jump``."""

    class Meta:
        verbose_name = _("commit")
        verbose_name_plural = _("commits")
        indexes = [
            models.Index(fields=["repository", "digest"], name="commit_by_repository"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_parent__isnull=True, generation=0, depth=0)
                | models.Q(first_parent__isnull=False, generation__gt=0, depth__gt=0),
                name="commit_root_has_generation_zero",
            ),
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class CommitParent(models.Model):
    """An edge of the commit graph; position 0 is the first parent."""

    commit = models.ForeignKey(Commit, on_delete=models.CASCADE, related_name="parent_edges")
    parent = models.ForeignKey(Commit, on_delete=models.CASCADE, related_name="child_edges")
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("commit parent")
        ordering = ["commit", "position"]
        constraints = [
            models.UniqueConstraint(fields=["commit", "position"], name="commit_parent_position_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.parent_id[:12]} → {self.commit_id[:12]}"


# LATERAL with OFFSET 0 has the rows looked up blob by blob: beside a few hundred blobs the planner would read
# the whole table.
RIDS: Final = """
SELECT asked.blob, rid.target_name
FROM unnest(%(blobs)s::text[]) AS asked (blob)
CROSS JOIN LATERAL (
    SELECT target_name FROM history_reference WHERE blob_id = asked.blob AND target_kind = %(identity)s OFFSET 0
) rid
"""


class ReferenceQuerySet(models.QuerySet["Reference"]):
    def rids(self, blobs: Collection[str]) -> dict[str, str]:
        """The rids that the contents of ``blobs`` carry, by blob."""
        with binary_cursor() as cursor:
            cursor.execute(RIDS, {"blobs": list(blobs), "identity": Reference.IDENTITY})
            return dict(cursor.fetchall())

    def names_like(self, kind: str, lowered: Collection[str]) -> "models.QuerySet[Reference, str]":
        """The names of resources of ``kind``, at whatever commit, that are one of ``lowered`` in lower case."""
        identities = self.filter(target_kind=Reference.IDENTITY, kind=kind)
        alike = identities.annotate(lowered=Lower("name")).filter(lowered__in=lowered)
        return alike.values_list("name", flat=True).distinct()


class Reference(models.Model):
    """That a blob, standing under a name, refers to another resource or holds an identity.

    A function of the content, so the rows are shared by all commits and never go stale: who
    refers to something at a ref is these rows checked against that ref's tree. A rid is
    recorded as a reference to the kind ``@rid``.
    """

    IDENTITY = "@rid"

    blob = models.ForeignKey(Blob, on_delete=models.CASCADE, related_name="references")
    kind = models.CharField(max_length=50, db_collation="C")
    name = models.CharField(max_length=200, db_collation="C")
    target_kind = models.CharField(max_length=50, db_collation="C")
    target_name = models.CharField(max_length=200, db_collation="C")

    objects: ClassVar = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("reference")
        indexes = [
            models.Index(
                "kind", Lower("name"), condition=models.Q(target_kind="@rid"), name="reference_lower_case_name"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["target_kind", "target_name", "kind", "name", "blob"], name="reference_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} → {self.target_kind} {self.target_name}"
