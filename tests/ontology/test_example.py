"""A document that uses every kind."""

from typing import Any

import pytest

from accounts.models import User
from history.models import Branch
from ontology.selectors import document_export
from ontology.services import document_import

EXAMPLE: dict[str, Any] = {
    "format": "oms/1",
    "resources": {
        "object_type": {
            "Agent": {"properties": {}},
            "Company": {"properties": {"companyId": {"type": "string", "required": True, "unique": True}}},
            "Person": {
                "display_name": {"en": "Person", "ko": "사람"},
                "status": "active",
                "extends": ["Agent"],
                "implements": ["Contactable"],
                "primary_key": ["personId"],
                "title_property": "fullName",
                "properties": {
                    "personId": {"type": "string", "required": True, "unique": True},
                    "fullName": {"type": "string", "constraints": {"min_length": 1, "max_length": 200}},
                    "email": {"value_type": "EmailAddress"},
                    "companyId": {"type": "string"},
                    "createdAt": {"shared_property": "createdAt"},
                    "height": {"type": {"type": "decimal", "precision": 5, "scale": 2}, "default": "0"},
                    "nicknames": {
                        "type": {"type": "array", "items": {"type": "string"}},
                        "constraints": {"unique_items": True},
                    },
                    "address": {"type": {"type": "struct", "struct_type": "Address"}},
                    "home": {
                        "type": {"type": "struct", "struct_type": "Address"},
                        "status": "deprecated",
                        "deprecation": {"reason": "Moved", "deadline": "2027-01-01", "replacement": "address"},
                    },
                },
            },
        },
        "link_type": {
            "employment": {
                "source": {"types": ["Person"], "api_name": "employer"},
                "target": {"types": ["Company"], "api_name": "employees"},
                "cardinality": "many_to_one",
                "required": False,
                "foreign_key": "companyId",
            }
        },
        "interface": {
            "Contactable": {
                "properties": {"email": {"type": "string", "required": True}},
                "links": {"manager": {"target": "Person", "cardinality": "one", "required": False}},
            }
        },
        "shared_property": {"createdAt": {"type": "timestamp"}},
        "value_type": {
            "EmailAddress": {"type": "string", "constraints": {"format": "email", "max_length": 254}},
            "Color": {"type": "string", "constraints": {"enum": {"red": {"display_name": "Red"}, "blue": {}}}},
        },
        "struct_type": {
            "Address": {"fields": {"street": {"type": "string"}, "zip": {"type": "string", "required": True}}}
        },
        "action_type": {
            "hire": {
                "parameters": {"person": {"type": "object", "object_type": "Person", "required": True}},
                "rules": [{"rule": "modify_object", "object": "person", "set": {"status": "employed"}}],
                "criteria": [],
                "permission": "developer",
            }
        },
    },
}


@pytest.mark.django_db
def test_every_kind_comes_in_and_goes_out(alice: User, main: Branch) -> None:
    document_import(actor=alice, branch=main, document=EXAMPLE, message="Import the example")
    exported = document_export(main.head)
    assert {kind: set(named) for kind, named in exported["resources"].items()} == {
        kind: set(named) for kind, named in EXAMPLE["resources"].items()
    }
    person = exported["resources"]["object_type"]["Person"]
    assert person["display_name"] == {"en": "Person", "ko": "사람"}
    assert person["properties"]["personId"]["type"] == {"type": "string"}
    assert person["properties"]["home"]["deprecation"]["deadline"] == "2027-01-01"
    hire = exported["resources"]["action_type"]["hire"]
    assert hire["parameters"]["person"]["object_type"] == "Person"
    assert hire["rules"] == EXAMPLE["resources"]["action_type"]["hire"]["rules"]
