"""The console's pages about one's own account."""

from django.urls import URLPattern, path

from accounts.views import account, provider

urlpatterns: list[URLPattern] = [
    path("account/confirm/", account.ConfirmView.as_view(), name="confirm"),
    path("account/factors/", account.FactorsView.as_view(), name="factors"),
    path("account/factors/application/", account.TOTPEnrolView.as_view(), name="totp"),
    path("account/factors/application/remove/", account.TOTPRemoveView.as_view(), name="totp-remove"),
    path("account/factors/recovery-codes/", account.RecoveryCodesView.as_view(), name="recovery-codes"),
    path("account/identities/", provider.IdentitiesView.as_view(), name="identities"),
    path("account/identities/<int:identity>/unlink/", provider.IdentityUnlinkView.as_view(), name="identity-unlink"),
    path("account/sessions/", account.SessionsView.as_view(), name="sessions"),
    path("account/sessions/<uuid:session>/end/", account.SessionEndView.as_view(), name="session-end"),
]
