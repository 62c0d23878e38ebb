"""Accounts, groups and sessions in the console, for administrators."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import APIKey, ResourceGrant, Session, User
from accounts.services import (
    api_key_revoke,
    resource_grant_create,
    resource_grant_delete,
    session_revoke,
    user_create,
    user_update,
)
from gateway.admin import AdministratorsOnly, ServiceModelForm, WrittenByService

MANAGE_USERS = "accounts.manage_users"


class UserAddForm(ServiceModelForm):
    places = {"/password": "first_password"}
    first_password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Without one, nobody can sign in to the account by password."),
    )

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["username", "display_name", "email", "kind", "role"]

    def write(self) -> User:
        values = dict(self.cleaned_data)
        return user_create(actor=self.actor, password=values.pop("first_password") or None, **values)


class UserChangeForm(ServiceModelForm):
    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["display_name", "email", "role", "is_active", "groups"]

    def write(self) -> User:
        return user_update(actor=self.actor, user=self.instance, **self.cleaned_data)


@admin.register(User)
class UserAdmin(WrittenByService):
    """Accounts. What happened refers to them for ever: they are disabled, never deleted."""

    permission = MANAGE_USERS
    list_display = ["username", "display_name", "kind", "role", "is_active", "last_login"]
    list_filter = ["kind", "role", "is_active"]
    search_fields = ["username_key", "display_name", "email_key"]
    filter_horizontal = ["groups"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> type[ServiceModelForm]:
        form = UserAddForm if obj is None else UserChangeForm
        return super().get_form(request, obj, *args, form=form, **kwargs)


@admin.register(Session)
class SessionAdmin(AdministratorsOnly):
    """Who is signed in and from where; a session can be ended, never made or changed."""

    permission = MANAGE_USERS
    list_display = ["user", "kind", "ip", "user_agent", "created_at", "last_used_at", "expires_at", "revoked_at"]
    list_filter = ["kind"]
    list_select_related = ["user"]
    search_fields = ["user__username_key", "ip"]
    actions = ["end"]

    @admin.action(description=_("End the selected sessions"), permissions=["view"])
    def end(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        for session in queryset:
            session_revoke(actor=cast(User, request.user), session=session)
        self.message_user(request, _("The sessions have ended."))


@admin.register(APIKey)
class APIKeyAdmin(AdministratorsOnly):
    """The keys of all accounts, those of services among them; a key can be revoked, never read or changed."""

    permission = MANAGE_USERS
    list_display = ["name", "user", "prefix", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
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

    @admin.action(description=_("Revoke the selected keys"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[APIKey]) -> None:
        for key in queryset:
            api_key_revoke(actor=cast(User, request.user), key=key)
        self.message_user(request, _("The keys have ended."))


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
    list_display = ["repository", "pattern", "role", "user", "group", "created_at"]
    list_filter = ["role"]
    list_select_related = ["repository", "user", "group"]
    search_fields = ["repository__name", "pattern", "user__username_key"]
    form = ResourceGrantForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def delete_model(self, request: HttpRequest, obj: ResourceGrant) -> None:
        resource_grant_delete(actor=request.user, grant=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ResourceGrant]) -> None:
        for grant in queryset:
            self.delete_model(request, grant)


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(AdministratorsOnly):
    """Groups, to which repositories give roles; Django's own permissions of groups mean nothing here."""

    permission = MANAGE_USERS
    fields = ["name"]
    search_fields = ["name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)
