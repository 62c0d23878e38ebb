"""The one question that every service asks before it acts."""

from typing import Any

from gateway.engine.sentences import sentence
from history.exceptions import NotAllowed, RepositoryNotFound
from history.models import Repository

VIEW = "history.view_repository"
ADMINISTER = "history.administer_repository"


def require(actor: Any, permission: str, repository: Repository) -> None:
    """Refuse unless ``actor`` has ``permission`` on ``repository``; what one may not see is not there."""
    if actor.has_perm(permission, repository):
        return
    if not actor.has_perm(VIEW, repository):
        raise RepositoryNotFound
    raise NotAllowed(
        sentence(
            "This needs the permission {permission} on {repository}.",
            permission=permission,
            repository=repository.name,
        )
    )
