"""Everything that changes accounts, sessions and keys."""

from accounts.services.api_keys import api_key_authenticate, api_key_create, api_key_revoke, api_key_rotate
from accounts.services.confirmation import confirmation_methods, session_confirm, session_confirmed
from accounts.services.devices import Device
from accounts.services.factors import (
    Enrolment,
    code_verify,
    factor_changed,
    factor_is_required,
    factor_methods,
    recovery_codes_left,
    recovery_codes_replace,
    require_another_factor,
    totp_confirm,
    totp_enrol,
    totp_remove,
)
from accounts.services.keys import signing_key_rotate
from accounts.services.logins import (
    Login,
    LoginPending,
    login_challenge,
    login_code_verify,
    login_factor_shown,
    login_password_replaced,
    login_pending,
    login_proceed,
    login_start,
    login_totp_confirm,
    login_totp_enrol,
)
from accounts.services.mails import mail_write
from accounts.services.purging import expired_purge
from accounts.services.resource_grants import resource_grant_create, resource_grant_delete, resource_guard
from accounts.services.revocation import session_revoke, sessions_revoke
from accounts.services.sessions import (
    BROWSER_SESSION,
    SignedIn,
    Tokens,
    access_token_renew,
    browser_session_resume,
    session_authenticate,
    session_end,
    session_open,
    session_refresh,
    tokens_of,
)
from accounts.services.step_up import fresh_authentication, require_fresh_authentication
from accounts.services.throttling import account_is_locked, account_unlock
from accounts.services.users import password_set, user_create, user_update

__all__ = [
    "BROWSER_SESSION",
    "Device",
    "Enrolment",
    "Login",
    "LoginPending",
    "SignedIn",
    "Tokens",
    "access_token_renew",
    "account_is_locked",
    "account_unlock",
    "api_key_authenticate",
    "api_key_create",
    "api_key_revoke",
    "api_key_rotate",
    "browser_session_resume",
    "code_verify",
    "confirmation_methods",
    "expired_purge",
    "factor_changed",
    "factor_is_required",
    "factor_methods",
    "fresh_authentication",
    "login_challenge",
    "login_code_verify",
    "login_factor_shown",
    "login_password_replaced",
    "login_pending",
    "login_proceed",
    "login_start",
    "login_totp_confirm",
    "login_totp_enrol",
    "mail_write",
    "password_set",
    "recovery_codes_left",
    "recovery_codes_replace",
    "require_another_factor",
    "require_fresh_authentication",
    "resource_grant_create",
    "resource_grant_delete",
    "resource_guard",
    "session_authenticate",
    "session_confirm",
    "session_confirmed",
    "session_end",
    "session_open",
    "session_refresh",
    "session_revoke",
    "sessions_revoke",
    "signing_key_rotate",
    "tokens_of",
    "totp_confirm",
    "totp_enrol",
    "totp_remove",
    "user_create",
    "user_update",
]
