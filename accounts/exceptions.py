"""Why accounts refuse."""

from gateway.exceptions import Conflict, Forbidden, Invalid, NotFound, RateLimited, Unauthenticated, Unavailable
from history.exceptions import HeadRefused

NOT_ACCEPTED = 'Bearer realm="oms", error="invalid_token"'
"""RFC 6750, 3.1: a token was given and does not serve, as opposed to none was given."""


class CredentialsWrong(Unauthenticated):
    """The username or the password is wrong."""

    code = "credentials-wrong"


class TokenInvalid(Unauthenticated):
    """The access token is not one that this service accepts."""

    code = "token-invalid"
    challenge = NOT_ACCEPTED


class TokenExpired(Unauthenticated):
    """The access token has expired."""

    code = "token-expired"
    challenge = NOT_ACCEPTED


class SessionEnded(Unauthenticated):
    """The session has ended."""

    code = "session-ended"
    challenge = NOT_ACCEPTED


class RefreshTokenInvalid(Unauthenticated):
    """The refresh token is not known."""

    code = "refresh-token-invalid"


class RefreshTokenReused(Unauthenticated):
    """The refresh token had been used before, so its session was ended."""

    code = "refresh-token-reused"


class ChallengeInvalid(Unauthenticated):
    """The sign-in that this token belongs to is over; start again."""

    code = "login-challenge-invalid"


class CodeWrong(Unauthenticated):
    """The code is wrong or has been used."""

    code = "code-wrong"


class TooManyAttempts(RateLimited):
    """There were too many wrong attempts; wait, then try again."""

    code = "too-many-attempts"
    retry_after = 900


class HashingBusy(Unavailable):
    """Too many sign-ins are being checked at the moment."""

    code = "hashing-busy"


class ManageUsersDenied(Forbidden):
    """Only an administrator may manage users."""

    code = "manage-users-denied"


class ViewUsersDenied(Forbidden):
    """Only an administrator may see other accounts."""

    code = "view-users-denied"


class NotForAPIKeys(Forbidden):
    """Only a person who has signed in may do this, no API key."""

    code = "not-for-api-keys"


class NotForServices(Forbidden):
    """Only people have second factors; a service has API keys."""

    code = "not-for-services"


class APIKeyDenied(Forbidden):
    """People make API keys for themselves, administrators for services, and nobody for another person."""

    code = "api-key-denied"


class APIKeyReplaced(Conflict):
    """This API key has been replaced already; rotate the one that took its place."""

    code = "api-key-replaced"


class APIKeyInvalid(Invalid):
    """The API key cannot be like this."""

    code = "api-key-invalid"


class APIKeyNotFound(NotFound):
    """There is no such API key, or it has ended."""

    code = "api-key-not-found"


class ResourceGrantInvalid(Invalid):
    """The grant cannot be like this."""

    code = "resource-grant-invalid"


class ResourceGrantExists(Conflict):
    """There is such a grant already."""

    code = "resource-grant-exists"


class ResourceGrantNotFound(NotFound):
    """There is no such grant."""

    code = "resource-grant-not-found"


class GroupNotFound(NotFound):
    """There is no such group."""

    code = "group-not-found"


class ResourceRefused(HeadRefused):
    """The role that you have here is for some resources alone."""

    code = "resource-refused"


class ExplainDenied(Forbidden):
    """Only an administrator may ask what others may do."""

    code = "explain-denied"


class PermissionUnknown(Invalid):
    """There is no such permission."""

    code = "permission-unknown"


class SessionLimitReached(Conflict):
    """This account has as many sessions as it may; end one first."""

    code = "session-limit-reached"


class FactorExists(Conflict):
    """There is an authenticator application already; remove it first."""

    code = "factor-exists"


class FactorRequired(Conflict):
    """Your role asks for a second factor, so the last one must stay."""

    code = "factor-required"


class FactorNotFound(NotFound):
    """There is no such factor."""

    code = "factor-not-found"


class SessionNotFound(NotFound):
    """There is no such session, or it has ended."""

    code = "session-not-found"


class UserInvalid(Invalid):
    """The account is not valid."""

    code = "user-invalid"


class NameTaken(Conflict):
    """Another account has this username or e-mail address."""

    code = "account-name-taken"


class LastAdministrator(Conflict):
    """The last active administrator must stay one."""

    code = "last-administrator"
