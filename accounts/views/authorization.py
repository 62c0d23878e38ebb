"""Who may do what: a question with its answer, and the table of roles."""

from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views import View

from accounts.engine.roles import PERMISSIONS, granted
from accounts.models import User
from accounts.permissions import require_manager
from accounts.selectors import Explanation, explain, user_asked_about
from gateway.http.forms import ServiceForm
from gateway.http.translation import translated
from history.models import Role
from history.selectors import repository_get

PLAIN: Final = {"autocomplete": "off", "spellcheck": "false"}


class ExplainForm(ServiceForm):
    user = forms.CharField(label=_("User"), max_length=150, widget=forms.TextInput(attrs=PLAIN))
    permission = forms.ChoiceField(label=_("Permission"), choices=[(name, name) for name in sorted(PERMISSIONS)])
    repository = forms.CharField(
        label=_("Repository"),
        required=False,
        max_length=100,
        help_text=_("Without one it is asked about the instance."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    resource = forms.CharField(
        label=_("Resource"),
        required=False,
        max_length=300,
        help_text=_("As kind/name; without one it is asked about any."),
        widget=forms.TextInput(attrs=PLAIN),
    )


class AuthorizationView(View):
    """For administrators of the instance."""

    def get(self, request: HttpRequest) -> HttpResponse:
        viewer: Any = request.user
        require_manager(viewer)
        form = ExplainForm(request.GET) if "permission" in request.GET else ExplainForm()
        answer = form.attempt(lambda: _answer(viewer, form.cleaned_data)) if form.is_bound else None
        context = {
            "form": form,
            "answer": answer,
            "reasons": [translated(reason) for reason in answer.reasons] if answer else [],
            "roles": Role.choices,
            "rows": [(name, [granted([role], name) for role in Role.values]) for name in sorted(PERMISSIONS)],
        }
        return render(request, "accounts/authorization.html", context, status=form.status)


def _answer(viewer: User, given: dict[str, str]) -> Explanation:
    repository = repository_get(viewer, given["repository"]) if given["repository"] else None
    user = user_asked_about(viewer, given["user"], repository)
    return explain(user, given["permission"], repository, given["resource"] or None)
