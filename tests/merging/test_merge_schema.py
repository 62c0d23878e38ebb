"""How the ontology's kinds merge: the rules that are read off their shapes."""

from typing import Any

from history.engine.content import Content, Key
from merging.engine import schema as rules
from merging.engine.merge import merge
from merging.selectors import merge_schema
from ontology.engine.types import join

Documents = dict[Key, Content]


def rule(kind: str, *path: str) -> rules.Rule:
    """The rule of a field; members of a map are passed through."""
    found: rules.Rule = merge_schema().record(kind)
    for name in path:
        record = found.entry if isinstance(found, rules.KeyedMap) else found
        assert isinstance(record, rules.Record)
        found = record.field(name).rule
    return found


def person(**fields: Any) -> Documents:
    return {("object_type", "Person"): {"rid": "person", "properties": {}, **fields}}


def merged(base: Documents, ours: Documents, theirs: Documents) -> Documents:
    result = merge(base, ours, theirs, merge_schema())
    assert result.conflicts == ()
    return result.documents


def test_every_field_kind_has_its_rule() -> None:
    assert rule("object_type", "description") == rules.Text()
    assert rule("object_type", "extends") == rules.SetOf()
    assert rule("object_type", "status") == rules.Ranked(("experimental", "active", "deprecated"))
    assert rule("object_type", "visibility") == rules.Scalar()
    assert rule("object_type", "datasource") == rules.Scalar()
    assert rule("object_type", "metadata") == rules.FreeJson()
    assert isinstance(rule("object_type", "properties"), rules.KeyedMap)
    assert rule("object_type", "properties", "type") == rules.Joined(join)
    assert isinstance(rule("link_type", "cardinality"), rules.Joined)
    assert rule("value_type", "constraints", "min") == rules.Limit(lower=True)
    assert rule("value_type", "constraints", "max_items") == rules.Limit()
    assert rule("link_type", "source", "types") == rules.SetOf()
    assert rule("action_type", "rules") == rules.OrderedList()
    assert isinstance(rule("value_type", "constraints", "enum"), rules.KeyedMap)
    assert isinstance(rule("interface", "links"), rules.KeyedMap)
    assert isinstance(rule("struct_type", "fields"), rules.KeyedMap)


def test_what_is_required_stays_even_where_it_is_empty() -> None:
    text = {"type": {"type": "string"}}
    base = person(properties={"a": text, "b": text})
    assert merged(base, person(properties={"a": text}), person(properties={"b": text})) == person()
