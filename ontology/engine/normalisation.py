"""The one stored form of a content: its structure checked against the shapes, field by field.

Whatever JSON comes in, the answer is a normal form and a list of all that is wrong; nothing is
raised. Parts that are wrong are left out of the normal form.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from gateway.engine.sentences import Sentence, joined, phrase, sentence
from gateway.engine.text import is_storable
from history.engine.content import Content, Violation
from ontology.engine import scalars
from ontology.engine.findings import Findings, nearest, shown
from ontology.engine.kinds import KINDS, NAMES, TYPES
from ontology.engine.shapes import (
    Boolean,
    Bound,
    Choice,
    Date,
    FreeJson,
    Integer,
    ListOf,
    LocalisedText,
    MapOf,
    MemberReference,
    Name,
    Record,
    Reference,
    Rid,
    SetOf,
    Shape,
    Tagged,
    Text,
    TypeExpression,
)

_A_SET = phrase("a set")
_A_TYPE = phrase("a type")


def normal_form(kind: str, name: str, content: Any) -> tuple[Content, list[Violation]]:
    """``content`` as it is stored but for identities that were not given, and what is wrong with it."""
    found = Findings()
    return _record(found, KINDS[kind], content, own_name=name) or {}, found.violations


def value_form(shape: Shape, value: Any, own_name: str | None = None) -> tuple[Any, list[Violation]]:
    """The same of one value, of ``shape``, with paths below it. It is None where it is nothing, or wrong.

    A record that is identified may repeat ``own_name`` as its api_name.
    """
    found = Findings()
    if isinstance(shape, Record):
        return _record(found, shape, value, own_name), found.violations
    return _FORMS[type(shape)](found, shape, value), found.violations


def name_violations(kind: str, name: Any) -> list[Violation]:
    """What is wrong with ``name`` for a resource of ``kind``, an unknown kind among it."""
    if kind not in NAMES:
        near = nearest(kind, NAMES)
        message = sentence("{kind} is not a kind of resource{nearest}.", kind=shown(kind), nearest=near)
        return [Violation("KIND_UNKNOWN", "", message)]
    found = Findings()
    scalars.name(found, NAMES[kind], name)
    return found.violations


def _at(found: Findings, token: str | int, shape: Shape, value: Any) -> Any:
    with found.below(token):
        return _FORMS[type(shape)](found, shape, value)


def _record(found: Findings, record: Record, value: Any, own_name: str | None = None) -> dict[str, Any] | None:
    given = found.mapping(value, record.noun)
    if given is None:
        return None
    normal = {}
    for key, item in given.items():
        shape = record.fields.get(key)
        if shape is not None:
            form = _at(found, key, shape, item)
            if form is not None and (key in record.required or form != _default(shape)):
                normal[key] = form
        elif key == "api_name" and own_name is not None:
            _check_own_name(found, own_name, item)
        else:
            found.unknown_field(record.noun, key, record.fields)
    _check_presence(found, record, given)
    return normal


def _default(shape: Shape) -> Any:
    return list(shape.default) if isinstance(shape.default, tuple) else shape.default


def _check_own_name(found: Findings, name: str, given: Any) -> None:
    if given != name:
        message = sentence("The api_name must be {name}, as the resource is called, or be left out.", name=shown(name))
        found.refuse("NAME_MISMATCH", message, "api_name")


def _check_presence(found: Findings, record: Record, given: Mapping[str, Any]) -> None:
    for key in sorted(record.required - given.keys()):
        _require(found, record.noun, shown(key), key)
    if record.one_of and given.keys().isdisjoint(record.one_of):
        _require(found, record.noun, joined("{first} or {second}", map(shown, record.one_of)), record.one_of[0])


def _require(found: Findings, noun: Sentence, field: str, key: str) -> None:
    found.refuse("FIELD_REQUIRED", sentence("{noun} needs the field {field}.", noun=noun, field=field), key)


def _tagged(found: Findings, shape: Tagged, value: Any) -> dict[str, Any] | None:
    given = found.mapping(value, shape.noun)
    if given is None:
        return None
    if shape.tag not in given:
        _require(found, shape.noun, shown(shape.tag), shape.tag)
        return None
    case = _at(found, shape.tag, Choice(tuple(shape.cases)), given[shape.tag])
    if case is None:
        return None
    fields = _record(found, shape.cases[case], _without(given, shape.tag))
    return {shape.tag: case, **(fields or {})}


def _without(given: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {other: value for other, value in given.items() if other != key}


def _map(found: Findings, shape: MapOf, value: Any) -> dict[str, Any] | None:
    given = found.mapping(value, scalars.THE_VALUE)
    if given is None:
        return None
    normal = {}
    for key, item in given.items():
        token = key if isinstance(key, str) and is_storable(key) else "?"
        with found.below(token):
            usable = _FORMS[type(shape.key)](found, shape.key, key) is not None
            if isinstance(shape.value, FreeJson):
                form, kept = scalars.free_json(found, shape.value, item), True
            else:
                form = _record(found, shape.value, item, own_name=key if shape.value.identified else None)
                kept = form is not None
        if usable and kept:
            normal[key] = form
    return normal


def _set(found: Findings, shape: SetOf, value: Any) -> list[str] | None:
    items = found.sequence(value, _A_SET)
    return None if items is None else sorted(set(_items(found, shape.item, items)))


def _list(found: Findings, shape: ListOf, value: Any) -> list[Any] | None:
    items = found.sequence(value, scalars.THE_VALUE)
    return None if items is None else list(_items(found, shape.item, items))


def _items(found: Findings, shape: Shape, items: Iterable[Any]) -> Iterable[Any]:
    for place, item in enumerate(items):
        form = _at(found, place, shape, item)
        if form is not None:
            yield form


# --- Types --------------------------------------------------------------------------------------

_PARAMETER_RULES = frozenset({"FIELD_REQUIRED", "FIELD_UNKNOWN", "FIELD_TYPE", "VALUE_RANGE"})


def _type_expression(found: Findings, shape: TypeExpression, value: Any) -> dict[str, Any] | None:
    given = {"type": value} if isinstance(value, str) else found.mapping(value, _A_TYPE)
    if given is None:
        return None
    if "type" not in given:
        found.refuse("FIELD_REQUIRED", sentence("A type needs the field 'type', its name."), "type")
        return None
    name = given["type"]
    if not isinstance(name, str) or name not in TYPES:
        near = found.nearest(name, sorted(shape.allowed))
        message = sentence("{name} is not a type{nearest}.", name=shown(name), nearest=near)
        found.refuse("TYPE_UNKNOWN", message, "type")
        return None
    if name not in shape.allowed:
        found.refuse(shape.refusal, sentence("The type {name} may not stand here.", name=name), "type")
        return None
    return {"type": name, **_parameters(found, name, _without(given, "type"))}


def _parameters(found: Findings, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """A type's parameters. One that is missing, unknown, mistyped or out of range breaks TYPE_PARAMETER."""
    before = len(found.violations)
    parameters = _record(found, TYPES[name], given) or {}
    if name == "decimal" and len(parameters) == 2 and parameters["scale"] > parameters["precision"]:
        message = sentence("The scale of a decimal is at most its precision.")
        found.refuse("TYPE_PARAMETER", message, "scale")
    found.violations[before:] = [
        replace(violation, rule="TYPE_PARAMETER") if violation.rule in _PARAMETER_RULES else violation
        for violation in found.violations[before:]
    ]
    return parameters


_FORMS: Mapping[type, Callable[[Findings, Any, Any], Any]] = {
    Text: scalars.text,
    LocalisedText: scalars.localised_text,
    Name: scalars.name,
    Rid: scalars.rid,
    Date: scalars.calendar_date,
    Boolean: scalars.boolean,
    Integer: scalars.integer,
    Bound: scalars.bound,
    Choice: scalars.choice,
    Reference: scalars.reference,
    MemberReference: scalars.member_reference,
    FreeJson: scalars.free_json,
    TypeExpression: _type_expression,
    SetOf: _set,
    ListOf: _list,
    MapOf: _map,
    Record: _record,
    Tagged: _tagged,
}
