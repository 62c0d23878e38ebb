"""Which commits take back what others did, and which do anew what others did elsewhere."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Revert(models.Model):
    """That ``commit`` takes back what ``reverted`` did, of a merge against its parent ``mainline`` (1 is the first)."""

    commit = models.ForeignKey("history.Commit", on_delete=models.CASCADE, related_name="reverts")
    reverted = models.ForeignKey("history.Commit", on_delete=models.CASCADE, related_name="reverted_by")
    mainline = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("revert")
        verbose_name_plural = _("reverts")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["commit", "reverted"], name="revert_once")]

    def __str__(self) -> str:
        return f"{self.commit_id[:12]} ⟲ {self.reverted_id[:12]}"


class Origin(models.Model):
    """That ``commit`` does anew what ``origin`` did: a pick or a rebase of it, or a squash of what led to it."""

    commit = models.ForeignKey("history.Commit", on_delete=models.CASCADE, related_name="origins")
    origin = models.ForeignKey("history.Commit", on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("origin")
        verbose_name_plural = _("origins")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["commit", "origin"], name="origin_once")]

    def __str__(self) -> str:
        return f"{self.commit_id[:12]} ← {self.origin_id[:12]}"
