"""How long the pages of lists may be, over REST and GraphQL alike."""

from typing import Final

from django.utils.translation import gettext as _

from gateway.exceptions import FieldError, Malformed

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 500
SHORT_LIMIT: Final = 20
MAX_SHORT_LIMIT: Final = 50
"""The same for lists of which each item is long, or long to work out."""


def in_range(number: int | None, field: str, *, minimum: int, maximum: int | None = None) -> int:
    """``number``; raises :class:`Malformed` where it is none or lies outside of the range, both ends included."""
    if number is not None and number >= minimum and (maximum is None or number <= maximum):
        return number
    if maximum is None:
        message = _("This must be a whole number of at least {minimum}.").format(minimum=minimum)
    else:
        message = _("This must be a whole number from {minimum} to {maximum}.").format(minimum=minimum, maximum=maximum)
    raise Malformed(message, errors=[FieldError(field, "OUT_OF_RANGE", message)])
