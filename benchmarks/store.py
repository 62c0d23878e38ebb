"""What the benchmarks put into OMS before they measure it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from django.db import connection
from django.test.utils import override_settings

from accounts.models import User
from accounts.services import user_create
from history.engine.changes import Change, Delete, Put
from history.engine.content import Content, Key
from history.models import Branch, Role
from history.selectors import trees
from history.services import commit_create, repository_create
from ontology.selectors import states

CHANGES_PER_COMMIT: Final = 10_000


def alice() -> User:
    """Who does everything here."""
    return user_create(actor=None, username="alice", role=Role.ADMINISTRATOR, check_password=False)


def repository_of(actor: Any, name: str, contents: Mapping[Key, Content]) -> Branch:
    """The default branch of a new repository that holds ``contents``, which are known to be valid."""
    repository = repository_create(actor=actor, name=name)
    branch: Branch = repository.branches.get(name=repository.default_branch)
    with override_settings(HISTORY_COMMIT_HOOKS=[]):  # which would take half of the time
        for chunk in _chunks(changes_to(contents), CHANGES_PER_COMMIT):
            commit_create(actor=actor, branch=branch, changes=chunk, message="Load")
    return branch


def changes_to(contents: Mapping[Key, Content | None]) -> Iterator[Change]:
    """The changes that give every key its content, or remove it where that is None."""
    for key, content in contents.items():
        yield Delete(*key) if content is None else Put(*key, content)


def analyze() -> None:
    """Have PostgreSQL learn what was loaded, as it does by itself within a minute."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def forget_nodes() -> None:
    """As in a process that has read nothing yet."""
    trees.NODE_CACHE.clear()
    forget_steps()


def forget_steps() -> None:
    """As in a process that has checked nothing yet."""
    states.STEP_CACHE.clear()


def _chunks(changes: Iterator[Change], size: int) -> Iterator[Sequence[Change]]:
    while chunk := list(islice(changes, size)):
        yield chunk
