"""Defaults, constraints, patterns and enums."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import Sentence, phrase, sentence
from history.engine.content import Content, Key
from ontology.engine import patterns
from ontology.engine.constraints import contradiction, misplaced
from ontology.engine.effective import Meaning, meaning_of, sources_of
from ontology.engine.findings import shown
from ontology.engine.types import Type, is_assignable
from ontology.engine.validation.neighbourhood import Neighbourhood
from ontology.engine.validation.places import valued
from ontology.engine.validation.rule import Broken
from ontology.engine.values import constraint_problem, scalar_type, type_problem

Json = Any


def unfit_defaults(near: Neighbourhood, _key: Key, content: Content) -> Iterator[Broken]:
    """Defaults that are no value of their own type, or break its constraints."""
    for path, member in valued(content):
        if "default" in member:
            clause = _problem(meaning_of(member, near.contents), member["default"], near.contents)
            if clause:
                yield Broken(f"{path}/default", sentence("The default does not fit: {clause}.", clause=clause))


def _problem(meaning: Meaning, value: Json, read: Mapping[Key, Content]) -> Sentence | None:
    if meaning.type is None:
        return None
    return (
        type_problem(meaning.type, value)
        or constraint_problem(meaning.type, value, meaning.constraints)
        or next(_field_problems(meaning.type, value, read), None)
    )


def _field_problems(of: Type, value: Json, read: Mapping[Key, Content]) -> Iterator[Sentence]:
    """What is wrong inside the structs that ``value`` holds."""
    match of["type"]:
        case "array":
            for item in value:
                yield from _field_problems(of["items"], item, read)
        case "map":
            for item in value.values():
                yield from _field_problems(of["values"], item, read)
        case "struct" if ("struct_type", of["struct_type"]) in read:
            yield from _struct_problems(read["struct_type", of["struct_type"]]["fields"], value, read)


def _struct_problems(
    fields: Mapping[str, Content], value: Mapping[str, Json], read: Mapping[Key, Content]
) -> Iterator[Sentence]:
    for name in value.keys() - fields.keys():
        yield phrase("the struct has no field {name}", name=shown(name))
    for name, field in fields.items():
        if name in value:
            clause = _problem(meaning_of(field, read), value[name], read)
            if clause:
                yield phrase("in the field {name} {clause}", name=shown(name), clause=clause)
        elif field.get("required") and "default" not in field:
            yield phrase("the field {name} is missing", name=shown(name))


# --- Constraints --------------------------------------------------------------------------------


def empty_constraints(near: Neighbourhood, _key: Key, content: Content) -> Iterator[Broken]:
    """Types and constraints that no value has and keeps, unless what they come from is to blame alone."""
    for path, member in valued(content):
        own, meaning = member.get("constraints", {}), meaning_of(member, near.contents)
        sources = [meaning_of(source, near.contents) for source in sources_of(member, near.contents)]
        if meaning.type is None or any(_is_empty(source) for source in sources):
            continue
        for name, clause in misplaced(meaning.type, own):
            yield Broken(pointer(path, "constraints", name), sentence("{clause}.", clause=clause))
        stranger = next((source.type for source in sources if _are_strangers(meaning.type, source.type)), None)
        enums = [part["enum"] for part in (own, *(source.constraints for source in sources)) if "enum" in part]
        found = _disjoint(enums) or contradiction(meaning.type, meaning.constraints)
        if stranger is not None:
            message = sentence(
                "No value is both {type} and {other}.",
                type=scalar_type(meaning.type)["type"],
                other=scalar_type(stranger)["type"],
            )
            yield Broken(f"{path}/type" if "type" in member else path, message)
        elif found:
            here = pointer(path, "constraints", found[0]) if found[0] in own else path
            yield Broken(here, sentence("No value is possible: {clause}.", clause=found[1]))


def _disjoint(enums: Sequence[Mapping[str, Content]]) -> tuple[str, Sentence] | None:
    """The clash of enums that have values, but none in common."""
    if all(enums) and enums and not set.intersection(*map(set, enums)):
        return "enum", phrase("the enums have none in common")
    return None


def _is_empty(meaning: Meaning) -> bool:
    return meaning.type is not None and contradiction(meaning.type, meaning.constraints) is not None


def _are_strangers(one: Type, other: Type | None) -> bool:
    """Whether no value is of both types; a type stands for the items of an array as well."""
    if other is None:
        return False
    pairs = [(one, other), *([(scalar_type(one), other)] if one["type"] == "array" else [])]
    return not any(is_assignable(*pair) or is_assignable(*reversed(pair)) for pair in pairs)


def invalid_patterns(_near: Neighbourhood, _key: Key, content: Content) -> Iterator[Broken]:
    """Patterns that are none of RE2's."""
    for path, member in valued(content):
        pattern = member.get("constraints", {}).get("pattern")
        reason = patterns.problem(pattern) if pattern is not None else None
        if reason:
            message = sentence("The pattern is none of RE2's: {reason}.", reason=reason)
            yield Broken(f"{path}/constraints/pattern", message)


def empty_enums(_near: Neighbourhood, _key: Key, content: Content) -> Iterator[Broken]:
    """Enums without a value, which leave nothing to choose."""
    for path, member in valued(content):
        if member.get("constraints", {}).get("enum") == {}:
            yield Broken(f"{path}/constraints/enum", sentence("The enum has no value."))
