"""What holds when many processes write at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connection, transaction
from rest_framework.test import APIClient

from accounts.models import User
from history.engine.changes import Put
from history.models import Branch, Commit, Event, HeadMove, Repository
from history.selectors import branch_get, log_page
from history.services import branch_create, commit_create, event_record, repository_create
from tests.factories import api_client_for
from tests.history.contents import CRM, commit_body, person, put
from tests.processes import at_once

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 8
COMMITS_OF_EACH = 12


def sent(request: tuple[str, str, dict[str, Any]]) -> tuple[int, dict[str, Any]]:
    """Status and body of a POST, with the credentials of ``request``."""
    authorization, path, body = request
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=authorization)
    answer = client.post(path, body)
    return answer.status_code, answer.json()


def authorization_of(user: User) -> str:
    return api_client_for(user)._credentials["HTTP_AUTHORIZATION"]


def written_at_once(job: tuple[str, str]) -> list[str]:
    """Commits of one writer on a branch of its own, or on one that all share."""
    repository, branch = job
    alice = User.objects.get(username="alice")
    row = Repository.objects.get(name=repository)
    made = []
    for number in range(COMMITS_OF_EACH):
        change = Put("object_type", f"Type{number}", person(description=f"{branch} {number}"))
        held = branch_get(row, branch)
        made.append(commit_create(actor=alice, branch=held, changes=[change], message="Edit").digest)
    return made


def polled(expected: int) -> list[int]:
    """The events that a reader meets by position, until it has met ``expected`` commits."""
    transaction, number, met = 0, 0, []
    deadline = monotonic() + 60
    commits = 0
    while commits < expected and monotonic() < deadline:
        for event in Event.objects.after(transaction, number)[:7]:
            transaction, number = event.transaction, event.pk
            met.append(event.pk)
            commits += event.type == "io.oms.history.commit.created"
    return met


def write_or_poll(job: tuple[str, str] | int) -> Any:
    return polled(job) if isinstance(job, int) else written_at_once(job)


def test_of_ten_commits_with_one_expected_head_one_succeeds_and_nine_learn_who_won(
    alice: User, repository: Repository, main: Branch
) -> None:
    authorization, old = authorization_of(alice), main.head_id
    requests = [
        (authorization, f"{CRM}commits/", commit_body(put(f"Type{number}"), expected_head=old)) for number in range(10)
    ]
    answers = at_once(sent, requests)
    assert Counter(status for status, _ in answers) == {201: 1, 409: 9}
    (made,) = [body for status, body in answers if status == 201]
    refused = [body for status, body in answers if status == 409]
    assert {body["head"] for body in refused} == {made["id"]}
    assert {body["type"] for body in refused} == {"urn:oms:problem:stale-head"}
    main.refresh_from_db()
    assert main.head_id == made["id"]
    assert Commit.objects.filter(repository=repository).count() == 2


def test_ten_commits_without_an_expected_head_all_land_one_after_the_other(alice: User, main: Branch) -> None:
    authorization = authorization_of(alice)
    requests = [(authorization, f"{CRM}commits/", commit_body(put(f"Type{number}"))) for number in range(10)]
    answers = at_once(sent, requests)
    assert [status for status, _ in answers] == [201] * 10
    main.refresh_from_db()
    line, _ = log_page([main.head_id], 20)
    assert {commit.digest for commit in line} >= {body["id"] for _, body in answers}
    assert [commit.generation for commit in line] == list(range(10, -1, -1))
    moves = HeadMove.objects.filter(branch="main").order_by("id")
    assert [move.before_id for move in moves[1:]] == [move.after_id for move in moves[:10]]


def test_of_eight_branches_of_one_name_one_is_made(alice: User, repository: Repository) -> None:
    answers = at_once(sent, [(authorization_of(alice), f"{CRM}branches/", {"name": "topic/한글"})] * 8)
    assert Counter(status for status, _ in answers) == {201: 1, 409: 7}
    assert {body["errors"][0]["rule"] for status, body in answers if status == 409} == {"TAKEN"}
    assert repository.branches.filter(name="topic/한글").count() == 1
    assert Event.objects.filter(type="io.oms.history.branch.created").count() == 2


def test_of_eight_repositories_whose_names_fold_alike_one_is_made(alice: User) -> None:
    names = ["crm", "CRM", "Crm", "cRm", "crM", "CrM", "CRm", "cRM"]
    authorization = authorization_of(alice)
    answers = at_once(sent, [(authorization, "/api/v1/repositories/", {"name": name}) for name in names])
    assert Counter(status for status, _ in answers) == {201: 1, 409: 7}
    assert Commit.objects.count() == 1


def test_writers_of_the_same_contents_on_branches_of_their_own_do_not_deadlock(
    alice: User, repository: Repository
) -> None:
    """Every one writes the same blobs, references and nodes, in the one order that keeps them from waiting in a ring."""
    changes = [put(f"Type{number}", person(extends=[f"Type{number // 2}"] if number else [])) for number in range(60)]
    requests = []
    for number in range(WRITERS):
        branch_create(actor=alice, repository=repository, name=f"writer{number}")
        shuffled = changes[number * 7 :] + changes[: number * 7]
        requests.append((authorization_of(alice), f"{CRM}commits/", commit_body(*shuffled, branch=f"writer{number}")))
    answers = at_once(sent, requests)
    assert [status for status, _ in answers] == [201] * WRITERS
    assert Commit.objects.filter(generation=1).values("root").distinct().count() == 1


def test_a_reader_by_position_misses_no_event_of_eight_writers_and_sees_none_twice(alice: User) -> None:
    """Numbers are given before commit, so ``id > last`` would skip what commits late; the order by transaction does not."""
    jobs: list[tuple[str, str] | int] = []
    for number in range(WRITERS):
        repository_create(actor=alice, name=f"r{number}")
        jobs.append((f"r{number}", "main"))
    *made, met = at_once(write_or_poll, [*jobs, WRITERS * COMMITS_OF_EACH])
    assert [len(commits) for commits in made] == [COMMITS_OF_EACH] * WRITERS
    told = list(Event.objects.order_by("transaction", "id").values_list("pk", flat=True))
    assert met == told
    assert len(set(met)) == len(met)


def test_an_event_of_an_open_transaction_is_waited_for_although_a_later_number_has_committed() -> None:
    """What a cursor by number loses: one is written, the next is written and committed, then the first commits."""

    def next_is_written() -> tuple[int, list[int], list[int]]:
        try:
            late = note_event().pk
            by_number = Event.objects.order_by("id").values_list("pk", flat=True)
            return late, list(by_number), list(Event.objects.after(0, 0).values_list("pk", flat=True))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        early = note_event().pk
        late, by_number, by_position = pool.submit(next_is_written).result()
    assert early < late
    assert by_number == [late]
    assert by_position == []
    assert told_within(30, [early, late])


def told_within(seconds: float, expected: list[int]) -> bool:
    """Whether the log tells of those in time; other databases' transactions of the same server hold it back too."""
    deadline = monotonic() + seconds
    while (told := list(Event.objects.after(0, 0).values_list("pk", flat=True))) != expected:
        assert monotonic() < deadline, told
        sleep(0.05)
    return True


def note_event() -> Event:
    return event_record(type="io.oms.history.note.written", subject="notes", actor=None, data={})


def ended(request: tuple[str, str]) -> int:
    """The status of a DELETE, with the credentials of ``request``."""
    authorization, path = request
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=authorization)
    return client.delete(path).status_code


def ended_or_sent(request: tuple[Any, ...]) -> int:
    return ended(request) if len(request) == 2 else sent(request)[0]


def test_commits_on_a_branch_that_is_deleted_meanwhile_land_before_or_find_it_gone(
    alice: User, repository: Repository
) -> None:
    branch_create(actor=alice, repository=repository, name="topic")
    authorization = authorization_of(alice)
    deletions = [(authorization, f"{CRM}branches/topic/")] * 3
    commits = [
        (authorization, f"{CRM}commits/", commit_body(put(f"Type{number}"), branch="topic")) for number in range(6)
    ]
    answers = at_once(ended_or_sent, [*deletions, *commits])
    assert Counter(answers[:3]) == {204: 1, 404: 2}
    landed = Counter(answers[3:])
    assert landed[201] + landed[404] == 6
    assert not repository.branches.filter(name="topic").exists()
    moves = HeadMove.objects.filter(branch="topic").order_by("id")
    assert moves.count() == 2 + landed[201]
    assert moves.last().after is None
