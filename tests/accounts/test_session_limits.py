"""How many sessions an account may have at once, by its role."""

import pytest
from django.utils import timezone

from accounts.exceptions import SessionLimitReached
from accounts.models import RoleSettings, Session, SessionKind
from history.models import Event, Role
from tests.factories import UserFactory, signed_in
from tests.threads import at_once


def limit(role, sessions, action="end_oldest"):
    RoleSettings.objects.filter(role=role).update(session_limit=sessions, session_limit_action=action)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("action", ["end_oldest", "refuse"])
def test_ten_sign_ins_at_once_leave_exactly_three(action):
    bob = UserFactory(username="bob", role=Role.DEVELOPER)
    limit(Role.DEVELOPER, 3, action)

    outcomes = at_once(10, lambda _: signed_in(bob))

    assert Session.objects.live(timezone.now()).filter(user=bob).count() == 3
    refused = [outcome for outcome in outcomes if isinstance(outcome, SessionLimitReached)]
    assert len(refused) == (7 if action == "refuse" else 0)


def test_the_oldest_leaves_and_is_told_of(bob):
    limit(Role.DEVELOPER, 2)
    first, second, third = (signed_in(bob).session for _ in range(3))

    assert set(Session.objects.live(timezone.now())) == {second, third}
    first.refresh_from_db()
    assert first.revoke_reason == "limit"
    assert Event.objects.get(type="io.oms.accounts.session.revoked").subject == f"sessions/{first.pk}"


def test_browsers_and_tokens_count_together(bob):
    limit(Role.DEVELOPER, 1, "refuse")
    signed_in(bob, SessionKind.BROWSER)

    with pytest.raises(SessionLimitReached):
        signed_in(bob)


def test_other_roles_have_no_limit(bob, charlie):
    limit(Role.DEVELOPER, 1)
    for _ in range(3):
        signed_in(charlie)

    assert Session.objects.live(timezone.now()).filter(user=charlie).count() == 3
