"""What passwords must be like, and changing them."""

from accounts.models import User


def password_unfit(*, user: User, password: str) -> str:
    """The rule that a right password no longer meets at a sign-in (``EXPIRED``, ``KNOWN`` …), empty where it is fit."""
    return ""
