"""Changes of one account at the same moment: none waits for the other in a circle, and what was ended stays ended."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from accounts.models import RevokeReason, Session, SessionKind
from accounts.selectors import factor_methods
from accounts.services import (
    api_key_create,
    api_key_rotate,
    email_change,
    email_confirm,
    login_code_verify,
    login_start,
    password_set,
    session_refresh,
    sessions_revoke,
    totp_confirm,
    totp_enrol,
    user_delete,
    user_update,
)
from gateway.exceptions import OMSError
from tests.accounts.links import link_token
from tests.accounts.test_factors import Enrolled, code_of
from tests.factories import DEVICE, PASSWORD, UserFactory, tokens_for
from tests.threads import at_once

ROUNDS = 8


def raced(*works):
    """What each of ``works`` gave, all done at the same moment; whatever one raises must be a refusal of ours."""
    outcomes = at_once(len(works), lambda number: works[number]())
    faults = [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, OMSError)]
    assert faults == []
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_a_key_is_rotated_while_its_account_is_deleted():
    for number in range(ROUNDS):
        user = UserFactory(username=f"kim{number}")
        key, _secret = api_key_create(actor=user, user=user, name="CI", scopes=[])

        raced(partial(api_key_rotate, actor=user, key=key), partial(user_delete, actor=None, user=user))

        assert not user.api_keys.exists()


@pytest.mark.django_db(transaction=True)
def test_an_application_is_confirmed_while_another_is_begun_with_or_the_account_deleted():
    for number in range(ROUNDS):
        user = UserFactory(username=f"kim{number}")
        code = code_of(totp_enrol(actor=user).secret)
        other = partial(totp_enrol, actor=user) if number % 2 else partial(user_delete, actor=None, user=user)

        confirmed, _other = raced(partial(totp_confirm, actor=user, code=code), other)

        # What was confirmed counts until the account ends; what was not never does.
        user.refresh_from_db()
        counts = not isinstance(confirmed, Exception) and user.deleted_at is None
        assert factor_methods(user) == (["totp", "recovery_code"] if counts else [])


@pytest.mark.django_db(transaction=True)
def test_a_sign_in_ends_while_its_account_is_deleted():
    for _number in range(ROUNDS):
        kim = Enrolled()
        begun = kim.begun()["mfa_token"]
        code = kim.code()

        raced(
            partial(login_code_verify, token=begun, code=code),
            partial(user_delete, actor=None, user=kim.user),
        )

        assert not Session.objects.live(timezone.now()).filter(user=kim.user).exists()


@pytest.mark.django_db(transaction=True)
def test_a_token_is_replayed_while_the_address_changes(settings):
    settings.REFRESH_GRACE = timedelta(seconds=-1)
    for number in range(ROUNDS):
        user = UserFactory(username=f"kim{number}", email=f"kim{number}@example.org")
        used = tokens_for(user).refresh
        session_refresh(refresh=used)
        email_change(actor=user, email=f"new{number}@example.org")
        token = link_token(f"new{number}@example.org")

        raced(partial(session_refresh, refresh=used), partial(email_confirm, token=token))

        assert not Session.objects.live(timezone.now()).filter(user=user).exists()


@pytest.mark.django_db(transaction=True)
def test_no_session_of_an_old_password_or_a_disabled_account_is_left():
    for number in range(ROUNDS):
        user = UserFactory(username=f"kim{number}", password=PASSWORD)
        refresh = tokens_for(user).refresh
        disabling = partial(user_update, actor=None, user=user, is_active=False)
        changing = partial(password_set, actor=None, user=user, password=f"another {PASSWORD}")
        login = partial(login_start, username=user.username, password=PASSWORD, device=DEVICE, kind=SessionKind.API)

        raced(
            login,
            login,
            disabling if number % 2 else changing,
            partial(session_refresh, refresh=refresh),
            partial(sessions_revoke, user=user, reason=RevokeReason.REVOKED, actor=None),
        )

        assert not Session.objects.live(timezone.now()).filter(user=user).exists()
        with pytest.raises(OMSError):
            session_refresh(refresh=refresh)
