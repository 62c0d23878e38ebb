"""The commit graph as it lies in the database: merge bases and the log, against brute force and by their cost."""

from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from history.engine.tree import EMPTY_ROOT
from history.models import Commit, Repository
from history.selectors import graph, log_page, merge_bases
from history.services.commits import commit_write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("note_content")]


class Grown:
    """Commits of one repository that were made for their shape alone."""

    def __init__(self, repository: Repository, author: User) -> None:
        self.repository, self.author = repository, author
        self.commits: dict[str, Commit] = {}
        self.parents: dict[str, list[str]] = {}

    def add(self, *parents: Commit) -> Commit:
        commit = commit_write(
            repository=self.repository, author=self.author, root=EMPTY_ROOT, parents=parents, message="Grow"
        )
        self.commits[commit.digest] = commit
        self.parents[commit.digest] = [parent.digest for parent in parents]
        return commit

    def line(self, start: Commit, length: int) -> Commit:
        for _ in range(length):
            start = self.add(start)
        return start

    def random(self, random: Random, size: int) -> None:
        """A root and ``size`` commits of one to three recent parents."""
        made = [self.add()]
        for _ in range(size):
            recent = made[-6:] if random.random() < 0.8 else made
            made.append(self.add(*random.sample(recent, min(len(recent), random.choice([1, 1, 1, 2, 2, 3])))))

    def ancestors(self, digest: str) -> set[str]:
        reached, pending = set[str](), [digest]
        while pending:
            place = pending.pop()
            if place not in reached:
                reached.add(place)
                pending.extend(self.parents[place])
        return reached

    def bases(self, left: str, right: str) -> list[str]:
        common = self.ancestors(left) & self.ancestors(right)
        return sorted(each for each in common if not any(each in self.ancestors(other) - {other} for other in common))

    def log(self, start: Sequence[str]) -> list[str]:
        reached = {digest for each in start for digest in self.ancestors(each)}

        def place(digest: str) -> tuple[datetime, int, str]:
            return self.commits[digest].created_at, self.commits[digest].generation, digest

        return sorted(reached, key=place, reverse=True)


@pytest.fixture
def grown(alice: User, repository: Repository) -> Grown:
    return Grown(repository, alice)


@pytest.mark.parametrize("window", [1, graph.FIRST_WINDOW])
@pytest.mark.parametrize("seed", range(4))
def test_merge_bases_of_random_histories_are_those_of_the_definition(
    grown: Grown, seed: int, window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph, "FIRST_WINDOW", window)
    monkeypatch.setattr(graph, "LARGEST_WINDOW", 4 * window)
    random = Random(seed)
    grown.random(random, 45)
    digests = sorted(grown.commits)
    for _ in range(40):
        left, right = random.choice(digests), random.choice(digests)
        found = [commit.digest for commit in merge_bases(grown.commits[left], grown.commits[right])]
        assert found == grown.bases(left, right)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("limit", [1, 3, 10, 500])
def test_the_pages_of_the_log_of_a_random_history_are_one_order_of_time(grown: Grown, seed: int, limit: int) -> None:
    random = Random(seed)
    grown.random(random, 40)
    start = random.sample(sorted(grown.commits), 2)
    found, frontier = list[str](), start
    while frontier:
        page, frontier = log_page(frontier, limit)
        assert len(page) == limit or not frontier
        found += [commit.digest for commit in page]
    assert found == grown.log(start)


def test_a_commit_is_not_older_than_its_parents_though_a_clock_is_behind(grown: Grown) -> None:
    with time_machine.travel("2030-01-02", tick=False):
        early = grown.add()
        other = grown.add(early)
    with time_machine.travel("2030-01-01", tick=False):
        late = grown.add(other)
        merge = grown.add(early, late)
    assert merge.created_at == late.created_at == other.created_at == early.created_at
    page, _ = log_page([merge.digest], 10)
    assert page == [merge, late, other, early]


def test_histories_without_a_common_commit_have_no_base(grown: Grown) -> None:
    assert merge_bases(grown.line(grown.add(), 3), grown.line(grown.add(), 2)) == []


def questions(work: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def test_a_base_of_branches_that_went_far_apart_is_found_in_few_questions(grown: Grown) -> None:
    fork = grown.line(grown.add(), 50)
    near, far = grown.line(fork, 4), grown.line(fork, 400)
    farther = grown.line(fork, 300)
    assert merge_bases(near, far) == [fork]
    assert merge_bases(far, farther) == [fork]
    assert questions(lambda: merge_bases(near, far)) <= 20
    assert questions(lambda: merge_bases(far, farther)) <= 60


def test_an_old_branch_beside_a_busy_main_line_reads_no_further_than_its_own_length(grown: Grown) -> None:
    fork = main = grown.add()
    old = grown.line(fork, 30)
    starts = [fork]
    for number in range(60):
        # The topics began long before they are merged, and some are open at any time.
        main = grown.add(main, grown.line(starts[max(0, number - 40)], 2))
        starts.append(main)
    main = grown.line(main, 20)
    assert merge_bases(main, old) == [fork]
    assert questions(lambda: merge_bases(main, old)) <= 15


def test_a_topic_that_was_merged_and_went_on_has_its_merged_commit_as_base(grown: Grown) -> None:
    fork = grown.line(grown.add(), 10)
    merged = grown.line(fork, 60)
    main = grown.line(grown.add(grown.line(fork, 80), merged), 20)
    topic = grown.line(merged, 70)
    assert merge_bases(main, topic) == [merged]
    assert questions(lambda: merge_bases(main, topic)) <= 60


def test_a_page_of_a_log_full_of_merges_takes_three_questions(grown: Grown) -> None:
    main = grown.add()
    for _ in range(60):
        main = grown.add(main, grown.line(main, 3))
    page, frontier = log_page([main.digest], 100)
    assert len(page) == 100
    assert frontier
    assert questions(lambda: log_page([main.digest], 100)) == 3
