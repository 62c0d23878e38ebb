"""Who else is asked who somebody is: a provider of OpenID Connect, and what of its answer counts here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.engine.names import composed, is_username
from accounts.engine.roles import ADMINISTRATOR
from gateway.engine.text import is_storable

RANKS = ("viewer", "reviewer", "developer", ADMINISTRATOR)
"""The roles that a provider can give to people, the highest last."""
NAME_LENGTH = 150
EMAIL_LENGTH = 254


@dataclass(frozen=True)
class Provider:
    """What the operator has told of a provider. ``roles`` are ours by the values of its claim ``role_claim``."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    scopes: tuple[str, ...]
    role_claim: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Identity:
    """Somebody whom a provider has vouched for. Only ``issuer`` and ``subject`` say who it is (OIDC Core, 5.7).

    ``role`` is None where the provider has no say in it, ``email`` empty where it has not verified one.
    """

    issuer: str
    subject: str
    username: str
    display_name: str = ""
    email: str = ""
    role: str | None = None
    has_shown_several_factors: bool = False


def identity_of(claims: Mapping[str, Any], provider: Provider) -> Identity:
    """What ``claims``, which hold, say of somebody."""
    email = _text(claims, "email") if claims.get("email_verified") is True else ""
    methods = claims.get("amr")
    return Identity(
        issuer=provider.issuer,
        subject=str(claims["sub"]),
        username=username_of(_text(claims, "preferred_username") or _text(claims, "email").partition("@")[0]),
        display_name=_text(claims, "name")[:NAME_LENGTH],
        email=email if len(email) <= EMAIL_LENGTH else "",
        role=role_of(claims, provider) if provider.role_claim else None,
        has_shown_several_factors=isinstance(methods, list) and "mfa" in methods,
    )


def username_of(text: str) -> str:
    """The username that comes nearest to ``text``: what none may hold becomes a hyphen. Empty where nothing is left."""
    signs = "".join(sign if is_username(sign) else "-" for sign in composed(text).strip())
    name = signs[:NAME_LENGTH].strip("-")
    return name if name and is_username(name) else ""


def role_of(claims: Mapping[str, Any], provider: Provider) -> str:
    """The highest role that the provider's claim gives; the lowest where it gives none."""
    value = _at(claims, provider.role_claim)
    groups = value if isinstance(value, list) else [value]
    given = {provider.roles[group] for group in groups if isinstance(group, str) and group in provider.roles}
    return max(given, key=RANKS.index, default=RANKS[0])


def _at(claims: Mapping[str, Any], name: str) -> Any:
    """The claim of that name, or the one that its parts between dots lead to, as ``realm_access.roles``."""
    if name in claims:
        return claims[name]
    value: Any = claims
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _text(claims: Mapping[str, Any], name: str) -> str:
    """A claim that is text which can be kept, else nothing."""
    value = claims.get(name)
    return value if isinstance(value, str) and is_storable(value) else ""
