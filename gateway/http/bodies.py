"""Bodies of requests and answers: one strict way in, one compact way out."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.utils.encoders import JSONEncoder

from gateway.engine import strict_json
from gateway.exceptions import FieldError, Malformed, TooLarge


def refuse_too_large(request: HttpRequest, limit: int | None = None) -> None:
    """Raise :class:`TooLarge` before a byte is read of a body over ``limit`` (default: ``BODY_LIMIT``) bytes.

    Every body has a declared length by then: :class:`gateway.middleware.ChunkedBodies` sees to it.
    """
    limit = settings.BODY_LIMIT if limit is None else limit
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > limit:
        raise TooLarge(_("The body may have at most {limit} bytes.").format(limit=limit), limit=limit)


def json_read(body: bytes) -> Any:
    """The JSON value that ``body`` holds; raises :class:`Malformed` where readers could disagree on it."""
    try:
        return strict_json.loads(body)
    except strict_json.JSONRefused as refused:
        errors = () if refused.pointer is None else (FieldError(refused.pointer, refused.rule, refused.message),)
        raise Malformed(refused.message, errors=errors, rule=refused.rule) from refused


def json_bytes(value: Any) -> bytes:
    """``value`` as compact UTF-8; times, UUIDs and lazy texts as Django REST framework writes them."""
    return json.dumps(value, cls=JSONEncoder, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
