"""Which environments may start, and what an environment makes of the settings."""

import logging.config
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.test import Client

from oms_project.environment import ConfigurationError

ROOT = Path(__file__).resolve().parent.parent.parent
KEY = "k" * 50
PRODUCTION = {"OMS_DATABASE_URL": "postgresql://db.example/oms", "OMS_SECRET_KEY": KEY}
OIDC = {
    "OMS_OIDC_ISSUER": "https://id.example/realms/acme",
    "OMS_OIDC_CLIENT_ID": "oms",
    "OMS_OIDC_CLIENT_SECRET": "a secret between two",
}
ENTRIES = {
    "manage.py": ["manage.py", "check"],
    "gunicorn": ["-m", "gunicorn", "-c", "python:oms_project.gunicorn", "oms_project.wsgi"],
    "worker": ["-m", "celery", "-A", "oms_project", "worker"],
    "beat": ["-m", "celery", "-A", "oms_project", "beat"],
}


def settings_of(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, data: Path) -> dict[str, Any]:
    for name in [name for name in os.environ if name.startswith("OMS_") or name == "PORT"]:
        monkeypatch.delenv(name)
    for name, value in {"OMS_DATA_DIR": str(data), **environment}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(structlog, "configure", lambda **_: None)  # loggers keep what they were given first
    return runpy.run_path(str(ROOT / "oms_project" / "settings.py"))


REFUSED = [
    ({"OMS_DATABASE_URL": "postgresql://db.example/oms"}, "OMS_SECRET_KEY (or OMS_SECRET_KEY_FILE) is required"),
    ({**PRODUCTION, "OMS_SECRET_KEY": "short"}, "OMS_SECRET_KEY must have at least 32 characters."),
    ({**PRODUCTION, "OMS_SECRET_KEY_FILE": "/etc/key"}, "OMS_SECRET_KEY and OMS_SECRET_KEY_FILE are both set"),
    ({**PRODUCTION, "OMS_SECRET_KEY": "", "OMS_SECRET_KEY_FILE": "/none"}, "OMS_SECRET_KEY_FILE names /none, which"),
    ({**PRODUCTION, "OMS_DEBUG": "true"}, "OMS_DEBUG must be off"),
    ({**PRODUCTION, "OMS_DEBUG": "perhaps"}, "OMS_DEBUG must be true or false, not 'perhaps'."),
    ({**PRODUCTION, "OMS_ALLOWED_HOSTS": "oms.example,*"}, "OMS_ALLOWED_HOSTS must name the hosts"),
    ({**PRODUCTION, "OMS_ALLOWED_HOSTS": "*.example"}, "OMS_ALLOWED_HOSTS must name the hosts"),
    ({**PRODUCTION, "OMS_HTTPS": "2"}, "OMS_HTTPS must be true or false, not '2'."),
    ({**PRODUCTION, "OMS_DATABASE_URL": "sqlite:///x"}, "OMS_DATABASE_URL must be a postgresql:// URL."),
    ({**PRODUCTION, "OMS_REDIS_URL": "localhost:6379"}, "OMS_REDIS_URL must be a redis://, rediss:// or unix:// URL."),
    ({**PRODUCTION, "OMS_LOG_LEVEL": "loud"}, "OMS_LOG_LEVEL must be one of INFO, "),
    ({**PRODUCTION, "OMS_LOG_FORMAT": "xml"}, "OMS_LOG_FORMAT must be one of console, json, not 'xml'."),
    ({**PRODUCTION, "OMS_PUBLIC_URL": "http://oms.example"}, "OMS_PUBLIC_URL must begin with https:// where OMS_HTTPS"),
    ({**PRODUCTION, "OMS_EMAIL_URL": "mail.example"}, "OMS_EMAIL_URL must be an smtp:// or smtps:// URL."),
    ({**PRODUCTION, "OMS_EMAIL_FROM": "nobody"}, "OMS_EMAIL_FROM must be a mail address, not 'nobody'."),
    ({"OMS_OIDC_NAME": "Acme"}, "OMS_OIDC_ISSUER is required where any of the OMS_OIDC_ variables is set."),
    ({"OMS_OIDC_ISSUER": "https://id.example"}, "OMS_OIDC_CLIENT_ID is required where any"),
    ({**OIDC, "OMS_OIDC_CLIENT_SECRET": ""}, "OMS_OIDC_CLIENT_SECRET is required where any"),
    ({**OIDC, "OMS_OIDC_ISSUER": "http://id.example"}, "OMS_OIDC_ISSUER must be an https:// URL; http:// serves on"),
    ({**OIDC, "OMS_OIDC_ISSUER": "https://id.example/?a=b"}, "OMS_OIDC_ISSUER must be a URL of a host and a path"),
    ({**OIDC, "OMS_OIDC_ROLE_CLAIM": "groups"}, "OMS_OIDC_ROLES is required where roles come from the sign-in"),
    ({**OIDC, "OMS_OIDC_ROLES": "a=viewer"}, "OMS_OIDC_ROLE_CLAIM is required where roles come from the sign-in"),
    ({**OIDC, "OMS_OIDC_ROLE_CLAIM": "groups", "OMS_OIDC_ROLES": "a=chief"}, "OMS_OIDC_ROLES must hold group=role"),
    ({"PORT": "http"}, "PORT must be a whole number, not 'http'."),
    ({"PORT": "70000"}, "PORT must be from 1 to 65535, not 70000."),
]


@pytest.mark.parametrize(("environment", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_a_wrong_environment_is_refused_with_one_sentence(
    environment: dict[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        settings_of(environment, monkeypatch, tmp_path)

    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_process_ends_with_the_sentence_and_no_traceback(entry: str, tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OMS_")}
    wrong = {"OMS_DATABASE_URL": "postgresql://db.example/oms", "OMS_DATA_DIR": str(tmp_path)}

    ended = subprocess.run(
        [sys.executable, *ENTRIES[entry]],
        cwd=ROOT,
        env=kept | wrong,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 1
    assert (ended.stdout + ended.stderr).strip() == (
        "OMS_SECRET_KEY (or OMS_SECRET_KEY_FILE) is required when OMS_DATABASE_URL is set."
    )


def test_an_embedded_start_needs_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = settings_of({}, monkeypatch, tmp_path)

    assert settings["PRODUCTION"] is False
    assert settings["DATABASES"]["default"]["HOST"] == str(tmp_path / "run")
    assert settings["REDIS_URL"] == f"unix://{tmp_path / 'run' / 'valkey.sock'}"
    assert len(settings["SECRET_KEY"]) >= 50
    assert list(tmp_path.iterdir()) == []


def test_a_sign_in_provider_is_read_with_what_is_usual(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    roles = {"OMS_OIDC_ROLE_CLAIM": "groups", "OMS_OIDC_ROLES": "/oms/chiefs=administrator, cn=builders=developer"}
    usual = settings_of(OIDC, monkeypatch, tmp_path)["SIGN_IN_PROVIDER"]
    given = settings_of({**OIDC, **roles, "OMS_OIDC_SCOPES": "groups"}, monkeypatch, tmp_path)["SIGN_IN_PROVIDER"]
    local = settings_of({**OIDC, "OMS_OIDC_ISSUER": "http://127.0.0.1:9400"}, monkeypatch, tmp_path)

    assert (usual.name, usual.scopes, usual.role_claim) == ("id.example", ("openid", "profile", "email"), "")
    assert given.roles == {"/oms/chiefs": "administrator", "cn=builders": "developer"}
    assert given.scopes == ("openid", "groups")
    assert local["SIGN_IN_PROVIDER"].issuer == "http://127.0.0.1:9400"
    assert settings_of({}, monkeypatch, tmp_path)["SIGN_IN_PROVIDER"] is None


def test_production_is_served_over_https_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = settings_of(PRODUCTION, monkeypatch, tmp_path)

    assert settings["DEBUG"] is False
    assert settings["TIME_ZONE"] == "UTC"
    assert [code for code, _ in settings["LANGUAGES"]] == ["en", "ko"]
    assert all(settings[name] for name in ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"))
    assert settings["SECURE_HSTS_SECONDS"] >= 31_536_000


def test_links_and_passkeys_are_for_one_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    by_host = settings_of({**PRODUCTION, "OMS_ALLOWED_HOSTS": "oms.example"}, monkeypatch, tmp_path)
    named = settings_of({**PRODUCTION, "OMS_PUBLIC_URL": "https://oms.example/"}, monkeypatch, tmp_path)

    assert by_host["PUBLIC_URL"] == named["PUBLIC_URL"] == "https://oms.example"
    assert by_host["WEBAUTHN_RP_ID"] == "oms.example"
    assert by_host["WEBAUTHN_ORIGINS"] == ["https://oms.example"]


def test_https_is_asked_for_everywhere_but_of_the_health_probes(settings: Any, client: Client) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/health/live").status_code == 200
    redirected = client.get("/console/login/")
    assert (redirected.status_code, redirected["Location"]) == (301, "https://testserver/console/login/")


@pytest.mark.django_db
def test_the_first_page_carries_the_security_headers(client: Client) -> None:
    page = client.get("/console/login/")

    policy = dict(directive.strip().split(" ", 1) for directive in page["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in page["Content-Security-Policy"]
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["X-Frame-Options"] == "DENY"
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "<style" not in page.content.decode()
    assert " style=" not in page.content.decode()


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_a_fault_is_logged_with_its_traceback_and_without_the_values_of_variables(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, log_format: str
) -> None:
    def sign_in(password: str) -> None:
        raise LookupError("no such user")

    logging_settings = settings_of({**PRODUCTION, "OMS_LOG_FORMAT": log_format}, monkeypatch, tmp_path)["LOGGING"]
    configurator = logging.config.DictConfigurator(logging_settings)
    formatter = configurator.configure_formatter(logging_settings["formatters"]["structured"])
    try:
        sign_in("correct" + "horse")
    except LookupError:
        fault = logging.LogRecord("oms", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())

    line = formatter.format(fault)
    assert "Traceback" in line
    assert "in sign_in" in line
    assert "no such user" in line
    assert "correcthorse" not in line


def test_every_setting_of_the_environment_is_documented() -> None:
    documented = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    sources = [path for path in (ROOT / "oms_project").rglob("*.py") if "migrations" not in path.parts]
    read = {
        word.strip('"')
        for path in sources
        for word in path.read_text(encoding="utf-8").replace("(", " ").replace(",", " ").split()
        if word.startswith('"OMS_') and word.endswith('"')
    }

    assert {name for name in read if f"`{name}`" not in documented} == set()
    assert "`PORT`" in documented
