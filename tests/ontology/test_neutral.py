"""The reader of the real ontologies gives documents that are valid here."""

from pathlib import Path

from tests.ontology import neutral
from tests.ontology.stored_forms import StoredForms, errors


def test_every_release_is_valid(oms_test_data: Path) -> None:
    releases = neutral.load_releases(oms_test_data)
    assert len(releases) == 7
    assert errors(map(StoredForms().of, releases.values())) == []


def test_names_of_linkml_become_ours_and_stay_as_aliases() -> None:
    document = neutral.to_oms(
        {
            "meta": {"source": "biolink/biolink-model"},
            "object_types": {
                "RNA product": {
                    "extends": ["gene product", "nobody"],
                    "implements": ["thing with taxon"],
                    "properties": {
                        "in taxon": {"range": "gene product", "multivalued": True, "kind": "link"},
                        "id": {"base_type": "STRING", "primary_key": True, "required": True},
                        "direction": {"range": "direction enum", "kind": "enum"},
                    },
                },
                "gene product": {"properties": {}, "exact_mappings": ["SO:1"], "in_subset": ["core"]},
            },
            "interfaces": {"thing with taxon": {"properties": {}}},
            "enum_types": {"direction enum": {"values": {"up & away": {}}}},
            "link_types": {
                "interacts with": {
                    "sources": ["RNA product"],
                    "targets": ["thing with taxon"],
                    "cardinality": "ONE",
                    "inverse_of": "nothing",
                    "status": "DEPRECATED",
                    "deprecation_reason": "vague",
                }
            },
        }
    )
    resources = document["resources"]
    product = resources["object_type"]["RNAProduct"]
    assert product["aliases"] == ["RNA product"]
    assert product["extends"] == ["GeneProduct"]
    assert product["implements"] == ["ThingWithTaxon"]
    assert product["primary_key"] == ["id"]
    assert product["properties"]["inTaxon"]["type"] == {"type": "array", "items": {"type": "string"}}
    assert product["properties"]["inTaxon"]["metadata"] == {"range": "gene product", "kind": "link"}
    assert product["properties"]["direction"]["value_type"] == "DirectionEnum"
    assert resources["object_type"]["GeneProduct"]["mappings"] == {"exact": ["SO:1"]}
    assert resources["object_type"]["GeneProduct"]["groups"] == ["core"]
    assert "up & away" in resources["value_type"]["DirectionEnum"]["constraints"]["enum"]
    link = resources["link_type"]["interactsWith"]
    assert (link["source"], link["target"]) == ({"types": ["RNAProduct"]}, {"types": ["ThingWithTaxon"]})
    assert (link["cardinality"], link["status"]) == ("many_to_one", "deprecated")
    assert link["deprecation"] == {"reason": "vague"}


def test_an_enumeration_of_schema_org_is_a_class_and_its_values() -> None:
    document = neutral.to_oms(
        {
            "meta": {"source": "schemaorg/schemaorg"},
            "object_types": {
                "Enumeration": {"properties": {}},
                "3DModel": {
                    "properties": {
                        "bed": {"base_type": "STRING", "types": [], "enum_types": ["BedType"]},
                        "size": {"base_type": "STRING", "types": ["DOUBLE", "STRING"]},
                    }
                },
            },
            "enum_types": {
                "BedType": {
                    "extends": ["Enumeration"],
                    "description": "A bed.",
                    "status": "ACTIVE",
                    "values": {"King": {}},
                }
            },
        }
    )
    resources = document["resources"]
    assert resources["object_type"]["BedType"]["extends"] == ["Enumeration"]
    assert resources["object_type"]["BedType"]["description"] == "A bed."
    assert resources["value_type"]["BedType"]["constraints"]["enum"].keys() == {"King"}
    assert resources["object_type"]["3DModel"]["properties"]["bed"]["value_type"] == "BedType"
    assert resources["object_type"]["3DModel"]["properties"]["size"]["metadata"] == {
        "types": {"double": True, "string": True}
    }
