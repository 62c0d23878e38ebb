"""Signing keys take turns without throwing anybody out."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import SigningKey
from accounts.services import signing_key_rotate
from history.models import Event
from tests.factories import tokens_for
from tests.threads import at_once

JWKS = "/.well-known/jwks.json"


def answer(access):
    return APIClient().get("/api/v1/users/me/", headers={"Authorization": f"Bearer {access}"}).status_code


def published():
    return [key["kid"] for key in APIClient().get(JWKS).json()["keys"]]


def test_both_keys_verify_during_the_overlap_and_one_after_it(bob, settings):
    settings.ACCESS_TOKEN_LIFETIME = timedelta(hours=1)
    begin = timezone.now()
    with time_machine.travel(begin, tick=False):
        before = tokens_for(bob).access
        old = SigningKey.objects.get().kid
        new = signing_key_rotate(overlap=timedelta(minutes=15))
        after = tokens_for(bob).access
        assert (answer(before), answer(after)) == (200, 200)
        assert published() == [new, old]
    with time_machine.travel(begin + timedelta(minutes=15), tick=False):
        assert (answer(before), answer(after)) == (401, 200)
        assert published() == [new]


def test_a_leaked_key_ends_at_once(bob):
    before = tokens_for(bob).access

    signing_key_rotate(overlap=timedelta())

    assert answer(before) == 401


def test_rotating_again_does_not_prolong_an_older_key(bob):
    tokens_for(bob)
    old = SigningKey.objects.get()
    signing_key_rotate(overlap=timedelta(minutes=5))
    retires = SigningKey.objects.get(pk=old.pk).retired_at

    signing_key_rotate(overlap=timedelta(hours=1))

    assert SigningKey.objects.get(pk=old.pk).retired_at == retires


def test_the_command_rotates(bob, capsys):
    tokens_for(bob)

    call_command("rotate_signing_key")

    kid = capsys.readouterr().out.split()[0]
    assert SigningKey.objects.get(retired_at__isnull=True).kid == kid
    assert Event.objects.filter(type="io.oms.accounts.signing_key.rotated", subject=f"signing-keys/{kid}").exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_rotations_at_once_one_key_signs():
    at_once(6, lambda _: signing_key_rotate(overlap=timedelta(minutes=15)))

    assert SigningKey.objects.filter(retired_at__isnull=True).count() == 1
    assert SigningKey.objects.count() == 6
