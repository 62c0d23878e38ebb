"""The rows of people and services, their sessions, and the keys that sign their tokens."""

from accounts.models.keys import SigningKey
from accounts.models.sessions import RefreshToken, RevokeReason, Session, SessionKind
from accounts.models.users import User, UserKind

__all__ = ["RefreshToken", "RevokeReason", "Session", "SessionKind", "SigningKey", "User", "UserKind"]
