"""The exception handler of every REST view."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from gateway.http.problems import problem_response


def exception_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Answer with problem details; no exception passes, so none reaches the client as text."""
    return problem_response(error, context["request"])
