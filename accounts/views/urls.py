"""The console's pages about one's own account."""

from django.urls import URLPattern, path

from accounts.views import account, profile

urlpatterns: list[URLPattern] = [
    path("account/profile/", profile.ProfileView.as_view(), name="profile"),
    path("account/profile/email/", profile.EmailChangeView.as_view(), name="email-change"),
    path("account/profile/email/verification/", profile.VerificationView.as_view(), name="email-verification"),
    path("account/profile/deletion/", profile.DeletionView.as_view(), name="account-deletion"),
    path("account/security-log/", profile.SecurityLogView.as_view(), name="security-log"),
    path("account/confirm/", account.ConfirmView.as_view(), name="confirm"),
    path("account/factors/", account.FactorsView.as_view(), name="factors"),
    path("account/factors/application/", account.TOTPEnrolView.as_view(), name="totp"),
    path("account/factors/application/remove/", account.TOTPRemoveView.as_view(), name="totp-remove"),
    path("account/factors/recovery-codes/", account.RecoveryCodesView.as_view(), name="recovery-codes"),
    path("account/sessions/", account.SessionsView.as_view(), name="sessions"),
    path("account/sessions/<uuid:session>/end/", account.SessionEndView.as_view(), name="session-end"),
]
