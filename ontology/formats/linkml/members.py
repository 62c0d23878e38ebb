"""Properties, fields and enum values in the words of LinkML."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from history.engine.content import Content, Key
from ontology.engine.effective import meaning_of
from ontology.engine.types import Type
from ontology.formats.linkml import vocabulary as words
from ontology.formats.linkml.names import crowded
from ontology.formats.linkml.patches import KIND, NAME
from ontology.formats.linkml.spelling import Spelling, spelled
from ontology.formats.linkml.wording import builtin_of, common_of, constraints_of, default_of
from ontology.formats.naming import camel_case

Body = dict[str, Any]
Place = tuple[Key, tuple[str, ...]]
"""A resource or a member: the key, and the path to the member in its content."""

TEXT: Final[Type] = {"type": "string"}
_NOTHING: Final[Content] = {}
_FACETS: Final = frozenset(
    {
        *("range", "multivalued", "required", "identifier", "ifabsent"),
        *("pattern", "minimum_value", "maximum_value", "enum_range"),
    }
)
_LIST_FACETS: Final = frozenset(
    {"minimum_cardinality", "maximum_cardinality", "exact_cardinality", "list_elements_unique"}
)


class Members:
    """Writes members, and remembers where each of them and of the resources went."""

    def __init__(self, contents: Mapping[Key, Content], spelling: Spelling) -> None:
        self.contents = contents
        self.spelling = spelling
        self.places: dict[Place, Body] = {}

    def name(self, kind: str, api_name: Any) -> str | None:
        """What the resource is called in the schema, where it is one of its elements."""
        return self.spelling.names.get((kind, api_name))

    def names(self, kind: str, api_names: Iterable[str]) -> list[str]:
        """What those of the resources that are elements of the schema are called there."""
        return [name for each in api_names if (name := self.name(kind, each)) is not None]

    # --- Values -------------------------------------------------------------------------------------

    def type_of(self, content: Content) -> Type:
        """The type that a member comes to have; text where that cannot be told."""
        return meaning_of(content, self.contents).type or TEXT

    def range_of(self, content: Content) -> Body:
        """``range`` and ``multivalued`` of what has a value."""
        of = self.type_of(content)
        many = of["type"] in ("array", "vector")
        item = of["items"] if of["type"] == "array" else {"type": "float"} if many else of
        named = self.name("value_type", content.get("value_type"))
        if named is None and item["type"] == "struct":
            named = self.name("struct_type", item["struct_type"])
        found = {"range": named or builtin_of(item, content.get("constraints", _NOTHING))}
        return found | ({"multivalued": True} if many else {})

    def value(self, place: Place, content: Content, withheld: Iterable[str] = ()) -> Body:
        """A slot that takes the values that the member takes."""
        values = self.range_of(content)
        return self.described(place, content, values, withheld) | values

    def described(self, place: Place, content: Content, values: Body, withheld: Iterable[str] = ()) -> Body:
        """What a member says beside its range."""
        many = "multivalued" in values
        hidden = {*_FACETS, *withheld, *(_LIST_FACETS if many else ()), *self._unions(content)}
        body = common_of(content, words.SLOT, withheld=hidden)
        constraints = content.get("constraints", _NOTHING)
        body |= constraints_of(constraints, many=many)
        if constraints.get("enum"):
            body["enum_range"] = {"permissible_values": self.enum(place, constraints["enum"])}
        default = default_of(self.type_of(content), content["default"]) if "default" in content else None
        if default is not None:
            body["ifabsent"] = default
        return _replaced(body, content, lambda name: camel_case(name) == name)

    def _unions(self, content: Content) -> set[str]:
        """A union of classes would be read as a link."""
        options = content.get("metadata", _NOTHING).get("any_of")
        classes = {name for (kind, _), name in self.spelling.names.items() if kind in ("object_type", "interface")}
        is_link = isinstance(options, list) and all(
            isinstance(each, dict) and str(each.get("range")) in classes for each in options
        )
        return {"any_of"} if is_link else set()

    def enum(self, place: Place, values: Mapping[str, Content]) -> Body:
        """The permissible values of an enum."""
        key, path = place
        bodies = {}
        for text, value in values.items():
            body = _replaced(common_of(value, words.VALUE), value, values.__contains__)
            bodies[text] = self.places[key, (*path, "constraints", "enum", text)] = body
        return bodies

    # --- By name ------------------------------------------------------------------------------------

    def named(self, members: Mapping[str, Content]) -> Iterator[tuple[str, str, Body]]:
        """(name, name in the schema, what the schema must say for it to be read as the name)."""
        same = crowded(members)
        for name, content in members.items():
            original = name if name.lower() in same else spelled(content, name, camel_case)
            is_read = name.lower() not in same and camel_case(original) == name
            yield name, original, {} if is_read else {NAME: name}

    def attributes(self, key: Key, field: str, members: Mapping[str, Content]) -> dict[str, Body]:
        """Members as attributes of their class."""
        bodies = {}
        for name, original, naming in self.named(members):
            content = members[name]
            said = {**naming, KIND: "link"} if field == "links" else naming
            place = (key, (field, name))
            if field == "links":
                body = self._interface_link(content)
            else:
                body = self.value(place, content) | ({"required": True} if content.get("required") else {})
            body = without_alias(body, original if not said.get(NAME) else None)
            bodies[original] = self.places[place] = noted(body, said)
        return bodies

    def _interface_link(self, content: Content) -> Body:
        body = common_of(content, words.SLOT, withheld={*_FACETS, "any_of"})
        target = content.get("target")
        named = self.name("object_type", target) or self.name("interface", target)
        if named:
            body["range"] = named
        if content.get("cardinality") != "one":
            body["multivalued"] = True
        return body | ({"required": True} if content.get("required") else {})


def _replaced(body: Body, content: Content, is_known: Callable[[str], bool]) -> Body:
    """``body`` with what replaces the member, where that is read as it is."""
    replacement = content.get("deprecation", _NOTHING).get("replacement")
    if replacement is None or not is_known(replacement):
        return body
    return body | {"deprecated_element_has_exact_replacement": replacement}


def without_alias(body: Body, original: str | None) -> Body:
    """``body`` without the alias under which it goes."""
    aliases = [alias for alias in body.get("aliases", ()) if alias != original]
    others = {key: value for key, value in body.items() if key != "aliases"}
    return others | ({"aliases": aliases} if aliases else {})


def noted(body: Body, said: Mapping[str, Any]) -> Body:
    """``body`` with more in its annotation ``oms``."""
    if said:
        annotations = body.setdefault("annotations", {})
        annotations["oms"] = {"value": {**annotations.get("oms", {"value": {}})["value"], **said}}
    return body
