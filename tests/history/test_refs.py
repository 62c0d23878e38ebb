"""What answers to a ref."""

import pytest

from history.exceptions import RefMalformed
from history.models import Repository
from history.selectors import ref_resolve


@pytest.mark.parametrize(
    "moment",
    ["yesterday", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"],
)  # fmt: skip
def test_a_moment_that_is_none_in_utc_is_malformed(repository: Repository, moment: str) -> None:
    with pytest.raises(RefMalformed, match=moment.replace("+", r"\+")):
        ref_resolve(repository, f"main@{{{moment}}}")
