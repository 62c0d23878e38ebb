"""What a pattern of places covers."""

import pytest

from merging.engine.patterns import Pattern
from merging.selectors import merge_schema

TYPE = merge_schema().record("object_type")


@pytest.mark.parametrize(
    ("pattern", "place", "reach"),
    [
        ("description", "description", 1),
        ("description", "description/ko", 1),
        ("description", "properties/age/description/en", 3),
        ("description", "properties/description/type", None),  # a property's name is no field
        ("description", "metadata/description", None),  # nor is a key of free JSON
        ("description", "properties/description/description", 3),
        ("/description", "description/en", 1),
        ("/description", "properties/age/description", None),
        ("/", "", 0),
        ("/", "properties/age/type", 0),
        ("*", "", None),
        ("*", "icon", 1),
        ("*", "properties/age/icon", 3),
        ("properties/*/status", "properties/age/status", 3),
        ("properties/*/status", "status", None),
        ("properties/age", "properties/age/constraints/max", 2),
        ("properties/age", "properties/name", None),
        ("constraints/max", "properties/age/constraints/max", 4),
        ("max", "properties/age/constraints/max", 4),
        ("properties/a~1b", "properties/a/b", None),
        ("metadata/*/color", "metadata/ui/color/dark", 3),
    ],
)
def test_a_pattern_covers_what_it_leads_to_from_any_field(pattern: str, place: str, reach: int | None) -> None:
    way = place.split("/") if place else []
    assert Pattern.of(pattern).reach(TYPE, way) == reach


def test_a_name_that_holds_a_slash_is_written_as_in_a_pointer() -> None:
    assert Pattern.of("properties/a~1b").reach(TYPE, ["properties", "a/b"]) == 2


@pytest.mark.parametrize(
    ("kind", "pattern", "possible"),
    [
        ("object_type", "icon", True),
        ("object_type", "/icon", True),
        ("object_type", "colour", False),
        ("object_type", "properties/*/status", True),
        ("object_type", "/status", True),
        ("object_type", "/constraints/max", False),
        ("value_type", "/constraints/max", True),
        ("object_type", "description/ko", True),
        ("object_type", "description/ko/more", False),
        ("object_type", "metadata/any/depth/at/all", True),
        ("object_type", "*", True),
        ("object_type", "*/*/*/*/*/*", True),  # through free JSON
        ("struct_type", "icon/*", False),
        ("object_type", "/", True),
    ],
)
def test_a_pattern_that_can_cover_nothing_is_known(kind: str, pattern: str, possible: bool) -> None:
    assert Pattern.of(pattern).may_cover(merge_schema().record(kind)) is possible
