"""What types, fields and values of enums are called in GraphQL, which knows fewer names."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from history.engine.content import Content, Key
from ontology.engine.effective import meaning_of
from ontology.formats.json_schema.names import pascal_case
from ontology.formats.naming import UniqueNames

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ESCAPE: Final = "x_"
_NO_VALUES: Final = frozenset({"true", "false", "null"})

BUILT_IN: Final = ("String", "Int", "Float", "Boolean", "ID")
ROOT: Final = "Query"


def graphql_name(name: str) -> str:
    """``name`` as GraphQL takes it: no two names become one."""
    is_free = _NAME.fullmatch(name) and not name.startswith(("__", _ESCAPE))
    return name if is_free else _ESCAPE + name


def is_enum(content: Content, contents: Mapping[Key, Content]) -> bool:
    """Whether a value type is an enum in GraphQL: texts that are names."""
    meaning = meaning_of(content, contents)
    values = meaning.constraints.get("enum")
    is_text = meaning.type is not None and meaning.type["type"] == "string"
    return bool(values) and is_text and all(_is_value(value) for value in values or ())


def _is_value(value: str) -> bool:
    return _NAME.fullmatch(value) is not None and value not in _NO_VALUES and not value.startswith("__")


class TypeNames:
    """Names of types, no two the same: of things by their keys, and of what GraphQL needs beside them."""

    def __init__(self, contents: Mapping[Key, Content]) -> None:
        self._taken = UniqueNames((*BUILT_IN, ROOT))
        self._names: dict[Key, str] = {}
        self._others: dict[tuple[str, ...], str] = {}
        for kind, suffix in (("object_type", ""), ("interface", "Interface"), ("struct_type", "Struct")):
            self._add(sorted(key for key in contents if key[0] == kind), suffix)
        enums = (key for key, content in contents.items() if key[0] == "value_type" and is_enum(content, contents))
        self._add(sorted(enums), "Enum")

    def _add(self, keys: Iterable[Key], suffix: str) -> None:
        for key in keys:
            name = graphql_name(key[1])
            self._names[key] = self._taken.give(name if self._taken.is_free(name) else name + suffix)

    def __contains__(self, key: Key) -> bool:
        return key in self._names

    def __getitem__(self, key: Key) -> str:
        return self._names[key]

    def other(self, *words: str) -> str:
        """The name of something beside the resources, which would best be called by ``words``."""
        if words not in self._others:
            wanted = "".join(pascal_case(word, "") for word in words) or "Unnamed"
            self._others[words] = self._taken.give(graphql_name(wanted))
        return self._others[words]
