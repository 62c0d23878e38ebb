"""Everything that changes accounts, sessions and keys."""

from accounts.services.addresses import email_change, email_confirm, email_verify, verification_send
from accounts.services.api_keys import api_key_authenticate, api_key_create, api_key_revoke, api_key_rotate
from accounts.services.ceremonies import Ceremony
from accounts.services.confirmation import session_confirm
from accounts.services.devices import Device
from accounts.services.factors import (
    Enrolment,
    factors_reset,
    recovery_codes_replace,
    totp_confirm,
    totp_enrol,
    totp_remove,
)
from accounts.services.identities import identity_link, identity_sign_in, identity_unlink
from accounts.services.invitations import invitation_renew, user_invite
from accounts.services.keys import signing_key_rotate
from accounts.services.links import link_create, link_secret, link_url, link_use
from accounts.services.locks import account_unlock_by_link, user_unlock
from accounts.services.logins import (
    Login,
    LoginPending,
    login_code_verify,
    login_password_change,
    login_pending,
    login_start,
    login_totp_confirm,
    login_totp_enrol,
)
from accounts.services.mails import mail_write, mails_send
from accounts.services.passkey_logins import (
    login_passkey_begin,
    login_passkey_confirm,
    login_passkey_enrol,
    login_passkey_verify,
    passkey_confirm_begin,
    passkey_confirm_finish,
    passkey_login_begin,
    passkey_login_finish,
)
from accounts.services.passkeys import (
    Registered,
    passkey_register_begin,
    passkey_register_finish,
    passkey_remove,
    passkey_rename,
)
from accounts.services.passwords import (
    password_change,
    password_check,
    password_expires_at,
    password_unfit,
    password_warning,
    policy_of,
)
from accounts.services.policies import policy_delete, policy_save, role_settings_save
from accounts.services.providers import Departure, provider_arrival, provider_departure
from accounts.services.purging import expired_purge
from accounts.services.resets import (
    invitation_accept,
    password_reset_begin,
    password_reset_confirm,
    password_reset_request,
)
from accounts.services.resource_grants import (
    require_on_resources,
    resource_grant_create,
    resource_grant_delete,
    resource_guard,
)
from accounts.services.revocation import session_revoke, sessions_revoke, sessions_revoke_others
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
from accounts.services.users import password_set, user_create, user_delete, user_profile_update, user_update

__all__ = [
    "BROWSER_SESSION",
    "Ceremony",
    "Departure",
    "Device",
    "Enrolment",
    "Login",
    "LoginPending",
    "Registered",
    "SignedIn",
    "Tokens",
    "access_token_renew",
    "account_is_locked",
    "account_unlock",
    "account_unlock_by_link",
    "api_key_authenticate",
    "api_key_create",
    "api_key_revoke",
    "api_key_rotate",
    "browser_session_resume",
    "email_change",
    "email_confirm",
    "email_verify",
    "expired_purge",
    "factors_reset",
    "fresh_authentication",
    "identity_link",
    "identity_sign_in",
    "identity_unlink",
    "invitation_accept",
    "invitation_renew",
    "link_create",
    "link_secret",
    "link_url",
    "link_use",
    "login_code_verify",
    "login_passkey_begin",
    "login_passkey_confirm",
    "login_passkey_enrol",
    "login_passkey_verify",
    "login_password_change",
    "login_pending",
    "login_start",
    "login_totp_confirm",
    "login_totp_enrol",
    "mail_write",
    "mails_send",
    "passkey_confirm_begin",
    "passkey_confirm_finish",
    "passkey_login_begin",
    "passkey_login_finish",
    "passkey_register_begin",
    "passkey_register_finish",
    "passkey_remove",
    "passkey_rename",
    "password_change",
    "password_check",
    "password_expires_at",
    "password_reset_begin",
    "password_reset_confirm",
    "password_reset_request",
    "password_set",
    "password_unfit",
    "password_warning",
    "policy_delete",
    "policy_of",
    "policy_save",
    "provider_arrival",
    "provider_departure",
    "recovery_codes_replace",
    "require_fresh_authentication",
    "require_on_resources",
    "resource_grant_create",
    "resource_grant_delete",
    "resource_guard",
    "role_settings_save",
    "session_authenticate",
    "session_confirm",
    "session_end",
    "session_open",
    "session_refresh",
    "session_revoke",
    "sessions_revoke",
    "sessions_revoke_others",
    "signing_key_rotate",
    "tokens_of",
    "totp_confirm",
    "totp_enrol",
    "totp_remove",
    "user_create",
    "user_delete",
    "user_invite",
    "user_profile_update",
    "user_unlock",
    "user_update",
    "verification_send",
]
