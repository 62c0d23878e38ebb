"""Tells the demo's story to the services, as its people would have."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from accounts.services import password_set, user_create
from history.engine.changes import Change, Put, merge_patched
from history.models import Repository
from history.selectors import TreeView, branch_get
from history.services import branch_create, commit_create, membership_set, repository_create
from merging.services import branch_merge
from oms_project.demo.story import BranchStep, CommitStep, MergeStep, Patch, Step, Story


def demo_exists(story: Story) -> bool:
    """Whether the demo has been loaded; its repository is the mark."""
    return Repository.objects.filter(name=story.repository["name"]).exists()


@transaction.atomic
def demo_load(*, story: Story, password: str) -> None:
    """Make the people, all with this ``password`` (taken unchecked), the repository and its history, or nothing."""
    people = {
        person.username: user_create(
            actor=None,
            username=person.username,
            password=password,
            display_name=person.display_name,
            role=person.role,
            check_password=False,
        )
        for person in story.people
    }
    owner = people[story.owner]
    repository = repository_create(actor=owner, **story.repository)
    for person in story.people:
        if person.username != story.owner:
            membership_set(actor=owner, repository=repository, user=people[person.username], role=person.role)
    for step in story.steps():
        _take(step, repository, people[step.author])


@transaction.atomic
def passwords_set(*, story: Story, password: str) -> bool:
    """Give the demo's people this ``password``; tells whether anybody had another."""
    usernames = [person.username for person in story.people]
    others = [user for user in User.objects.filter(username__in=usernames) if not user.check_password(password)]
    for user in others:
        password_set(actor=None, user=user, password=password, check_password=False)
    return bool(others)


def _take(step: Step, repository: Repository, author: User) -> None:
    match step:
        case BranchStep(name=name):
            branch_create(actor=author, repository=repository, name=name)
        case MergeStep(source=source, message=message):
            target = repository.default_branch
            branch_merge(actor=author, repository=repository, source=source, target=target, message=message)
        case CommitStep(branch=name):
            branch = branch_get(repository, name or repository.default_branch)
            changes = _applied(step.changes, TreeView(branch.head.root))
            commit_create(actor=author, branch=branch, changes=changes, message=step.message)


def _applied(changes: Iterable[Change | Patch], head: TreeView) -> list[Change]:
    """``changes`` with each patch as the put that it comes to at ``head``."""
    return [_put(change, head) if isinstance(change, Patch) else change for change in changes]


def _put(patch: Patch, head: TreeView) -> Put:
    key = (patch.kind, patch.name)
    return Put(*key, merge_patched(head.contents([key])[key], patch.content))
