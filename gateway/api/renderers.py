from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer

from gateway.http.bodies import json_bytes


class JSONRenderer(BaseRenderer):
    """Compact UTF-8 JSON; an answer without data has no body.

    One of another ``media_type`` stands for answers whose bytes a view writes itself.
    """

    media_type = "application/json"
    format = "json"
    charset = None

    def __init__(self, media_type: str = media_type) -> None:
        self.media_type = media_type

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return b"" if data is None else json_bytes(data)
