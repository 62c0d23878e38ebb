"""From names to commits."""

import re
from datetime import UTC
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive

from gateway.engine.sentences import sentence
from gateway.engine.text import is_storable
from history.exceptions import (
    BranchNotFound,
    MemberNotFound,
    RefAmbiguous,
    RefMalformed,
    RefNotFound,
    RepositoryNotFound,
)
from history.models import Branch, Commit, HeadMove, Membership, Repository

PREFIX: Final = re.compile(r"[0-9a-f]{8,64}")
AT_MOMENT: Final = re.compile(r"(?P<branch>.+)@\{(?P<moment>[^{}]+)\}")


def repository_get(user: Any, name: str) -> Repository:
    """The repository of that name, if ``user`` may see it."""
    rows = Repository.objects.visible_to(user).select_related("created_by")
    repository: Repository | None = rows.filter(name=name).first() if is_storable(name) else None
    if repository is None:
        raise RepositoryNotFound(sentence("There is no repository {name}.", name=name))
    return repository


def user_get(username: str) -> Any:
    """The user of that name, who may be made a member."""
    users = get_user_model()._default_manager  # noqa: SLF001  (Django's documented name for it)
    user = users.filter(username=username).first() if is_storable(username) else None
    if user is None:
        raise MemberNotFound(sentence("There is no user {name}.", name=username))
    return user


def membership_get(repository: Repository, username: str) -> Membership:
    """The membership that the user of that name holds in person."""
    rows = repository.memberships.select_related("user")
    membership = rows.filter(user__username=username).first() if is_storable(username) else None
    if membership is None:
        raise MemberNotFound(
            sentence("{name} is no member of {repository}.", name=username, repository=repository.name)
        )
    return membership


def branch_get(repository: Repository, name: str) -> Branch:
    """The branch of that name, with its head and its lock."""
    rows = repository.branches.select_related("head", "created_by", "lock__owner")
    branch = rows.filter(name=name).first() if is_storable(name) else None
    if branch is None:
        raise BranchNotFound(sentence("{repository} has no branch {name}.", repository=repository.name, name=name))
    return branch


def ref_resolve(repository: Repository, ref: str) -> Commit:
    """The commit that ``ref`` names: a branch, ``branch@{time}``, a commit id or its first 8 or more digits."""
    if not is_storable(ref):
        raise RefMalformed(sentence("A ref is text without NUL and lone surrogates."))
    commits = Commit.objects.filter(repository=repository).select_related("author")
    head = repository.branches.filter(name=ref).values_list("head_id", flat=True).first()
    if head is not None:
        return commits.get(digest=head)
    if match := AT_MOMENT.fullmatch(ref):
        return commits.get(digest=_head_at(repository, match["branch"], match["moment"]))
    if PREFIX.fullmatch(ref):
        found = list(commits.filter(digest__startswith=ref)[:2])
        if len(found) > 1:
            raise RefAmbiguous(
                sentence(
                    "Several commits of {repository} start with {ref}; give more digits.",
                    repository=repository.name,
                    ref=ref,
                )
            )
        if found:
            return found[0]
    raise RefNotFound(sentence("{repository} has no branch or commit {ref}.", repository=repository.name, ref=ref))


def _head_at(repository: Repository, branch: str, moment: str) -> str:
    """What ``branch`` held at ``moment``, an RFC 3339 time."""
    try:
        time = parse_datetime(moment.replace(" ", "+"))  # a query string turns a plus sign into a space
        if time is not None and not is_naive(time):
            time = time.astimezone(UTC)
    except (OverflowError, ValueError):  # at the ends of the calendar there is no such time in UTC
        time = None
    if time is None:
        raise RefMalformed(sentence("{moment} is not an RFC 3339 time.", moment=moment))
    if is_naive(time):
        raise RefMalformed(sentence("{moment} has no offset from UTC; write for example {moment}Z.", moment=moment))
    moves = HeadMove.objects.filter(repository=repository, branch=branch, at__lte=time).order_by("-at", "-id")
    head = moves.values_list("after_id", flat=True).first()
    if head is None:
        raise RefNotFound(
            sentence(
                "{repository} had no branch {name} at {moment}.", repository=repository.name, name=branch, moment=moment
            )
        )
    return head
