"""What Django answers with where no view of ours does."""

import sys

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gateway.exceptions import CSRFFailed, Forbidden, Internal, Malformed, NotFound
from gateway.http.problems import error_response, problem_of


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_response(CSRFFailed(), request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    problem = problem_of(exception)
    return error_response(Malformed() if isinstance(problem, Internal) else problem, request)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(Forbidden(), request)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(NotFound(_("There is no page at this address.")), request)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls this while it handles the exception, which may only mean that a dependency is down."""
    return error_response(sys.exc_info()[1] or Internal(), request)
