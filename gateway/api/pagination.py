"""Pages of lists: by offset where the list is small, by cursor where it only grows."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import pagination
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from gateway.exceptions import FieldError, Malformed
from gateway.http.pages import DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET, MAX_SHORT_LIMIT, SHORT_LIMIT, in_range


def whole_number(request: Request, name: str, *, default: int, minimum: int, maximum: int) -> int:
    """The query parameter ``name``; raises :class:`Malformed` where it is no number in the range."""
    text = request.query_params.get(name)
    if text is None:
        return default
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
    return in_range(number, f"?{name}", minimum=minimum, maximum=maximum)


class LimitOffsetPagination(pagination.LimitOffsetPagination):
    """``?limit=&offset=`` → ``{count, next, previous, results}``."""

    default_limit = DEFAULT_LIMIT
    max_limit = MAX_LIMIT

    def get_limit(self, request: Request) -> int:
        return whole_number(request, "limit", default=self.default_limit, minimum=1, maximum=self.max_limit)

    def get_offset(self, request: Request) -> int:
        return whole_number(request, "offset", default=0, minimum=0, maximum=MAX_OFFSET)


class ShortPagination(LimitOffsetPagination):
    """The same for lists of which each item is long, or long to work out."""

    default_limit = SHORT_LIMIT
    max_limit = MAX_SHORT_LIMIT


class CursorPagination(pagination.CursorPagination):
    """``?limit=&cursor=`` → ``{next, previous, results}``, newest first; the page holds still while rows arrive."""

    page_size = DEFAULT_LIMIT
    page_size_query_param = "limit"
    max_page_size = MAX_LIMIT
    ordering: str | list[str] | tuple[str, ...] = "-created_at"

    def get_page_size(self, request: Request) -> int:
        return whole_number(request, "limit", default=DEFAULT_LIMIT, minimum=1, maximum=MAX_LIMIT)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, TypeError, ValueError) as error:  # not a cursor, or one of a position that no row can have
            message = _("This is not a cursor that a page of this list gave.")
            raise Malformed(message, errors=[FieldError("?cursor", "INVALID", message)]) from error
