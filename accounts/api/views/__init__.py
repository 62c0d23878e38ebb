"""REST of accounts, a module per subject: parse, call a service, render."""

from accounts.api.views.factors import RecoveryCodesView, TOTPConfirmView, TOTPView
from accounts.api.views.links import (
    EmailConfirmView,
    EmailVerifyView,
    InvitationAcceptView,
    PasswordResetConfirmView,
    PasswordResetView,
    UnlockView,
)
from accounts.api.views.login import LoginView, MFAVerifyView
from accounts.api.views.profile import EmailChangeView, EmailVerificationView, MeView, SecurityLogViewSet
from accounts.api.views.sessions import ConfirmView, LogoutView, RefreshView, SessionsRevokeOthersView, SessionViewSet
from accounts.api.views.users import JWKSView, UserViewSet

__all__ = [
    "ConfirmView",
    "EmailChangeView",
    "EmailConfirmView",
    "EmailVerificationView",
    "EmailVerifyView",
    "InvitationAcceptView",
    "JWKSView",
    "LoginView",
    "LogoutView",
    "MFAVerifyView",
    "MeView",
    "PasswordResetConfirmView",
    "PasswordResetView",
    "RecoveryCodesView",
    "RefreshView",
    "SecurityLogViewSet",
    "SessionViewSet",
    "SessionsRevokeOthersView",
    "TOTPConfirmView",
    "TOTPView",
    "UnlockView",
    "UserViewSet",
]
