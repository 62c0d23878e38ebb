from django.urls import include, path
from rest_framework.routers import SimpleRouter

from accounts.api import views

router = SimpleRouter()
router.register("auth/sessions", views.SessionViewSet, basename="session")
router.register("password-policies", views.PolicyViewSet, basename="password-policy")
router.register("roles", views.RoleSettingsViewSet, basename="role")
router.register("users", views.UserViewSet, basename="user")

urlpatterns = [
    path("auth/login/", views.LoginView.as_view(), name="auth-login"),
    path("auth/mfa/", views.FactorsView.as_view(), name="auth-mfa"),
    path("auth/mfa/verify/", views.MFAVerifyView.as_view(), name="auth-mfa-verify"),
    path("auth/mfa/totp/", views.TOTPView.as_view(), name="auth-mfa-totp"),
    path("auth/mfa/totp/confirm/", views.TOTPConfirmView.as_view(), name="auth-mfa-totp-confirm"),
    path("auth/mfa/recovery-codes/", views.RecoveryCodesView.as_view(), name="auth-mfa-recovery-codes"),
    path(
        "auth/webauthn/register/begin/", views.PasskeyRegisterBeginView.as_view(), name="auth-webauthn-register-begin"
    ),
    path(
        "auth/webauthn/register/finish/",
        views.PasskeyRegisterFinishView.as_view(),
        name="auth-webauthn-register-finish",
    ),
    path("auth/webauthn/login/begin/", views.PasskeyLoginBeginView.as_view(), name="auth-webauthn-login-begin"),
    path("auth/webauthn/login/finish/", views.PasskeyLoginFinishView.as_view(), name="auth-webauthn-login-finish"),
    path("auth/mfa/webauthn/begin/", views.MFAPasskeyBeginView.as_view(), name="auth-mfa-webauthn-begin"),
    path("auth/mfa/webauthn/finish/", views.MFAPasskeyFinishView.as_view(), name="auth-mfa-webauthn-finish"),
    path("auth/confirm/webauthn/begin/", views.PasskeyConfirmBeginView.as_view(), name="auth-confirm-webauthn-begin"),
    path(
        "auth/confirm/webauthn/finish/", views.PasskeyConfirmFinishView.as_view(), name="auth-confirm-webauthn-finish"
    ),
    path("auth/password/change/", views.PasswordChangeView.as_view(), name="auth-password-change"),
    path("auth/confirm/", views.ConfirmView.as_view(), name="auth-confirm"),
    path("auth/sessions/revoke-others/", views.SessionsRevokeOthersView.as_view(), name="auth-sessions-revoke-others"),
    path("auth/refresh/", views.RefreshView.as_view(), name="auth-refresh"),
    path("auth/logout/", views.LogoutView.as_view(), name="auth-logout"),
    path("auth/password/reset/", views.PasswordResetView.as_view(), name="auth-password-reset"),
    path("auth/password/reset/confirm/", views.PasswordResetConfirmView.as_view(), name="auth-password-reset-confirm"),
    path("auth/invitation/accept/", views.InvitationAcceptView.as_view(), name="auth-invitation-accept"),
    path("auth/email/verify/", views.EmailVerifyView.as_view(), name="auth-email-verify"),
    path("auth/email/confirm/", views.EmailConfirmView.as_view(), name="auth-email-confirm"),
    path("auth/unlock/", views.UnlockView.as_view(), name="auth-unlock"),
    path("users/me/email/", views.EmailChangeView.as_view(), name="user-me-email"),
    path("users/me/email/verification/", views.EmailVerificationView.as_view(), name="user-me-email-verification"),
    path("users/me/security-log/", views.SecurityLogViewSet.as_view({"get": "list"}), name="user-me-security-log"),
    path("auth/passkeys/", views.PasskeyViewSet.as_view({"get": "list"}), name="passkeys"),
    path(
        "auth/passkeys/<uuid:pk>/",
        views.PasskeyViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="passkey",
    ),
    path("auth/api-keys/", views.APIKeyViewSet.as_view({"get": "list", "post": "create"}), name="api-keys"),
    path("auth/api-keys/<uuid:pk>/", views.APIKeyViewSet.as_view({"delete": "destroy"}), name="api-key"),
    path("auth/api-keys/<uuid:pk>/rotate/", views.APIKeyViewSet.as_view({"post": "rotate"}), name="api-key-rotate"),
    path("authorization/explain/", views.ExplainView.as_view(), name="authorization-explain"),
    path(
        "repositories/<str:repository>/resource-grants/",
        views.ResourceGrantViewSet.as_view({"get": "list", "post": "create"}),
        name="resource-grants",
    ),
    path(
        "repositories/<str:repository>/resource-grants/<uuid:identifier>/",
        views.ResourceGrantViewSet.as_view({"delete": "destroy"}),
        name="resource-grant",
    ),
    path("users/me/", views.MeView.as_view(), name="user-me"),
    path("", include(router.urls)),
]
