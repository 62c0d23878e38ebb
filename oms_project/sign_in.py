"""The provider of OpenID Connect that the environment names."""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from accounts.engine.providers import RANKS, Provider
from oms_project.environment import ConfigurationError, Environment


def sign_in_provider(env: Environment) -> Provider | None:
    """The provider of the ``OMS_OIDC_…`` variables; None where none of them is set."""
    issuer = env.text("OMS_OIDC_ISSUER")
    client_id, client_secret = env.text("OMS_OIDC_CLIENT_ID"), env.text("OMS_OIDC_CLIENT_SECRET")
    name, role_claim = env.text("OMS_OIDC_NAME"), env.text("OMS_OIDC_ROLE_CLAIM")
    groups, scopes = env.names("OMS_OIDC_ROLES"), env.names("OMS_OIDC_SCOPES")
    needed = {"OMS_OIDC_ISSUER": issuer, "OMS_OIDC_CLIENT_ID": client_id, "OMS_OIDC_CLIENT_SECRET": client_secret}
    if not any([*needed.values(), name, role_claim, groups, scopes]):
        return None
    for variable, value in needed.items():
        if not value:
            raise ConfigurationError(f"{variable} is required where any of the OMS_OIDC_ variables is set.")
    if bool(role_claim) != bool(groups):
        unset = "OMS_OIDC_ROLES" if role_claim else "OMS_OIDC_ROLE_CLAIM"
        raise ConfigurationError(f"{unset} is required where roles come from the sign-in provider.")
    return Provider(
        issuer=_issuer("OMS_OIDC_ISSUER", issuer),
        client_id=client_id,
        client_secret=client_secret,
        name=name or str(urlsplit(issuer).hostname),
        scopes=tuple(dict.fromkeys(["openid", *(scopes or ["profile", "email"])])),
        role_claim=role_claim,
        roles=_roles("OMS_OIDC_ROLES", groups),
    )


def _issuer(name: str, url: str) -> str:
    """The URL as it was written: the provider's own must be the same."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError as error:
        raise ConfigurationError(f"{name} is not a URL: {error}.") from error
    if not host or parts.query or parts.fragment or parts.username:
        raise ConfigurationError(f"{name} must be a URL of a host and a path only.")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
        raise ConfigurationError(f"{name} must be an https:// URL; http:// serves on this machine alone.")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _roles(name: str, groups: list[str]) -> Mapping[str, str]:
    """Our roles by the provider's groups, from ``group=role`` each."""
    roles: dict[str, str] = {}
    for item in groups:
        group, _, role = item.rpartition("=")
        if not group or role not in RANKS:
            raise ConfigurationError(f"{name} must hold group=role, each role one of {', '.join(RANKS)}.")
        roles[group] = role
    return roles
