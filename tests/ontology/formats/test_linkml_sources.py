"""Schemas that nobody here wrote come in whole, and what goes out satisfies LinkML's own tools."""

import logging
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from history.engine.content import Content, Key
from history.models import Branch
from ontology.formats import Reading, settled
from ontology.formats.linkml import read, write
from ontology.formats.linkml.vocabulary import TYPES
from ontology.selectors import document_export
from ontology.services import document_import
from tests.oms_project.test_demo_ontology import RESOURCES as DEMO

pytestmark = [
    pytest.mark.slow,
    # LinkML's own tools warn of their own dependencies and of each other's old names.
    pytest.mark.filterwarnings("ignore"),
]

SOURCES = {
    "biolink": ("biolink_model", "schema/biolink_model.yaml"),
    "metamodel": ("linkml_runtime", "linkml_model/model/schema/meta.yaml"),
}


LEFT_OUT = {
    "biolink": {
        "INVERSE_MISMATCH": 1,  # "narrow match" starts at what "broad match" never leads to
        "NAME_COLLISION": 1,  # "knowledge graph" beside "KnowledgeGraph"
        "NOT_ENFORCED": 1,
        "SCHEMA_FIELD": 10,
        "SLOT_DETACHED": 1,
        "SUBSET": 4,
    },
    "metamodel": {"ANY_CLASS": 2, "NOT_ENFORCED": 3, "SCHEMA_FIELD": 11, "SUBSET": 6},
}


@cache
def view(name: str) -> Any:
    """A source with all that it imports, by LinkML's own reader."""
    from linkml_runtime.utils.schemaview import SchemaView  # noqa: PLC0415  (it warns on import)

    logging.getLogger("linkml_runtime").setLevel(logging.ERROR)
    package, path = SOURCES[name]
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    found = SchemaView(str(Path(next(iter(spec.submodule_search_locations))) / path))
    found.merge_imports()
    return found


@cache
def imported(name: str) -> Reading:
    from linkml_runtime.dumpers import yaml_dumper  # noqa: PLC0415

    return settled(read(yaml_dumper.dumps(view(name).schema)))


def state(name: str) -> dict[Key, Content]:
    return DEMO if name == "demo" else dict(imported(name).contents)


@cache
def exported(name: str) -> bytes:
    return write(state(name))


def counted(contents: dict[Key, Content]) -> Counter[str]:
    return Counter(kind for kind, _ in contents)


@pytest.mark.parametrize("name", SOURCES)
def test_every_element_comes_in(name):
    source, found = view(name), counted(state(name))
    any_value = [each for each, body in source.all_classes().items() if body.class_uri == "linkml:Any"]
    mixins = [each for each, body in source.all_classes().items() if body.mixin]
    assert found["interface"] == len(mixins)
    assert found["object_type"] == len(source.all_classes()) - len(mixins) - len(any_value)
    assert found["value_type"] == len(source.all_enums()) + len(source.all_types().keys() - TYPES.keys())
    slots = source.all_slots(attributes=False)
    assert found["shared_property"] + found["link_type"] == len(slots) + links_of_one_class(source)


def links_of_one_class(source: Any) -> int:
    """How often a class says something of a slot for itself that leads to a class."""
    classes = source.all_classes()
    leading = {name for name, body in classes.items() if body.class_uri != "linkml:Any"}
    return sum(
        source.induced_slot(slot, name).range in leading
        for name, body in classes.items()
        for slot in {*body.slot_usage, *body.attributes}
    )


def told(name: str) -> list[tuple[str, str]]:
    return [(each.place, each.code) for each in imported(name).omissions]


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_left_out_of_a_source_is_known(name):
    assert Counter(code for _, code in told(name)) == LEFT_OUT[name]


@pytest.mark.parametrize("name", [*SOURCES, "demo"])
def test_what_goes_out_comes_back_the_same(name):
    assert settled(read(exported(name).decode())).contents == state(name)


@pytest.mark.parametrize("name", [*SOURCES, "demo"])
def test_what_goes_out_is_valid_by_linkmls_own_linter(name, tmp_path):
    from linkml.linter.linter import Linter  # noqa: PLC0415

    path = tmp_path / "schema.yaml"
    path.write_bytes(exported(name))
    assert [problem.message for problem in Linter({}).lint(str(path))] == []


@pytest.mark.parametrize("name", SOURCES)
def test_by_linkmls_own_reader_a_class_takes_the_same_values_as_before(name, tmp_path):
    from linkml_runtime.utils.schemaview import SchemaView  # noqa: PLC0415

    path = tmp_path / "schema.yaml"
    path.write_bytes(exported(name))
    before, after = view(name), SchemaView(str(path))
    assert before.all_enums().keys() == after.all_enums().keys()
    missing = before.all_classes().keys() - after.all_classes().keys()
    renumbered = {place for place, code in told(name) if code == "NAME_COLLISION"}
    assert all(f"/classes/{each}" in renumbered or before.get_class(each).class_uri == "linkml:Any" for each in missing)
    differing = [
        (owner, slot)
        for owner in before.all_classes().keys() & after.all_classes().keys()
        for slot in before.class_slots(owner)
        if slot not in after.class_slots(owner) or taken(before, owner, slot) != taken(after, owner, slot)
    ]
    assert differing == []


def taken(source: Any, owner: str, slot: str) -> tuple[Any, ...]:
    """Which values a slot takes in a class."""
    found = source.induced_slot(slot, owner)
    body = source.all_classes().get(found.range)
    range_ = "Any" if body is not None and body.class_uri == "linkml:Any" else found.range
    flags = [bool(each) for each in (found.required, found.multivalued, found.identifier or found.key)]
    return (range_, *flags, found.pattern, found.minimum_value, found.maximum_value)


@pytest.mark.django_db
def test_biolink_is_one_commit(alice: User, main: Branch) -> None:
    from linkml_runtime.dumpers import yaml_dumper  # noqa: PLC0415

    report = document_import(
        actor=alice,
        branch=main,
        document=yaml_dumper.dumps(view("biolink").schema),
        message="Import Biolink",
        format_name="linkml",
    )
    assert report.counts["added"] == len(state("biolink"))
    assert report.omissions == imported("biolink").omissions
    found = document_export(report.commit)["resources"]
    assert {(kind, name): content for kind, named in found.items() for name, content in named.items()} == state(
        "biolink"
    )
