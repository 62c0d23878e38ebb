"""Who one is: ``GET /api/v1/users/me/``."""

from tests.factories import api_client_for

URL = "/api/v1/users/me/"


def test_says_who_one_is(bob):
    body = api_client_for(bob).get(URL).json()

    assert body.pop("created_at").endswith("Z")
    assert body == {
        "id": str(bob.pk),
        "username": "bob",
        "email": "Bob@example.org",
        "display_name": "",
        "kind": "human",
        "role": "developer",
        "is_active": True,
        "password_expires_at": None,
        "language": "en",
        "email_verified_at": None,
    }


def test_needs_a_session(anonymous, db):
    assert anonymous.get(URL).status_code == 401
