"""A small ontology with everything in it that can break, and ways to change it."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from history.engine.content import Content, Key
from ontology.engine.breaking import Finding, differing, findings
from ontology.engine.content import OntologyContent
from ontology.engine.references import rewrite
from ontology.engine.state import Documents

TODAY = date(2027, 6, 1)
Patch = Mapping[str, Any]

LEAVING = {"status": "deprecated", "deprecation": {"reason": "There is a better one.", "deadline": "2027-12-31"}}
GONE = {"status": "deprecated", "deprecation": {"reason": "There is a better one.", "deadline": "2027-05-31"}}

WORLD: dict[str, dict[str, Any]] = {
    "object_type": {
        "Agent": {
            "status": "active",
            "properties": {"label": {"type": "string", "indexed": True}, "remark": {"type": "string"}},
        },
        "Person": {
            "status": "active",
            "extends": ["Agent"],
            "implements": ["Contactable"],
            "primary_key": ["personId"],
            "title_property": "fullName",
            "datasource": {"table": "people"},
            "edits_enabled": True,
            "properties": {
                "personId": {"type": "string", "required": True, "unique": True, "indexed": True},
                "fullName": {"type": "string", "constraints": {"min_length": 1, "max_length": 200}},
                "email": {"value_type": "EmailAddress", "required": True},
                "age": {"type": "integer", "constraints": {"min": 0, "max": 150}},
                "height": {"type": {"type": "decimal", "precision": 5, "scale": 2}, "default": "0"},
                "nicknames": {"type": {"type": "array", "items": "string"}},
                "birthday": {"type": "date"},
                "shirt": {"value_type": "Color"},
                "createdAt": {"shared_property": "createdAt"},
                "home": {"type": {"type": "struct", "struct_type": "Address"}},
                "score": {"type": "double", "derived": {"sum": "points"}, "marking": "internal"},
                "fax": {"type": "string", **LEAVING},
                "telex": {"type": "string", **GONE},
            },
        },
        "Student": {"status": "active", "extends": ["Person"], "properties": {"school": {"type": "string"}}},
        "Company": {
            "status": "active",
            "primary_key": ["companyId"],
            "properties": {"companyId": {"type": "string", "required": True}, "label": {"type": "string"}},
        },
        "Sketch": {"properties": {"lines": {"type": "integer"}}},
        "Typewriter": {**LEAVING, "properties": {"make": {"type": "string"}}},
        "Telegraph": {**GONE, "properties": {"make": {"type": "string"}}},
    },
    "link_type": {
        "employment": {
            "status": "active",
            "source": {"types": ["Person"], "api_name": "employer"},
            "target": {"types": ["Company"], "api_name": "employees"},
            "cardinality": "many_to_one",
            "foreign_key": "email",
            "properties": {"since": {"type": "date"}},
        },
        "friendship": {
            "status": "active",
            "source": {"types": ["Agent", "Company"]},
            "target": {"types": ["Person"]},
            "cardinality": "many_to_many",
            "inverse_of": "friendOf",
        },
        "friendOf": {
            "status": "active",
            "source": {"types": ["Person"]},
            "target": {"types": ["Agent", "Company"]},
            "cardinality": "many_to_many",
        },
    },
    "interface": {
        "Named": {"status": "active", "properties": {"title": {"type": "string"}}},
        "Contactable": {
            "status": "active",
            "extends": ["Named"],
            "properties": {"email": {"type": "string"}, "phone": {"type": "string"}},
            "links": {
                "manager": {"target": "Agent", "cardinality": "one"},
                "friends": {"target": "Person", "cardinality": "many"},
            },
        },
    },
    "shared_property": {"createdAt": {"status": "active", "type": "timestamp"}},
    "value_type": {
        "EmailAddress": {"status": "active", "type": "string", "constraints": {"max_length": 254}},
        "Color": {"status": "active", "type": "string", "constraints": {"enum": {"red": {}, "blue": {}}}},
        "Percentage": {"status": "active", "type": "double", "constraints": {"min": 0, "max": 100}},
        "Tags": {"status": "active", "type": {"type": "array", "items": "string"}},
    },
    "struct_type": {
        "Address": {
            "status": "active",
            "fields": {"street": {"type": "string"}, "zip": {"type": "string"}, "floor": {"type": "short"}},
        }
    },
    "action_type": {
        "hire": {
            "status": "active",
            "parameters": {
                "person": {"type": "object", "object_type": "Person", "required": True},
                "grade": {"type": "integer", "constraints": {"min": 1, "max": 9}},
                "note": {"type": "string"},
            },
            "rules": [{"rule": "modify_object", "object": "person", "set": {"status": "employed"}}],
            "criteria": [{"unless": "retired"}],
            "side_effects": [{"notify": "payroll"}],
            "permission": "reviewer",
        }
    },
}


def patched(value: Any, patch: Any) -> Any:
    """``value`` after a JSON merge patch (RFC 7396): what is None there is gone."""
    if not isinstance(patch, Mapping):
        return deepcopy(patch)
    merged = dict(value) if isinstance(value, Mapping) else {}
    for name, part in patch.items():
        if part is None:
            merged.pop(name, None)
        else:
            merged[name] = patched(merged.get(name), part)
    return merged


def stored(resources: Mapping[str, Mapping[str, Any]]) -> Documents:
    """The stored form of all ``resources``; a rid that is not given follows from the name."""
    model = OntologyContent()
    contents: dict[Key, Content] = {
        (kind, name): model.normalise(kind, name, deepcopy(content), None, lambda _rid: False)
        for kind, named in resources.items()
        for name, content in named.items()
    }
    return Documents(contents)


def resources_of(documents: Documents) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for (kind, name), content in documents.items():
        found.setdefault(kind, {})[name] = deepcopy(content)
    return found


def renamed(resources: dict[str, dict[str, Any]], path: str, name: str) -> dict[str, dict[str, Any]]:
    """``resources`` with the resource or member at ``path`` under another name, and what refers to a resource rewritten."""
    *way, former = path[1:].split("/")
    holder: Any = resources
    for token in way:
        holder = holder[token]
    holder[name] = holder.pop(former)
    if len(way) > 1:
        return resources
    return {
        kind: {other: rewrite(kind, content, {(way[0], former): name}) for other, content in named.items()}
        for kind, named in resources.items()
    }


def changed(before: Documents, patch: Patch, renames: Mapping[str, str]) -> Documents:
    """The state after ``renames`` and then ``patch``; what stays keeps its rid."""
    resources = resources_of(before)
    for path, name in renames.items():
        resources = renamed(resources, path, name)
    return stored(patched(resources, patch))


def report(before: Documents, after: Documents) -> list[Finding]:
    return findings(before, after, differing(before, after), today=TODAY)
