"""What the events of an account say to people."""

from collections.abc import Mapping
from typing import Any, Final

from gateway.engine.sentences import Sentence, sentence

PREFIX: Final = "io.oms.accounts."
SENTENCES: Final[Mapping[str, Sentence]] = {
    "api_key.created": sentence("An API key was made."),
    "api_key.revoked": sentence("An API key was revoked."),
    "api_key.rotated": sentence("An API key was replaced."),
    "email.changed": sentence("The e-mail address was changed."),
    "email.verified": sentence("The e-mail address was verified."),
    "email_change.requested": sentence("Another e-mail address was asked for."),
    "factor.added": sentence("A second factor was set up."),
    "factor.refused": sentence("A wrong code was given."),
    "factor.removed": sentence("A second factor was removed."),
    "identity.linked": sentence("Another provider's sign-in was linked."),
    "identity.unlinked": sentence("Another provider's sign-in was removed."),
    "invitation.accepted": sentence("The invitation was accepted."),
    "login.refused": sentence("A wrong password was given."),
    "passkey.refused": sentence("A passkey was refused."),
    "passkey.renamed": sentence("A passkey was renamed."),
    "password_policy.created": sentence("A password policy was made."),
    "password_policy.deleted": sentence("A password policy was deleted."),
    "password_policy.updated": sentence("A password policy was changed."),
    "password.changed": sentence("The password was changed."),
    "password.reset": sentence("The password was set by a link."),
    "password_reset.requested": sentence("A link to set another password was sent."),
    "recovery_codes.replaced": sentence("New recovery codes were made."),
    "resource_grant.created": sentence("Somebody got a role on some resources."),
    "resource_grant.deleted": sentence("Somebody lost a role on some resources."),
    "role_settings.updated": sentence("What a role asks for was changed."),
    "role.kept": sentence("The role stayed, since it is the last administrator's."),
    "session.confirmed": sentence("It was confirmed who was there."),
    "session.ended": sentence("Signed out."),
    "session.revoked": sentence("A session was ended."),
    "session.started": sentence("Signed in."),
    "user.created": sentence("The account was made."),
    "user.deleted": sentence("The account was deleted."),
    "user.invited": sentence("An invitation was sent."),
    "user.locked": sentence("Wrong passwords locked the account."),
    "user.unlocked": sentence("The account was unlocked."),
    "factors.reset": sentence("An administrator took the second factors away."),
    "user.updated": sentence("The account was changed."),
}
REVOKED: Final[Mapping[str, Sentence]] = {
    "reuse": sentence("A session was ended because its token was used twice."),
    "disabled": sentence("A session was ended because the account was disabled."),
    "deleted": sentence("A session was ended because the account was deleted."),
    "password": sentence("A session was ended because the password was changed."),
    "factor": sentence("A session was ended because a second factor was changed."),
    "email": sentence("A session was ended because the e-mail address was changed."),
    "limit": sentence("A session was ended because there were too many."),
}


def told(type_: str, data: Mapping[str, Any]) -> str:
    """The sentence for an event of accounts; one that says little for a type that it does not know."""
    name = type_.removeprefix(PREFIX)
    if name == "session.revoked":
        return REVOKED.get(str(data.get("reason")), SENTENCES[name])
    if name == "user.updated" and data.get("is_active") is False and "is_active" in data.get("fields", ()):
        return sentence("The account was disabled.")
    if name == "user.updated" and data.get("fields") == ["email"]:
        return SENTENCES["email.changed"]
    if name == "user.updated" and data.get("fields") == ["password"]:
        return sentence("The password was changed.")
    return SENTENCES.get(name) or sentence("Something about the account was changed.")
