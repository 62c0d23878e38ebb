"""How long the pages of lists may be, over REST and GraphQL alike."""

from typing import Final

from django.utils.translation import gettext as _

from gateway.exceptions import FieldError, Malformed

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 500
SHORT_LIMIT: Final = 20
MAX_SHORT_LIMIT: Final = 50
"""The same for lists of which each item is long, or long to work out."""
MAX_OFFSET: Final = 10**18 - 1
"""As far as a list can be gone along: what has more digits is no number that a database counts with."""


def in_range(number: int | None, field: str, *, minimum: int, maximum: int) -> int:
    """``number``; raises :class:`Malformed` where it is none or lies outside of the range, both ends included."""
    if number is not None and minimum <= number <= maximum:
        return number
    message = _("This must be a whole number from {minimum} to {maximum}.").format(minimum=minimum, maximum=maximum)
    raise Malformed(message, errors=[FieldError(field, "OUT_OF_RANGE", message)])
