"""Addresses of the console, and what is read off its pages."""

from typing import Any

from history.models import Repository
from history.selectors import TreeView, branch_get

WORLD = "/console/repositories/world/"
PERSON_PAGE = f"{WORLD}resources/object_type/Person/"


def text(response: Any) -> str:
    return response.content.decode()


def state(repository: Repository, branch: str = "main") -> dict:
    """What the branch holds, by kind and name."""
    return TreeView(branch_get(repository, branch).head.root).everything()
