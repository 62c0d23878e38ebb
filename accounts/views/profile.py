"""Who one is, and the log of what happened to one's account."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import services
from accounts.selectors import log_entries, security_log
from accounts.views.account import AccountView
from accounts.views.login import end_session
from gateway.http.forms import ServiceForm

PAGE = 50


class ProfileForm(ServiceForm):
    display_name = forms.CharField(label=gettext_lazy("Display name"), max_length=150, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=settings.LANGUAGES, help_text=gettext_lazy("Of the mails that you get.")
    )


class EmailForm(ServiceForm):
    email = forms.EmailField(
        label=gettext_lazy("New e-mail address"),
        max_length=254,
        help_text=gettext_lazy("It becomes yours once you follow the link that is sent to it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class DeletionForm(ServiceForm):
    username = forms.CharField(
        label=gettext_lazy("Type your username to confirm"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(self, username: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._username = username

    def clean_username(self) -> str:
        typed = str(self.cleaned_data["username"])
        if typed != self._username:
            raise forms.ValidationError(_("This is not your username."))
        return typed


class ProfileView(AccountView):
    """The name, the language, the e-mail address and the end of the account."""

    tab = "profile"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page()

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ProfileForm(request.POST)
        if form.attempt(lambda: services.user_profile_update(actor=self.user, **form.cleaned_data)) is None:
            return self._page(profile=form)
        messages.success(request, _("Your profile was changed."))
        return redirect("admin:profile")

    def _page(self, **forms_shown: ServiceForm) -> HttpResponse:
        initial = {"display_name": self.user.display_name, "language": self.user.language}
        shown = {
            "profile": ProfileForm(initial=initial),
            "email": EmailForm(),
            "deletion": DeletionForm(self.user.username),
            **forms_shown,
        }
        status = max(form.status for form in shown.values())
        return self.page("accounts/profile.html", status=status, **shown)


class EmailChangeView(ProfileView):
    def post(self, request: HttpRequest) -> HttpResponse:
        form = EmailForm(request.POST)
        if not form.done(lambda: services.email_change(actor=self.user, **form.cleaned_data)):
            return self._page(email=form)
        messages.success(request, _("A mail with a link is on its way to the new address."))
        return redirect("admin:profile")


class VerificationView(AccountView):
    """Sends the link that verifies one's address."""

    tab = "profile"

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ServiceForm(request.POST)
        if form.done(lambda: services.verification_send(actor=self.user)):
            messages.success(request, _("A mail with a link is on its way to your address."))
        form.tell(request)
        return redirect("admin:profile")


class DeletionView(ProfileView):
    def post(self, request: HttpRequest) -> HttpResponse:
        form = DeletionForm(self.user.username, request.POST)
        if not form.done(lambda: services.user_delete(actor=self.user, user=self.user)):
            return self._page(deletion=form)
        end_session(request)
        request.session.flush()
        messages.success(request, _("Your account was deleted."))
        return redirect("admin:login")


class SecurityLogView(AccountView):
    tab = "security-log"

    def get(self, request: HttpRequest) -> HttpResponse:
        events = security_log(self.user)
        before = request.GET.get("before", "")
        if before.isascii() and before.isdecimal() and len(before) < 19:
            events = events.filter(id__lt=int(before))
        found = list(events[: PAGE + 1])
        entries = log_entries(self.user, found[:PAGE])
        older = found[PAGE - 1].pk if len(found) > PAGE else None
        return self.page("accounts/security_log.html", entries=entries, before=older)
