"""The rows of people and services, what they sign in with, their sessions, and the keys that sign their tokens."""

from accounts.models.api_keys import APIKey
from accounts.models.devices import KnownDevice
from accounts.models.factors import CeremonyPurpose, Passkey, RecoveryCode, TOTPFactor, WebAuthnCeremony
from accounts.models.grants import ResourceGrant
from accounts.models.identities import ExternalIdentity
from accounts.models.keys import SigningKey
from accounts.models.logins import AttemptCounter, LoginChallenge
from accounts.models.mail import AccountLink, LinkPurpose, OutgoingMail
from accounts.models.passwords import FormerPassword
from accounts.models.policies import PASSWORD_LENGTH, PasswordPolicy, RoleSettings, SessionLimitAction
from accounts.models.sessions import RefreshToken, RevokeReason, Session, SessionKind
from accounts.models.standing import held_in, held_read, standing_of
from accounts.models.users import User, UserKind

__all__ = [
    "PASSWORD_LENGTH",
    "APIKey",
    "AccountLink",
    "AttemptCounter",
    "CeremonyPurpose",
    "ExternalIdentity",
    "FormerPassword",
    "KnownDevice",
    "LinkPurpose",
    "LoginChallenge",
    "OutgoingMail",
    "Passkey",
    "PasswordPolicy",
    "RecoveryCode",
    "RefreshToken",
    "ResourceGrant",
    "RevokeReason",
    "RoleSettings",
    "Session",
    "SessionKind",
    "SessionLimitAction",
    "SigningKey",
    "TOTPFactor",
    "User",
    "UserKind",
    "WebAuthnCeremony",
    "held_in",
    "held_read",
    "standing_of",
]
