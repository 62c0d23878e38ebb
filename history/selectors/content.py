"""The content model that the settings name."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from history.engine.content import ContentModel


@cache
def content_model() -> ContentModel:
    """The one object that knows the kinds which this installation versions."""
    model: ContentModel = import_string(settings.HISTORY_CONTENT_MODEL)()
    return model
