"""Real JSON Schemas, as packages ship them: how much of each comes over, and what of it does not."""

import json
from collections import Counter
from importlib.resources import files
from importlib.resources.abc import Traversable

import pytest

from accounts.models import User
from history.models import Branch
from ontology.formats import settled
from ontology.formats.json_schema import read, write
from ontology.services import document_import

LINKML = files("linkml_runtime") / "linkml_model/jsonschema"
OPENAPI = files("openapi_spec_validator") / "resources/schemas"
METASCHEMAS = files("jsonschema_specifications") / "schemas"

REAL: dict[str, tuple[Traversable, dict[str, int], dict[str, int]]] = {
    "LinkML annotations": (LINKML / "annotations.schema.json", {"link_type": 6, "object_type": 4}, {"KEYED_OBJECTS": 6, "KEYWORD": 4}),
    "LinkML datasets": (LINKML / "datasets.schema.json", {"object_type": 3, "value_type": 3}, {"KEYWORD": 4}),
    "LinkML extensions": (LINKML / "extensions.schema.json", {"link_type": 2, "object_type": 2}, {"KEYED_OBJECTS": 2, "KEYWORD": 4}),
    "LinkML mappings": (LINKML / "mappings.schema.json", {}, {"KEYWORD": 4}),
    "LinkML meta": (LINKML / "meta.schema.json", {"link_type": 340, "object_type": 59, "value_type": 9}, {"KEYED_OBJECTS": 147, "KEYWORD": 138, "UNION": 126}),
    "LinkML types": (LINKML / "types.schema.json", {}, {"KEYWORD": 4}),
    "LinkML units": (LINKML / "units.schema.json", {"link_type": 6, "object_type": 5}, {"KEYED_OBJECTS": 6, "KEYWORD": 4}),
    "LinkML validation": (LINKML / "validation.schema.json", {"link_type": 1, "object_type": 2, "value_type": 2}, {"KEYWORD": 4}),
    "OpenAPI 2.0": (OPENAPI / "v2.0/schema.json", {"link_type": 38, "object_type": 27, "value_type": 10}, {"DEFINITION_INLINED": 25, "KEYED_OBJECTS": 8, "KEYWORD": 39, "MAP_VALUES": 1, "REFERENCE_EXTERNAL": 101, "REQUIRED_UNKNOWN": 3, "UNION": 4}),
    "OpenAPI 3.0": (OPENAPI / "v3.0/schema.json", {"link_type": 58, "object_type": 32, "value_type": 4}, {"ALL_OF": 10, "DEFINITION_INLINED": 4, "KEYED_OBJECTS": 26, "KEYWORD": 56, "MAP_VALUES": 1, "UNION": 33}),
    "OpenAPI 3.1": (OPENAPI / "v3.1/schema.json", {"link_type": 25, "object_type": 25, "value_type": 24}, {"ALL_OF": 9, "DEFINITION_INLINED": 5, "KEYED_OBJECTS": 6, "KEYWORD": 149, "MAP_VALUES": 5, "UNION": 1}),
    "OpenAPI 3.2": (OPENAPI / "v3.2/schema.json", {"link_type": 29, "object_type": 26, "value_type": 25}, {"ALL_OF": 15, "DEFINITION_INLINED": 4, "KEYED_OBJECTS": 4, "KEYWORD": 147, "MAP_VALUES": 6, "UNION": 1}),
    "draft 7": (METASCHEMAS / "draft7/metaschema.json", {"link_type": 16, "object_type": 1, "value_type": 4}, {"ALL_OF": 1, "DEFINITION_INLINED": 1, "KEYED_OBJECTS": 4, "KEYWORD": 6, "UNION": 3}),
    "2019-09": (METASCHEMAS / "draft201909/metaschema.json", {"object_type": 1}, {"ALL_OF": 6, "KEYWORD": 5, "REFERENCE_EXTERNAL": 7}),
    "2020-12": (METASCHEMAS / "draft202012/metaschema.json", {"object_type": 1}, {"ALL_OF": 7, "KEYWORD": 7, "REFERENCE_EXTERNAL": 10}),
    "2020-12 applicators": (METASCHEMAS / "draft202012/vocabularies/applicator", {"object_type": 1, "value_type": 1}, {"KEYWORD": 13}),
    "black": (files("black") / "resources/black.schema.json", {"object_type": 1}, {"KEYWORD": 1}),
    "models": (files("datamodel_code_generator") / "resources/model_metadata.schema.json", {"link_type": 2, "object_type": 3}, {}),
}  # fmt: skip
"""(file, how many resources of each kind, how many omissions of each code)."""


@pytest.mark.parametrize("name", REAL)
def test_a_real_schema_comes_over_and_is_a_fixed_point(name: str) -> None:
    file, kinds, codes = REAL[name]
    reading = settled(read(file.read_text(encoding="utf-8")))
    assert Counter(kind for kind, _ in reading.contents) == kinds
    assert Counter(each.code for each in reading.omissions) == codes
    written = write(reading.contents)
    again = settled(read(written.decode()))
    assert again.contents == reading.contents
    assert list(again.omissions) == []
    assert write(again.contents) == written


def test_what_is_left_out_of_a_real_schema_is_where_it_says() -> None:
    document = json.loads((OPENAPI / "v3.1/schema.json").read_text(encoding="utf-8"))
    for omission in read(document).omissions:
        value = document
        for token in omission.place.split("/")[1:]:
            key = token.replace("~1", "/").replace("~0", "~")
            value = value[int(key)] if isinstance(value, list) else value[key]


@pytest.mark.django_db
def test_a_real_schema_is_one_commit(alice: User, main: Branch) -> None:
    text = (LINKML / "units.schema.json").read_text(encoding="utf-8")
    report = document_import(actor=alice, branch=main, document=text, message="Units", format_name="json-schema")
    assert report.counts == {"added": 11, "modified": 0, "renamed": 0, "removed": 0}
    assert Counter(each.code for each in report.omissions) == {"KEYED_OBJECTS": 6, "KEYWORD": 4}
