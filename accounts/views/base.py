"""What the pages about accounts share: secrets come in and go out by them."""

from typing import cast

from django.http import HttpRequest
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters

from accounts.models import User

CHALLENGE = "accounts.challenge"
"""Under this key a browser that is about to sign in keeps the token that its sign-in goes on with."""


@method_decorator(sensitive_post_parameters(), name="setup")  # before any dispatch, so that none is left out
@method_decorator(cache_control(no_store=True), name="dispatch")
class PrivateView(View):
    """What is typed into its page stays out of reports of errors, and nothing keeps what it answers."""

    request: HttpRequest

    @property
    def user(self) -> User:
        """The visitor, on pages for who is signed in."""
        return cast(User, self.request.user)

    @property
    def token(self) -> str:
        """Of the sign-in that the browser is in the middle of."""
        return str(self.request.session.get(CHALLENGE, ""))
