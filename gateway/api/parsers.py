from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from gateway.http.bodies import json_read, refuse_too_large


class StrictJSONParser(BaseParser):
    """JSON in UTF-8 without equal keys, NaN, null characters, lone surrogates or excessive depth.

    A body longer than the view's ``body_limit`` is refused before it is read.
    """

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        context = parser_context or {}
        refuse_too_large(context["request"], getattr(context["view"], "body_limit", None))
        return json_read(stream.read())
