"""Accounts, groups and sessions in the console, for administrators."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.engine.devices import device_name
from accounts.http import PasswordField, check_repeated
from accounts.models import APIKey, PasswordPolicy, ResourceGrant, RoleSettings, Session, User
from accounts.permissions import MANAGE_USERS
from accounts.services import (
    api_key_revoke,
    factors_reset,
    invitation_renew,
    policy_delete,
    policy_save,
    require_fresh_authentication,
    resource_grant_create,
    resource_grant_delete,
    role_settings_save,
    session_revoke,
    user_create,
    user_delete,
    user_invite,
    user_unlock,
    user_update,
)
from gateway.admin import AdministratorsOnly, ServiceModelForm, WrittenByService
from gateway.http.translation import translated


class UserAddForm(ServiceModelForm):
    places = {"/password": "first_password"}
    first_password = PasswordField(
        label=_("Password"),
        autocomplete="new-password",
        required=False,
        help_text=_("Without one, nobody can sign in to the account by password."),
    )
    repeated = PasswordField(label=_("Password again"), autocomplete="new-password", required=False)

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["username", "display_name", "email", "kind", "role"]

    def clean(self) -> dict[str, Any] | None:
        check_repeated(self, "first_password")
        return super().clean()

    def write(self) -> User:
        values = dict(self.cleaned_data)
        return user_create(actor=self.actor, password=values.pop("first_password") or None, **values)


class InvitationForm(ServiceModelForm):
    """Makes an account whose owner sets the password, by a link that is sent to them."""

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["username", "email", "display_name", "role"]

    def write(self) -> User:
        return user_invite(actor=self.actor, **self.cleaned_data)


class UserChangeForm(ServiceModelForm):
    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["display_name", "email", "role", "is_active", "password_policy", "groups"]

    def write(self) -> User:
        return user_update(actor=self.actor, user=self.instance, **self.cleaned_data)


@admin.register(User)
class UserAdmin(WrittenByService):
    """Accounts. What happened refers to them for ever: who is deleted leaves a row without a person.

    With ``?invite=1`` the form of a new account asks for no password, and its owner is sent a link to set one.
    """

    permission = MANAGE_USERS
    allows = frozenset({"add", "change"})
    list_display = ["username", "display_name", "kind", "role", "is_active", "last_login"]
    list_filter = ["kind", "role", "is_active"]
    search_fields = ["username_key", "display_name", "email_key"]
    filter_horizontal = ["groups"]
    actions = ["unlock", "invite_again", "reset_factors", "remove"]

    @method_decorator(sensitive_post_parameters())
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        title = {"title": _("Invite somebody")} if "invite" in request.GET else {}
        return super().add_view(request, form_url, {**title, **(extra_context or {})})

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> type[ServiceModelForm]:
        added = InvitationForm if "invite" in request.GET else UserAddForm
        form = added if obj is None else UserChangeForm
        return super().get_form(request, obj, *args, form=form, **kwargs)

    @admin.action(description=_("Unlock the selected accounts"), permissions=["view"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self.for_each(request, queryset, user_unlock, "user")

    @admin.action(description=_("Send the selected invitations anew"), permissions=["view"])
    def invite_again(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self.for_each(request, queryset, invitation_renew, "user")

    @admin.action(description=_("Reset second factors"), permissions=["view"])
    def reset_factors(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self.for_each(request, queryset, factors_reset, "user")

    @admin.action(description=_("Delete the selected accounts for ever"), permissions=["view"])
    def remove(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """Asks first: there is no way back."""
        require_fresh_authentication(cast(User, request.user))
        if "confirmed" not in request.POST:
            context = {**self.admin_site.each_context(request), "users": queryset, "opts": self.opts}
            return TemplateResponse(request, "accounts/deletion.html", context)
        self.for_each(request, queryset, user_delete, "user")
        return None


class PolicyForm(ServiceModelForm):
    class Meta:
        model = PasswordPolicy
        fields: ClassVar[list[str]] = [
            "name",
            "is_default",
            "min_length",
            "min_length_with_factor",
            "min_lowercase",
            "min_uppercase",
            "min_digits",
            "min_symbols",
            "history",
            "max_age_days",
            "warning_days",
            "min_age_hours",
            "blocklist",
        ]

    def write(self) -> PasswordPolicy:
        policy = None if self.instance.pk is None else self.instance
        return policy_save(actor=self.actor, policy=policy, **self.cleaned_data)


@admin.register(PasswordPolicy)
class PasswordPolicyAdmin(WrittenByService):
    """The rules of passwords. Those that are in use, and the default, stay."""

    permission = MANAGE_USERS
    allows = frozenset({"add", "change", "delete"})
    form = PolicyForm
    actions = None
    list_display = ["name", "is_default", "min_length", "history", "max_age_days", "blocklist"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or _is_unused(obj))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        policy_delete(actor=cast(User, request.user), policy=obj)


def _is_unused(policy: PasswordPolicy) -> bool:
    holders = (User.objects.filter(password_policy=policy), RoleSettings.objects.filter(password_policy=policy))
    return not policy.is_default and not any(rows.exists() for rows in holders)


class RoleSettingsForm(ServiceModelForm):
    class Meta:
        model = RoleSettings
        fields: ClassVar[list[str]] = ["password_policy", "factor_required", "session_limit", "session_limit_action"]

    def write(self) -> RoleSettings:
        return role_settings_save(actor=self.actor, role=self.instance, **self.cleaned_data)


@admin.register(RoleSettings)
class RoleSettingsAdmin(WrittenByService):
    """What each role asks of who has it. The roles are fixed."""

    permission = MANAGE_USERS
    allows = frozenset({"change"})
    form = RoleSettingsForm
    list_display = ["role", "password_policy", "factor_required", "session_limit", "session_limit_action"]
    list_select_related = ["password_policy"]


@admin.register(Session)
class SessionAdmin(AdministratorsOnly):
    """Who is signed in and from where; a session can be ended, never made or changed."""

    permission = MANAGE_USERS
    list_display = ["user", "device_name", "kind", "ip", "created_at", "last_used_at", "expires_at", "revoked_at"]
    list_filter = ["kind"]
    list_select_related = ["user"]
    search_fields = ["user__username_key", "ip"]
    actions = ["end"]

    @admin.display(description=_("device"), ordering="user_agent")
    def device_name(self, session: Session) -> str:
        return translated(device_name(session.user_agent))

    @admin.action(description=_("End the selected sessions"), permissions=["view"])
    def end(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        self.for_each(request, queryset, session_revoke, "session")


@admin.register(APIKey)
class APIKeyAdmin(AdministratorsOnly):
    """The keys of all accounts, those of services among them; a key can be revoked, never read or changed."""

    permission = MANAGE_USERS
    list_display = ["name", "user", "prefix", "scope_names", "created_at", "expires_at", "last_used_at", "revoked_at"]
    list_filter = ["user__kind"]
    list_select_related = ["user"]
    search_fields = ["user__username_key", "name", "prefix"]
    fields = [
        "user",
        "name",
        "prefix",
        "scopes",
        "created_by",
        "created_at",
        "expires_at",
        "last_used_at",
        "last_used_ip",
        "revoked_at",
        "replaces",
    ]
    actions = ["revoke"]

    @admin.display(description=_("scopes"))
    def scope_names(self, key: APIKey) -> str:
        return ", ".join(key.scopes)

    @admin.action(description=_("Revoke the selected keys"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[APIKey]) -> None:
        self.for_each(request, queryset, api_key_revoke, "key")


class ResourceGrantForm(ServiceModelForm):
    class Meta:
        model = ResourceGrant
        fields: ClassVar[list[str]] = ["repository", "user", "group", "role", "pattern"]

    def write(self) -> ResourceGrant:
        return resource_grant_create(actor=self.actor, **self.cleaned_data)


@admin.register(ResourceGrant)
class ResourceGrantAdmin(WrittenByService):
    """Roles on some of a repository's resources: given and taken back, never changed."""

    permission = "history.administer_repository"
    allows = frozenset({"add", "delete"})
    list_display = ["repository", "pattern", "role", "user", "group", "created_at"]
    list_filter = ["role"]
    list_select_related = ["repository", "user", "group"]
    search_fields = ["repository__name", "pattern", "user__username_key"]
    form = ResourceGrantForm

    def delete_model(self, request: HttpRequest, obj: ResourceGrant) -> None:
        resource_grant_delete(actor=request.user, grant=obj)


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(AdministratorsOnly):
    """Groups, to which repositories give roles; Django's own permissions of groups mean nothing here."""

    permission = MANAGE_USERS
    allows = frozenset({"add", "change", "delete"})
    fields = ["name"]
    search_fields = ["name"]
