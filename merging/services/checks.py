"""Taking in what other systems find out about commits."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from django.db import transaction

from gateway.engine.sentences import Sentence, sentence
from gateway.engine.text import is_storable
from gateway.exceptions import FieldError
from history.models import Commit
from history.permissions import require
from history.services import event_record
from merging.exceptions import CheckInvalid
from merging.models import Check, CheckState

POST_CHECK: Final = "merging.post_check"
NAME_LENGTH: Final = 100
TEXT_LENGTH: Final = 1000


@transaction.atomic
def check_post(*, actor: Any, commit: Commit, name: str, state: str, url: str = "", summary: str = "") -> Check:
    """Say how the check ``name`` of ``commit`` went; what was said of it before counts no longer.

    Raises CheckInvalid with all that is wrong.
    """
    require(actor, POST_CHECK, commit.repository)
    if errors := list(_errors(name, state, url, summary)):
        raise CheckInvalid(errors=errors)
    # A guard that has read this commit's checks is waited for, so that it has read the last ones.
    Commit.objects.select_for_update(no_key=True).get(pk=commit.pk)
    check = Check.objects.create(commit=commit, name=name, state=state, url=url, summary=summary, posted_by=actor)
    repository = commit.repository
    event_record(
        type="io.oms.merging.check.posted",
        subject=f"repositories/{repository.name}/commits/{commit.digest}",
        actor=actor,
        repository=repository,
        commit=commit.digest,
        data={"repository": repository.name, "commit": commit.digest, "check": name, "state": state},
    )
    return check


def check_name_problem(name: str) -> Sentence | None:
    """What is wrong with the name of a check; None when nothing is."""
    if not name or name != name.strip():
        return sentence("A check has a name without blanks around it.")
    if len(name) > NAME_LENGTH:
        return sentence("A check's name has at most {limit} characters.", limit=NAME_LENGTH)
    if not name.isprintable():
        return sentence("A check's name holds visible characters only.")
    return None


def _errors(name: str, state: str, url: str, summary: str) -> Iterator[FieldError]:
    if problem := check_name_problem(name):
        yield FieldError("/name", "CHECK_NAME", problem)
    if state not in CheckState.values:
        message = sentence("This is one of {values}.", values=", ".join(CheckState.values))
        yield FieldError("/state", "VALUE_UNKNOWN", message)
    if url and not _is_web_address(url):
        yield FieldError("/url", "ADDRESS_INVALID", sentence("An address begins with http:// or https://."))
    for field, text in (("url", url), ("summary", summary)):
        if len(text) > TEXT_LENGTH:
            message = sentence("This has at most {limit} characters.", limit=TEXT_LENGTH)
            yield FieldError(f"/{field}", "LENGTH", message)
        if "\0" in text:
            yield FieldError(f"/{field}", "NULL_CHARACTER", sentence("This holds no NUL character."))


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and text.isprintable() and is_storable(text)
