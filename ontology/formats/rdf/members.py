"""Properties whose values are data: members of the classes that have them, or shared properties."""

import copy
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rdflib import URIRef

from gateway.engine.sentences import Sentence, sentence
from ontology.engine.constraints import joined
from ontology.engine.types import Type, is_assignable
from ontology.formats.rdf.datatypes import Values
from ontology.formats.rdf.describing import described, no_name, overlaid
from ontology.formats.rdf.overrides import MEMBERS, overridden
from ontology.formats.rdf.property_axioms import Property
from ontology.formats.rdf.ranges import STRING
from ontology.formats.rdf.source import Source
from ontology.formats.rdf.usages import Usage
from ontology.formats.rdf.vocabulary import OMS


@dataclass
class Members:
    """Makes members out of properties and their usages. ``value_types`` are the types of the value types."""

    source: Source
    names: Mapping[URIRef, str]
    value_types: Mapping[str, Type]
    _told: set[URIRef] = field(default_factory=set)

    def member(
        self, kind: str, property_: Property, usage: Usage | None, common: Mapping[str, Any], *, several: bool
    ) -> tuple[str, dict[str, Any]]:
        """(name, content) of the property in a class of ``kind``, as far as it is the class's own."""
        return self._overridden(kind, property_, usage, {**common, **self.typing(property_, usage, several=several)})

    def shared_member(
        self, kind: str, property_: Property, usage: Usage, shared: str, *, several: bool
    ) -> tuple[str, dict[str, Any]]:
        """(name, content) of a shared property in a class of ``kind``: what it says itself is left to it."""
        content = {"shared_property": shared}
        if any(isinstance(each, Values) for each in usage.ranges):
            content |= self.typing(property_, usage, several=several)
        else:
            content |= self._limits(usage, usage.constraints, several=several)
        return self._overridden(kind, property_, usage, content)

    def typing(self, property_: Property, usage: Usage | None, *, several: bool) -> dict[str, Any]:
        """Type, constraints, default and whether there must be a value."""
        constraints = usage.constraints if usage else {}
        values = self._values(property_, usage, constraints)
        base = self.value_types.get(values.value_type, values.type) if values.value_type else values.type
        content: dict[str, Any] = {"value_type": values.value_type} if values.value_type else {}
        if several and base["type"] not in ("array", "vector", "time_series"):
            content["type"] = {"type": "array", "items": base}
        elif not values.value_type:
            content["type"] = base
        return content | self._limits(usage, joined(base, values.constraints, constraints), several=several)

    def _limits(self, usage: Usage | None, constraints: Mapping[str, Any], *, several: bool) -> dict[str, Any]:
        content: dict[str, Any] = {}
        limits = dict(constraints)
        if usage and usage.least:
            content["required"] = True
        if usage and several and usage.least > 1:
            limits["min_items"] = usage.least
        if usage and several and usage.most is not None:
            limits["max_items"] = usage.most
        if limits:
            content["constraints"] = limits
        if usage and usage.default is not None:
            content["default"] = [usage.default] if several else usage.default
        return content

    def _values(self, property_: Property, usage: Usage | None, constraints: Mapping[str, Any]) -> Values:
        """What the property's values are: as the class says, else as the property does."""
        for ranges in (usage.ranges if usage else (), property_.ranges):
            choices = [each for each in ranges if isinstance(each, Values)]
            if choices:
                return self._widest(property_.iri, choices)
        if "enum" in constraints:
            return STRING
        if not usage or not any(self.source.statements.see(node, OMS.type) for node in usage.nodes):
            message = sentence("Nothing says what its values are; they are texts here.")
            self._tell(property_.iri, "RANGE_MISSING", message)
        return STRING

    def _widest(self, iri: URIRef, choices: list[Values]) -> Values:
        """Of several the one that holds the values of all; text where there is none."""
        if len(choices) == 1:
            return choices[0]
        words = ", ".join(each.value_type or each.type["type"] for each in choices)
        types = [self.value_types.get(each.value_type, each.type) if each.value_type else each.type for each in choices]
        wide = (type_ for type_ in types if all(is_assignable(other, type_) for other in types))
        chosen = Values(next(wide, STRING.type))
        message = sentence(
            "Values may be of several sorts ({sorts}); they are {type} here.", sorts=words, type=chosen.type["type"]
        )
        self._tell(iri, "RANGE_SEVERAL", message)
        return chosen

    def _overridden(
        self, kind: str, property_: Property, usage: Usage | None, content: dict[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        """The member with what its property shapes say of it beside its values."""
        name, content = self.names[property_.iri], copy.deepcopy(content)
        statements = self.source.statements
        for node in usage.nodes if usage else ():
            if statements.see(node, OMS.value_type, OMS.shared_property):
                # The shape holds what these come to, so that it says all by itself; the member says it by their names.
                content = _without(content, ("type", "value_type", "shared_property", "constraints"))
            name = next(map(str, statements.take(node, OMS.name)), name)
            content = overlaid(content, described(self.source, node, no_name, iri="shape"))
            content = overridden(statements, node, MEMBERS[kind], content)
        return name, content

    def _tell(self, iri: URIRef, code: str, message: Sentence) -> None:
        if iri not in self._told:
            self._told.add(iri)
            self.source.omit(iri, code, message)


def is_several(property_: Property, usages: Iterable[Usage]) -> bool:
    """Whether a thing may have several values: some class counts them and leaves room for more than one."""
    return not property_.is_functional and any(
        usage.counts and (usage.most is None or usage.most > 1) for usage in usages
    )


def _without(content: Mapping[str, Any], fields: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name not in fields}
