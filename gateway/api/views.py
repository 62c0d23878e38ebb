"""What every REST view guarantees beyond Django REST framework."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from gateway import services
from gateway.api.renderers import JSONRenderer
from gateway.api.serializers import StrictSerializer
from gateway.exceptions import FieldError, Malformed, NotFound
from gateway.http.bodies import refuse_too_large
from gateway.http.problems import field_errors
from gateway.services import Answer

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")
REPLAYED_HEADERS = ("Content-Type", "Location", "ETag", "WWW-Authenticate", "Retry-After")


class OMSAPIView(APIView):
    """A view whose writes can be tried and repeated.

    - ``Idempotency-Key`` on POST: the first answer below 500 is kept with the write and given again.
    - ``?dry_run=true`` on writes, where ``dry_run`` is set: the real answer, and nothing is left behind.
    - An answer that ``holds_secret`` is kept nowhere: Idempotency-Key does nothing there, and caches are told so.
    - A body over ``body_limit`` bytes is refused with 413.
    - Where an operation takes no body, one that is sent all the same is read and has to be an empty object.
    """

    body_limit: ClassVar[int] = settings.BODY_LIMIT
    dry_run: ClassVar[bool] = False
    holds_secret: ClassVar[bool] = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Handle the request as Django REST framework does, the method itself under the guarantees above."""
        self.args = args
        self.kwargs = kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(self.request, *args, **kwargs)
            return self._guaranteed_answer()
        except Exception as error:  # noqa: BLE001 - the handler answers all of them, as in the overridden method
            return self._finalized(self.handle_exception(error))

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """204 with the methods in ``Allow``; the OpenAPI document describes what they take."""
        return Response(status=204)

    def body(self, serializer_class: type[Serializer[Any]]) -> dict[str, Any]:
        """The body as ``serializer_class`` reads it; raises :class:`ValidationError`."""
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        validated: dict[str, Any] = serializer.validated_data
        return validated

    def query(self, serializer_class: type[Serializer[Any]]) -> dict[str, Any]:
        """The query parameters as ``serializer_class`` reads them; raises :class:`Malformed`."""
        serializer = serializer_class(data=self.request.query_params.dict(), context={"request": self.request})
        try:
            serializer.is_valid(raise_exception=True)
        except ValidationError as error:
            errors = [FieldError(f"?{each.field[1:]}", each.rule, each.message) for each in field_errors(error.detail)]
            raise Malformed(_("A query parameter is malformed."), errors=errors) from error
        validated: dict[str, Any] = serializer.validated_data
        return validated

    def _guaranteed_answer(self) -> HttpResponseBase:
        method = (self.request.method or "").upper()
        if method in WRITES and self._only_tries():
            return self._tried_answer()
        key = self.request.headers.get("Idempotency-Key")
        if method == "POST" and key is not None and not self.holds_secret and self.request.user.is_authenticated:
            return self._kept_answer(key)
        return self._finalized(self._handle())

    def _only_tries(self) -> bool:
        match self.request.query_params.get("dry_run", "false"):
            case "false":
                return False
            case "true" if self.dry_run:
                return True
            case "true":
                message = _("This request cannot be tried without effect.")
            case _other:
                message = _("This must be true or false.")
        raise Malformed(message, errors=[FieldError("?dry_run", "INVALID", message)])

    def _tried_answer(self) -> HttpResponseBase:
        with transaction.atomic():
            response = self._rendered_answer()
            transaction.set_rollback(True)
        return response

    def _kept_answer(self, key: str) -> HttpResponseBase:
        if not IDEMPOTENCY_KEY.fullmatch(key):
            message = _("An Idempotency-Key has 1 to 255 visible ASCII characters.")
            raise Malformed(message, errors=[FieldError("Idempotency-Key", "INVALID", message)])
        executed: list[HttpResponse] = []

        def execute() -> Answer:
            response = self._rendered_answer()
            executed.append(response)
            headers = {name: response[name] for name in REPLAYED_HEADERS if name in response}
            return Answer(response.status_code, headers, response.content)

        user: Any = self.request.user  # who is signed in
        answer = services.idempotent_answer(
            principal=user.principal, key=key, fingerprint=self._fingerprint(), execute=execute
        )
        if executed:
            return executed[0]
        response = HttpResponse(answer.body, status=answer.status, headers=answer.headers)
        response["Idempotency-Replayed"] = "true"
        return self._finalized(response)

    def _fingerprint(self) -> str:
        """What tells two requests apart; keyed, since a body may hold a password."""
        refuse_too_large(self.request, self.body_limit)
        line = f"{self.request.method} {self.request.get_full_path()}\0".encode()
        return salted_hmac("gateway.idempotency", line + self.request.body, algorithm="sha256").hexdigest()

    def _rendered_answer(self) -> HttpResponse:
        """The answer with its body, failures included, so that all of it belongs to one transaction."""
        try:
            response = self._handle()
        except Exception as error:  # noqa: BLE001 - as in dispatch
            response = self.handle_exception(error)
        response = self._finalized(response)
        return response.render() if isinstance(response, Response) else response

    def _handle(self) -> HttpResponse:
        method = (self.request.method or "").lower()
        handler: Callable[..., HttpResponse] = self.http_method_not_allowed
        if method in self.http_method_names:
            handler = getattr(self, method, handler)
        if not self._takes_body(handler):
            self.body(StrictSerializer)
        return handler(self.request, *self.args, **self.kwargs)

    def _takes_body(self, handler: Callable[..., HttpResponse]) -> bool:
        """Whether the OpenAPI document says so; an operation that it says nothing of sees to its body itself."""
        operation = getattr(handler, "kwargs", {}).get("schema")  # what extend_schema leaves there
        if operation is None or self.request.method not in WRITES:
            return True
        schema = operation()
        schema.view = self
        return self.request.method != "DELETE" and schema.get_request_serializer() is not None

    def _finalized(self, response: HttpResponse) -> HttpResponse:
        final = self.finalize_response(self.request, response, *self.args, **self.kwargs)  # type: ignore[arg-type] # any answer, not only REST framework's
        if self.holds_secret:
            final["Cache-Control"] = "no-store"
        return final


class PublicView(OMSAPIView):
    """A view for everybody: credentials that the request carries are not looked at."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class OMSViewSet(OMSAPIView, GenericViewSet[Any]):
    """A viewset with the guarantees of :class:`OMSAPIView`.

    ``media_types`` are by action those of the answers that it writes itself, for which a client may ask;
    ``not_found`` is what :meth:`get_object` raises where there is no such row.
    """

    media_types: ClassVar[Mapping[str, Collection[str]]] = {}
    not_found: ClassVar[type[NotFound]] = NotFound

    def get_renderers(self) -> list[BaseRenderer]:
        """Those of every view, and one for each media type of the action's own."""
        return [*super().get_renderers(), *map(JSONRenderer, self.media_types.get(self.action or "", ()))]

    def get_object(self) -> Any:
        """The row that the address names."""
        try:
            return super().get_object()
        except Http404 as error:
            raise self.not_found from error
