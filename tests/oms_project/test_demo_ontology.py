"""The demo's ontology is a model to copy from: complete, bilingual, and sound beyond what a commit checks."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from history.engine.changes import merge_patched
from history.engine.content import Content, Key
from oms_project.demo.story import CommitStep, Patch, story_read
from ontology.engine.content import OntologyContent

MERGED = {"", "bob/carbon-footprint"}
PRIMARY_KEY_TYPES = {"string", "integer", "short", "long"}


def told() -> dict[Key, Content]:
    """The resources at the end of the story, as its commits on main and on what was merged give them."""
    model = OntologyContent()
    resources: dict[Key, Content] = {}
    for step in story_read().steps():
        if isinstance(step, CommitStep) and step.branch in MERGED:
            for change in step.changes:
                key = (change.kind, change.name)
                before = resources.get(key)
                content = merge_patched(before, change.content) if isinstance(change, Patch) else change.content
                resources[key] = model.normalise(*key, content, before, lambda _rid: False)
    return resources


RESOURCES = told()


def of_kind(kind: str) -> dict[str, Content]:
    return {name: content for (found, name), content in RESOURCES.items() if found == kind}


OBJECT_TYPES, INTERFACES, LINK_TYPES = of_kind("object_type"), of_kind("interface"), of_kind("link_type")


def lineage(name: str) -> Iterator[str]:
    """The object type and all that it extends."""
    yield name
    for parent in OBJECT_TYPES[name].get("extends", ()):
        yield from lineage(parent)


def properties(name: str) -> dict[str, Content]:
    return {key: member for one in lineage(name) for key, member in OBJECT_TYPES[one]["properties"].items()}


def interfaces(name: str) -> set[str]:
    pending = [one for parent in lineage(name) for one in OBJECT_TYPES[parent].get("implements", ())]
    found: set[str] = set()
    while pending:
        interface = pending.pop()
        found.add(interface)
        pending.extend(INTERFACES[interface].get("extends", ()))
    return found


def base_type(member: Content) -> str:
    if "type" in member:
        return member["type"]["type"]
    kind = "value_type" if "value_type" in member else "shared_property"
    return base_type(RESOURCES[kind, member[kind]])


def type_of(member: Content) -> Mapping[str, Any]:
    return {key: member[key] for key in ("type", "value_type", "shared_property") if key in member}


def labels(value: Any) -> Iterator[Any]:
    """Every display name and plural name in ``value``, at any depth."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key in {"display_name", "plural_name"}:
                yield part
            yield from labels(part)


def members(content: Content) -> Iterator[Content]:
    for field in ("properties", "fields", "parameters"):
        yield from content.get(field, {}).values()
    yield from content.get("constraints", {}).get("enum", {}).values()


def test_size_and_breadth():
    count = Counter(kind for kind, _ in RESOURCES)
    assert 30 <= count["object_type"] <= 60
    assert count["link_type"] >= 40
    assert 6 <= count["interface"] <= 8
    assert count["value_type"] >= 12
    assert count["struct_type"] >= 5
    assert count["action_type"] >= 12
    assert count["shared_property"] >= 5


@pytest.mark.parametrize("key", RESOURCES, ids="/".join)
def test_every_name_is_there_in_english_and_korean(key):
    content = RESOURCES[key]
    assert all("display_name" in named for named in [content, *members(content)])
    for label in labels(content):
        assert set(label) == {"en", "ko"}
        assert label["en"].strip()
        assert any("가" <= letter <= "힣" for letter in label["ko"])


def test_most_resources_are_active_and_what_is_deprecated_names_its_replacement():
    status = Counter(content.get("status", "experimental") for content in RESOURCES.values())
    assert status["active"] > 0.9 * len(RESOURCES)
    assert status["experimental"]
    deprecated = [content for content in RESOURCES.values() if content.get("status") == "deprecated"]
    assert deprecated
    assert all({"reason", "deadline", "replacement"} <= content["deprecation"].keys() for content in deprecated)


@pytest.mark.parametrize("name", OBJECT_TYPES)
def test_a_type_conforms_to_its_interfaces(name):
    own = properties(name)
    for interface in interfaces(name):
        for key, wanted in INTERFACES[interface]["properties"].items():
            if key in own:
                assert type_of(own[key]) == type_of(wanted)
            assert not wanted.get("required") or own[key]["required"]


@pytest.mark.parametrize("name", [name for name, content in OBJECT_TYPES.items() if not content.get("abstract")])
def test_a_concrete_type_has_a_primary_key_of_required_properties_that_can_be_one(name):
    own, key = properties(name), OBJECT_TYPES[name]["primary_key"]
    assert all(own[part]["required"] for part in key)
    assert {base_type(own[part]) for part in key} <= PRIMARY_KEY_TYPES
    assert OBJECT_TYPES[name]["title_property"] in own


@pytest.mark.parametrize("name", LINK_TYPES)
def test_a_foreign_key_is_a_property_of_the_side_that_has_one_of_the_other(name):
    link = LINK_TYPES[name]
    if "foreign_key" in link:
        assert link["cardinality"] in {"many_to_one", "one_to_one"}
        assert all(link["foreign_key"] in properties(end) for end in link["source"]["types"])


@pytest.mark.parametrize("name", [name for name, link in LINK_TYPES.items() if "inverse_of" in link])
def test_inverse_links_mirror_each_other(name):
    link, inverse = LINK_TYPES[name], LINK_TYPES[LINK_TYPES[name]["inverse_of"]]
    assert inverse["inverse_of"] == name
    assert inverse["source"]["types"] == link["target"]["types"]
    assert inverse["cardinality"] == "_to_".join(reversed(link["cardinality"].split("_to_")))
