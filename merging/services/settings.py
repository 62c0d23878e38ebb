"""What a repository decides about merging."""

from typing import Any

from django.db import transaction

from history.models import Repository
from history.permissions import ADMINISTER, require
from history.services import event_record
from merging.models import MergeSettings
from merging.selectors import merge_settings_of


@transaction.atomic
def merge_settings_set(*, actor: Any, repository: Repository, apply_remembered_resolutions: bool) -> MergeSettings:
    """Set what is given; nothing happens where that is so already."""
    require(actor, ADMINISTER, repository)
    Repository.objects.select_for_update(no_key=True).get(pk=repository.pk)  # of two first ones one makes the row
    settings = merge_settings_of(repository)
    if settings.apply_remembered_resolutions == apply_remembered_resolutions:
        return settings
    settings.apply_remembered_resolutions = apply_remembered_resolutions
    settings.save()
    event_record(
        type="io.oms.merging.settings.set",
        subject=f"repositories/{repository.name}",
        actor=actor,
        repository=repository,
        data={"repository": repository.name, "apply_remembered_resolutions": apply_remembered_resolutions},
    )
    return settings
