"""LinkML schemas in.

Classes are object types, mixins interfaces, enums and types value types. A slot whose range is a class is
a link type, another one a shared property; what a class says of a slot for itself is a property of the
class, or a link type that extends the slot's.
"""

from typing import Any

from gateway.engine.sentences import sentence
from history.engine.content import Key
from ontology.formats.linkml.classes import Classes
from ontology.formats.linkml.names import source_of
from ontology.formats.linkml.schema import NOTHING, Schema, schema_of
from ontology.formats.linkml.slots import link_type, shared_property
from ontology.formats.linkml.values import value_types
from ontology.formats.reading import Reading


def read(document: Any) -> Reading:
    """The ontology in a LinkML schema, a text of YAML or JSON or a JSON value, with what is left out of it.

    Raises DocumentMalformed for what is no schema.
    """
    schema = schema_of(document)
    return Reading(contents_of(schema), schema.omissions)


def contents_of(schema: Schema) -> dict[Key, Any]:
    """The contents of all resources in the schema; what is left out is added to its omissions."""
    source = source_of(schema)
    contents: dict[Key, Any] = {("value_type", name): content for name, content in value_types(source).items()}
    classes = Classes(source)
    classes.read()
    contents |= classes.contents
    for slot, kind in source.slot_kinds.items():
        content = (
            link_type(source, slot, classes.users.get(slot, ()))
            if kind == "link_type"
            else shared_property(source, slot)
        )
        contents[kind, source.slots[slot]] = content
    _tell_any_classes(schema)
    extra = schema.extras.get("resources", NOTHING)
    for kind, resources in extra.items() if isinstance(extra, dict) else ():
        if isinstance(resources, dict):
            contents |= {(str(kind), name): content for name, content in resources.items()}
    return contents


def _tell_any_classes(schema: Schema) -> None:
    for name in sorted(schema.any_classes):
        more = sorted(key for key in schema.classes[name].keys() - {"class_uri"} if schema.classes[name][key])
        if more:
            message = sentence(
                "The class stands for any value, which is the type json; of it goes {fields}.", fields=", ".join(more)
            )
            schema.tell(f"/classes/{name}", "ANY_CLASS", message)
