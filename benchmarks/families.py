"""The made-up object types as relatives: with parents, interfaces and value types.

What one of them is tied to does not depend on how many there are, but for what many share: the root of all
families, an interface for each domain and a few value types are tied to ever more.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from benchmarks.ontology import DOMAINS, PROPERTIES, resources
from history.engine.content import Content, Key

FAMILY: Final = 10
"""Object types in a family. Each has at most two children, so that there are four generations below the root."""

ROOT: Final = "Record"
VALUE_TYPES: Final[Mapping[str, str]] = {
    "currency": "CurrencyCode",
    "unit_price": "Amount",
    "contact_email": "EmailAddress",
    "remarks": "Remarks",
}
"""The properties that take their values from a value type."""

_TAKES: Final = ("type", "constraints")


def related(types: int) -> dict[Key, Content]:
    """``types`` object types and as many links of :func:`benchmarks.ontology.resources`, and what they share."""
    made = resources(2 * types)
    names = [name for kind, name in made if kind == "object_type"]
    made |= {
        ("object_type", name): _relative(made["object_type", name], names, place) for place, name in enumerate(names)
    }
    return made | _shared()


def _relative(content: Content, names: Sequence[str], place: int) -> Content:
    """The heads of families extend the root and implement the interface of their domain."""
    start, child = place - place % FAMILY, place % FAMILY
    kin = {"extends": [names[start + (child - 1) // 2]]} if child else _head(content)
    return {**content, **kin, "properties": {name: _valued(name, of) for name, of in content["properties"].items()}}


def _head(content: Content) -> Content:
    return {"extends": [ROOT], "implements": [_interface(domain) for domain in content["groups"]]}


def _valued(name: str, content: Content) -> Content:
    if name not in VALUE_TYPES:
        return content
    return {"value_type": VALUE_TYPES[name]} | {field: said for field, said in content.items() if field not in _TAKES}


def _interface(domain: str) -> str:
    return f"{domain.capitalize()}Asset"


def _shared() -> dict[Key, Content]:
    """The root, the interfaces and the value types."""
    asked = {"serial_number": {"type": "string", "required": True}, "approved_by": {"type": "string"}}
    return {
        ("object_type", ROOT): {
            "status": "active",
            "abstract": True,
            "properties": {"recorded_at": {"type": "timestamp"}},
        },
        **{("interface", _interface(domain)): {"status": "active", "properties": asked} for domain in DOMAINS},
        **{
            ("value_type", name): {
                "status": "active",
                **{field: PROPERTIES[of][field] for field in _TAKES if field in PROPERTIES[of]},
            }
            for of, name in VALUE_TYPES.items()
        },
    }
