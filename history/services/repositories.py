"""Making repositories and deciding who belongs to them."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction

from gateway.engine.sentences import sentence
from gateway.engine.text import folded
from gateway.exceptions import FieldError
from history.engine.names import repository_name_problem
from history.engine.tree import EMPTY_ROOT
from history.exceptions import MemberNotFound, NameInvalid, NameTaken, NotAllowed, RepositoryInvalid, RoleUnknown
from history.models import Membership, Repository, Role, Visibility
from history.permissions import ADMINISTER, require
from history.services.branches import branch_open
from history.services.commits import commit_write
from history.services.events import event_record

TITLE_LENGTH: Final = 200
DESCRIPTION_LENGTH: Final = 10_000


@transaction.atomic
def repository_create(
    *,
    actor: Any,
    name: str,
    title: str = "",
    description: str = "",
    visibility: str = Visibility.PRIVATE,
) -> Repository:
    """A repository whose default branch stands at an empty root commit; ``actor`` administers it.

    Raises NameInvalid, NameTaken, RepositoryInvalid or NotAllowed.
    """
    if not actor.has_perm("history.create_repository"):
        raise NotAllowed(sentence("This needs the permission {permission}.", permission="history.create_repository"))
    if problem := repository_name_problem(name):
        raise NameInvalid(problem, errors=[FieldError("/name", "REPOSITORY_NAME", problem)])
    _check({"title": title, "description": description, "visibility": visibility})
    try:
        with transaction.atomic():
            repository = Repository.objects.create(
                name=name,
                name_key=folded(name),
                title=title,
                description=description,
                visibility=visibility,
                created_by=actor,
            )
    except IntegrityError as error:
        message = sentence("There is a repository {name} already.", name=name)
        raise NameTaken(message, errors=[FieldError("/name", "TAKEN", message)]) from error
    Membership.objects.create(repository=repository, user=actor, role=Role.ADMINISTRATOR)
    root = commit_write(repository=repository, author=actor, root=EMPTY_ROOT, parents=[], message="Create repository")
    event_record(
        type="io.oms.history.repository.created",
        subject=f"repositories/{name}",
        actor=actor,
        repository=repository,
        data={"repository": name, "visibility": visibility},
    )
    branch_open(actor=actor, repository=repository, name=repository.default_branch, head=root)
    return repository


@transaction.atomic
def repository_update(
    *,
    actor: Any,
    repository: Repository,
    title: str | None = None,
    description: str | None = None,
    visibility: str | None = None,
) -> Repository:
    """Set what is given; nothing happens where that is what the repository says already.

    Raises RepositoryInvalid.
    """
    require(actor, ADMINISTER, repository)
    given = {"title": title, "description": description, "visibility": visibility}
    fields = {name: value for name, value in given.items() if value is not None}
    _check(fields)
    changed = sorted(name for name, value in fields.items() if getattr(repository, name) != value)
    if not changed:
        return repository
    for name in changed:
        setattr(repository, name, fields[name])
    repository.save(update_fields=changed)
    event_record(
        type="io.oms.history.repository.updated",
        subject=f"repositories/{repository.name}",
        actor=actor,
        repository=repository,
        data={"repository": repository.name, "fields": changed},
    )
    return repository


def _check(fields: Mapping[str, str]) -> None:
    """Raise RepositoryInvalid with all that is wrong with the ``fields`` of a repository."""
    title, description = fields.get("title", ""), fields.get("description", "")
    visibility = fields.get("visibility", Visibility.PRIVATE)
    rules = (
        (
            "title",
            "LENGTH",
            len(title) > TITLE_LENGTH,
            sentence("A title has at most {limit} characters.", limit=TITLE_LENGTH),
        ),
        ("title", "NULL_CHARACTER", "\0" in title, sentence("A title holds no NUL character.")),
        (
            "description",
            "LENGTH",
            len(description) > DESCRIPTION_LENGTH,
            sentence("A description has at most {limit} characters.", limit=DESCRIPTION_LENGTH),
        ),
        ("description", "NULL_CHARACTER", "\0" in description, sentence("A description holds no NUL character.")),
        (
            "visibility",
            "VALUE_UNKNOWN",
            visibility not in Visibility.values,
            sentence("The visibility is one of {values}.", values=", ".join(Visibility.values)),
        ),
    )
    errors = [FieldError(f"/{field}", rule, message) for field, rule, broken, message in rules if broken]
    if errors:
        raise RepositoryInvalid(errors=errors)


@transaction.atomic
def membership_set(*, actor: Any, repository: Repository, user: Any, role: str) -> Membership:
    """Give ``user`` that role in ``repository``, whatever it was before. Raises RoleUnknown."""
    require(actor, ADMINISTER, repository)
    if role not in Role.values:
        message = sentence("The role is one of {values}.", values=", ".join(Role.values))
        raise RoleUnknown(message, errors=[FieldError("/role", "VALUE_UNKNOWN", message)])
    held = Membership.objects.filter(repository=repository, user=user, role=role).first()
    if held is not None:
        return held
    membership, _ = Membership.objects.update_or_create(repository=repository, user=user, defaults={"role": role})
    event_record(
        type="io.oms.history.membership.set",
        subject=f"repositories/{repository.name}",
        actor=actor,
        repository=repository,
        data={"repository": repository.name, "user": str(user.pk), "role": role},
    )
    return membership


@transaction.atomic
def membership_remove(*, actor: Any, membership: Membership) -> None:
    """End a membership. Raises MemberNotFound where somebody else has ended it meanwhile."""
    repository = membership.repository
    require(actor, ADMINISTER, repository)
    deleted, _ = Membership.objects.filter(pk=membership.pk).delete()
    if not deleted:
        raise MemberNotFound(sentence("The membership in {repository} is gone already.", repository=repository.name))
    event_record(
        type="io.oms.history.membership.removed",
        subject=f"repositories/{repository.name}",
        actor=actor,
        repository=repository,
        data={"repository": repository.name, "user": str(membership.user_id or ""), "role": membership.role},
    )
