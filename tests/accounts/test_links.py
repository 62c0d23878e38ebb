"""The links that mails carry: good once, for one purpose, and kept nowhere."""

from base64 import urlsafe_b64decode
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.engine.tokens import link_named, link_token
from accounts.exceptions import LinkInvalid, SessionEnded
from accounts.models import AccountLink, LinkPurpose, User
from accounts.services import link_create, link_secret, link_use, password_reset_confirm, user_invite, user_update
from accounts.services.links import links_void
from tests.accounts.links import delivered, token_in
from tests.factories import UserFactory
from tests.threads import at_once

RESET = LinkPurpose.PASSWORD_RESET
HOUR = timedelta(hours=1)


def made(user, purpose=RESET, lifetime=HOUR, email=""):
    return link_create(user=user, purpose=purpose, email=email or user.email, lifetime=lifetime)


def assert_refused(token, purpose=RESET):
    with pytest.raises(LinkInvalid) as refused:
        link_use(token, purpose)
    (error,) = refused.value.errors
    assert (refused.value.status, error.field, error.rule) == (422, "/token", "LINK_INVALID")
    return str(error.message)


def test_is_good_once(bob):
    token = link_secret(made(bob))

    assert link_use(token, RESET).user == bob
    assert_refused(token)


def test_is_refused_alike_whatever_is_wrong(bob):
    expired = link_secret(made(bob, lifetime=timedelta(0)))
    voided = link_secret(made(bob))
    used = link_secret(made(bob))
    link_use(used, RESET)
    other_purpose = link_secret(made(bob, LinkPurpose.UNLOCK))
    forged = link_secret(made(bob))[:-1] + "!"
    changed = link_secret(made(bob))
    changed = changed[:-1] + ("A" if changed[-1] != "A" else "B")

    tokens = [expired, voided, used, other_purpose, forged, changed, "", "x" * 64, "é" * 64]

    assert len({assert_refused(token) for token in tokens}) == 1


def test_another_one_voids_the_earlier_of_its_purpose_alone(bob):
    first, unlock = link_secret(made(bob)), link_secret(made(bob, LinkPurpose.UNLOCK))
    second = link_secret(made(bob))

    assert_refused(first)
    assert link_use(second, RESET).user == bob
    assert link_use(unlock, LinkPurpose.UNLOCK).user == bob


def test_a_key_of_another_installation_makes_other_secrets(bob):
    link = made(bob)

    assert link_named(link_token(link.pk, RESET, b"one"), RESET, b"one") == link.pk
    assert link_named(link_token(link.pk, RESET, b"other"), RESET, b"one") is None


def test_is_void_once_its_user_is_disabled_or_has_another_address(bob, alice):
    token = link_secret(made(bob))
    user_update(actor=None, user=bob, email="robert@example.org")
    assert_refused(token)

    bob.refresh_from_db()
    token = link_secret(made(bob))
    user_update(actor=None, user=bob, is_active=False)
    assert_refused(token)
    user_update(actor=None, user=bob, is_active=True)
    assert_refused(token)


def test_what_a_newer_password_voids(bob):
    token = link_secret(made(bob, LinkPurpose.EMAIL_CHANGE, email="thief@example.org"))
    User.objects.update(password_changed_at=timezone.now())

    assert_refused(token, LinkPurpose.EMAIL_CHANGE)


@pytest.mark.django_db(transaction=True)
def test_used_by_eight_at_the_same_time_it_is_good_for_one():
    bob = UserFactory(username="bob", email="bob@example.org")
    token = link_secret(made(bob))

    outcomes = at_once(8, lambda _: link_use(token, RESET))

    assert [type(outcome) for outcome in outcomes].count(AccountLink) == 1
    assert sum(isinstance(outcome, LinkInvalid) for outcome in outcomes) == 7


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(4))
def test_using_making_and_disabling_at_the_same_time_never_lock_each_other_out(_round):
    """Whatever comes first: nobody waits for ever, and no link of a disabled account is good."""
    bob = UserFactory(username="bob", email="bob@example.org")
    token = link_secret(made(bob))
    acts = [
        lambda: link_use(token, RESET),
        lambda: made(bob),
        lambda: made(bob),
        lambda: user_update(actor=None, user=bob, is_active=False),
    ]

    outcomes = at_once(4, lambda number: acts[number]())

    assert not [
        each for each in outcomes if isinstance(each, Exception) and not isinstance(each, LinkInvalid | SessionEnded)
    ]
    assert AccountLink.objects.filter(user=bob, used_at__isnull=True).count() <= 1
    for link in AccountLink.objects.filter(user=bob):
        assert_refused(link_secret(link))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_a_disabled_account_stays_out_whoever_comes_first(_round):
    kim = UserFactory(username="kim", email="kim@example.org")
    token = link_secret(made(kim))
    acts = [
        lambda: password_reset_confirm(token=token, password="purple bicycles climb hills"),
        lambda: user_update(actor=None, user=kim, is_active=False),
    ]

    reset, disabled = at_once(2, lambda number: acts[number]())

    assert not isinstance(disabled, Exception), disabled
    assert isinstance(reset, User | LinkInvalid), reset
    kim.refresh_from_db()
    assert not kim.is_active


def all_texts():
    """Everything that the database holds as text, bytes or JSON."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'bytea', 'jsonb', 'json')"
        )
        columns = cursor.fetchall()
        for table, column in columns:
            cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')
            for (value,) in cursor.fetchall():
                yield bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode()


def test_no_secret_of_a_link_is_anywhere_in_the_database(alice, bob):
    user_invite(actor=None, username="dana", email="dana@example.org")
    tokens = [token_in(message) for message in delivered()]
    for purpose in LinkPurpose:
        tokens.append(link_secret(made(bob, purpose)))
    link_use(tokens[-1], LinkPurpose.UNLOCK)

    kept = b"\n".join(all_texts())

    assert b"dana@example.org" in kept  # it is a dump of what matters
    for token in tokens:
        secret = urlsafe_b64decode(token)[16:]
        for part in (token.encode(), token[22:].encode(), secret, secret.hex().encode()):
            assert part not in kept


def test_all_of_somebodys_can_be_voided(bob):
    tokens = {purpose: link_secret(made(bob, purpose)) for purpose in LinkPurpose}

    links_void(bob)

    for purpose, token in tokens.items():
        assert_refused(token, purpose)
