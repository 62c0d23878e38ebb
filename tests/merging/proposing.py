"""People, branches and proposals for the tests of proposals.

Alice administers the repository ``crm``, Bob and Dora develop in it, Carol reviews, Dave looks on, Charlie is a
stranger. Person and Company are on main, and the branch ``topic`` is one type ahead.
"""

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from history.models import Event, Repository, Role
from history.services import membership_set, repository_create
from merging.models import Proposal
from merging.services import proposal_open
from tests.factories import UserFactory
from tests.merging.branches import branch, edit, put


@dataclass(frozen=True)
class World:
    crm: Repository
    alice: User
    bob: User
    carol: User
    dave: User
    dora: User
    charlie: User


def world() -> World:
    alice = UserFactory(username="alice", role=Role.DEVELOPER)
    crm = repository_create(actor=alice, name="crm")
    roles = {"bob": Role.DEVELOPER, "carol": Role.REVIEWER, "dave": Role.VIEWER, "dora": Role.DEVELOPER}
    people = {name: UserFactory(username=name, role=Role.VIEWER) for name in (*roles, "charlie")}
    for name, role in roles.items():
        membership_set(actor=alice, repository=crm, user=people[name], role=role)
    edit(crm, "main", put("Person", icon="user"), put("Company"))
    branch(crm, "topic")
    edit(crm, "topic", put("Pet"))
    return World(crm, alice, **people)


def propose(repository: Repository, source: str = "topic", **more: Any) -> Proposal:
    arguments = {"actor": repository.created_by, "title": f"Merge {source}", "source": source, **more}
    return proposal_open(repository=repository, **arguments)


def told(proposal: Proposal) -> list[str]:
    """The types of a proposal's events, in order, without what all have in common."""
    types = Event.objects.filter(subject=proposal.subject).order_by("id").values_list("type", flat=True)
    return [each.removeprefix("io.oms.merging.") for each in types]
