"""What the fields of queries and schemas mean: types, their properties, and the links between them.

Field names lead from things to things. A scope is what one may stand at: resources of which each may be
meant, since a link may end at several types.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from gateway.engine.sentences import Sentence, joined, sentence
from history.engine.content import Content, Key
from ontology.engine.effective import interfaces, lineage, meaning_of
from ontology.engine.findings import shown
from ontology.engine.members import HOLDERS
from ontology.engine.state import Documents
from ontology.engine.usages.derived import Use
from ontology.engine.usages.hints import Hints
from ontology.engine.usages.members import Members, members_of

Scope = frozenset[Key]

NOTHING: Final[Scope] = frozenset()
"""Where no names are looked at: below a property that is no struct."""

_OPPOSITE: Final = (("source", "target"), ("target", "source"))
_LEADING_CAPITALS: Final = re.compile(r"^(?:[A-Z]+(?=[A-Z][a-z]|[0-9_]|$)|[A-Z])")
_WORDS: Final = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True)
class Step:
    """What a field uses, and where it leads."""

    uses: frozenset[Use]
    scope: Scope


class Vocabulary:
    """The names of a whole state."""

    def __init__(self, contents: Mapping[Key, Content]) -> None:
        self._contents = contents
        self._members: dict[Key, Members] = {}
        self._away: dict[Key, dict[str, list[tuple[Key, Scope]]]] = {}
        self._hints = Hints()

    def types(self, name: str) -> Scope:
        """The types that ``name`` stands for; none where there is no such type.

        It is the name of an object type or interface, that in camelCase, or a plural of it: the regular
        English one, or the type's own ``plural_name`` in camelCase. The first of these that fits counts.
        """
        return next((names[name] for names in self._type_names if name in names), NOTHING)

    def step(self, scope: Scope, name: str) -> Step | None:
        """What the field ``name`` is of what one stands at: a member, or a side of a link; None where it is neither."""
        steps = [step for key in scope for step in self._steps(key, name)]
        if not steps:
            return None
        return Step(
            frozenset().union(*(each.uses for each in steps)), frozenset().union(*(each.scope for each in steps))
        )

    def unknown(self, scope: Scope, name: str) -> Sentence:
        """The sentence that says that nothing of ``scope`` has ``name``."""
        holders = sorted(shown(key[1]) for key in scope if key[0] != "link_type")
        return sentence(
            "{holders} has no {name}{nearest}.",
            holders=joined("{first} or {second}", holders[:3]) if holders else "",
            name=shown(name),
            nearest=self._hints.nearest(name, lambda: self._names(scope)),
        )

    def unknown_type(self, name: str) -> Sentence:
        """The sentence that says that no type is called ``name``."""
        near = self._hints.nearest(name, lambda: self._type_names[0])
        return sentence("There is no type {name}{nearest}.", name=shown(name), nearest=near)

    def _names(self, scope: Scope) -> set[str]:
        return {name for key in scope for name in (*self._members_of(key), *self._sides_of(key))}

    # --- Steps ----------------------------------------------------------------------------------------

    def _steps(self, key: Key, name: str) -> Iterator[Step]:
        member = self._members_of(key).get(name)
        if member is not None:
            yield Step(frozenset({(key, name)}), self._below(member))
        for link, ends in self._sides_of(key).get(name, ()):
            yield Step(frozenset({(link, "")}), ends | {link})

    def _below(self, member: Content) -> Scope:
        """Where a member leads: to the struct that its values are, or to what a link of an interface ends at."""
        if "target" in member:
            return self._ends([member["target"]])
        struct = _struct(meaning_of(member, self._contents).type)
        return frozenset({("struct_type", struct)}) if struct else NOTHING

    def _members_of(self, key: Key) -> Members:
        if key not in self._members:
            self._members |= {key: {}} | members_of(Documents(self._contents), [key])
        return self._members[key]

    def _sides_of(self, key: Key) -> Mapping[str, list[tuple[Key, Scope]]]:
        """The links that lead away from a type, its own and inherited ones, by the name of its side."""
        if key not in self._away:
            found = self._away[key] = {}
            line = [*lineage(key, self._contents), *interfaces(key, self._contents)] if key[0] in HOLDERS else []
            for type_ in dict.fromkeys(name for _, name in line):
                for name, link, ends in self._sides.get(type_, ()):
                    found.setdefault(name, []).append((link, ends))
        return self._away[key]

    @cached_property
    def _sides(self) -> Mapping[str, list[tuple[str, Key, Scope]]]:
        """(name of the side, link, other ends) by the type that a link leads away from."""
        found: dict[str, list[tuple[str, Key, Scope]]] = {}
        for key, content in self._contents.items():
            for here, there in _OPPOSITE if key[0] == "link_type" else ():
                side = content[here]
                for type_ in side.get("types", ()) if "api_name" in side else ():
                    found.setdefault(type_, []).append((side["api_name"], key, self._ends(content[there]["types"])))
        return found

    def _ends(self, names: Iterable[str]) -> Scope:
        """The types of these names, each of one kind."""
        return frozenset((kind, name) for name in names for kind in HOLDERS if (kind, name) in self._contents)

    # --- Names of types ---------------------------------------------------------------------------------

    @cached_property
    def _type_names(self) -> tuple[dict[str, Scope], ...]:
        """The types by their names, by these in camelCase, and by their plurals."""
        found: tuple[dict[str, Scope], ...] = ({}, {}, {})
        for key in self._contents:
            if key[0] in HOLDERS:
                name = key[1]
                single = {name[:1].lower() + name[1:], camel_case(name)}
                labels = _labels(self._contents[key].get("plural_name"))
                many = {plural(each) for each in single} | {camel_case(label) for label in labels}
                for names, forms in zip(found, ({name}, single, many), strict=True):
                    for form in forms - {""}:
                        names[form] = names.get(form, NOTHING) | {key}
        return found


def camel_case(text: str) -> str:
    """``text`` as a name that starts small: ``PurchaseOrder`` and ``purchase order`` give ``purchaseOrder``."""
    words = _WORDS.findall(text) if not text.isidentifier() else [text]
    capitalised = "".join(word[:1].upper() + word[1:] for word in words)
    return _LEADING_CAPITALS.sub(lambda found: found[0].lower(), capitalised)


def plural(name: str) -> str:
    """The regular English plural."""
    if name.endswith(("s", "x", "z", "ch", "sh")):
        return f"{name}es"
    if name.endswith("y") and name[-2:-1] not in set("aeiou"):
        return f"{name[:-1]}ies"
    return f"{name}s"


def _labels(label: Any) -> list[str]:
    return list(label.values()) if isinstance(label, dict) else [label] if label else []


def _struct(type_: Any) -> str:
    """The struct that values of a type are or hold."""
    while isinstance(type_, dict):
        if type_.get("type") == "struct":
            return str(type_["struct_type"])
        type_ = type_.get("items") or type_.get("values")
    return ""
