"""Typed reading of the environment: the only source of configuration.

Every reader either returns a value of its type or raises :class:`ConfigurationError`
with one sentence that names the variable, so that a wrong start stops at once.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})
POSTGRESQL = frozenset({"postgres", "postgresql"})
ENGINES: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(POSTGRESQL, ("django.db.backends.postgresql", "psycopg")),
    "mysql": ("django.db.backends.mysql", "MySQLdb"),
    "sqlite": ("django.db.backends.sqlite3", "sqlite3"),
}
"""Django's backend and its driver by the scheme of a URL. Only PostgreSQL's and SQLite's are always there."""


class ConfigurationError(SystemExit):
    """The environment does not describe a configuration that may start.

    It is a ``SystemExit``, so every process (web, worker, command) ends with the sentence
    and exit status 1 instead of a traceback.
    """


@dataclass(frozen=True)
class Environment:
    """Reads ``OMS_…`` variables; an empty value counts as not set."""

    values: Mapping[str, str]

    @classmethod
    def of_process(cls) -> "Environment":
        return cls(os.environ)

    def text(self, name: str, default: str = "") -> str:
        """The value of ``name``, or what the file named by ``name``_FILE holds."""
        direct, path = self.values.get(name, ""), self.values.get(f"{name}_FILE", "")
        if direct and path:
            raise ConfigurationError(f"{name} and {name}_FILE are both set; set one of them.")
        if not path:
            return direct or default
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{name}_FILE names {path}, which cannot be read: {error}.") from error

    def boolean(self, name: str, *, default: bool) -> bool:
        value = self.values.get(name, "").strip().lower()
        if not value:
            return default
        if value in TRUE or value in FALSE:
            return value in TRUE
        raise ConfigurationError(f"{name} must be true or false, not {value!r}.")

    def integer(self, name: str, default: int, *, minimum: int, maximum: int) -> int:
        value = self.values.get(name, "").strip()
        if not value:
            return default
        if not re.fullmatch(r"-?[0-9]{1,18}", value):
            raise ConfigurationError(f"{name} must be a whole number, not {value!r}.")
        if not minimum <= int(value) <= maximum:
            raise ConfigurationError(f"{name} must be from {minimum} to {maximum}, not {value}.")
        return int(value)

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """One of ``choices``, the first where nothing is set."""
        value = self.values.get(name, "").strip() or choices[0]
        if value not in choices:
            raise ConfigurationError(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
        return value

    def names(self, name: str, default: tuple[str, ...] = ()) -> list[str]:
        """A comma-separated list, blanks trimmed."""
        items = [item.strip() for item in self.values.get(name, "").split(",")]
        return [item for item in items if item] or list(default)

    def networks(self, name: str) -> list[IPv4Network | IPv6Network]:
        """A comma-separated list of IP networks or addresses."""
        return [self._network(name, item) for item in self.names(name)]

    def _network(self, name: str, item: str) -> IPv4Network | IPv6Network:
        try:
            return ip_network(item)
        except ValueError as error:
            raise ConfigurationError(f"{name} must hold IP networks, which {item!r} is not.") from error

    def path(self, name: str, default: Path) -> Path:
        return Path(self.values.get(name) or default).absolute()

    def file(self, name: str) -> Path | None:
        """A file that is there, if any is named."""
        value = self.values.get(name)
        if not value:
            return None
        if not Path(value).is_file():
            raise ConfigurationError(f"{name} names {value}, which is no file.")
        return Path(value).absolute()

    def database(self, name: str) -> dict[str, Any] | None:
        """Django's database settings from ``postgresql://user:password@host:port/name?option=value``."""
        url = self.text(name)
        if not url:
            return None
        parts = _split(name, url)
        if parts.scheme not in POSTGRESQL:
            raise ConfigurationError(f"{name} must be a postgresql:// URL.")
        return _database(name, parts)

    def databases(self, name: str) -> dict[str, dict[str, Any]]:
        """Django's settings of databases by name, from ``name=URL`` separated by commas or lines.

        A comma in a URL is written as ``%2C``. A URL is ``postgresql://…``, ``mysql://…`` where its driver
        is installed, or ``sqlite:///path``.
        """
        found: dict[str, dict[str, Any]] = {}
        for item in filter(None, map(str.strip, re.split(r"[,\n]", self.text(name)))):
            key, _, url = item.partition("=")
            if not re.fullmatch(r"[A-Za-z0-9_.-]{1,100}", key) or not url:
                raise ConfigurationError(f"{name} must hold name=URL, separated by commas.")
            if key in found:
                raise ConfigurationError(f"{name} names {key} more than once.")
            of_one = f"{name} ({key})"
            parts = _split(of_one, url)
            found[key] = {"ENGINE": _engine(of_one, parts.scheme), **_database(of_one, parts)}
        return found

    def mail(self, name: str) -> dict[str, Any]:
        """Django's mail settings from ``smtp://user:password@host:587?tls=starttls`` or ``smtps://…``.

        Where nothing is set, mails are written to the output of the process that would send them.
        """
        url = self.text(name)
        if not url:
            return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
        parts = _split(name, url)
        tls = dict(parse_qsl(parts.query)).get("tls", "none")
        if parts.scheme not in {"smtp", "smtps"}:
            raise ConfigurationError(f"{name} must be an smtp:// or smtps:// URL.")
        if not parts.hostname:
            raise ConfigurationError(f"{name} names no host.")
        if tls not in {"none", "starttls"}:
            raise ConfigurationError(f"{name} may say tls=starttls, not tls={tls}.")
        if parts.password and parts.scheme == "smtp" and tls == "none":
            raise ConfigurationError(f"{name} would send a password in the clear; add ?tls=starttls or use smtps://.")
        is_implicit = parts.scheme == "smtps"
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": unquote(parts.hostname),
            "EMAIL_PORT": parts.port or (465 if is_implicit else 587 if tls == "starttls" else 25),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": is_implicit,
            "EMAIL_USE_TLS": not is_implicit and tls == "starttls",
        }

    def sender(self, name: str, default: str) -> str:
        """A mail address, with or without a name before it: ``OMS <oms@example.org>``."""
        value = self.text(name, default)
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(value)[1]) or re.search(r"[\r\n]", value):
            raise ConfigurationError(f"{name} must be a mail address, not {value!r}.")
        return value

    def public_url(self, name: str, default: str, *, https: bool) -> str:
        """The address of this installation as people reach it, without a slash at the end."""
        url = self.text(name, default).rstrip("/")
        parts = _split(name, url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ConfigurationError(f"{name} must be an address such as https://oms.example.org, not {url!r}.")
        if https and parts.scheme != "https":
            raise ConfigurationError(f"{name} must begin with https:// where OMS_HTTPS is on.")
        return url

    def redis(self, name: str, default: str) -> str:
        """A URL of redis-py: ``redis://host:port/number``, ``rediss://…`` or ``unix:///path?db=number``."""
        url = self.text(name, default)
        parts = _split(name, url)
        if parts.scheme not in {"redis", "rediss", "unix"}:
            raise ConfigurationError(f"{name} must be a redis://, rediss:// or unix:// URL.")
        if parts.scheme == "unix" and not parts.path:
            raise ConfigurationError(f"{name} names no socket.")
        database = dict(parse_qsl(parts.query)).get("db", "0") if parts.scheme == "unix" else parts.path.strip("/")
        if not re.fullmatch(r"[0-9]{0,4}", database):
            raise ConfigurationError(f"{name} names the database {database!r}; Redis numbers them.")
        return url


def _engine(name: str, scheme: str) -> str:
    """Django's backend for URLs of the scheme."""
    if scheme not in ENGINES:
        raise ConfigurationError(f"{name} must be a postgresql://, mysql:// or sqlite:// URL.")
    engine, driver = ENGINES[scheme]
    if find_spec(driver) is None:
        raise ConfigurationError(f"{name} needs the driver {driver}, which is not installed.")
    return engine


def _database(name: str, parts: SplitResult) -> dict[str, Any]:
    """What of Django's database settings a URL holds."""
    database = unquote(parts.path.removeprefix("/"))
    if not database:
        raise ConfigurationError(f"{name} names no database after the host.")
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": database,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def _split(name: str, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # it is checked when it is read
    except ValueError as error:
        raise ConfigurationError(f"{name} is not a URL: {error}.") from error
    return parts


def broker_url(redis_url: str) -> str:
    """The same Redis as Celery's transport writes it, which calls a Unix socket and its database otherwise."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = dict(parse_qsl(parts.query)).get("db", "0")
    return f"redis+socket://{parts.path}?virtual_host={database}"
