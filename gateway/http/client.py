"""Who is at the other end of a request."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from django.conf import settings


def client_address(meta: Mapping[str, Any]) -> str | None:
    """The client's IP address by a request's WSGI environment; None over a Unix socket.

    Behind proxies that ``OMS_TRUSTED_PROXIES`` names it is the last address in X-Forwarded-For that is
    none of theirs: what stands before it is the client's own claim.
    """
    address = _address(meta.get("REMOTE_ADDR", ""))
    forwarded = [part.strip() for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    while forwarded and _is_trusted(address):
        nearer = _address(forwarded.pop())
        if nearer is None:
            break
        address = nearer
    return address


def _address(text: str) -> str | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def _is_trusted(address: str | None) -> bool:
    """Whether a proxy of ours is there; one on a Unix socket is."""
    if not settings.TRUSTED_PROXIES:
        return False
    return address is None or any(ip_address(address) in network for network in settings.TRUSTED_PROXIES)
