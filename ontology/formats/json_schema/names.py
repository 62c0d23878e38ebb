"""What things are called on both sides: definitions of a JSON Schema, and what is made of a foreign one."""

import re
from collections.abc import Iterable
from typing import Final

from history.engine.content import Key
from ontology.formats.naming import MAX_LENGTH, UniqueNames

DEFINED: Final = ("object_type", "interface", "struct_type", "value_type", "shared_property")
"""The kinds that become definitions; of two that share a name the earlier kind keeps it."""

_PARTS = re.compile(r"[A-Za-z0-9]+")


def definition_names(keys: Iterable[Key]) -> dict[Key, str]:
    """A name for each of ``keys`` that becomes a definition, no two the same: its own where that is free."""
    names: dict[Key, str] = {}
    taken = UniqueNames()
    for key in sorted((key for key in keys if key[0] in DEFINED), key=lambda key: (DEFINED.index(key[0]), key[1])):
        kind = "" if taken.is_free(key[1]) else pascal_case(key[0], "")
        names[key] = taken.give(key[1] + kind)
    return names


def pascal_case(text: str, fallback: str) -> str:
    """``text`` in PascalCase; ``fallback`` where it holds no letter or digit that a name may have."""
    return "".join(part[:1].upper() + part[1:] for part in _PARTS.findall(text))[:MAX_LENGTH] or fallback


def camel_case(text: str, fallback: str) -> str:
    """``text`` in camelCase; ``fallback`` where it holds no letter or digit that a name may have."""
    parts: list[str] = _PARTS.findall(text) or [fallback]
    first, *others = parts
    start = first.lower() if first.isupper() else first[:1].lower() + first[1:]
    return (start + pascal_case(" ".join(others), ""))[:MAX_LENGTH]
