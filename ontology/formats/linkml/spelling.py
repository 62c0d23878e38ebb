"""What the resources of an ontology are called in a LinkML schema."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from history.engine.content import Content, Key
from ontology.formats.linkml import vocabulary as words
from ontology.formats.linkml.names import CONVENTIONS, crowded
from ontology.formats.naming import pascal_case

_ELEMENTS: Final = ("object_type", "interface", "struct_type", "value_type")
_SLOTS: Final = ("shared_property", "link_type")
_TOGETHER: Final = (
    ("object_type", "interface"),
    ("struct_type",),
    ("value_type",),
    ("link_type",),
    ("shared_property",),
)
"""The kinds whose names are told apart from one another when they are read."""


@dataclass
class Spelling:
    """The name of each resource in the schema, and those that say their own name in OMS."""

    names: dict[Key, str] = field(default_factory=dict)
    explicit: set[Key] = field(default_factory=set)

    def original(self, key: Key) -> str | None:
        """The alias under which the resource goes."""
        return None if key in self.explicit else self.names.get(key)

    def give(self, keys: Iterable[Key], contents: Mapping[Key, Content], taken: set[str]) -> None:
        """Name ``keys``, none like another or one of ``taken``, which they are added to."""
        for key in sorted(keys, key=lambda each: ((*_ELEMENTS, *_SLOTS).index(each[0]), each[1])):
            kind, api_name = key
            reads = CONVENTIONS[kind]
            name = api_name if key in self.explicit else spelled(contents[key], api_name, reads)
            name = api_name if name in taken else name
            while name in taken:
                name += pascal_case(kind)
            if reads(name) != api_name:
                self.explicit.add(key)
            self.names[key] = name
            taken.add(name)


def spelling_of(contents: Mapping[Key, Content], later: Iterable[Key]) -> Spelling:
    """Names for all resources that are elements or slots, but for the link types in ``later``."""
    result = Spelling()
    for kinds in _TOGETHER:
        alike = [key for key in contents if key[0] in kinds]
        same = crowded(name for _, name in alike)
        result.explicit |= {key for key in alike if key[1].lower() in same}
    result.give((key for key in contents if key[0] in _ELEMENTS), contents, {*words.TYPES, "Any"})
    left = set(later)
    result.give((key for key in contents if key[0] in _SLOTS and key not in left), contents, set())
    return result


def spelled(content: Mapping[str, Any], api_name: str, reads: Callable[[str], str]) -> str:
    """The alias of which the name is read, where there is one, else the name."""
    fitting = (alias for alias in content.get("aliases", ()) if alias.isprintable() and alias.strip() == alias)
    return next((alias for alias in fitting if reads(alias) == api_name), api_name)
