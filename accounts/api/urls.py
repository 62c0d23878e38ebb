from django.urls import include, path
from rest_framework.routers import SimpleRouter

from accounts.api import views

router = SimpleRouter()
router.register("auth/sessions", views.SessionViewSet, basename="session")
router.register("users", views.UserViewSet, basename="user")

urlpatterns = [
    path("auth/login/", views.LoginView.as_view(), name="auth-login"),
    path("auth/mfa/verify/", views.MFAVerifyView.as_view(), name="auth-mfa-verify"),
    path("auth/mfa/totp/", views.TOTPView.as_view(), name="auth-mfa-totp"),
    path("auth/mfa/totp/confirm/", views.TOTPConfirmView.as_view(), name="auth-mfa-totp-confirm"),
    path("auth/mfa/recovery-codes/", views.RecoveryCodesView.as_view(), name="auth-mfa-recovery-codes"),
    path("auth/confirm/", views.ConfirmView.as_view(), name="auth-confirm"),
    path("auth/sessions/revoke-others/", views.SessionsRevokeOthersView.as_view(), name="auth-sessions-revoke-others"),
    path("auth/refresh/", views.RefreshView.as_view(), name="auth-refresh"),
    path("auth/logout/", views.LogoutView.as_view(), name="auth-logout"),
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
