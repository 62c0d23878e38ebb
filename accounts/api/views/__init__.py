"""REST of accounts, a module per subject: parse, call a service, render."""

from accounts.api.views.api_keys import APIKeyViewSet
from accounts.api.views.authorization import ExplainView, ResourceGrantViewSet
from accounts.api.views.factors import FactorsView, RecoveryCodesView, TOTPConfirmView, TOTPView
from accounts.api.views.links import (
    EmailConfirmView,
    EmailVerifyView,
    InvitationAcceptView,
    PasswordResetConfirmView,
    PasswordResetView,
    UnlockView,
)
from accounts.api.views.login import LoginView, MFAVerifyView
from accounts.api.views.passkeys import (
    MFAPasskeyBeginView,
    MFAPasskeyFinishView,
    PasskeyConfirmBeginView,
    PasskeyConfirmFinishView,
    PasskeyLoginBeginView,
    PasskeyLoginFinishView,
    PasskeyRegisterBeginView,
    PasskeyRegisterFinishView,
    PasskeyViewSet,
)
from accounts.api.views.passwords import PasswordChangeView, PolicyViewSet, RoleSettingsViewSet
from accounts.api.views.profile import EmailChangeView, EmailVerificationView, MeView, SecurityLogViewSet
from accounts.api.views.sessions import ConfirmView, LogoutView, RefreshView, SessionsRevokeOthersView, SessionViewSet
from accounts.api.views.users import JWKSView, UserViewSet

__all__ = [
    "APIKeyViewSet",
    "ConfirmView",
    "EmailChangeView",
    "EmailConfirmView",
    "EmailVerificationView",
    "EmailVerifyView",
    "ExplainView",
    "FactorsView",
    "InvitationAcceptView",
    "JWKSView",
    "LoginView",
    "LogoutView",
    "MFAPasskeyBeginView",
    "MFAPasskeyFinishView",
    "MFAVerifyView",
    "MeView",
    "PasskeyConfirmBeginView",
    "PasskeyConfirmFinishView",
    "PasskeyLoginBeginView",
    "PasskeyLoginFinishView",
    "PasskeyRegisterBeginView",
    "PasskeyRegisterFinishView",
    "PasskeyViewSet",
    "PasswordChangeView",
    "PasswordResetConfirmView",
    "PasswordResetView",
    "PolicyViewSet",
    "RecoveryCodesView",
    "RefreshView",
    "ResourceGrantViewSet",
    "RoleSettingsViewSet",
    "SecurityLogViewSet",
    "SessionViewSet",
    "SessionsRevokeOthersView",
    "TOTPConfirmView",
    "TOTPView",
    "UnlockView",
    "UserViewSet",
]
