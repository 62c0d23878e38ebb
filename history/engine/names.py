"""Names of repositories and branches."""

import re
import unicodedata
from typing import Final

from gateway.engine.sentences import Sentence, sentence

BRANCH_NAME_LENGTH: Final = 200
REPOSITORY_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

_FORBIDDEN: Final = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Categories of characters that are not seen or that turn the order in which others are seen."""
_COMMIT_ID: Final = re.compile(r"[0-9a-f]{64}")


def repository_name_problem(name: str) -> Sentence | None:
    """The sentence that says what is wrong with a repository's name; None when nothing is."""
    if not name:
        return sentence("A repository needs a name.")
    if not REPOSITORY_NAME.fullmatch(name):
        return sentence(
            "A repository's name has 1 to 100 letters, digits, dots, hyphens or underscores "
            "and starts with a letter or a digit."
        )
    return None


def branch_name_problem(name: str) -> Sentence | None:
    """The sentence that says which rule ``name`` breaks, git's check-ref-format and ours beyond it; None when none.

    Ours are that a name can be read and that it never stands for a commit's id, which a ref would
    then no longer reach.
    """
    rules = (
        (not name, sentence("A branch needs a name.")),
        (
            len(name) > BRANCH_NAME_LENGTH,
            sentence("A branch's name has at most {limit} characters.", limit=BRANCH_NAME_LENGTH),
        ),
        (
            _FORBIDDEN.search(name),
            sentence("A branch's name holds no space, control character or any of ~ ^ : ? * [ \\."),
        ),
        (".." in name, sentence("A branch's name does not hold two dots in a row.")),
        ("@{" in name or name == "@", sentence("A branch's name does not hold @{ and is not @.")),
        (
            name.startswith(("/", "-")) or name.endswith(("/", ".")),
            sentence("A branch's name does not start with / or -, nor end with / or a dot."),
        ),
        ("//" in name, sentence("A branch's name does not hold two slashes in a row.")),
        (
            any(part.startswith(".") or part.endswith(".lock") for part in name.split("/")),
            sentence("No part of a branch's name starts with a dot or ends with .lock."),
        ),
        (not unicodedata.is_normalized("NFC", name), sentence("A branch's name is in Unicode's normal form C.")),
        (any("\ud800" <= char <= "\udfff" for char in name), sentence("A branch's name is valid Unicode.")),
        (
            any(unicodedata.category(char) in _INVISIBLE for char in name),
            sentence("A branch's name holds visible characters only."),
        ),
        (_COMMIT_ID.fullmatch(name), sentence("A branch's name is not the id of a commit.")),
    )
    return next((problem for broken, problem in rules if broken), None)
