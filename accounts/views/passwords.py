"""One's own password."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import selectors, services
from accounts.http import PasswordField
from accounts.views.account import AccountView
from accounts.views.forms import NewPasswordForm


class PasswordChangeForm(NewPasswordForm):
    current_password = PasswordField(label=gettext_lazy("Present password"), autocomplete="current-password")
    field_order = ("current_password", "new_password", "repeated")


class PasswordView(AccountView):
    """Changing it; the page is there for who has confirmed who they are."""

    tab = "password"

    def get(self, request: HttpRequest) -> HttpResponse:
        services.require_fresh_authentication(self.user)  # asked later, it would cost what was typed
        return self._page(PasswordChangeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PasswordChangeForm(request.POST)
        if not form.done(lambda: services.password_change(actor=self.user, **form.cleaned_data)):
            return self._page(form)
        messages.success(request, _("The password has been changed; your other sessions have ended."))
        return redirect("admin:password")

    def _page(self, form: PasswordChangeForm) -> HttpResponse:
        policy, has_factor = services.policy_of(self.user), bool(selectors.factor_methods(self.user))
        return self.page(
            "accounts/password.html",
            status=form.status,
            form=form,
            least=policy.min_length_with_factor if has_factor else policy.min_length,
            has_password=self.user.has_usable_password(),
            expires_at=services.password_expires_at(self.user),
        )
