"""All rules, by their names."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from gateway.engine.sentences import sentence
from ontology.engine.validation import interfaces, links, names, references, status, types, values
from ontology.engine.validation.rule import Rule, Severity

RULE_FAILED: Final = "RULE_FAILED"
"""The violation of a resource at which a rule itself failed."""

OFF: Final = "off"
"""What a repository sets a movable rule to that it does not want."""

_EXTENDING: Final = frozenset({"object_type", "interface", "link_type"})

_ALL: Final = (
    Rule(
        "DANGLING_REFERENCE",
        Severity.ERROR,
        sentence(
            "Whatever is named is there: resources, properties, parameters and the replacements of what is deprecated."
        ),
        references.dangling_references,
    ),
    Rule(
        "INHERITANCE_CYCLE",
        Severity.ERROR,
        sentence("Nothing extends itself, directly or through others."),
        references.inheritance_cycles,
        _EXTENDING,
    ),
    Rule(
        "DUPLICATE_NAME",
        Severity.ERROR,
        sentence("One name stands for one thing."),
        names.duplicate_names,
    ),
    Rule(
        "INTERFACE_NOT_CONFORMED",
        Severity.ERROR,
        sentence("An object type has what its interfaces ask for."),
        interfaces.unconformed_interfaces,
        frozenset({"object_type"}),
    ),
    Rule(
        "PRIMARY_KEY_INVALID",
        Severity.ERROR,
        sentence("A primary key is made of different properties whose values identify."),
        types.invalid_primary_keys,
        frozenset({"object_type"}),
    ),
    Rule(
        "STRUCT_EMPTY",
        Severity.ERROR,
        sentence("A struct type has a field."),
        types.empty_structs,
        frozenset({"struct_type"}),
    ),
    Rule(
        "STRUCT_NESTED",
        Severity.ERROR,
        sentence("No field of a struct type holds a struct or an array."),
        types.nested_structs,
        frozenset({"struct_type"}),
    ),
    Rule(
        "DEFAULT_VIOLATES_TYPE",
        Severity.ERROR,
        sentence("A default is a value of its type and keeps to the constraints."),
        values.unfit_defaults,
    ),
    Rule(
        "CONSTRAINT_EMPTY",
        Severity.ERROR,
        sentence("Types and constraints that hold together leave a value."),
        values.empty_constraints,
    ),
    Rule("REGEX_INVALID", Severity.ERROR, sentence("A pattern is one of RE2's."), values.invalid_patterns),
    Rule(
        "INVERSE_MISMATCH",
        Severity.ERROR,
        sentence("An inverse says the same the other way round."),
        links.mismatched_inverses,
        frozenset({"link_type"}),
    ),
    Rule(
        "REQUIRED_CYCLE",
        Severity.ERROR,
        sentence("Required links do not lead back to where they start."),
        links.required_cycles,
        frozenset({"link_type"}),
    ),
    Rule(
        "STATUS_INCONSISTENT",
        Severity.WARNING,
        sentence("What is active needs nothing that is experimental or deprecated."),
        status.inconsistent_statuses,
        movable=True,
    ),
    Rule(
        "NAME_RESERVED",
        Severity.WARNING,
        sentence("No name is one to which tools give a meaning of their own."),
        names.reserved_names,
        movable=True,
    ),
    Rule(
        "NAMING_CONVENTION",
        Severity.WARNING,
        sentence("Names are written as names of their sort are."),
        names.unconventional_names,
        movable=True,
    ),
    Rule("ENUM_EMPTY", Severity.WARNING, sentence("An enum has a value."), values.empty_enums, movable=True),
)

RULES: Final[Mapping[str, Rule]] = {rule.id: rule for rule in _ALL}


def with_severities(severities: Mapping[str, str]) -> dict[str, Rule]:
    """The rules with movable ones moved to ``severities``, without those that are off."""
    moved = {name: severity for name, severity in severities.items() if name in RULES and RULES[name].movable}
    return {
        name: replace(rule, severity=Severity(moved.get(name, rule.severity)))
        for name, rule in RULES.items()
        if moved.get(name) != OFF
    }
