"""What holds of every content, valid or not."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from history.engine.canonical import canonical_bytes
from history.engine.content import ContentInvalid, Violation
from ontology.engine.document import contents_of, document_of
from ontology.engine.kinds import KINDS
from tests.ontology.strategies import ANYTHING, resources
from tests.ontology.test_engine_structure import MODEL, normalise

RESOURCE = resources()


def reordered(value: Any) -> Any:
    """The same JSON value with the keys of its objects the other way round."""
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    return [reordered(item) for item in value] if isinstance(value, list) else value


@given(RESOURCE)
def test_the_stored_form_is_its_own_stored_form(resource: tuple[str, Any]) -> None:
    kind, content = resource
    normal = normalise(kind, content)
    assert normalise(kind, normal) == normal
    assert normalise(kind, normal, previous=normal) == normal
    assert normalise(kind, content, previous=normal) == normal


@given(RESOURCE)
def test_the_stored_form_survives_storage(resource: tuple[str, Any]) -> None:
    kind, content = resource
    normal = normalise(kind, content)
    assert normalise(kind, json.loads(canonical_bytes(normal))) == normal
    document = json.loads(canonical_bytes(document_of({(kind, "Thing"): normal})))
    assert contents_of(document) == ({(kind, "Thing"): normal}, [])


@given(RESOURCE)
def test_the_order_of_keys_means_nothing(resource: tuple[str, Any]) -> None:
    kind, content = resource
    assert canonical_bytes(normalise(kind, reordered(content))) == canonical_bytes(normalise(kind, content))


@given(RESOURCE, st.dictionaries(st.sampled_from(["A", "B", "Person"]), st.sampled_from(["C", "D", "Q_"])))
def test_after_a_rename_the_references_are_the_renamed_ones(resource: tuple[str, Any], names: dict[str, str]) -> None:
    kind, content = resource
    normal = normalise(kind, content)
    renames = {(target, name): to for target in KINDS for name, to in names.items()}
    expected = {(target, names.get(name, name)) for target, name in MODEL.references(kind, "Thing", normal)}
    rewritten = MODEL.rewrite(kind, normal, renames)
    assert MODEL.references(kind, "Thing", rewritten) == expected
    assert normalise(kind, rewritten) == rewritten


@given(RESOURCE)
def test_without_renames_a_content_stays_as_it_is(resource: tuple[str, Any]) -> None:
    kind, content = resource
    normal = normalise(kind, content)
    assert MODEL.rewrite(kind, normal, {("object_type", "Nobody"): "Somebody"}) == normal


def violations(kind: str, content: Any) -> list[Violation] | None:
    """What a refusal says; None where the content can be stored."""
    try:
        canonical_bytes(normalise(kind, content))
    except ContentInvalid as refusal:
        return refusal.violations
    return None


@given(st.sampled_from(sorted(KINDS)), ANYTHING)
def test_whatever_comes_in_is_stored_or_refused_with_reasons(kind: str, content: Any) -> None:
    assert violations(kind, content) != []


@given(RESOURCE, st.data())
def test_a_valid_content_with_one_value_replaced_is_stored_or_refused_with_reasons(
    resource: tuple[str, Any], data: st.DataObject
) -> None:
    kind, content = resource
    place: Any = content
    while isinstance(place, dict) and place:
        key = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[key], dict) or not place[key] or data.draw(st.booleans()):
            place[key] = data.draw(ANYTHING)
            break
        place = place[key]
    assert violations(kind, content) != []


@given(ANYTHING)
def test_any_document_is_read_or_refused_with_reasons(document: Any) -> None:
    contents, wrong = contents_of(document)
    assert wrong or all(key[0] in KINDS for key in contents)
