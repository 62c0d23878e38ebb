"""How the header fields are read that a request brings to the move of a head."""

from urllib.parse import quote

import pytest

from gateway.exceptions import Malformed
from history.http.authority import authority_of
from history.services import NO_AUTHORITY, Authority

TOKEN, REASON = "OMS-Lock-Token", "OMS-Bypass-Reason"


def test_nothing_is_brought_where_nothing_is_said() -> None:
    assert authority_of({}) == NO_AUTHORITY


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("Hotfix for ticket 7, 14:30 (on call)", "Hotfix for ticket 7, 14:30 (on call)"),
        (quote("긴급 수정"), "긴급 수정"),
        ("100%25 sure %ea%b8%b4", "100% sure 긴"),
        ("  spaced  ", "spaced"),
        ("x" * 500, "x" * 500),
    ],
)
def test_a_reason_is_ascii_or_percent_encoded(value: str, reason: str) -> None:
    assert authority_of({REASON: value}) == Authority(bypass_reason=reason)


def test_a_token_is_a_number() -> None:
    assert authority_of({TOKEN: "12"}) == Authority(lock_token=12)


@pytest.mark.parametrize("value", ["", "0", "01", "-1", "1.0", "1, 2", "１", "9" * 19])
def test_what_is_no_token_is_refused(value: str) -> None:
    with pytest.raises(Malformed) as refused:
        authority_of({TOKEN: value})
    assert [error.field for error in refused.value.errors] == [TOKEN]


@pytest.mark.parametrize(
    "value", ["", "%20", "100%", "%ED%95", "%zz", "긴급".encode().decode("latin-1"), "a%00b", "a\tb", "x" * 501]
)
def test_what_is_no_reason_is_refused(value: str) -> None:
    with pytest.raises(Malformed) as refused:
        authority_of({REASON: value})
    assert [error.field for error in refused.value.errors] == [REASON]
