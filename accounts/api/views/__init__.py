"""REST of accounts, a module per subject: parse, call a service, render."""

from accounts.api.views.api_keys import APIKeyViewSet
from accounts.api.views.authorization import ExplainView, ResourceGrantViewSet
from accounts.api.views.factors import RecoveryCodesView, TOTPConfirmView, TOTPView
from accounts.api.views.login import LoginView, MFAVerifyView
from accounts.api.views.sessions import ConfirmView, LogoutView, RefreshView, SessionsRevokeOthersView, SessionViewSet
from accounts.api.views.users import JWKSView, MeView, UserViewSet

__all__ = [
    "APIKeyViewSet",
    "ConfirmView",
    "ExplainView",
    "JWKSView",
    "LoginView",
    "LogoutView",
    "MFAVerifyView",
    "MeView",
    "RecoveryCodesView",
    "RefreshView",
    "ResourceGrantViewSet",
    "SessionViewSet",
    "SessionsRevokeOthersView",
    "TOTPConfirmView",
    "TOTPView",
    "UserViewSet",
]
