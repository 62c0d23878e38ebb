"""What a request brings to the move of a head, beside who sends it: two header fields, REST and GraphQL alike."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote_to_bytes

from django.utils.translation import gettext as _

from gateway.engine.text import is_storable
from gateway.exceptions import FieldError, Malformed
from history.services import Authority

LOCK_HEADER: Final = "OMS-Lock-Token"
BYPASS_HEADER: Final = "OMS-Bypass-Reason"
REASON_LENGTH: Final = 500
"""Characters of a reason once it is decoded."""

_TOKEN: Final = re.compile(r"[1-9][0-9]{0,17}")
_REASON: Final = re.compile(r"(?:[\x20-\x24\x26-\x7e]|%[0-9A-Fa-f]{2})+")
"""Visible ASCII and spaces; any other byte of UTF-8, and the percent sign itself, as RFC 3986 encodes them."""


def authority_of(headers: Mapping[str, str]) -> Authority:
    """What the header fields of a request bring; raises Malformed, which names the one that cannot be read."""
    return Authority(
        bypass_reason=_bypass_reason(headers.get(BYPASS_HEADER)),
        lock_token=_lock_token(headers.get(LOCK_HEADER)),
    )


def _lock_token(value: str | None) -> int | None:
    if value is None:
        return None
    if not _TOKEN.fullmatch(value.strip()):
        raise _malformed(LOCK_HEADER, _("This must be the token of a lock, a whole number."))
    return int(value)


def _bypass_reason(value: str | None) -> str:
    if value is None:
        return ""
    if not _REASON.fullmatch(value):
        raise _malformed(BYPASS_HEADER, _("This must be ASCII text, with anything else in it percent-encoded UTF-8."))
    try:
        reason = unquote_to_bytes(value).decode().strip()
    except UnicodeDecodeError as error:
        raise _malformed(BYPASS_HEADER, _("What is percent-encoded here is not UTF-8.")) from error
    if not reason or len(reason) > REASON_LENGTH or not is_storable(reason):
        message = _("A reason has 1 to {limit} characters, NUL not among them.").format(limit=REASON_LENGTH)
        raise _malformed(BYPASS_HEADER, message)
    return reason


def _malformed(field: str, message: str) -> Malformed:
    return Malformed(f"{field}: {message}", errors=[FieldError(field, "INVALID", message)])
