"""Everything that changes accounts, sessions and keys."""

from accounts.services.sessions import (
    BROWSER_SESSION,
    Device,
    Tokens,
    api_session_start,
    browser_session_resume,
    browser_session_start,
    expired_sessions_purge,
    session_authenticate,
    session_end,
    session_refresh,
    session_revoke,
    session_start,
)
from accounts.services.users import password_set, user_create, user_update

__all__ = [
    "BROWSER_SESSION",
    "Device",
    "Tokens",
    "api_session_start",
    "browser_session_resume",
    "browser_session_start",
    "expired_sessions_purge",
    "password_set",
    "session_authenticate",
    "session_end",
    "session_refresh",
    "session_revoke",
    "session_start",
    "user_create",
    "user_update",
]
