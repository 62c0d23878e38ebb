"""Telling sentences in the reader's language, which is the one that Django has activated."""

from typing import Any

from django.utils.translation import gettext, ngettext

from gateway.engine.sentences import Sentence

Json = Any


def translated(text: str) -> str:
    """A sentence in the reader's language; any other text, a name or one that is translated already, as it is."""
    return text.retold(_template) if isinstance(text, Sentence) else text


def translated_json(value: Json) -> Json:
    """``value`` with every sentence in it in the reader's language."""
    match value:
        case str():
            return translated(value)
        case dict():
            return {key: translated_json(part) for key, part in value.items()}
        case list() | tuple():
            return [translated_json(part) for part in value]
    return value


def _template(sentence: Sentence) -> str:
    if sentence.plural:
        return ngettext(sentence.template, sentence.plural, int(sentence.words["count"]))
    return gettext(sentence.template)
