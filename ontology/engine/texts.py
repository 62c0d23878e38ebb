"""Texts that may be there in several languages."""

from collections.abc import Mapping

from ontology.engine.shapes import Json


def text_in(language: str, value: Json) -> str:
    """A localised text in ``language``, else in English, else in any; empty where there is none."""
    if not isinstance(value, Mapping):
        return value if isinstance(value, str) else ""
    return next((value[tag] for tag in (language, "en", *sorted(value)) if tag in value), "")
