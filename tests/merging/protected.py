"""A repository whose ``main`` is protected, the people around it, and proposals that would change it.

Alice made the repository and administers it, Bob and Carol review, Dan develops and proposes, CI is the service account
that checks commits, Ada administers the instance, Charlie is a stranger.
"""

import json
from functools import cached_property
from typing import Any

from accounts.models import User
from history.engine.changes import Change, Put
from history.models import Branch, Commit, Event, Role
from history.selectors import branch_get
from history.services import Authority, branch_create, commit_create, membership_set, repository_create
from merging.models import Proposal, ProtectionRule, Review, Verdict
from merging.services import Way, proposal_merge, proposal_open, protection_rule_create, review_submit
from tests.factories import UserFactory

LAX: dict[str, Any] = {
    "requires_proposal": False,
    "author_may_not_approve": False,
    "dismisses_stale_approvals": False,
    "forbids_deletion": False,
    "forbids_reset": False,
}
"""A rule with these asks for nothing."""

BYPASSED = "io.oms.merging.protection.bypassed"
EVALUATED = "io.oms.merging.protection.evaluated"
REFUSED = "io.oms.history.branch.refused"


def thing(name: str = "Thing", **fields: Any) -> Put:
    return Put("object_type", name, {"properties": {"id": {"type": "string"}}, **fields})


class World:
    """People come into it when they are first asked for."""

    def __init__(self) -> None:
        self.alice = UserFactory(username="alice", role=Role.DEVELOPER)
        self.repository = repository_create(actor=self.alice, name="crm")
        self.made = 0
        self.commit(thing("Person", status="active"), thing("Company"), actor=self.alice)

    @cached_property
    def bob(self) -> User:
        return self.member("bob", Role.REVIEWER)

    @cached_property
    def carol(self) -> User:
        return self.member("carol", Role.REVIEWER)

    @cached_property
    def dan(self) -> User:
        return self.member("dan", Role.DEVELOPER)

    @cached_property
    def ci(self) -> User:
        return self.member("ci", Role.SERVICE)

    @cached_property
    def ada(self) -> User:
        return UserFactory(username="ada", role=Role.ADMINISTRATOR)

    @cached_property
    def charlie(self) -> User:
        return UserFactory(username="charlie", role=Role.DEVELOPER)

    def member(self, name: str, role: Role) -> User:
        user = UserFactory(username=name, display_name=name.title())
        membership_set(actor=self.alice, repository=self.repository, user=user, role=role)
        return user

    def rule(self, pattern: str = "main", **fields: Any) -> ProtectionRule:
        """A rule that asks for exactly ``fields``."""
        given: Any = {"pattern": pattern, **LAX, **fields}
        return protection_rule_create(actor=self.alice, repository=self.repository, fields=given)

    def branch(self, name: str = "main") -> Branch:
        return branch_get(self.repository, name)

    @property
    def head(self) -> Commit:
        return self.branch().head

    def commit(self, *changes: Change, branch: str = "main", actor: User | None = None, reason: str = "") -> Commit:
        """Something new on a branch."""
        self.made += 1
        return commit_create(
            actor=actor or self.dan,
            branch=self.branch(branch),
            changes=changes or [thing(f"Thing{self.made}")],
            message="Change",
            authority=Authority(bypass_reason=reason),
        )

    def proposal(self, *changes: Change, source: str = "topic") -> Proposal:
        """Dan's proposal that ``source``, which adds something, be merged into main."""
        branch_create(actor=self.dan, repository=self.repository, name=source)
        self.commit(*changes, branch=source)
        return proposal_open(actor=self.dan, repository=self.repository, title="Topic", source=source)

    def review(self, proposal: Proposal, reviewer: User, verdict: Verdict = Verdict.APPROVE) -> Review:
        return review_submit(actor=reviewer, proposal=proposal, verdict=verdict)

    def land(self, proposal: Proposal, *, way: Way = Way.MERGE, reason: str = "", actor: User | None = None) -> Commit:
        """Merge a proposal."""
        return proposal_merge(
            actor=actor or self.dan, proposal=proposal, way=way, authority=Authority(bypass_reason=reason)
        ).commit


def events(type_: str) -> list[dict[str, Any]]:
    """The data of the events of a type, the oldest first."""
    rows = Event.objects.filter(type=type_).order_by("id")
    return [json.loads(bytes(row.body))["data"] for row in rows]
