"""Who is at the other end of a request, whatever it claims."""

from ipaddress import ip_network

import pytest

from gateway.http.client import client_address

PROXIES = ["10.0.0.0/8", "fd00::/8"]
TABLE = [
    # peer, X-Forwarded-For, trusted proxies, address
    ("203.0.113.9", "", [], "203.0.113.9"),
    ("203.0.113.9", "198.51.100.1", [], "203.0.113.9"),  # nobody is trusted
    ("203.0.113.9", "198.51.100.1", PROXIES, "203.0.113.9"),  # not a proxy of ours
    ("10.0.0.1", "198.51.100.1", [], "10.0.0.1"),
    ("10.0.0.1", "198.51.100.1", PROXIES, "198.51.100.1"),
    ("10.0.0.1", "192.0.2.66, 198.51.100.1", PROXIES, "198.51.100.1"),  # the client made up the first
    ("10.0.0.1", "192.0.2.66,198.51.100.1,10.0.0.2", PROXIES, "198.51.100.1"),  # two proxies of ours
    ("10.0.0.1", "10.9.9.9, 10.0.0.2", PROXIES, "10.9.9.9"),  # all of them ours: the farthest
    ("10.0.0.1", "", PROXIES, "10.0.0.1"),
    ("10.0.0.1", "198.51.100.1, unknown", PROXIES, "10.0.0.1"),  # what is no address ends the way
    ("10.0.0.1", "198.51.100.1:8443", PROXIES, "10.0.0.1"),
    ("10.0.0.1", "2001:db8::1", PROXIES, "2001:db8::1"),
    ("fd00::1", "2001:0db8:0:0::0001", PROXIES, "2001:db8::1"),  # one spelling of each
    ("2001:db8::9", "198.51.100.1", PROXIES, "2001:db8::9"),
    ("::ffff:10.0.0.1", "::ffff:198.51.100.1", PROXIES, "198.51.100.1"),  # IPv4 in IPv6 is IPv4
    ("::ffff:203.0.113.9", "198.51.100.1", PROXIES, "203.0.113.9"),
    ("", "198.51.100.1", PROXIES, "198.51.100.1"),  # a Unix socket: a proxy on this machine
    ("", "192.0.2.66, 198.51.100.1", PROXIES, "198.51.100.1"),
    ("", "", PROXIES, None),
    ("", "unknown", PROXIES, None),
]


@pytest.mark.parametrize(("peer", "forwarded", "proxies", "address"), TABLE)
def test_client_address(settings, peer, forwarded, proxies, address):
    settings.TRUSTED_PROXIES = [ip_network(each) for each in proxies]
    meta = {"REMOTE_ADDR": peer} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})

    assert client_address(meta) == address


def test_without_any_environment_there_is_none(settings):
    settings.TRUSTED_PROXIES = []

    assert client_address({}) is None
