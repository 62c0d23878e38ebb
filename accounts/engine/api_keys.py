"""API keys: how they look, so that a secret scanner knows one without asking us, and what they are limited to."""

import re
import secrets
import string
import zlib
from collections.abc import Iterable
from typing import Final

from accounts.engine.roles import PERMISSIONS

ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
MARK: Final = "oms_"
RANDOM_LENGTH: Final = 43
"""Of 62 characters each: 256 random bits."""
CHECKSUM_LENGTH: Final = 6
KEY: Final = re.compile(rf"{MARK}[0-9A-Za-z]{{{RANDOM_LENGTH + CHECKSUM_LENGTH}}}")
PREFIX_LENGTH: Final = len(MARK) + 6
EVERYTHING: Final = "*"


def make() -> str:
    """A new key: the mark, 43 random characters and their checksum."""
    random = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    return f"{MARK}{random}{_checksum(random)}"


def is_well_formed(text: str) -> bool:
    """Whether ``text`` can be a key: it looks like one and its checksum is right."""
    if not KEY.fullmatch(text):
        return False
    body = text.removeprefix(MARK)
    return _checksum(body[:RANDOM_LENGTH]) == body[RANDOM_LENGTH:]


def prefix(key: str) -> str:
    """The start of a key, by which people recognise it; the 220 bits behind it cannot be guessed."""
    return key[:PREFIX_LENGTH]


def allows(scopes: Iterable[str], permission: str) -> bool:
    """Whether a key of these ``scopes`` may be used for ``permission``. None of them allows nothing."""
    app = permission.partition(".")[0]
    return not {EVERYTHING, f"{app}.*", permission}.isdisjoint(scopes)


def known_scopes() -> list[str]:
    """Every scope that there is: all of it, all of an app's permissions, and each permission."""
    apps = {permission.partition(".")[0] for permission in PERMISSIONS}
    return [EVERYTHING, *sorted({f"{app}.*" for app in apps} | PERMISSIONS)]


def _checksum(random: str) -> str:
    """CRC-32 of the random characters, in base 62, filled with zeros."""
    number = zlib.crc32(random.encode())
    digits = ""
    for _ in range(CHECKSUM_LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits
