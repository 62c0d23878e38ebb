"""What can go wrong, by meaning: the one table of errors that REST, GraphQL and HTML answers share.

Every app's ``exceptions.py`` has one root that subclasses one of these. The first line of a class's
docstring is its title, and its message where none is given.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Final

from django.utils.translation import gettext

from gateway.engine.sentences import sentence

MAX_ERRORS: Final = 1_000
"""So many values at fault are told at once; who sends a million wrong ones is not told of each."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one value of a request.

    ``field`` is an RFC 6901 pointer into the body (``/changes/3/name``) or ``?name`` for a query
    parameter, ``rule`` an UPPER_SNAKE name that programs may rely on, ``message`` one sentence:
    a :class:`~gateway.engine.sentences.Sentence`, or at an edge a text in the reader's language.
    """

    field: str
    rule: str
    message: str

    def to_json(self) -> dict[str, str]:
        return asdict(self)


class OMSError(Exception):
    """Something went wrong."""

    status: ClassVar[int]
    code: ClassVar[str]
    """Kebab-case name of the kind of problem; its type is ``urn:oms:problem:<code>``."""

    def __init__(self, detail: str = "", *, errors: Sequence[FieldError] = (), **extensions: Any) -> None:
        self.detail = detail or sentence(self._headline())
        self.errors = tuple(errors[:MAX_ERRORS])
        self.extensions = extensions
        super().__init__(self.detail)

    @property
    def title(self) -> str:
        """The first line of the class's docstring, in the reader's language."""
        return gettext(self._headline())

    @property
    def headers(self) -> dict[str, str]:
        """What the answer's headers must say beside its body."""
        return {}

    def _headline(self) -> str:
        documentation = type(self).__doc__ or OMSError.__doc__ or ""
        return documentation.strip().splitlines()[0]


class RetryableError(OMSError):
    """The request may succeed later."""

    retry_after: ClassVar[int] = 1
    """Seconds, where the error was not raised with an own ``retry_after``."""

    def __init__(self, detail: str = "", *, errors: Sequence[FieldError] = (), **extensions: Any) -> None:
        super().__init__(detail, errors=errors, **{"retry_after": self.retry_after, **extensions})

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.extensions["retry_after"])}


class Malformed(OMSError):
    """The request is malformed."""

    status = 400
    code = "malformed"


class Unauthenticated(OMSError):
    """Authentication is required."""

    status = 401
    code = "unauthenticated"
    challenge: ClassVar[str] = 'Bearer realm="oms"'
    """The WWW-Authenticate field of the answer (RFC 6750, RFC 9470)."""

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": self.challenge}


class AuthenticationStale(Unauthenticated):
    """Confirm that it is you: this needs a sign-in or a factor shown just now."""

    code = "fresh-authentication-required"

    def __init__(self, detail: str = "", *, max_age: int, **extensions: Any) -> None:
        super().__init__(detail, max_age=max_age, **extensions)

    @property
    def headers(self) -> dict[str, str]:
        """The challenge of RFC 9470: authenticated within so many seconds."""
        age = self.extensions["max_age"]
        return {"WWW-Authenticate": f'Bearer realm="oms", error="insufficient_user_authentication", max_age="{age}"'}


class Forbidden(OMSError):
    """This is not allowed."""

    status = 403
    code = "forbidden"


class CSRFFailed(Forbidden):
    """The form or request lacks the token that proves it comes from this site; load the page again."""

    code = "csrf-failed"


class NotFound(OMSError):
    """There is no such thing here."""

    status = 404
    code = "not-found"


class MethodNotAllowed(OMSError):
    """The method is not allowed here."""

    status = 405
    code = "method-not-allowed"


class NotAcceptable(OMSError):
    """The answer cannot be given in a media type that the request accepts."""

    status = 406
    code = "not-acceptable"


class Conflict(OMSError):
    """The request conflicts with what is there."""

    status = 409
    code = "conflict"


class PreconditionFailed(OMSError):
    """A precondition of the request does not hold."""

    status = 412
    code = "precondition-failed"


class TooLarge(OMSError):
    """The body of the request is too large."""

    status = 413
    code = "too-large"


class OperationTooLarge(TooLarge):
    """The GraphQL operation is too large."""

    code = "operation-too-large"


class UnsupportedMediaType(OMSError):
    """The media type of the request's body is not supported."""

    status = 415
    code = "unsupported-media-type"


class Invalid(OMSError):
    """The request is well-formed but not valid."""

    status = 422
    code = "invalid"


class IdempotencyKeyReused(Invalid):
    """This Idempotency-Key came with another request before."""

    code = "idempotency-key-reused"


class Locked(OMSError):
    """This is locked."""

    status = 423
    code = "locked"


class RateLimited(RetryableError):
    """There were too many requests."""

    status = 429
    code = "rate-limited"


class Internal(OMSError):
    """The server failed; the fault is logged under the request's id."""

    status = 500
    code = "internal"


class Unavailable(RetryableError):
    """Something that the service depends on is down."""

    status = 503
    code = "unavailable"
