"""Strategies that a repository chooses: who may, what they settle, and those that an operator adds."""

from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from history.engine.changes import Delete, Put, Rename
from history.exceptions import NotAllowed, RepositoryNotFound
from history.models import Commit, Event, Repository, Role
from history.selectors.trees import NODE_CACHE
from history.services import membership_set
from merging.engine.strategies import Question
from merging.exceptions import StrategyInvalid, StrategyNotFound
from merging.models import MergeStrategy
from merging.selectors import registered_strategies, strategies_of
from merging.selectors.recency import Recency
from merging.services import Way, merge_strategy_remove, merge_strategy_set
from oms_project.environment import ConfigurationError
from tests.factories import UserFactory
from tests.merging.branches import branch, contents, decide, edit, found, merged, picked, preview, put

pytestmark = pytest.mark.django_db


def choose(repository: Repository, strategy: str, pattern: str, kind: str = "*") -> MergeStrategy:
    chosen, _ = merge_strategy_set(
        actor=repository.created_by, repository=repository, kind=kind, pattern=pattern, strategy=strategy
    )
    return chosen


def bounded(name: str, **constraints: Any) -> Put:
    return Put("object_type", name, {"properties": {"age": {"type": "integer", "constraints": constraints}}})


@pytest.fixture
def bounds(crm: Repository) -> Repository:
    """Both sides gave people other limits and another icon."""
    edit(crm, "main", bounded("Aged", min=5, max=10))
    branch(crm, "other")
    edit(crm, "main", bounded("Aged", min=3, max=12), put("Person", icon="ours"))
    edit(crm, "other", bounded("Aged", min=7, max=20), put("Person", icon="theirs"))
    return crm


def test_a_repository_without_choices_leaves_every_disagreement_to_people(bounds: Repository) -> None:
    assert len(preview(bounds, "other").conflicts) == 3


def test_a_strategy_settles_what_its_pattern_covers_and_is_named_in_the_result(bounds: Repository) -> None:
    choose(bounds, "looser", "constraints/max")
    choose(bounds, "stricter", "constraints/min", kind="object_type")
    seen = preview(bounds, "other")
    assert found(seen.conflicts) == [("value", "/object_type/Person/icon")]
    settled = {each.path.rpartition("/")[2]: each.strategy for each in seen.strategies}
    assert (settled["max"], settled["min"]) == ("looser", "stricter")
    choose(bounds, "theirs", "/icon")
    merged(bounds, "other")
    assert contents(bounds)["Aged"]["properties"]["age"]["constraints"] == {"min": 7, "max": 20}
    assert contents(bounds)["Person"]["icon"] == "theirs"


def test_a_strategy_without_an_answer_leaves_the_conflict(bounds: Repository) -> None:
    choose(bounds, "looser", "/")
    assert found(preview(bounds, "other").conflicts) == [("value", "/object_type/Person/icon")]


def test_the_more_exact_choice_counts(bounds: Repository) -> None:
    choices = [("base", "icon", "*"), ("ours", "/icon", "*"), ("theirs", "icon", "object_type")]
    expected = ["user", "ours", "theirs"]
    choose(bounds, "ours", "/")
    for number, (choice, icon) in enumerate(zip(choices, expected, strict=True)):
        choose(bounds, *choice)
        branch(bounds, f"target{number}")
        merged(bounds, "other", f"target{number}")
        assert contents(bounds, f"target{number}")["Person"]["icon"] == icon


def test_strategies_hold_for_rebases_picks_and_reverts_as_well(crm: Repository) -> None:
    choose(crm, "theirs", "icon")
    edit(crm, "main", put("Person", icon="ours"))
    commit = edit(crm, "topic", put("Person", icon="theirs"))
    branch(crm, "rebased")
    merged(crm, target="rebased", way=Way.REBASE)
    picked(crm, commit)
    assert contents(crm, "rebased")["Person"]["icon"] == contents(crm)["Person"]["icon"] == "theirs"


def test_a_strategy_settles_what_dangles_and_what_was_changed_and_deleted(crm: Repository) -> None:
    choose(crm, "ours", "/")
    edit(crm, "main", put("Company"), put("Pet", extends=["Person"]), put("Plant", icon="a"))
    edit(crm, "topic", put("Company"), Delete("object_type", "Person"))
    seen = preview(crm)
    assert (seen.conflicts, seen.decided) == ((), ())
    assert ("/resources/object_type/Person", "ours") in {(each.path, each.strategy) for each in seen.strategies}
    merged(crm)
    assert "Person" in contents(crm)


# --- The newest ---------------------------------------------------------------------------------------


def at(commit: Commit, days: int) -> None:
    """Have ``commit`` be made that many days ago."""
    Commit.objects.filter(pk=commit.pk).update(created_at=commit.created_at - timedelta(days=days))


@pytest.mark.parametrize(("ours_days", "expected"), [(3, "theirs"), (1, "ours"), (2, None)])
def test_the_newest_is_who_changed_the_place_last_whenever_the_heads_were_made(
    crm: Repository, ours_days: int, expected: str | None
) -> None:
    choose(crm, "newest", "icon")
    now = edit(crm, "main", put("Person", icon="ours")).created_at
    commits = {"ours": Commit.objects.latest("created_at"), "theirs": edit(crm, "topic", put("Person", icon="theirs"))}
    Commit.objects.filter(pk__in=[each.pk for each in commits.values()]).update(created_at=now)
    for name, commit in commits.items():
        Commit.objects.filter(pk=commit.pk).update(created_at=now - timedelta(days=ours_days if name == "ours" else 2))
    edit(crm, "main", put("Person", icon="ours", color="#aa0000"))  # touches the type, and not the icon
    seen = preview(crm)
    if expected is None:
        assert len(seen.conflicts) == 1
        return
    assert ("/resources/object_type/Person/icon", "newest") in {(each.path, each.strategy) for each in seen.strategies}
    merged(crm)
    assert contents(crm)["Person"]["icon"] == expected


@pytest.mark.parametrize("later", ["main", "topic"])
def test_the_newest_is_offered_with_what_it_comes_to(crm: Repository, later: str) -> None:
    for name in ("main", "topic") if later == "topic" else ("topic", "main"):
        edit(crm, name, put("Person", icon=name))
    (conflict,) = preview(crm).conflicts
    assert (conflict.options[-1], conflict.offers) == ("newest", {"newest": later})
    merged(crm, decisions=decide([conflict], "newest"))
    assert contents(crm)["Person"]["icon"] == later


def test_the_newest_is_not_offered_where_it_would_not_answer(crm: Repository) -> None:
    ours = edit(crm, "main", put("Person", icon="ours"), put("Company", icon="ours"))
    theirs = edit(crm, "topic", put("Person", icon="theirs"), Delete("object_type", "Company"))
    Commit.objects.filter(pk__in=[ours.pk, theirs.pk]).update(created_at=ours.created_at)
    assert [each.kind for each in preview(crm).conflicts] == ["modify_delete", "value"]
    assert not any("newest" in each.options for each in preview(crm).conflicts)


def test_who_was_newest_is_not_asked_where_people_have_decided(
    crm: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(crm, "main", put("Person", icon="ours"))
    edit(crm, "topic", put("Person", icon="theirs"))
    decisions = decide(preview(crm).conflicts, "theirs")
    monkeypatch.setattr(Recency, "newer", Mock(side_effect=AssertionError))
    merged(crm, decisions=decisions)
    assert contents(crm)["Person"]["icon"] == "theirs"


def test_who_was_newest_is_not_known_of_what_was_renamed(crm: Repository) -> None:
    choose(crm, "newest", "icon")
    edit(crm, "main", put("Person", icon="ours"))
    edit(crm, "topic", put("Person", icon="theirs"))
    edit(crm, "topic", Rename("object_type", "Person", "Human"))
    (conflict,) = preview(crm).conflicts
    assert (conflict.kind, "newest" in conflict.options) == ("value", False)


def test_the_newest_costs_a_few_questions_whatever_the_size_of_the_ontology(crm: Repository) -> None:
    counts = []
    for size in (0, 300):
        edit(crm, "main", *(put(f"Type{number:03}") for number in range(size)), put("Person", icon=f"{size}"))
        branch(crm, f"theirs{size}")
        branch(crm, f"ours{size}")
        choose(crm, "newest", "icon")
        edit(crm, f"theirs{size}", put("Person", icon=f"theirs{size}"))
        edit(crm, f"ours{size}", put("Person", icon=f"ours{size}"))
        with CaptureQueriesContext(connection) as queries:
            assert preview(crm, f"theirs{size}", f"ours{size}").conflicts == ()
        counts.append(len(queries))
    assert abs(counts[0] - counts[1]) <= 4


@pytest.mark.parametrize("is_chosen", [False, True])
def test_the_newest_costs_as_many_questions_for_many_conflicts_as_for_few(crm: Repository, is_chosen: bool) -> None:
    edit(crm, "main", *(put(f"Type{number:03}") for number in range(100)))
    if is_chosen:
        choose(crm, "newest", "icon")
    counts = []
    for many in (2, 60):
        names = [f"Type{number:03}" for number in range(many)]
        branch(crm, f"theirs{many}")
        branch(crm, f"ours{many}")
        edit(crm, f"theirs{many}", *(put(name, icon=f"theirs{many}") for name in names))
        edit(crm, f"ours{many}", *(put(name, icon=f"ours{many}") for name in names))
        NODE_CACHE.clear()
        with CaptureQueriesContext(connection) as queries:
            seen = preview(crm, f"theirs{many}", f"ours{many}")
            offered = [each for each in seen.conflicts if "newest" in each.options]
        chosen = [each for each in seen.strategies if each.strategy == "newest"]
        assert (len(chosen), len(offered)) == ((many, 0) if is_chosen else (0, many))
        counts.append(len(queries))
    assert abs(counts[0] - counts[1]) <= 4  # a level of nodes more may be read


# --- Who may choose what ---------------------------------------------------------------------------------


def test_a_choice_is_made_replaced_and_taken_back_each_with_an_event(crm: Repository) -> None:
    first = choose(crm, "theirs", "icon")
    assert choose(crm, "theirs", "icon") == first
    assert choose(crm, "ours", "icon").pk == first.pk
    assert [(row.kind, row.pattern, row.strategy) for row in strategies_of(crm)] == [("*", "icon", "ours")]
    merge_strategy_remove(actor=crm.created_by, chosen=first)
    assert list(strategies_of(crm)) == []
    types = [event.type for event in Event.objects.filter(type__startswith="io.oms.merging").order_by("id")]
    assert types == ["io.oms.merging.strategy.set"] * 2 + ["io.oms.merging.strategy.removed"]
    with pytest.raises(StrategyNotFound):
        merge_strategy_remove(actor=crm.created_by, chosen=first)


@pytest.mark.parametrize(
    ("kind", "pattern", "strategy", "fields"),
    [
        ("person", "icon", "ours", ["/kind"]),
        ("*", "", "ours", ["/pattern"]),
        ("*", "x" * 201, "ours", ["/pattern"]),
        ("*", "colour", "ours", ["/pattern"]),
        ("value_type", "properties/*/status", "ours", ["/pattern"]),
        ("*", "/constraints/enum/*/nothing", "ours", ["/pattern"]),
        ("*", "icon", "mine", ["/strategy"]),
        ("person", "icon", "custom", ["/kind", "/strategy"]),
    ],
)
def test_what_could_never_settle_anything_is_refused(
    crm: Repository, kind: str, pattern: str, strategy: str, fields: list[str]
) -> None:
    with pytest.raises(StrategyInvalid) as refused:
        choose(crm, strategy, pattern, kind)
    assert [error.field for error in refused.value.errors] == fields


@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.DEVELOPER, Role.REVIEWER])
def test_only_who_administers_a_repository_chooses_for_it(crm: Repository, role: Role | None) -> None:
    bob = UserFactory(username="bob", role=Role.VIEWER)
    if role:
        membership_set(actor=crm.created_by, repository=crm, user=bob, role=role)
    chosen = choose(crm, "ours", "icon")
    for act in (
        lambda: merge_strategy_set(actor=bob, repository=crm, kind="*", pattern="icon", strategy="theirs"),
        lambda: merge_strategy_remove(actor=bob, chosen=chosen),
    ):
        with pytest.raises(NotAllowed if role else RepositoryNotFound):
            act()
    assert [row.strategy for row in strategies_of(crm)] == ["ours"]


# --- Those that an operator adds ----------------------------------------------------------------------------


def longest(question: Question) -> Any:
    """Of two texts the longer one."""
    return max(question.sides.ours, question.sides.theirs, key=len)


NOT_A_FUNCTION = 7


@pytest.fixture
def added(settings: Any) -> Any:
    """Sets the operator's strategies, which are read once in the life of a process."""

    def add(*names: str) -> None:
        settings.MERGING_STRATEGIES = [f"tests.merging.test_strategies.{name}" for name in names]
        registered_strategies.cache_clear()

    yield add
    registered_strategies.cache_clear()


def test_a_strategy_that_an_operator_added_is_offered_chosen_and_decided_by_name(crm: Repository, added: Any) -> None:
    added("longest")
    edit(crm, "main", put("Person", icon="long"))
    edit(crm, "topic", put("Person", icon="longer"))
    (conflict,) = preview(crm).conflicts
    assert "longest" in conflict.options
    assert preview(crm, decisions=decide([conflict], "longest")).conflicts == ()
    choose(crm, "longest", "icon")
    merged(crm)
    assert contents(crm)["Person"]["icon"] == "longer"


def test_a_strategy_that_fails_leaves_the_conflict(crm: Repository, added: Any) -> None:
    """It cannot measure what is not there."""
    added("longest")
    choose(crm, "longest", "icon")
    edit(crm, "main", put("Person"))
    edit(crm, "topic", put("Person", icon="longer"))
    assert found(preview(crm).conflicts) == [("value", "/object_type/Person/icon")]


@pytest.mark.parametrize("name", ["nothing", "NOT_A_FUNCTION", "ours"])
def test_a_strategy_that_cannot_be_had_stops_the_start(added: Any, name: str) -> None:
    added(name)
    with pytest.raises(ConfigurationError, match=rf"OMS_MERGING_STRATEGIES: .*test_strategies\.{name}"):
        apps.get_app_config("oms_project").ready()


ours = longest
