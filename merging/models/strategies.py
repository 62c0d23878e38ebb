"""The strategies that repositories have chosen for disagreements."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from history.models import Repository

ANY_KIND: Final = "*"


class MergeStrategy(models.Model):
    """That disagreements at the places that ``pattern`` covers, in resources of ``kind``, are settled by ``strategy``.

    The kind is ``*`` where it does not matter. What a pattern covers is told by ``merging.engine.patterns``.
    """

    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="merge_strategies")
    kind = models.CharField(_("kind"), max_length=50, db_collation="C", default=ANY_KIND)
    pattern = models.CharField(_("pattern"), max_length=200, db_collation="C")
    strategy = models.CharField(_("strategy"), max_length=100, db_collation="C")

    class Meta:
        verbose_name = _("merge strategy")
        verbose_name_plural = _("merge strategies")
        ordering = ["repository", "kind", "pattern"]
        constraints = [
            models.UniqueConstraint(fields=["repository", "kind", "pattern"], name="merge_strategy_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pattern}: {self.strategy}"
