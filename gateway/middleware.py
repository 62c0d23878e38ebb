"""What stands around every request, whatever serves it."""

import re
import uuid
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django_structlog.middlewares import RequestMiddleware

from gateway.exceptions import Internal
from gateway.http.problems import error_response, problem_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]
WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

SECRET_IN_QUERY = re.compile(r"([?&]token=)[^&\s]+")
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


class RequestIdHeaderMiddleware:
    """Every request has an id in its logs and as X-Request-ID in its answer.

    The client's own is kept where it is harmless to log, else a new one is made. Stands before
    django-structlog's middleware, which binds the header to the log context.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else str(uuid.uuid4())
        request.META["HTTP_X_REQUEST_ID"] = request_id
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class RequestLogMiddleware(RequestMiddleware):
    """django-structlog's, without the secrets that the links in mails carry in their query."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return SECRET_IN_QUERY.sub(r"\1…", RequestMiddleware.format_request(request))


class ProblemMiddleware:
    """Errors of the table that a view raises outside Django REST framework become its answers.

    What nobody foresaw is left to Django, which logs it and calls the handler of status 500.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(problem_of(error), Internal):
            return None
        return error_response(error, request)


class ChunkedBodies:
    """A WSGI application whose requests all declare their length, as RFC 9112, section 7.1.3 decodes chunks.

    Django reads no body without a length. A body over ``DOCUMENT_BODY_LIMIT``, the largest of all limits,
    is cut off one byte past it, so that every view refuses it by its length.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ.get("CONTENT_LENGTH") and environ.get("wsgi.input_terminated"):
            body = environ["wsgi.input"].read(settings.DOCUMENT_BODY_LIMIT + 1)
            environ["wsgi.input"] = BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))
            environ.pop("HTTP_TRANSFER_ENCODING", None)
        return self.application(environ, start_response)
