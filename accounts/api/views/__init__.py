"""REST of accounts, a module per subject: parse, call a service, render."""

from accounts.api.views.factors import RecoveryCodesView, TOTPConfirmView, TOTPView
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
from accounts.api.views.sessions import ConfirmView, LogoutView, RefreshView, SessionsRevokeOthersView, SessionViewSet
from accounts.api.views.users import JWKSView, MeView, UserViewSet

__all__ = [
    "ConfirmView",
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
    "PolicyViewSet",
    "RecoveryCodesView",
    "RefreshView",
    "RoleSettingsViewSet",
    "SessionViewSet",
    "SessionsRevokeOthersView",
    "TOTPConfirmView",
    "TOTPView",
    "UserViewSet",
]
