"""Why accounts refuse."""

from gateway.engine.sentences import sentence
from gateway.exceptions import (
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    Unauthenticated,
    Unavailable,
)
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


class PasskeyRefused(Unauthenticated):
    """The passkey was not accepted; try again."""

    code = "passkey-refused"


class TooManyAttempts(RateLimited):
    """There were too many wrong attempts; wait, then try again."""

    code = "too-many-attempts"
    retry_after = 900


class TooManyMails(RateLimited):
    """Too many mails were asked for; wait, then try again."""

    code = "too-many-mails"
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
    """Only administrators may ask what others may do, those of a repository only about who has a role there."""

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


class PasskeyLimitReached(Conflict):
    """This account has as many passkeys as it may; remove one first."""

    code = "passkey-limit-reached"


class PasskeyInvalid(Invalid):
    """The passkey was not registered."""

    code = "passkey-invalid"


class FactorNotFound(NotFound):
    """There is no such factor."""

    code = "factor-not-found"


class SessionNotFound(NotFound):
    """There is no such session, or it has ended."""

    code = "session-not-found"


class UserInvalid(Invalid):
    """The account is not valid."""

    code = "user-invalid"


class PasswordInvalid(Invalid):
    """The password is not fit."""

    code = "password-invalid"


class PasswordReplaced(Conflict):
    """The password was changed at the same moment; sign in with the new one."""

    code = "password-replaced"


class PolicyInvalid(Invalid):
    """The rules are not valid."""

    code = "policy-invalid"


class PolicyNotFound(NotFound):
    """There is no such password policy."""

    code = "password-policy-not-found"


class PolicyInUse(Conflict):
    """Roles or accounts have this password policy; give them another one first."""

    code = "password-policy-in-use"


class DefaultPolicyRequired(Conflict):
    """One password policy is the default; make another one that instead."""

    code = "default-policy-required"


class PolicyNameTaken(Conflict):
    """Another password policy has this name."""

    code = "password-policy-name-taken"


class LinkInvalid(Invalid):
    """The link is not valid: it has expired, was used, or another one has taken its place."""

    code = "link-invalid"

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/token", "LINK_INVALID", sentence(self._headline()))])


class AccountDeleted(Conflict):
    """The account was deleted."""

    code = "account-deleted"


class AddressVerified(Conflict):
    """The e-mail address is verified already, or there is none."""

    code = "address-verified"


class InvitationOver(Conflict):
    """Nobody is invited to an account that has a password, is not active or a program's, or has no e-mail address."""

    code = "invitation-over"


class NameTaken(Conflict):
    """Another account has this username or e-mail address."""

    code = "account-name-taken"


class LastAdministrator(Conflict):
    """The last active administrator must stay one."""

    code = "last-administrator"


class ProviderUnavailable(Unavailable):
    """The sign-in service that was chosen cannot be reached at the moment."""

    code = "provider-unavailable"
    retry_after = 10


class ProviderNotConfigured(NotFound):
    """Nobody but OMS itself signs anybody in here."""

    code = "provider-not-configured"


class ProviderRefused(Forbidden):
    """The sign-in service did not sign you in."""

    code = "provider-refused"


class ProviderSignInOver(Forbidden):
    """This sign-in is over or began in another browser; start again."""

    code = "provider-sign-in-over"


class ProviderUntrusted(Forbidden):
    """What the sign-in service answered does not hold, so nobody was signed in."""

    code = "provider-untrusted"


class IdentityRefused(Forbidden):
    """This account may not sign in; ask an administrator."""

    code = "identity-refused"


class IdentityNameTaken(Conflict):
    """There is an account of your name or e-mail address already; sign in to it and link it in "Your account"."""

    code = "identity-name-taken"


class IdentityTaken(Conflict):
    """That identity signs in to another account already."""

    code = "identity-taken"


class LastWayIn(Conflict):
    """You could not sign in any more; set a password or a passkey first."""

    code = "last-way-in"


class IdentityNotFound(NotFound):
    """There is no such identity."""

    code = "identity-not-found"
