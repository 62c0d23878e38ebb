"""Why accounts refuse."""

from gateway.exceptions import Conflict, Forbidden, Invalid, NotFound, Unauthenticated, Unavailable

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


class HashingBusy(Unavailable):
    """Too many sign-ins are being checked at the moment."""

    code = "hashing-busy"


class ManageUsersDenied(Forbidden):
    """Only an administrator may manage users."""

    code = "manage-users-denied"


class ViewUsersDenied(Forbidden):
    """Only an administrator may see other accounts."""

    code = "view-users-denied"


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
