"""What happened to one's account: REST, GraphQL and the console."""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import services
from accounts.engine.security_log import PREFIX, SENTENCES, told
from accounts.models import RevokeReason, Session
from accounts.selectors import security_log
from history.services import event_record
from tests.factories import api_client_for, console_client_for, signed_in

URL, PAGE = "/api/v1/users/me/security-log/", "/console/account/security-log/"


def messages(client):
    return [entry["message"] for entry in client.get(URL).json()["results"]]


def test_tells_what_happened_newest_first(bob):
    client = api_client_for(bob)
    services.user_profile_update(actor=bob, display_name="Bob")

    body = client.get(URL).json()

    assert [entry["message"] for entry in body["results"]] == [
        "The account was changed.",
        "Signed in.",
        "The account was made.",
    ]
    assert [entry["by"] for entry in body["results"]] == ["self", "self", "system"]
    assert set(body["results"][0]) == {"id", "time", "type", "message", "by", "about_other"}
    assert body["next"] is None


def test_tells_what_others_did_to_it(bob, alice):
    client = api_client_for(bob)
    services.user_unlock(actor=alice, user=bob)

    assert client.get(URL).json()["results"][0] | {"id": "", "time": ""} == {
        "id": "",
        "time": "",
        "type": "io.oms.accounts.user.unlocked",
        "message": "The account was unlocked.",
        "by": "other",
        "about_other": False,
    }
    assert api_client_for(alice).get(URL).json()["results"][1]["about_other"] is True


def test_tells_of_sessions_that_the_system_ended_and_that_are_forgotten_since(bob):
    session = signed_in(bob).session
    services.session_revoke(actor=None, session=session, reason=RevokeReason.REUSE)
    Session.objects.all().delete()

    assert "A session was ended because its token was used twice." in messages(api_client_for(bob))


def test_tells_nothing_of_others(bob, charlie):
    services.user_profile_update(actor=charlie, display_name="Charlie")
    signed_in(charlie)

    assert {str(event.body).find(str(charlie.pk)) for event in security_log(bob)} == {-1}


def test_holds_events_of_accounts_alone(bob):
    event_record(type="io.oms.history.commit.created", subject="commits/1", actor=bob, data={})

    assert not security_log(bob).filter(type__startswith="io.oms.history").exists()


def test_needs_a_session(anonymous, db):
    assert anonymous.get(URL).status_code == 401


def test_the_number_of_queries_does_not_grow(bob):
    client = api_client_for(bob)

    def queries():
        with CaptureQueriesContext(connection) as context:
            client.get(URL)
        return len(context)

    before = queries()
    for number in range(5):
        services.user_profile_update(actor=bob, display_name=f"Bob {number}")
    assert queries() == before == 2  # session with key and user, events


def test_has_pages(bob):
    client = api_client_for(bob)
    for number in range(4):
        services.user_profile_update(actor=bob, display_name=f"Bob {number}")

    first = client.get(URL, {"limit": 4}).json()
    second = client.get(first["next"]).json()

    assert (len(first["results"]), len(second["results"])) == (4, 2)


def test_is_in_graphql(bob):
    client = api_client_for(bob)
    query = "{ securityLog(limit: 1) { message by type time aboutOther id } }"

    data = client.post("/graphql/", {"query": query}).json()["data"]

    assert data["securityLog"][0]["message"] == "Signed in."


def test_is_a_page_of_the_console(bob):
    client = console_client_for(bob)
    for number in range(51):
        services.user_profile_update(actor=bob, display_name=f"Bob {number}")

    page = client.get(PAGE)

    assert page.content.decode().count("The account was changed.") == 50
    older = client.get(PAGE, {"before": page.context["before"]}).content.decode()
    assert "The account was made." in older
    assert client.get(PAGE, {"before": "x"}).status_code == 200


@pytest.mark.parametrize(
    ("type_", "data", "message"),
    [
        ("session.revoked", {"reason": "limit"}, "A session was ended because there were too many."),
        ("session.revoked", {"reason": "revoked"}, "A session was ended."),
        ("user.updated", {"fields": ["is_active"], "is_active": False}, "The account was disabled."),
        ("user.updated", {"fields": ["is_active"], "is_active": True}, "The account was changed."),
        ("user.updated", {"fields": ["password"]}, "The password was changed."),
        ("something.new", {}, "Something about the account was changed."),
    ],
)
def test_sentences(type_, data, message):
    assert told(PREFIX + type_, data) == message


def test_every_event_that_can_stand_there_has_a_sentence_of_its_own():
    sources = "".join(path.read_text() for path in Path(services.__file__).parent.glob("*.py"))
    recorded = set(re.findall(r'"io\.oms\.accounts\.([\w.]+)"', sources))
    assert set(SENTENCES) == recorded - {"signing_key.rotated"}  # which is nobody's
