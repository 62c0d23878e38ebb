"""The console's pages about one's own account."""

from django.urls import URLPattern, path

from accounts.views import account, api_keys, authorization, passkeys, passwords, profile, provider

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
    path("account/confirm/passkey/", passkeys.PasskeyConfirmView.as_view(), name="passkey-confirm"),
    path("account/confirm/passkey/begin/", passkeys.ConfirmBeginView.as_view(), name="passkey-confirm-begin"),
    path("account/passkeys/new/", passkeys.PasskeyCreateView.as_view(), name="passkey-create"),
    path("account/passkeys/new/begin/", passkeys.CreateBeginView.as_view(), name="passkey-create-begin"),
    path("account/passkeys/<uuid:passkey>/", passkeys.PasskeyRenameView.as_view(), name="passkey-rename"),
    path("account/passkeys/<uuid:passkey>/remove/", passkeys.PasskeyRemoveView.as_view(), name="passkey-remove"),
    path("account/password/", passwords.PasswordView.as_view(), name="password"),
    path("account/identities/", provider.IdentitiesView.as_view(), name="identities"),
    path("account/identities/<int:identity>/unlink/", provider.IdentityUnlinkView.as_view(), name="identity-unlink"),
    path("account/api-keys/", api_keys.APIKeysView.as_view(), name="api-keys"),
    path("account/api-keys/new/", api_keys.APIKeyCreateView.as_view(), name="api-key-create"),
    path("account/api-keys/<uuid:key>/rotate/", api_keys.APIKeyRotateView.as_view(), name="api-key-rotate"),
    path("account/api-keys/<uuid:key>/revoke/", api_keys.APIKeyRevokeView.as_view(), name="api-key-revoke"),
    path("administration/authorization/", authorization.AuthorizationView.as_view(), name="authorization"),
    path("account/sessions/", account.SessionsView.as_view(), name="sessions"),
    path("account/sessions/<uuid:session>/end/", account.SessionEndView.as_view(), name="session-end"),
]
