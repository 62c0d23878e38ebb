"""Slots of LinkML as link types and shared properties, and as what classes make of them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import sentence
from ontology.formats.linkml import vocabulary as words
from ontology.formats.linkml.elements import common, flag
from ontology.formats.linkml.names import Source, with_alias
from ontology.formats.linkml.patches import patch_of, patched
from ontology.formats.linkml.schema import NOTHING, Body, parents
from ontology.formats.linkml.values import enum_of, replaced

_VALUE_FACETS: Final = frozenset({"range", "multivalued", "pattern", "minimum_value", "maximum_value"})
_LIST_FACETS: Final = frozenset(
    {"minimum_cardinality", "maximum_cardinality", "exact_cardinality", "list_elements_unique"}
)
_LINK_FACETS: Final = frozenset({"range", "multivalued", "required", "symmetric", "transitive"})


# --- Values -----------------------------------------------------------------------------------------


def meaning(source: Source, facets: Body, place: str) -> dict[str, Any]:
    """``type``, ``value_type`` and ``constraints`` of a slot that takes values."""
    content = source.ranges.meaning(facets, place)
    if _is_listed(facets):
        values = enum_of(source.schema, facets["enum_range"], f"{place}/enum_range")
        content["constraints"] = {**content.get("constraints", NOTHING), "enum": values}
    return content


def _is_listed(facets: Body) -> bool:
    values = facets.get("enum_range")
    return isinstance(values, dict) and values.keys() == {"permissible_values"}


def value_facets(facets: Body) -> set[str]:
    """The metaslots that :func:`meaning` tells of."""
    told = set(_VALUE_FACETS)
    if flag(facets.get("multivalued")):
        told |= _LIST_FACETS
    return told | ({"enum_range"} if _is_listed(facets) else set())


def shared_property(source: Source, name: str) -> dict[str, Any]:
    """A global slot that takes values; what a shared property does not say stays in the metadata."""
    schema, body, place = source.schema, source.schema.slots[name], pointer("/slots", name)
    facets = schema.slot_facets(name)
    content = common(schema, body, place, words.SLOT, value_facets(facets)) | meaning(source, facets, place)
    content = replaced(content, body, source.named("shared_property"))
    return patched(with_alias(content, body, name, source.slots[name]), patch_of(body))


# --- Links ------------------------------------------------------------------------------------------


def link_type(source: Source, name: str, users: Iterable[str]) -> dict[str, Any]:
    """A global slot that leads to objects. Its source is what uses it, else its domain."""
    schema, body, place = source.schema, source.schema.slots[name], pointer("/slots", name)
    told = {"is_a", "mixins"} if _extends(source, body) else set()
    starts = sorted(users)
    metadata: dict[str, Any] = {}
    domain = source.classes.get(str(schema.slot_domain(name)))
    if not starts and domain:
        starts, metadata = [domain], {"domain_of": []}
        told |= {"domain"}
    content = link_content(source, body, schema.slot_facets(name), place, told)
    content["source"] = {"types": starts} if starts else {}
    content["metadata"] = {**content.get("metadata", NOTHING), **metadata}
    if told & {"is_a"}:
        content["extends"] = _extends(source, body)
    content = replaced(content, body, source.named("link_type"))
    return patched(with_alias(content, body, name, source.slots[name]), patch_of(body))


def _extends(source: Source, body: Body) -> list[str]:
    """The link types that a slot is a special case of, where all that it inherits from are some."""
    named = [source.named("link_type")(parent) for parent in parents(body)]
    return [name for name in named if name is not None] if all(named) else []


def link_content(source: Source, body: Body, facets: Body, place: str, told: Iterable[str]) -> dict[str, Any]:
    """What a slot that leads to objects says in whatever class, but for where it starts."""
    targets = source.ranges.targets(facets)
    inverse = source.named("link_type")(str(body.get("inverse")))
    told = {*_LINK_FACETS, *told, *(["inverse"] if inverse else []), *(["any_of"] if len(targets) > 1 else [])}
    content = common(source.schema, body, place, words.SLOT, told)
    if "inverse" in body and not inverse:
        message = sentence(
            "The inverse {inverse} is no link here; it is kept in the metadata.", inverse=repr(body["inverse"])
        )
        source.schema.tell(f"{place}/inverse", "INVERSE_NOT_LINK", message)
    several = "many" if _leads_back_to_many(source, body) else "one"
    content |= {
        "target": {"types": [source.classes[each] for each in targets]} if targets else {},
        "cardinality": f"{several}_to_{'many' if flag(facets.get('multivalued')) else 'one'}",
    }
    flags = {"required": facets.get("required"), **{key: body.get(key) for key in ("symmetric", "transitive")}}
    return (
        content
        | {key: True for key, value in flags.items() if flag(value)}
        | ({"inverse_of": inverse} if inverse else {})
    )


def _leads_back_to_many(source: Source, body: Body) -> bool:
    """Whether several objects may lead to one; they may where no inverse says otherwise."""
    inverse = str(body.get("inverse"))
    if source.slot_kinds.get(inverse) != "link_type":
        return True
    return flag(source.schema.slot_facets(inverse).get("multivalued")) or False


def property_facets(facets: Body, default: Any) -> set[str]:
    """The metaslots of which a property tells by itself."""
    return value_facets(facets) | {"required", "identifier"} | (set() if default is None else {"ifabsent"})


def keyed(facets: Mapping[str, Any]) -> bool:
    """Whether objects are identified by the slot."""
    return bool(flag(facets.get("identifier")) or flag(facets.get("key")))
