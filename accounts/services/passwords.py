"""What passwords must be like, and changing them."""

from accounts.exceptions import UserInvalid
from accounts.models import User
from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError

MINIMUM = 15


def password_check(user: User, password: str) -> None:
    """Raises :class:`UserInvalid` where ``password`` may not become the user's."""
    if len(password) < MINIMUM:
        message = sentence("The password is too short: it needs at least {minimum} characters.", minimum=MINIMUM)
        raise UserInvalid(errors=[FieldError("/password", "TOO_SHORT", message)])


def password_unfit(*, user: User, password: str) -> str:
    """The rule that a right password no longer meets at a sign-in (``EXPIRED``, ``KNOWN`` …), empty where it is fit."""
    return ""
