"""The table of all rules."""

from collections.abc import Mapping

from ontology.engine.breaking.difference import MEMBERS, RESOURCES, Fate, Sort
from ontology.engine.breaking.rule import LOW, NOBODY, Rule, always, rest, untold
from ontology.engine.breaking.rules import actions, interfaces, links, object_types, properties, values
from ontology.engine.breaking.rules.properties import TYPING

_DISPLAY = frozenset(
    {
        *("display_name", "plural_name", "description", "icon", "color", "groups", "aliases", "mappings", "metadata"),
        *("visibility", "status", "deprecation"),
    }
)
"""What people read and programs do not depend on."""

_REST = (
    Rule(
        frozenset({Sort.OBJECT_TYPE}),
        "OT_DISPLAY_CHANGED",
        (LOW,),
        NOBODY,
        "{it} differs in {fields}.",
        untold(_DISPLAY),
        tells=tuple(_DISPLAY),
    ),
    Rule(
        MEMBERS,
        "PR_DISPLAY_CHANGED",
        (LOW,),
        NOBODY,
        "{it} differs in {fields}.",
        untold(_DISPLAY),
        tells=tuple(_DISPLAY),
    ),
    Rule(
        RESOURCES - {Sort.OBJECT_TYPE, Sort.LINK_TYPE},
        "RS_ADDED",
        (LOW,),
        NOBODY,
        "{it} is new.",
        always,
        fates=(Fate.ADDED,),
    ),
    Rule(
        RESOURCES | MEMBERS,
        "RS_CHANGED",
        (LOW,),
        NOBODY,
        "{it} differs in {fields}.",
        rest(_DISPLAY, frozenset(TYPING)),
    ),
)
"""What no other rule speaks of, which is safe; these come last."""

RULES: Mapping[str, Rule] = {
    rule.id: rule
    for rule in (
        *object_types.RULES,
        *properties.RULES,
        *values.VALUE_TYPE_RULES,
        *values.STRUCT_TYPE_RULES,
        *links.RULES,
        *interfaces.RULES,
        *values.SHARED_PROPERTY_RULES,
        *actions.RULES,
        *_REST,
    )
}
"""Every rule by its id, in the order in which they are put."""
