"""Signing in to the console, and one's own account in it."""

from django.urls import URLPattern, path

from accounts.views.login import ConsoleLoginView, ConsoleLogoutView, EnrolView, SecondFactorView
from accounts.views.provider import ProviderCallbackView, ProviderSignInView

PUBLIC: list[URLPattern] = [
    path("login/", ConsoleLoginView.as_view(), name="login"),
    path("login/second-factor/", SecondFactorView.as_view(), name="second-factor"),
    path("login/enrol/", EnrolView.as_view(), name="enrol"),
    path("login/oidc/", ProviderSignInView.as_view(), name="provider-sign-in"),
    path("login/oidc/callback/", ProviderCallbackView.as_view(), name="provider-callback"),
    path("logout/", ConsoleLogoutView.as_view(), name="logout"),
]
"""Pages for who is not signed in yet, or no more."""
