"""What the benchmarks make up: alike at every run, and of the sizes that they say."""

import pytest

from benchmarks import store
from benchmarks.dag import history
from benchmarks.evolution import evolution, stored
from benchmarks.families import related
from benchmarks.ontology import edits, resources
from history.selectors import TreeView
from history.services import commit_create, repository_create
from ontology.engine.effective import effective_properties
from ontology.engine.state import Documents
from ontology.engine.validation import Severity, validate


def test_an_ontology_is_made_up_alike_at_every_run() -> None:
    assert list(resources(100).items()) == list(resources(100).items())


@pytest.mark.django_db
def test_an_ontology_that_is_made_up_is_valid() -> None:
    alice = store.alice()
    repository = repository_create(actor=alice, name="made-up")
    main = repository.branches.get()

    made = commit_create(actor=alice, branch=main, changes=list(store.changes_to(resources(300))), message="Load")

    assert TreeView(made.root).everything().keys() == resources(300).keys()


def test_half_of_an_ontology_are_links_between_its_object_types() -> None:
    made = resources(100)
    links = [content for (kind, _), content in made.items() if kind == "link_type"]

    assert len(links) == 50
    assert all(("object_type", name) in made for link in links for name in link["source"]["types"])


def test_object_types_that_are_made_up_as_relatives_are_valid() -> None:
    state = Documents(stored(related(100)))
    inherited = effective_properties(state, state)

    assert {found.severity for _, found in validate(state, state)} <= {Severity.WARNING}
    assert {each.via for held in inherited.values() for each in held.values()} == {"own", "extends", "implements"}
    assert {kind for kind, _ in state} == {"object_type", "link_type", "interface", "value_type"}


def test_what_is_made_of_an_ontology_is_as_much_as_was_asked_for() -> None:
    made = evolution(100, 10)

    assert len(made.changes) == len(made.keys) == 10
    assert {key[0] for key in made.keys} == {"object_type"}
    assert list(made.after.items()) == list(evolution(100, 10).after.items())


def test_each_side_changes_as_much_as_was_asked_for_and_meets_the_other_where_it_should() -> None:
    base = resources(1_000)
    made = edits(base, changed=100, conflicts=10)

    assert len(made.ours) == len(made.theirs) == 100
    assert len(made.ours.keys() & made.theirs.keys()) == 20
    assert len(made.contested) == 10
    assert all(base.get(key) != content for side in (made.ours, made.theirs) for key, content in side.items())
    assert None in made.ours.values()
    assert made.ours.keys() - base.keys()


def test_a_history_is_made_up_alike_and_every_parent_comes_first() -> None:
    made = history(2_000)

    assert made == history(2_000)
    assert len(made.parents) == 2_000
    assert all(parent < number for number, parents in enumerate(made.parents) for parent in parents)


@pytest.mark.parametrize("branch", ["main", "young", "oldest", "release"])
def test_a_history_has_the_branches_that_are_asked_about(branch: str) -> None:
    assert branch in history(2_000).heads


def test_a_history_has_many_merges() -> None:
    merges = sum(len(parents) > 1 for parents in history(2_000).parents)

    assert merges > 100
