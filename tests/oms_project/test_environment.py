"""Reading typed values from the environment."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from oms_project.environment import ConfigurationError, Environment, broker_url


@pytest.mark.parametrize(
    ("value", "read"),
    [("1", True), ("true", True), ("YES", True), (" on ", True), ("0", False), ("False", False), ("", False)],
)
def test_a_boolean_is_read_in_its_usual_spellings(value: str, read: bool) -> None:
    assert Environment({"OMS_X": value}).boolean("OMS_X", default=False) is read


def test_what_is_not_set_or_empty_has_its_default() -> None:
    environment = Environment({"OMS_X": ""})

    assert environment.text("OMS_X", "default") == "default"
    assert environment.boolean("OMS_X", default=True) is True
    assert environment.integer("OMS_X", 7, minimum=0, maximum=9) == 7
    assert environment.names("OMS_X", ("a",)) == ["a"]
    assert environment.choice("OMS_X", ("first", "second")) == "first"
    assert environment.database("OMS_X") is None
    assert environment.databases("OMS_X") == {}


def test_a_list_is_trimmed_of_blanks() -> None:
    assert Environment({"OMS_X": " a.example , ,b.example,"}).names("OMS_X") == ["a.example", "b.example"]


def test_a_secret_is_read_from_its_file_without_the_line_end(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("한글 secret\n")

    assert Environment({"OMS_X_FILE": str(tmp_path / "secret")}).text("OMS_X") == "한글 secret"


def test_a_database_url_is_taken_apart() -> None:
    url = "postgresql://us%40er:p%2Fw@db.example:6432/o%20ms?sslmode=require&host=%2Frun%2Fpg"

    assert Environment({"OMS_X": url}).database("OMS_X") == {
        "NAME": "o ms",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "/run/pg",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
    }


def test_databases_are_read_by_name_from_a_list_or_the_lines_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("crm=postgresql://reader:p%2Cw@db.example/crm\n\nerp=sqlite:////srv/erp.db\n")
    values = {"OMS_X": "crm=postgresql://reader:p%2Cw@db.example/crm, erp=sqlite:////srv/erp.db"}

    read = Environment(values).databases("OMS_X")

    assert read == Environment({"OMS_X_FILE": str(tmp_path / "secret")}).databases("OMS_X")
    assert list(read) == ["crm", "erp"]
    assert (read["crm"]["ENGINE"], read["crm"]["PASSWORD"]) == ("django.db.backends.postgresql", "p,w")
    assert (read["erp"]["ENGINE"], read["erp"]["NAME"]) == ("django.db.backends.sqlite3", "/srv/erp.db")


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("redis://:pw@cache:6379/2", "redis://:pw@cache:6379/2"),
        ("unix:///run/oms/valkey.sock", "redis+socket:///run/oms/valkey.sock?virtual_host=0"),
        ("unix:///run/oms/valkey.sock?db=3", "redis+socket:///run/oms/valkey.sock?virtual_host=3"),
    ],
)
def test_celery_reaches_the_same_redis(url: str, broker: str) -> None:
    assert broker_url(url) == broker


@pytest.mark.parametrize(
    ("url", "host", "port", "ssl", "tls"),
    [
        ("smtp://mail.example", "mail.example", 25, False, False),
        ("smtp://oms:p%40ss@mail.example:2525?tls=starttls", "mail.example", 2525, False, True),
        ("smtp://oms:p%40ss@mail.example?tls=starttls", "mail.example", 587, False, True),
        ("smtps://oms:p%40ss@mail.example", "mail.example", 465, True, False),
    ],
)
def test_a_mail_server_is_read_from_its_url(url: str, host: str, port: int, ssl: bool, tls: bool) -> None:
    read = Environment({"OMS_X": url}).mail("OMS_X")

    assert (read["EMAIL_HOST"], read["EMAIL_PORT"]) == (host, port)
    assert (read["EMAIL_USE_SSL"], read["EMAIL_USE_TLS"]) == (ssl, tls)
    assert read["EMAIL_HOST_PASSWORD"] == ("p@ss" if "@mail" in url else "")
    assert "console" in Environment({}).mail("OMS_X")["EMAIL_BACKEND"]


def test_a_public_address_has_no_slash_at_its_end() -> None:
    environment = Environment({"OMS_X": "https://oms.example/ontologies/"})

    assert environment.public_url("OMS_X", "", https=True) == "https://oms.example/ontologies"


Read = Callable[[Environment], Any]
WRONG: list[tuple[str, Read, str]] = [
    ("maybe", lambda e: e.boolean("OMS_X", default=True), "OMS_X must be true or false, not 'maybe'."),
    ("1.5", lambda e: e.integer("OMS_X", 1, minimum=0, maximum=9), "OMS_X must be a whole number, not '1.5'."),
    ("--1", lambda e: e.integer("OMS_X", 1, minimum=0, maximum=9), "OMS_X must be a whole number, not '--1'."),
    ("٣", lambda e: e.integer("OMS_X", 1, minimum=0, maximum=9), "OMS_X must be a whole number, not '٣'."),
    ("-1", lambda e: e.integer("OMS_X", 1, minimum=0, maximum=9), "OMS_X must be from 0 to 9, not -1."),
    ("10", lambda e: e.integer("OMS_X", 1, minimum=0, maximum=9), "OMS_X must be from 0 to 9, not 10."),
    ("c", lambda e: e.choice("OMS_X", ("a", "b")), "OMS_X must be one of a, b, not 'c'."),
    ("/nowhere/at/all", lambda e: e.file("OMS_X"), "OMS_X names /nowhere/at/all, which is no file."),
    ("mysql://h/d", lambda e: e.database("OMS_X"), "OMS_X must be a postgresql:// URL."),
    ("postgresql://h", lambda e: e.database("OMS_X"), "OMS_X names no database after the host."),
    ("postgresql://h:port/d", lambda e: e.database("OMS_X"), "OMS_X is not a URL: "),
    ("postgresql://[h/d", lambda e: e.database("OMS_X"), "OMS_X is not a URL: "),
    ("crm", lambda e: e.databases("OMS_X"), "OMS_X must hold name=URL, separated by commas."),
    ("c m=sqlite:///x", lambda e: e.databases("OMS_X"), "OMS_X must hold name=URL, separated by commas."),
    ("a=sqlite:///x,a=sqlite:///y", lambda e: e.databases("OMS_X"), "OMS_X names a more than once."),
    ("a=http://h/x", lambda e: e.databases("OMS_X"), "OMS_X (a) must be a postgresql://, mysql:// or sqlite:// URL."),
    ("a=mysql://h/x", lambda e: e.databases("OMS_X"), "OMS_X (a) needs the driver MySQLdb, which is not installed."),
    ("a=sqlite://", lambda e: e.databases("OMS_X"), "OMS_X (a) names no database after the host."),
    ("http://h", lambda e: e.redis("OMS_X", ""), "OMS_X must be a redis://, rediss:// or unix:// URL."),
    ("redis://h:port/0", lambda e: e.redis("OMS_X", ""), "OMS_X is not a URL: "),
    ("redis://h/zero", lambda e: e.redis("OMS_X", ""), "OMS_X names the database 'zero'; Redis numbers them."),
    ("redis://[h/0", lambda e: e.redis("OMS_X", ""), "OMS_X is not a URL: "),
    ("http://h", lambda e: e.mail("OMS_X"), "OMS_X must be an smtp:// or smtps:// URL."),
    ("smtp://", lambda e: e.mail("OMS_X"), "OMS_X names no host."),
    ("smtp://h?tls=yes", lambda e: e.mail("OMS_X"), "OMS_X may say tls=starttls, not tls=yes."),
    ("smtp://u:p@h", lambda e: e.mail("OMS_X"), "OMS_X would send a password in the clear; add ?tls=starttls or "),
    ("smtp://h:port", lambda e: e.mail("OMS_X"), "OMS_X is not a URL: "),
    ("OMS", lambda e: e.sender("OMS_X", ""), "OMS_X must be a mail address, not 'OMS'."),
    ("a@b\nBcc: c@d", lambda e: e.sender("OMS_X", ""), "OMS_X must be a mail address, not "),
    ("oms.example", lambda e: e.public_url("OMS_X", "", https=False), "OMS_X must be an address such as https://"),
    ("https://h/?x=1", lambda e: e.public_url("OMS_X", "", https=False), "OMS_X must be an address such as https://"),
    ("http://h", lambda e: e.public_url("OMS_X", "", https=True), "OMS_X must begin with https:// where OMS_HTTPS is"),
    ("unix://", lambda e: e.redis("OMS_X", ""), "OMS_X names no socket."),
]


@pytest.mark.parametrize(("value", "read", "sentence"), WRONG, ids=[wrong[0] for wrong in WRONG])
def test_a_malformed_value_is_one_sentence_that_names_the_variable(value: str, read: Read, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read(Environment({"OMS_X": value}))

    assert str(refused.value).startswith(sentence)
    assert "\n" not in str(refused.value)


def test_a_value_and_its_file_at_once_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="OMS_X and OMS_X_FILE are both set; set one of them"):
        Environment({"OMS_X": "a", "OMS_X_FILE": str(tmp_path)}).text("OMS_X")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff")
    for path in (tmp_path / "missing", tmp_path, tmp_path / "binary"):
        with pytest.raises(ConfigurationError, match=f"OMS_X_FILE names {path}, which cannot be read"):
            Environment({"OMS_X_FILE": str(path)}).text("OMS_X")
