"""The console's pages about one's own account."""

from django.urls import URLPattern, path

from accounts.views import account, api_keys, authorization

urlpatterns: list[URLPattern] = [
    path("account/confirm/", account.ConfirmView.as_view(), name="confirm"),
    path("account/factors/", account.FactorsView.as_view(), name="factors"),
    path("account/factors/application/", account.TOTPEnrolView.as_view(), name="totp"),
    path("account/factors/application/remove/", account.TOTPRemoveView.as_view(), name="totp-remove"),
    path("account/factors/recovery-codes/", account.RecoveryCodesView.as_view(), name="recovery-codes"),
    path("account/api-keys/", api_keys.APIKeysView.as_view(), name="api-keys"),
    path("account/api-keys/<uuid:key>/rotate/", api_keys.APIKeyRotateView.as_view(), name="api-key-rotate"),
    path("account/api-keys/<uuid:key>/revoke/", api_keys.APIKeyRevokeView.as_view(), name="api-key-revoke"),
    path("administration/authorization/", authorization.AuthorizationView.as_view(), name="authorization"),
    path("account/sessions/", account.SessionsView.as_view(), name="sessions"),
    path("account/sessions/<uuid:session>/end/", account.SessionEndView.as_view(), name="session-end"),
]
