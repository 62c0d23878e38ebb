"""Signing in to the console by a provider of OpenID Connect, and linking that to one's own account."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import services
from accounts.engine.providers import Identity
from accounts.exceptions import ProviderSignInOver
from accounts.models import ExternalIdentity
from accounts.services import Departure
from accounts.views.account import AccountView
from accounts.views.login import NEXT, SignInView, device_of
from gateway.http.forms import ServiceForm

DEPARTURE = "accounts.departure"
"""Under this key a browser that was sent to the provider keeps what it must come back with."""


class ProviderSignInView(SignInView):
    """Sends a visitor to the provider."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect(self._next)
        request.session[NEXT] = self._next
        return redirect(_departure(request, linking=""))


class ProviderCallbackView(SignInView):
    """Where the provider sends its visitors back to: a sign-in, or a link to the account that they are signed in to."""

    def get(self, request: HttpRequest) -> HttpResponse:
        left, linking = _left(request)
        identity = services.provider_arrival(answer=request.GET.dict(), left=left, redirect_uri=_callback(request))
        if linking:
            return self._linked(identity, linking)
        return self.go_on(services.identity_sign_in(identity=identity, device=device_of(request)))

    def _linked(self, identity: Identity, linking: str) -> HttpResponse:
        user: Any = self.request.user
        if not user.is_authenticated or str(user.pk) != linking:
            raise ProviderSignInOver
        services.identity_link(actor=user, identity=identity)
        messages.success(self.request, _("The sign-in was linked to your account."))
        return redirect("admin:identities")


class IdentitiesView(AccountView):
    """What else signs one in to one's account."""

    tab = "identities"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(
            "accounts/identities.html",
            identities=ExternalIdentity.objects.filter(user=self.user).order_by("created_at", "pk"),
            provider=settings.SIGN_IN_PROVIDER,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Go to the provider to link what it says.

        By a page that leads on: the answer to a form may not redirect to another origin (form-action). A
        link alone must not do it, or a stranger could have their own identity linked here.
        """
        services.require_fresh_authentication(self.user)
        address = _departure(request, linking=str(self.user.pk))
        response = self.page("accounts/onward.html", address=address, provider=settings.SIGN_IN_PROVIDER)
        response["Refresh"] = f"0; url={address}"
        return response


class IdentityUnlinkView(AccountView):
    tab = "identities"

    def post(self, request: HttpRequest, identity: int) -> HttpResponse:
        form = ServiceForm(request.POST)
        form.attempt(lambda: services.identity_unlink(actor=self.user, identity=identity))
        form.tell(request)
        return redirect("admin:identities")


def _departure(request: HttpRequest, *, linking: str) -> str:
    """The provider's address; ``linking`` is the account that what it says is to be linked to."""
    left = services.provider_departure(redirect_uri=_callback(request))
    kept = asdict(left) | {"address": "", "linking": linking, "at": timezone.now().timestamp()}
    request.session[DEPARTURE] = kept
    return left.address


def _left(request: HttpRequest) -> tuple[Departure | None, str]:
    """What the browser kept when it left, which serves once and for a while, and the account that it is to link to."""
    kept = request.session.pop(DEPARTURE, None)
    if kept is None:
        return None, ""
    age, linking = timezone.now().timestamp() - kept.pop("at"), kept.pop("linking")
    return (Departure(**kept) if age < settings.LOGIN_CHALLENGE_LIFETIME.total_seconds() else None), linking


def _callback(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("admin:provider-callback"))
