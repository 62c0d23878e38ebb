"""What the apps' pages of the administration share: who sees them, and forms that leave the writing to services."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import model_ngettext
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gateway.exceptions import AuthenticationStale, Malformed, OMSError
from gateway.http.forms import show_problem
from gateway.http.translation import translated

if TYPE_CHECKING:  # generic for the type checker alone
    ModelForm = forms.ModelForm[Any]
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelForm = forms.ModelForm
    ModelAdmin = admin.ModelAdmin


FILTERED: Final = ("", "__exact", "__id__exact", "__isnull", "__isempty")
"""How Django's filters ask about a field."""


class ServiceModelForm(ModelForm):
    """Asks the service itself whether it would do what was typed, so that its every refusal stands in the form."""

    actor: Any
    places: ClassVar[Mapping[str, str]] = {}
    """The form's fields by the service's pointers, where they differ."""

    def write(self) -> Any:
        """Call the one service with what was typed; the row that it gives."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors:
            try:
                self._try()
            except AuthenticationStale:
                raise  # a page of its own asks
            except OMSError as problem:
                show_problem(self, problem, self.places)
        return cleaned

    def _try(self) -> None:
        """What succeeds is taken back; a service that refuses has undone all that it does not mean to leave."""
        refused: OMSError | None = None
        with transaction.atomic():
            try:
                self.write()
                transaction.set_rollback(True)
            except OMSError as problem:
                refused = problem
        if refused is not None:
            raise refused


class ByPermission:
    """Rows for who has ``permission`` on the instance; what may be done to them is what the class ``allows``."""

    permission: ClassVar[str]
    allows: ClassVar[frozenset[str]] = frozenset()
    """Of ``add``, ``change`` and ``delete``."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(self.permission)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return "add" in self.allows and self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return "change" in self.allows and self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return "delete" in self.allows and self.has_view_permission(request)


class AdministratorsOnly(ByPermission, ModelAdmin):
    """The pages of a model for administrators."""

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what the page's own filters ask: others would ask about columns that it does not show, hashes too."""
        filters: Iterable[Any] = self.list_filter
        names = [each if isinstance(each, str) else each[0] for each in filters]
        return lookup in {f"{name}{tail}" for name in names for tail in FILTERED}

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any) -> HttpResponse | None:
        """As Django does, for keys that can be keys."""
        for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
            try:
                self.model._meta.pk.to_python(key)  # noqa: SLF001 - Django's documented interface
            except ValidationError as error:
                raise Malformed from error
        return super().response_action(request, queryset, *args)

    def for_each(self, request: HttpRequest, rows: QuerySet[Any], service: Callable[..., Any], name: str) -> None:
        """Call ``service`` with each of ``rows`` as ``name``, and tell what is refused beside the row's own name."""
        done = 0
        for row in rows:
            told = str(row)
            try:
                service(actor=request.user, **{name: row})
            except AuthenticationStale:
                raise  # a page of its own asks
            except OMSError as problem:
                self.message_user(request, f"{told}: {translated(problem.detail)}", messages.ERROR)
            else:
                done += 1
        if done:
            count = _("Done for {count} {rows}.").format(count=done, rows=model_ngettext(self.opts, done))
            self.message_user(request, count, messages.SUCCESS)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """One by one, so that the service has its say."""
        related = self.list_select_related
        for row in queryset if isinstance(related, bool) else queryset.select_related(*related):
            self.delete_model(request, row)


class WrittenByService(AdministratorsOnly):
    """Rows whose form is a :class:`ServiceModelForm`."""

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> type[ServiceModelForm]:
        form = cast(type[ServiceModelForm], super().get_form(request, obj, *args, **kwargs))
        form.actor = request.user
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, *_args: Any) -> None:
        obj.pk = form.write().pk

    def save_related(self, request: HttpRequest, *_args: Any) -> None:
        """The service has written what belongs to the row as well."""
