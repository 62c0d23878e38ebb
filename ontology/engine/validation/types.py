"""Primary keys and struct types."""

from collections.abc import Iterator
from typing import Final

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import Sentence, phrase, sentence
from history.engine.content import Content, Key
from ontology.engine.effective import meaning_of
from ontology.engine.findings import shown
from ontology.engine.types import Type
from ontology.engine.validation.neighbourhood import Neighbourhood
from ontology.engine.validation.places import members
from ontology.engine.validation.rule import Broken, Severity

KEY_TYPES: Final = frozenset({"string", "integer", "short", "long"})
DOUBTFUL_KEY_TYPES: Final = frozenset({"byte", "boolean", "date", "timestamp"})
"""Types of which there are few values, or which are written in several ways."""


def invalid_primary_keys(near: Neighbourhood, key: Key, content: Content) -> Iterator[Broken]:
    """Parts of a key that cannot identify an object. Being a part makes a property required, whatever it says."""
    parts = content.get("primary_key", [])
    for place, name in enumerate(parts):
        here = pointer("", "primary_key", place)
        if name in parts[:place]:
            yield Broken(here, sentence("The key has {name} twice.", name=shown(name)))
        held = near.held(key).get(name)
        of = held.property.get("type", {}).get("type") if held else None
        if of in DOUBTFUL_KEY_TYPES:
            message = sentence("{name} is {type}, of which keys are better not made.", name=shown(name), type=of)
            yield Broken(here, message, Severity.WARNING)
        elif of is not None and of not in KEY_TYPES:
            fit = ", ".join(sorted(KEY_TYPES))
            yield Broken(here, sentence("{name} is {type}; a key is of {fit}.", name=shown(name), type=of, fit=fit))


def empty_structs(_near: Neighbourhood, _key: Key, content: Content) -> Iterator[Broken]:
    """Struct types without a field."""
    if not content["fields"]:
        yield Broken("/fields", sentence("A struct type needs a field."))


def nested_structs(near: Neighbourhood, _key: Key, content: Content) -> Iterator[Broken]:
    """Fields that hold structs or arrays, through a map or a value type."""
    for path, name, member in members(content, "fields"):
        of = meaning_of(member, near.contents).type
        inner = of and _nested(of)
        if inner:
            field = "type" if "type" in member else "value_type"
            message = sentence("The field {name} holds {what}.", name=shown(name), what=inner)
            yield Broken(f"{path}/{field}", message)


def _nested(of: Type) -> Sentence | None:
    """What a field may not hold, where the type holds it."""
    match of["type"]:
        case "map":
            return _nested(of["values"])
        case "struct":
            return phrase("a struct")
        case "array":
            return phrase("an array")
    return None
