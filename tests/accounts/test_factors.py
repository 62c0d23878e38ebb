"""Second factors: an authenticator application and recovery codes."""

import base64
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from django_otp.oath import TOTP
from rest_framework.test import APIClient

from accounts.exceptions import CredentialsWrong
from accounts.models import (
    AttemptCounter,
    LoginChallenge,
    OutgoingMail,
    PasswordPolicy,
    RecoveryCode,
    RevokeReason,
    RoleSettings,
    Session,
    SessionKind,
    TOTPFactor,
    User,
)
from accounts.services import (
    login_password_change,
    login_start,
    logins,
    password_set,
    sessions_revoke,
    totp_confirm,
    totp_enrol,
    totp_remove,
)
from history.models import Event, Role
from tests.factories import DEVICE, PASSWORD, UserFactory, api_client_for, signed_in
from tests.threads import at_once

LOGIN = "/api/v1/auth/login/"
FACTORS = "/api/v1/auth/mfa/"
VERIFY = "/api/v1/auth/mfa/verify/"
APPLICATION = "/api/v1/auth/mfa/totp/"
CONFIRM = "/api/v1/auth/mfa/totp/confirm/"
CODES = "/api/v1/auth/mfa/recovery-codes/"
ME = "/api/v1/users/me/"


def code_of(secret: str, at: datetime | None = None) -> str:
    """What an authenticator application shows at a moment, by RFC 6238."""
    generator = TOTP(base64.b32decode(secret))
    generator.time = (at or timezone.now()).timestamp()
    return f"{generator.token():06}"


class Enrolled:
    """Somebody with an application, enrolled an hour ago."""

    def __init__(self, **values) -> None:
        self.user = UserFactory(username="kim", password=PASSWORD, **values)
        with time_machine.travel(timezone.now() - timedelta(hours=1)):
            self.secret = totp_enrol(actor=self.user).secret
            self.codes = totp_confirm(actor=self.user, code=code_of(self.secret))

    def begun(self, **more) -> dict:
        """The answer to the right password."""
        return APIClient().post(LOGIN, {"username": "kim", "password": PASSWORD, **more}).json()

    def code(self) -> str:
        return code_of(self.secret)


@pytest.fixture
def kim(db) -> Enrolled:
    return Enrolled()


def verify(token, code, **more):
    return APIClient().post(VERIFY, {"mfa_token": token, "code": code, **more})


def test_an_application_counts_once_its_first_code_is_confirmed(bob):
    client = api_client_for(bob)
    enrolment = client.post(APPLICATION, {}).json()
    assert enrolment["uri"].startswith("otpauth://totp/OMS%3Abob?secret=" + enrolment["secret"])
    assert enrolment["qr_svg"].startswith("<svg")
    assert not TOTPFactor.objects.filter(confirmed_at__isnull=False).exists()

    wrong = client.post(CONFIRM, {"code": "000000"})
    right = client.post(CONFIRM, {"code": code_of(enrolment["secret"])})

    assert (wrong.status_code, right.status_code) == (401, 200)
    assert len(right.json()["recovery_codes"]) == 10
    assert TOTPFactor.objects.get(user=bob).confirmed_at is not None


def test_tells_how_one_can_show_a_factor(kim, bob, django_assert_num_queries):
    RoleSettings.objects.filter(role=kim.user.role).update(factor_required=True)
    RecoveryCode.objects.filter(pk__in=RecoveryCode.objects.all()[:3]).update(used_at=timezone.now())
    client = api_client_for(kim.user)

    with django_assert_num_queries(6):
        body = client.get(FACTORS).json()

    assert body == {"methods": ["totp", "recovery_code"], "recovery_codes_left": 7, "required": True}
    asked = client.post("/graphql/", {"query": "{ factors { methods recoveryCodesLeft required } }"}).json()
    assert list(asked["data"]["factors"].values()) == list(body.values())
    assert api_client_for(bob).get(FACTORS).json() == {"methods": [], "recovery_codes_left": 0, "required": False}


def test_tells_strangers_nothing_of_factors(anonymous, db):
    assert anonymous.get(FACTORS).status_code == 401


def test_the_password_alone_gives_no_tokens(kim):
    answer = kim.begun()

    assert answer["mfa_required"] is True
    assert answer["methods"] == ["totp", "recovery_code"]
    assert "access" not in answer
    assert not Session.objects.exists()


def test_the_code_gives_the_tokens(kim):
    answer = verify(kim.begun()["mfa_token"], kim.code())

    assert answer.status_code == 200, answer.content
    session = Session.objects.get()
    assert session.amr == ["pwd", "otp", "mfa"]
    assert APIClient().get(ME, headers={"Authorization": f"Bearer {answer.json()['access']}"}).status_code == 200


def test_the_token_of_a_sign_in_is_no_access_token(kim):
    token = kim.begun()["mfa_token"]

    assert APIClient().get(ME, headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_sign_in_becomes_one_session(kim):
    token = kim.begun()["mfa_token"]
    assert verify(token, kim.code()).status_code == 200

    assert verify(token, kim.codes[0]).status_code == 401
    assert Session.objects.count() == 1


def test_a_sign_in_waits_ten_minutes(kim):
    token = kim.begun()["mfa_token"]

    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
        assert verify(token, kim.code()).json()["type"] == "urn:oms:problem:login-challenge-invalid"


@pytest.mark.parametrize("steps", [-2, -1, 1])
def test_a_code_of_another_step_is_refused(kim, steps):
    token = kim.begun()["mfa_token"]

    assert verify(token, code_of(kim.secret, timezone.now() + timedelta(seconds=30 * steps))).status_code == 401


def test_an_operator_may_accept_the_neighbouring_steps(kim, settings):
    settings.TOTP_TOLERANCE = 1

    assert (
        verify(kim.begun()["mfa_token"], code_of(kim.secret, timezone.now() - timedelta(seconds=30))).status_code == 200
    )


@pytest.mark.django_db(transaction=True)
def test_one_code_eight_times_at_once_is_accepted_once():
    kim = Enrolled()
    tokens = [kim.begun()["mfa_token"] for _ in range(4)] * 2
    code = kim.code()

    answers = at_once(8, lambda number: verify(tokens[number], code).status_code)

    assert sorted(answers)[:1] == [200]
    assert answers.count(200) == 1
    assert Session.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_recovery_code_eight_times_at_once_is_accepted_once(settings):
    settings.LOGIN_LIMIT = 20
    kim = Enrolled()
    tokens = [kim.begun()["mfa_token"] for _ in range(4)] * 2

    answers = at_once(8, lambda number: verify(tokens[number], kim.codes[0]).status_code)

    assert answers.count(200) == 1
    assert RecoveryCode.objects.filter(used_at__isnull=False).count() == 1


def test_a_recovery_code_may_be_written_as_one_likes(kim):
    written = kim.codes[0].replace("-", " ").upper()

    assert verify(kim.begun()["mfa_token"], written).status_code == 200
    assert Session.objects.get().amr == ["pwd", "recovery", "mfa"]


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_five_are_looked_at():
    kim = Enrolled()
    token = kim.begun()["mfa_token"]

    answers = at_once(20, lambda number: verify(token, f"{number:06}").status_code)

    assert (answers.count(401), answers.count(429)) == (5, 15)
    assert verify(token, kim.codes[0]).status_code == 429


def test_guesses_of_who_has_the_password_do_not_lock_a_known_device(kim):
    first = verify(kim.begun()["mfa_token"], kim.codes[0]).json()
    stranger = kim.begun()["mfa_token"]
    for _ in range(6):
        verify(stranger, "000000")

    answer = verify(kim.begun(device=first["device"])["mfa_token"], kim.codes[1])

    assert answer.status_code == 200


def test_a_trusted_device_is_not_asked_while_its_session_lives(kim):
    signed = verify(kim.begun()["mfa_token"], kim.code(), trust_device=True).json()

    again = kim.begun(device=signed["device"])
    assert "access" in again
    assert Session.objects.get(pk=again["session_id"]).amr == ["pwd", "trusted_device"]

    APIClient().post("/api/v1/auth/logout/", headers={"Authorization": f"Bearer {signed['access']}"})
    assert kim.begun(device=signed["device"])["mfa_required"] is True


def test_a_change_of_factors_ends_the_other_sessions(bob):
    other = signed_in(bob).session
    client = api_client_for(bob)
    secret = client.post(APPLICATION, {}).json()["secret"]
    client.post(CONFIRM, {"code": code_of(secret)})

    other.refresh_from_db()
    assert other.revoke_reason == "factor"
    assert client.get(ME).status_code == 200
    assert Event.objects.filter(type="io.oms.accounts.factor.added", actor=bob.pk).count() == 1
    assert OutgoingMail.objects.filter(user=bob, template="factor_changed").count() == 1


def test_without_the_application_the_password_is_enough_again(kim):
    assert api_client_for(kim.user).delete(APPLICATION).status_code == 204

    assert "access" in kim.begun()


def test_new_recovery_codes_void_the_earlier_ones(kim):
    new = api_client_for(kim.user).post(CODES).json()["recovery_codes"]

    assert verify(kim.begun()["mfa_token"], kim.codes[0]).status_code == 401
    assert verify(kim.begun()["mfa_token"], new[0]).status_code == 200


def test_recovery_codes_alone_are_no_factor(bob):
    assert api_client_for(bob).post(CODES).status_code == 404


def test_recovery_codes_go_with_the_last_factor_and_come_with_the_next(kim):
    totp_remove(actor=kim.user)
    assert not RecoveryCode.objects.exists()

    codes = totp_confirm(actor=kim.user, code=code_of(totp_enrol(actor=kim.user).secret))

    assert len(codes) == 10
    assert set(codes).isdisjoint(kim.codes)


def test_a_role_that_asks_for_a_factor_lets_one_be_made_on_the_way_in(db):
    RoleSettings.objects.filter(role=Role.DEVELOPER).update(factor_required=True)
    UserFactory(username="kim", password=PASSWORD, role=Role.DEVELOPER)
    begun = APIClient().post(LOGIN, {"username": "kim", "password": PASSWORD}).json()
    assert (begun["mfa_required"], begun["methods"], begun["enrol"]) == (True, [], ["totp", "webauthn"])

    token = begun["mfa_token"]
    secret = APIClient().post(APPLICATION, {"mfa_token": token}).json()["secret"]
    answer = APIClient().post(CONFIRM, {"mfa_token": token, "code": code_of(secret)}).json()

    assert "access" in answer
    assert len(answer["recovery_codes"]) == 10
    assert Session.objects.get().amr == ["pwd", "otp", "mfa"]


def test_the_last_factor_that_a_role_asks_for_stays(kim):
    RoleSettings.objects.filter(role=kim.user.role).update(factor_required=True)

    answer = api_client_for(kim.user).delete(APPLICATION)

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:oms:problem:factor-required")
    assert TOTPFactor.objects.filter(user=kim.user).exists()


def test_a_sign_in_with_a_factor_makes_no_other_one(kim):
    token = kim.begun()["mfa_token"]

    assert APIClient().post(APPLICATION, {"mfa_token": token}).status_code == 401


def test_a_sign_in_ends_where_the_password_changes_meanwhile(kim):
    token = kim.begun()["mfa_token"]
    kim.user.password_changed_at = timezone.now()
    kim.user.save(update_fields=["password_changed_at"])

    assert verify(token, kim.code()).status_code == 401
    assert LoginChallenge.objects.filter(used_at__isnull=True).exists()


def test_a_copy_of_the_database_holds_no_secret(kim):
    answer = verify(kim.begun()["mfa_token"], kim.codes[0]).json()
    pending = kim.begun()["mfa_token"]
    seed = base64.b32decode(kim.secret)
    secrets = [
        kim.secret,
        seed.hex(),
        kim.codes[1],
        kim.codes[1].replace("-", ""),
        answer["refresh"],
        answer["device"],
        pending,
    ]

    rows = everything()

    assert len(rows) > 1_000
    assert [secret for secret in secrets if secret in rows] == []
    assert str(kim.user.pk) in rows


def everything() -> str:
    """All rows of all tables as PostgreSQL prints them, bytes in hexadecimal and as they are in text."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t")
            texts += [row[0] for row in cursor.fetchall()]
    return "\n".join(texts)


def test_an_administrator_takes_the_factors_from_who_has_lost_them(kim, alice):
    session = signed_in(kim.user).session

    answer = api_client_for(alice).delete(f"/api/v1/users/{kim.user.pk}/factors/")

    assert answer.status_code == 204, answer.content
    session.refresh_from_db()
    assert session.revoke_reason == "factor"
    assert "access" in kim.begun()
    assert Event.objects.get(type="io.oms.accounts.factors.reset").actor == alice.pk
    assert api_client_for(alice).delete(f"/api/v1/users/{kim.user.pk}/factors/").status_code == 404


def test_nobody_else_takes_factors(kim, bob):
    assert api_client_for(bob).delete(f"/api/v1/users/{kim.user.pk}/factors/").status_code == 403
    assert TOTPFactor.objects.filter(user=kim.user).exists()


def test_confirming_where_nothing_was_begun_counts_as_no_guess(bob):
    client = api_client_for(bob)

    statuses = [client.post(CONFIRM, {"code": "123456"}).status_code for _ in range(6)]

    assert statuses == [404] * 6
    assert not AttemptCounter.objects.exists()


def test_trust_that_ends_while_a_sign_in_waits_stands_for_no_factor(kim):
    trusting = {"mfa_token": kim.begun()["mfa_token"], "code": kim.code(), "trust_device": True}
    device = APIClient().post(VERIFY, trusting).json()["device"]
    expire_password(kim.user)
    begun = kim.begun(device=device)
    sessions_revoke(user=kim.user, reason=RevokeReason.REVOKED, actor=None)

    answer = APIClient().post(
        "/api/v1/auth/password/change/", {"mfa_token": begun["mfa_token"], "new_password": "zmq 4711 trolley quartz"}
    )

    assert begun["password_unfit"] == "PASSWORD_EXPIRED"
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:oms:problem:login-challenge-invalid")


def expire_password(user):
    policy = PasswordPolicy.objects.create(name="monthly", max_age_days=30)
    long_ago = timezone.now() - timedelta(days=31)
    User.objects.filter(pk=user.pk).update(password_policy=policy, password_changed_at=long_ago)


@pytest.mark.django_db
def test_a_password_that_is_set_while_another_sign_in_sets_one_ends_that(monkeypatch):
    user = UserFactory(username="kim", password=PASSWORD)
    expire_password(user)
    begun = login_start(username="kim", password=PASSWORD, device=DEVICE, kind=SessionKind.API)
    go_on = logins.login_password_replaced

    def later(challenge, token):
        password_set(actor=None, user=User.objects.get(pk=user.pk), password="an entirely different one 5")
        return go_on(challenge, token)

    monkeypatch.setattr(logins, "login_password_replaced", later)

    with pytest.raises(CredentialsWrong):
        login_password_change(token=begun.token, new_password="zmq 4711 trolley quartz")
    assert not Session.objects.live(timezone.now()).exists()
