"""Problem details (RFC 9457): every failure as one of the errors of ``gateway.exceptions``, and that as an answer."""

from collections.abc import Iterator, Mapping
from typing import Any

import kombu.exceptions
import redis
import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework import exceptions as rest

from gateway import exceptions
from gateway.connections import sqlstate_of
from gateway.engine.json_pointer import pointer
from gateway.exceptions import FieldError, OMSError
from gateway.http.bodies import json_bytes
from gateway.http.translation import translated, translated_json

MACHINE_PATHS = ("/api/", "/graphql/", "/health/")
"""Where programs ask: failures are problem details there and pages elsewhere."""

CONNECTION_SQLSTATES = ("08", "53", "57P01", "57P02", "57P03", "57P05")
"""SQLSTATEs that say the server cannot serve now: connections, resources, shutdown and start."""

logger = structlog.get_logger(__name__)

MEANINGS: Mapping[type[BaseException], type[OMSError]] = {
    Http404: exceptions.NotFound,
    PermissionDenied: exceptions.Forbidden,
    RequestDataTooBig: exceptions.TooLarge,
    SuspiciousOperation: exceptions.Malformed,
    UnreadablePostError: exceptions.Malformed,
    rest.AuthenticationFailed: exceptions.Unauthenticated,
    rest.MethodNotAllowed: exceptions.MethodNotAllowed,
    rest.NotAcceptable: exceptions.NotAcceptable,
    rest.NotAuthenticated: exceptions.Unauthenticated,
    rest.NotFound: exceptions.NotFound,
    rest.ParseError: exceptions.Malformed,
    rest.PermissionDenied: exceptions.Forbidden,
    rest.UnsupportedMediaType: exceptions.UnsupportedMediaType,
}
"""What the exceptions of the frameworks mean; a subclass means what its nearest base does."""


def problem_of(error: BaseException) -> OMSError:
    """The error of the table that ``error`` means; what nobody foresaw is :class:`exceptions.Internal`."""
    match error:
        case OMSError():
            return error
        case rest.ValidationError():
            return exceptions.Malformed(errors=list(field_errors(error.detail)))
        case rest.Throttled():
            return exceptions.RateLimited(str(error.detail))
        case OperationalError() if _says_unreachable(error):
            return exceptions.Unavailable(_("The database cannot be reached."), dependency="postgresql")
        case redis.ConnectionError() | redis.TimeoutError() | kombu.exceptions.OperationalError():
            return exceptions.Unavailable(_("Redis cannot be reached."), dependency="redis")
    meaning = next((MEANINGS[kind] for kind in type(error).__mro__ if kind in MEANINGS), exceptions.Internal)
    return meaning(str(error.detail) if isinstance(error, rest.APIException) else "")


def _says_unreachable(error: OperationalError) -> bool:
    """Whether the database is down; a deadlock or a statement's timeout is a fault of ours."""
    sqlstate = sqlstate_of(error)
    return sqlstate is None or sqlstate.startswith(CONNECTION_SQLSTATES)


def field_errors(detail: Any, path: str = "") -> Iterator[FieldError]:
    """The errors of Django REST framework's nested ``detail``, each with the pointer to its value."""
    if isinstance(detail, Mapping):
        for key, nested in detail.items():
            yield from field_errors(nested, path if key == "non_field_errors" else pointer(path, key))
    elif isinstance(detail, list):
        for index, nested in enumerate(detail):
            is_container = isinstance(nested, Mapping | list)
            yield from field_errors(nested, pointer(path, index) if is_container else path)
    else:
        rule = str(getattr(detail, "code", None) or "invalid").upper().replace("-", "_")
        yield FieldError(path, rule, str(detail))


def problem_body(problem: OMSError) -> dict[str, Any]:
    """The members of the problem details in the reader's language; ``errors`` only where single values are at fault."""
    body = {
        "type": f"urn:oms:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": translated(problem.detail),
    }
    if problem.errors:
        body["errors"] = errors_json(problem)
    return body | problem.extensions


def errors_json(problem: OMSError) -> list[dict[str, str]]:
    """The values at fault, each with its message in the reader's language."""
    return [translated_json(error.to_json()) for error in problem.errors]


def problem_response(error: BaseException, request: HttpRequest) -> HttpResponse:
    """The answer to a program; a fault of the server is logged and not told."""
    problem = _logged_problem_of(error)
    body = problem_body(problem) | {"instance": request.path}
    return HttpResponse(
        json_bytes(body), status=problem.status, content_type="application/problem+json", headers=problem.headers
    )


def error_response(error: BaseException, request: HttpRequest) -> HttpResponse:
    """The answer to whoever asks at this path: problem details for a program, a page for a person."""
    if request.path.startswith(MACHINE_PATHS):
        return problem_response(error, request)
    problem = _logged_problem_of(error)
    context = {"problem": problem_body(problem), "request_id": request.META.get("HTTP_X_REQUEST_ID", "")}
    response = render(None, "error.html", context, status=problem.status)  # no request: it may be what failed
    for name, value in problem.headers.items():
        response[name] = value
    return response


def _logged_problem_of(error: BaseException) -> OMSError:
    problem = problem_of(error)
    if isinstance(problem, exceptions.Internal):
        logger.error("request_failed", exc_info=error)
    return problem
