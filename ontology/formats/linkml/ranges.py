"""What values a slot or a type takes, in the words of OMS."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.engine.sentences import sentence
from ontology.formats.linkml import vocabulary as words
from ontology.formats.linkml.elements import flag
from ontology.formats.linkml.patches import KIND, patch_of
from ontology.formats.linkml.schema import Body, Schema

Type = Mapping[str, Any]

STRING: Final[Type] = {"type": "string"}
JSON: Final[Type] = {"type": "json"}

_CALL = re.compile(r"([A-Za-z_][A-Za-z0-9_ ]*)\((.*)\)", re.DOTALL)
_LIMITS: Final = {"minimum_value": "min", "maximum_value": "max", "pattern": "pattern"}
_NUMBERS: Final = frozenset({"integer", "float", "double", "decimal"})


@dataclass
class Ranges:
    """The ranges of a schema: value types with their names and base types, structs with their names."""

    schema: Schema
    value_types: dict[str, str] = field(default_factory=dict)
    bases: dict[str, Type] = field(default_factory=dict)
    structs: dict[str, str] = field(default_factory=dict)

    def targets(self, facets: Body) -> list[str]:
        """The classes whose objects a slot leads to; none where it takes values."""
        union = self._union(facets)
        if union:
            return union
        named = facets.get("range", self.schema.default_range)
        return [named] if self._is_target(named) else []

    def _is_target(self, name: Any) -> bool:
        return (
            isinstance(name, str)
            and name in self.schema.classes
            and name not in self.schema.any_classes
            and patch_of(self.schema.classes[name]).get(KIND) != "struct_type"
        )

    def _union(self, facets: Body) -> list[str]:
        """The classes of a slot that takes any of several, where nothing else is said of them."""
        options, named = facets.get("any_of"), facets.get("range")
        if not isinstance(options, list) or not (named is None or named in self.schema.any_classes):
            return []
        ranges = [each.get("range") if isinstance(each, dict) and len(each) == 1 else None for each in options]
        return [str(each) for each in ranges] if all(self._is_target(each) for each in ranges) else []

    # --- Values -------------------------------------------------------------------------------------

    def meaning(self, facets: Body, place: str) -> dict[str, Any]:
        """``type``, ``value_type`` and ``constraints`` of a slot that takes values."""
        content, base = self._scalar(facets, place)
        constraints = dict(content.pop("constraints", {}))
        many = flag(facets.get("multivalued")) or False
        if many:
            content["type"] = {"type": "array", "items": base}
            constraints |= _sizes(facets)
        constraints |= limits(facets)
        return content | ({"constraints": constraints} if constraints else {})

    def _scalar(self, facets: Body, place: str) -> tuple[dict[str, Any], Type]:
        """What says which a single value is, and its type."""
        if "range" not in facets and facets.get("any_of"):
            return {"type": JSON}, JSON
        named = facets.get("range", self.schema.default_range)
        if named in self.value_types:
            return {"value_type": self.value_types[named]}, self.bases[named]
        if named in self.structs:
            struct = {"type": "struct", "struct_type": self.structs[named]}
            return {"type": struct}, struct
        if named in self.schema.any_classes:
            return {"type": JSON}, JSON
        if named not in words.TYPES:
            message = sentence("There is no {name} here; any text is taken.", name=repr(named))
            self.schema.tell(f"{place}/range", "RANGE_UNKNOWN", message)
        return builtin(named)

    def default(self, facets: Body) -> Any:
        """What ``ifabsent`` says; None where it names no value."""
        said = facets.get("ifabsent")
        call = _CALL.fullmatch(said) if isinstance(said, str) else None
        if flag(said) is not None:
            return flag(said)
        if call is None:
            return None
        function, argument = call[1], call[2]
        if function in self.schema.enums:
            return argument
        return _literal(function, argument)


def builtin(name: Any) -> tuple[dict[str, Any], Type]:
    """What says that a value is of a builtin type, and its type; of any other name it is text."""
    if name in words.PRIMITIVES:
        return {"type": words.PRIMITIVES[name]}, words.PRIMITIVES[name]
    return {"type": STRING, **({"constraints": {"format": name}} if name in words.TYPES else {})}, STRING


def limits(facets: Body) -> dict[str, Any]:
    """The constraints that hold for a single value."""
    return {field: facets[metaslot] for metaslot, field in _LIMITS.items() if metaslot in facets}


def _sizes(facets: Body) -> dict[str, Any]:
    exact = facets.get("exact_cardinality")
    sizes = {
        "min_items": facets.get("minimum_cardinality", exact),
        "max_items": facets.get("maximum_cardinality", exact),
        "unique_items": flag(facets.get("list_elements_unique")),
    }
    return {name: size for name, size in sizes.items() if size is not None and size is not False}


def _literal(function: str, argument: str) -> Any:
    if function in ("string", "uri", "date", "datetime", "time"):
        return argument
    if function == "boolean":
        return flag(argument)
    if function in ("int", "integer") and re.fullmatch(r"[-+]?\d{1,18}", argument):
        return int(argument)
    if function in _NUMBERS and re.fullmatch(r"[-+]?\d{1,18}(?:\.\d{1,18})?(?:[eE][-+]?\d{1,2})?", argument):
        return float(argument)
    return None
