"""What a device is called for people, by what its User-Agent says."""

import re
from typing import Final

from gateway.engine.sentences import phrase

BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Whale", "Whale"),
    ("Vivaldi", "Vivaldi"),
    ("YaBrowser", "Yandex Browser"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("HeadlessChrome", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""Browsers by a token of theirs. One that names others as well, to be served alike, comes before them."""
SYSTEMS: Final = (
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
"""Systems likewise: those that name others come first."""
PRODUCT: Final = re.compile(r"[^\s/(]+")
LENGTH: Final = 40


def device_name(user_agent: str) -> str:
    """``Firefox on Linux`` for a browser, else the first word, as in ``curl``; empty where nothing is said.

    It is a help to recognise a device by. Whoever sends a User-Agent can write anything into it.
    """
    browser = _first(BROWSERS, user_agent) if user_agent.startswith("Mozilla/") else ""
    system = _first(SYSTEMS, user_agent)
    if browser and system:
        return phrase("{browser} on {system}", browser=browser, system=system)
    product = PRODUCT.search(user_agent)
    return browser or (product.group()[:LENGTH] if product else "")


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    """The name of the first token that stands in ``user_agent`` as a word."""
    return next((name for token, name in names if re.search(rf"\b{token}", user_agent)), "")
