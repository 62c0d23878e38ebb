"""What the meta-model says of a place."""

from ontology.engine.kinds import KINDS, NAMES
from ontology.engine.places import shape_at
from ontology.engine.shapes import FreeJson, Name, Text


def test_every_step_of_a_path_has_its_shape() -> None:
    assert shape_at("object_type", []) is KINDS["object_type"]
    assert shape_at("link_type", ["cardinality"]) is KINDS["link_type"].fields["cardinality"]
    assert shape_at("object_type", ["nothing", "deeper"]) is None
    assert shape_at("planet", ["name"]) is None


def test_a_text_of_one_language_is_as_long_as_the_text_may_be() -> None:
    assert shape_at("object_type", ["description", "en"]).max_length == 100_000


def test_an_own_name_is_what_a_key_may_be() -> None:
    assert shape_at("action_type", ["api_name"]) is NAMES["action_type"]
    assert isinstance(shape_at("object_type", ["properties", "age", "api_name"]), Name)
    assert isinstance(shape_at("value_type", ["constraints", "enum", "red", "api_name"]), Text)


def test_below_what_is_taken_whole_is_any_json() -> None:
    for path in (["properties", "age", "type", "items"], ["metadata", "owner", "team"]):
        assert isinstance(shape_at("object_type", path), FreeJson)
