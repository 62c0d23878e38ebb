"""Values as the sentences of findings and plans show them."""

from typing import Any, Final

from gateway.engine.sentences import joined, phrase
from ontology.engine.kinds import TYPES

Json = Any

_LONGEST: Final = 60
_MOST: Final = 8


def in_words(value: Json) -> str:
    """``value`` shortened: text in quotes, types as they are spoken of, nothing as such."""
    match value:
        case None | "" | []:
            words: str = phrase("nothing")
        case str():
            words = repr(_cut(value))
        case list():
            words = joined("{first}, {second}", map(in_words, value[:_MOST]))
            if len(value) > _MOST:
                words = phrase("{items} and {number} more", items=words, number=len(value) - _MOST)
        case {"type": str(name)} if name in TYPES:
            words = type_in_words(value)
        case dict():
            words = _cut(", ".join(sorted(map(str, value))))
        case _:
            words = str(value).lower()
    return words


def type_in_words(type_: Json) -> str:
    """A type with its parameters: ``decimal(9, 3)``, ``array of string``."""
    match type_:
        case {"type": "array", "items": items}:
            return phrase("array of {items}", items=type_in_words(items))
        case {"type": "map", "keys": keys, "values": values}:
            return phrase("map from {keys} to {values}", keys=type_in_words(keys), values=type_in_words(values))
        case {"type": "struct", "struct_type": name}:
            return phrase("struct {name}", name=name)
    parameters = ", ".join(str(type_[name]) for name in TYPES[type_["type"]].fields)
    return f"{type_['type']}({parameters})" if parameters else str(type_["type"])


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
