"""Signing in to the console, and one's own account in it."""

from django.urls import URLPattern, path

from accounts.views import links
from accounts.views.login import (
    ConsoleLoginView,
    ConsoleLogoutView,
    EnrolView,
    PasswordRenewView,
    SecondFactorView,
)
from accounts.views.passkeys import (
    EnrolBeginView,
    FactorBeginView,
    LoginBeginView,
    PasskeyEnrolView,
    PasskeyFactorView,
    PasskeyLoginView,
)
from accounts.views.provider import ProviderCallbackView, ProviderSignInView

PUBLIC: list[URLPattern] = [
    path("login/", ConsoleLoginView.as_view(), name="login"),
    path("login/second-factor/", SecondFactorView.as_view(), name="second-factor"),
    path("login/password/", PasswordRenewView.as_view(), name="password-renew"),
    path("login/enrol/", EnrolView.as_view(), name="enrol"),
    path("login/passkey/", PasskeyLoginView.as_view(), name="passkey-login"),
    path("login/passkey/begin/", LoginBeginView.as_view(), name="passkey-login-begin"),
    path("login/second-factor/passkey/", PasskeyFactorView.as_view(), name="passkey-factor"),
    path("login/second-factor/passkey/begin/", FactorBeginView.as_view(), name="passkey-factor-begin"),
    path("login/enrol/passkey/", PasskeyEnrolView.as_view(), name="passkey-enrol"),
    path("login/enrol/passkey/begin/", EnrolBeginView.as_view(), name="passkey-enrol-begin"),
    path("login/forgotten/", links.ForgottenView.as_view(), name="forgotten"),
    path("links/password/", links.ResetView.as_view(), name="password-reset-confirm"),
    path("links/invitation/", links.InvitationView.as_view(), name="invitation"),
    path("links/verification/", links.VerifyView.as_view(), name="email-verify"),
    path("links/email/", links.EmailConfirmView.as_view(), name="email-confirm"),
    path("links/unlock/", links.UnlockView.as_view(), name="unlock"),
    path("login/oidc/", ProviderSignInView.as_view(), name="provider-sign-in"),
    path("login/oidc/callback/", ProviderCallbackView.as_view(), name="provider-callback"),
    path("logout/", ConsoleLogoutView.as_view(), name="logout"),
]
"""Pages for who is not signed in yet, or no more; what mails link to is among them."""
