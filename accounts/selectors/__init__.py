"""Reads of accounts that may be refused, or that cross models."""

from accounts.selectors.authorization import (
    Explanation,
    api_key_get,
    api_key_owner,
    api_keys_of,
    explain,
    group_get,
    resource_grant_get,
    resource_grants_of,
    user_asked_about,
)
from accounts.selectors.security_log import LogEntry, log_entries, security_log
from accounts.selectors.sessions import sessions_visible_to
from accounts.selectors.users import policies_visible_to, role_settings_visible_to, users_visible_to

__all__ = [
    "Explanation",
    "LogEntry",
    "api_key_get",
    "api_key_owner",
    "api_keys_of",
    "explain",
    "group_get",
    "log_entries",
    "policies_visible_to",
    "resource_grant_get",
    "resource_grants_of",
    "role_settings_visible_to",
    "security_log",
    "sessions_visible_to",
    "user_asked_about",
    "users_visible_to",
]
