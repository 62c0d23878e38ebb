"""Names of branches after git check-ref-format, and of repositories."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from history.engine.names import BRANCH_NAME_LENGTH, branch_name_problem, repository_name_problem

GOOD_BRANCHES = [
    "main",
    "feature/한글",
    "topic/a/b/c",
    "v1.2.3",
    "a.b/c.d",
    "release-2027",
    "-".join("abc"),
    "a@b",
    "a{b}",
    "@@",
    "x.locked",
    "lock",
    "HEAD",
    "é",
    "日本語",
    "😀",
    "a" * BRANCH_NAME_LENGTH,
    "a" * 63,
    "deadbeef",
]

BAD_BRANCHES = [
    ("", "needs a name"),
    ("a" * (BRANCH_NAME_LENGTH + 1), "at most 200"),
    ("a..b", "two dots"),
    ("..", "two dots"),
    ("/x", "start with /"),
    ("x/", "end with /"),
    ("a//b", "two slashes"),
    ("-x", "start with"),
    ("x.", "end with"),
    (".x", "starts with a dot"),
    ("a/.b", "starts with a dot"),
    ("x.lock", ".lock"),
    ("a.lock/b", ".lock"),
    ("@", "is not @"),
    ("a@{b", "@{"),
    ("main@{now}", "@{"),
    ("a b", "no space"),
    ("a\tb", "no space"),
    ("a\nb", "no space"),
    ("a\0b", "no space"),
    ("a\x7fb", "no space"),
    *((f"a{character}b", "no space") for character in "~^:?*[\\"),
    ("e\u0301", "normal form C"),
    ("\u1112\u1161\u11ab", "normal form C"),
    ("caf\u00e9/cafe\u0301", "normal form C"),
    ("\u212b", "normal form C"),
    ("a\ud800", "valid Unicode"),
    *((f"a{character}b", "visible") for character in "\x85\xa0\u200b\u2028\u202e\u3000\ufeff"),
    ("0123456789abcdef" * 4, "id of a commit"),
]


@pytest.mark.parametrize("name", GOOD_BRANCHES)
def test_a_branch_may_be_called(name):
    assert branch_name_problem(name) is None


@pytest.mark.parametrize(("name", "sentence"), BAD_BRANCHES)
def test_a_branch_may_not_be_called(name, sentence):
    problem = branch_name_problem(name)
    assert problem is not None
    assert sentence in problem
    assert problem.endswith(".")


@settings(max_examples=150)
@given(
    st.text("ab./@{}-~^:?*[\\ lock", min_size=1, max_size=8) | st.from_regex(r"[a-c./]{1,6}(\.lock)?", fullmatch=True)
)
def test_the_rules_are_those_of_git(name):
    """``git branch`` refuses a leading hyphen and a lone @ (which it takes for HEAD) beyond check-ref-format."""
    command = ["git", "check-ref-format", f"refs/heads/{name}"]
    accepted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert (branch_name_problem(name) is None) == (accepted and name != "@" and not name.startswith("-"))


@pytest.mark.parametrize("name", ["a", "crm", "CRM-2.0_x", "0day", "a" * 100])
def test_a_repository_may_be_called(name):
    assert repository_name_problem(name) is None


@pytest.mark.parametrize(
    "name", ["", "a" * 101, "a/b", "a b", ".a", "-a", "_a", "é", "ａ", "cafe\u0301", "a\0", "a\n", "..", " a", "a "]
)
def test_a_repository_may_not_be_called(name):
    problem = repository_name_problem(name)
    assert problem is not None
    assert problem.endswith(".")
