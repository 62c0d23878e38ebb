"""The passwords that everybody knows: those that come along, and those of the operator's file."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from accounts.engine.blocklist import Blocklist

BUILT_IN = Path(__file__).resolve().parent.parent / "data" / "passwords.blocklist"


@dataclass(frozen=True)
class KnownPasswords:
    """Several blocklists as one."""

    lists: tuple[Blocklist, ...]

    def is_listed(self, text: str) -> bool:
        return any(each.is_listed(text) for each in self.lists)

    def is_common(self, text: str) -> bool:
        return any(each.is_common(text) for each in self.lists)


def known_passwords() -> KnownPasswords:
    """What is refused here. The files are read once in a process, when they are needed first."""
    own = settings.PASSWORD_BLOCKLIST
    return KnownPasswords(tuple(_read(path) for path in (BUILT_IN, *([own] if own else []))))


@cache
def _read(path: Path) -> Blocklist:
    return Blocklist.parse(path.read_bytes())
