"""What every list of merging, and the page of a proposal, asks of the database: no more for many rows than for few."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from history.engine.changes import Delete
from history.models import Membership, Repository, Role
from history.selectors.trees import NODE_CACHE
from history.services import membership_set, repository_create
from merging.models import Proposal, Verdict
from merging.services import (
    check_post,
    comment_create,
    conflict_resolve,
    finding_override,
    merge_strategy_set,
    owners_set,
    proposal_preview,
    protection_rule_create,
    queue_enter,
    review_submit,
    reviewer_request,
)
from ontology.selectors import states
from tests.factories import UserFactory, api_client_for, console_client_for
from tests.merging.branches import branch, edit, head, put
from tests.merging.proposing import propose

pytestmark = pytest.mark.django_db

REST = [
    "proposals/",
    "proposals/1/",
    *(
        f"proposals/1/{part}/"
        for part in ("difference", "commits", "conflicts", "reviews", "comments", "timeline", "finding-overrides")
    ),
    "proposals/1/difference/?method=rebase",
    "merge-queue/",
    "protection-rules/",
    "owners/",
    "merge-strategies/",
    "commits/topic/checks/",
]
CONSOLE = [
    "proposals/",
    *(f"proposals/1/{part}" for part in ("", "commits/", "changes/", "breaks/", "conflicts/", "edit/")),
    "queue/",
    "protection/",
]
ADMIN = ["protectionrule", "ownership", "check", "findingoverride"]
ONE = 'proposal(repository: "{name}", number: 1)'
GRAPHQL = [
    'proposals(repository: "{name}") { number author endedBy commentCount unresolvedCount }',
    f"{ONE} {{ reviewers {{ user verdict stale }} }}",
    f"{ONE} {{ requirements {{ name detail satisfied }} }}",
    f"{ONE} {{ difference {{ conflicts {{ conflict resolution resolvedBy remembered {{ by proposal }} }} }} }}",
    f"{ONE} {{ difference {{ preview {{ changes {{ apiName before after }} findings }} }} }}",
    f"{ONE} {{ sourceCommits {{ id parents author message }} }}",
    f"{ONE} {{ reviews {{ reviewer verdict dismissedBy }} }}",
    f"{ONE} {{ threads {{ comment {{ author }} resolvedBy replies {{ author body }} }} }}",
    f"{ONE} {{ timeline {{ type actor data }} }}",
    'mergeQueue(repository: "{name}") { position title enqueuedBy }',
    'protectionRules(repository: "{name}") { pattern createdBy }',
    'owners(repository: "{name}") { pattern users groups }',
    'checks(repository: "{name}", ref: "topic") { name postedBy }',
    'findingOverrides(repository: "{name}", proposal: 1) { rule path overriddenBy }',
    'mergeStrategies(repository: "{name}") { kind pattern strategy }',
]


def world(alice: User, many: int) -> Repository:
    """A repository with so many of everything, which Alice administers."""
    repository = repository_create(actor=alice, name=f"crm{many}")
    numbers = range(many)
    edit(repository, "main", *(put(f"Type{number}", icon="base", status="active") for number in numbers))
    edit(repository, "main", *(put(f"Gone{number}", status="active") for number in numbers))
    branch(repository, "topic")
    edit(repository, "main", *(put(f"Type{number}", icon="ours", status="active") for number in numbers))
    for number in numbers:
        changes = put(f"Type{number}", icon="theirs", status="active"), Delete("object_type", f"Gone{number}")
        edit(repository, "topic", *changes)
    people = [reviewer(alice, repository, f"u{many}x{number}") for number in range(2 * many)]
    proposal = propose(repository)
    said(proposal, people)
    for number in numbers:
        branch(repository, f"other{number}", "topic")
        queue_enter(actor=alice, proposal=propose(repository, f"other{number}"))
    rules(repository, people, many)
    return repository


def reviewer(alice: User, repository: Repository, name: str) -> User:
    """Somebody who reviews, and develops as one of a group."""
    user = UserFactory(username=name, role=Role.VIEWER)
    group = Group.objects.create(name=f"group-{name}")
    user.groups.add(group)
    membership_set(actor=alice, repository=repository, user=user, role=Role.REVIEWER)
    Membership.objects.create(repository=repository, group=group, role=Role.DEVELOPER)
    return user


def said(proposal: Proposal, people: list[User]) -> None:
    """A half of the people is asked for a review and answers for findings; the other comments, resolves and reviews."""
    alice = proposal.author
    for user in people[::2]:
        reviewer_request(actor=alice, proposal=proposal, username=user.username)
    conflicts = proposal_preview(actor=alice, proposal=proposal).conflicts
    for user, said_of in zip(people[1::2], conflicts, strict=True):
        first = comment_create(actor=user, proposal=proposal, body="Why?")
        comment_create(actor=alice, proposal=proposal, body="Why not?", parent=first)
        conflict_resolve(actor=user, proposal=proposal, conflict=said_of.conflict.id, resolution="theirs")
    for user in people[1::2]:
        review_submit(actor=user, proposal=proposal, verdict=Verdict.APPROVE)
    for number, user in enumerate(people[::2]):
        owners_set(actor=alice, repository=proposal.repository, pattern=f"Gone{number}", users=[user.username])
        path = f"/resources/object_type/Gone{number}"
        finding_override(actor=user, proposal=proposal, rule="OT_DELETED", path=path, reason="Nobody has any.")


def rules(repository: Repository, people: list[User], many: int) -> None:
    alice = repository.created_by
    for number, user in enumerate(people[1::2]):
        names = [f"group-{user.username}"]
        owners_set(actor=alice, repository=repository, pattern=f"Type{number}", users=[user.username], groups=names)
        place = f"metadata/m{number}"
        merge_strategy_set(actor=alice, repository=repository, kind="*", pattern=place, strategy="theirs")
        check_post(actor=alice, commit=head(repository, "topic"), name=f"check {number}", state="success")
        asked = {
            "pattern": f"{'*' * (number % 2 + 1)}{'main'[number % 4 :]}",
            "requires_owner_approval": True,
            "forbids_findings_from": "low",
            "required_approvals": 1,
            "required_checks": [f"check {each}" for each in range(many)],
            "mode": "active" if number < 4 else "evaluate",
        }
        protection_rule_create(actor=alice, repository=repository, fields=asked)


@pytest.fixture
def worlds(alice: User) -> list[Repository]:
    return [world(alice, many) for many in (2, 8)]


Ask = Callable[[Repository], bytes]


def assert_constant(worlds: list[Repository], asks: dict[str, Ask]) -> None:
    """That no answer costs more in a larger world, although it is longer there."""
    growing = {}
    for name, ask in asks.items():
        counts, sizes = [], []
        for one in worlds:
            for cache in (NODE_CACHE, states.STEP_CACHE):
                cache.clear()
            with CaptureQueriesContext(connection) as queries:
                sizes.append(len(ask(one)))
            counts.append(len(queries))
        assert sizes[0] < sizes[1], name
        if counts[1] - counts[0] > 4:  # walks of commits and trees that are larger
            growing[name] = counts
    assert not growing


def test_over_rest(worlds: list[Repository], alice: User) -> None:
    client: APIClient = api_client_for(alice)

    def ask(path: str) -> Ask:
        def get(one: Repository) -> bytes:
            answer = client.get(f"/api/v1/repositories/{one.name}/{path}")
            assert answer.status_code == 200, answer.content
            return answer.content

        return get

    assert_constant(worlds, {path: ask(path) for path in REST})


def test_over_graphql(worlds: list[Repository], alice: User) -> None:
    client: APIClient = api_client_for(alice)

    def ask(query: str) -> Ask:
        def post(one: Repository) -> bytes:
            answer = client.post("/graphql/", {"query": "{" + query.replace("{name}", one.name) + "}"})
            assert "errors" not in answer.json(), answer.content
            return answer.content

        return post

    assert_constant(worlds, {query: ask(query) for query in GRAPHQL})


def test_in_the_console(worlds: list[Repository], alice: User) -> None:
    client: Client = console_client_for(alice)

    def ask(path: str) -> Ask:
        def get(one: Repository) -> bytes:
            answer = client.get(f"/console/repositories/{one.name}/{path}")
            assert answer.status_code == 200
            return answer.content

        return get

    assert_constant(worlds, {path: ask(path) for path in CONSOLE})


def test_in_the_console_s_tables(alice: User) -> None:
    client: Client = console_client_for(UserFactory(username="ada", role=Role.ADMINISTRATOR))
    counts = []
    for many in (2, 8):
        world(alice, many)
        with CaptureQueriesContext(connection) as queries:
            answers = [client.get(f"/console/merging/{table}/") for table in ADMIN]
        assert min(answer.context["cl"].result_count for answer in answers) >= many
        counts.append(len(queries))
    assert counts[0] == counts[1]
