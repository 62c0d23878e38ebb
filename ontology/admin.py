"""Consumers of all repositories, for administrators; they register over the API or on the repository's page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from gateway.admin import AdministratorsOnly
from history.permissions import ADMINISTER
from ontology.models import Consumer, ConsumerUsage
from ontology.services import consumer_delete


class UsageInline(admin.TabularInline):  # type: ignore[type-arg]  # generic for the type checker alone
    """What a consumer uses, by the names of its registration."""

    model = ConsumerUsage
    fields = ["mode", "kind", "type", "property"]
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(ADMINISTER)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Consumer)
class ConsumerAdmin(AdministratorsOnly):
    permission = ADMINISTER
    list_display = ["name", "repository", "contact", "registered_by", "updated_at"]
    list_filter = ["repository"]
    list_select_related = ["repository", "registered_by"]
    search_fields = ["name_key", "contact", "repository__name_key"]
    fields = ["repository", "name", "contact", "description", "registered_by", "created_at", "updated_at"]
    inlines = [UsageInline]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def delete_model(self, request: HttpRequest, obj: Consumer) -> None:
        consumer_delete(actor=request.user, consumer=obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for consumer in queryset.select_related("repository"):
            self.delete_model(request, consumer)
