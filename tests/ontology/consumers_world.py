"""A small ontology, in its stored form, whose names queries and schemas use."""

from history.engine.content import Content, Key
from ontology.engine.content import OntologyContent
from ontology.engine.usages import Derived, Vocabulary

GIVEN = {
    ("object_type", "Agent"): {"properties": {"label": {"type": "string"}}},
    ("object_type", "Person"): {
        "plural_name": {"en": "People", "ko": "사람들"},
        "extends": ["Agent"],
        "implements": ["Contactable"],
        "properties": {
            "age": {"type": "integer"},
            "home": {"type": {"type": "struct", "struct_type": "Address"}},
            "homes": {"type": {"type": "array", "items": {"type": "struct", "struct_type": "Address"}}},
            "place": {"type": "geopoint"},
            "email": {"type": "string"},
        },
    },
    ("object_type", "Company"): {"extends": ["Agent"], "properties": {"founded": {"type": "date"}}},
    ("object_type", "PurchaseOrder"): {"properties": {"total": {"type": "double"}}},
    ("object_type", "URLEntry"): {"properties": {"href": {"type": "string"}}},
    ("interface", "Contactable"): {
        "properties": {"email": {"type": "string"}},
        "links": {"employer": {"target": "Company", "cardinality": "one"}},
    },
    ("link_type", "employment"): {
        "source": {"types": ["Person"], "api_name": "employer"},
        "target": {"types": ["Company"], "api_name": "employees"},
        "cardinality": "many_to_one",
        "properties": {"since": {"type": "date"}},
    },
    ("link_type", "ordering"): {
        "source": {"types": ["PurchaseOrder"], "api_name": "party"},
        "target": {"types": ["Agent"], "api_name": "orders"},
        "cardinality": "many_to_one",
    },
    ("struct_type", "Address"): {"fields": {"street": {"type": "string"}, "zip": {"type": "string"}}},
}

CONTENTS: dict[Key, Content] = {
    key: OntologyContent().normalise(*key, content, None, lambda _rid: False) for key, content in GIVEN.items()
}
VOCABULARY = Vocabulary(CONTENTS)


def in_short(derived: Derived) -> list[str]:
    """What is used: ``Person.age``, and ``Person`` where all of it is."""
    assert not derived.violations
    return sorted(".".join(filter(None, (key[1], member))) for key, member in derived.uses)


def wrong(derived: Derived) -> list[tuple[str, str, str]]:
    return [(each.rule, each.path, each.message) for each in derived.violations]
