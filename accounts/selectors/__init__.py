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
from accounts.selectors.factors import (
    Factors,
    confirmation_methods,
    factor_is_required,
    factor_methods,
    factors_of,
    passkeys_of,
    recovery_codes_left,
)
from accounts.selectors.security_log import LogEntry, log_entries, security_log
from accounts.selectors.sessions import sessions_visible_to
from accounts.selectors.users import policies_visible_to, role_settings_visible_to, users_visible_to

__all__ = [
    "Explanation",
    "Factors",
    "LogEntry",
    "api_key_get",
    "api_key_owner",
    "api_keys_of",
    "confirmation_methods",
    "explain",
    "factor_is_required",
    "factor_methods",
    "factors_of",
    "group_get",
    "log_entries",
    "passkeys_of",
    "policies_visible_to",
    "recovery_codes_left",
    "resource_grant_get",
    "resource_grants_of",
    "role_settings_visible_to",
    "security_log",
    "sessions_visible_to",
    "user_asked_about",
    "users_visible_to",
]
