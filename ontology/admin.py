"""Consumers of all repositories, for administrators; they register over the API or on the repository's page."""

from django.contrib import admin
from django.http import HttpRequest

from gateway.admin import AdministratorsOnly, ByPermission
from history.permissions import ADMINISTER
from ontology.models import Consumer, ConsumerUsage
from ontology.services import consumer_delete


class UsageInline(ByPermission, admin.TabularInline):  # type: ignore[type-arg]  # generic for the type checker alone
    """What a consumer uses, by the names of its registration."""

    permission = ADMINISTER
    model = ConsumerUsage
    fields = ["mode", "kind", "type", "property"]


@admin.register(Consumer)
class ConsumerAdmin(AdministratorsOnly):
    permission = ADMINISTER
    allows = frozenset({"delete"})
    list_display = ["name", "repository", "contact", "registered_by", "updated_at"]
    list_filter = ["repository"]
    list_select_related = ["repository", "registered_by"]
    search_fields = ["name_key", "contact", "repository__name_key"]
    fields = ["repository", "name", "contact", "description", "registered_by", "created_at", "updated_at"]
    inlines = [UsageInline]

    def delete_model(self, request: HttpRequest, obj: Consumer) -> None:
        consumer_delete(actor=request.user, consumer=obj)
