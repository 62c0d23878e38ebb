"""Signing in to the console, and one's own account in it."""

from django.urls import URLPattern, path

from accounts.views.login import (
    ConsoleLoginView,
    ConsoleLogoutView,
    EnrolView,
    PasswordRenewView,
    SecondFactorView,
)

PUBLIC: list[URLPattern] = [
    path("login/", ConsoleLoginView.as_view(), name="login"),
    path("login/second-factor/", SecondFactorView.as_view(), name="second-factor"),
    path("login/password/", PasswordRenewView.as_view(), name="password-renew"),
    path("login/enrol/", EnrolView.as_view(), name="enrol"),
    path("logout/", ConsoleLogoutView.as_view(), name="logout"),
]
"""Pages for who is not signed in yet, or no more."""
