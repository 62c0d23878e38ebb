"""Sentences that are English until an edge tells them in the reader's language.

Engines and services do not know who reads what they say. What they say is therefore its English text, which is
what is logged and compared, and remembers how it was made, so that it can be made anew of a translation, later and
elsewhere as well where it was :func:`stored`.
``manage.py makemessages`` finds the templates where the four functions here are called with them.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any, Final, Self

Json = Any
Word = str | int | float
"""What fills a template: a sentence is translated with it, anything else is the same in every language."""

_OPENING: Final = re.compile(r"\{(\w+)\}")
_NO_WORDS: Final[Mapping[str, Word]] = {}


class Sentence(str):
    """An English text, its ``template`` and the ``words`` that fill it.

    As a value it is its text: equal, hashed, sorted and written as that. What ``str`` makes of it, ``+`` and
    ``format`` among it, is plain text that cannot be translated: put sentences into templates instead.
    """

    __slots__ = ("is_whole", "plural", "template", "words")

    template: str
    words: Mapping[str, Word]
    plural: str
    """The template for a ``count`` other than one; empty where no number decides."""
    is_whole: bool
    """Whether it is no part of a sentence: it then has a capital where it begins with such a part."""

    def __new__(
        cls, template: str, words: Mapping[str, Word] = _NO_WORDS, *, plural: str = "", is_whole: bool = False
    ) -> Self:
        english = plural if plural and words["count"] != 1 else template
        has_capital = is_whole and _begins_with_a_part(english, words)
        made = super().__new__(cls, _filled(english, words, has_capital=has_capital))
        made.template, made.words, made.plural, made.is_whole = template, words, plural, is_whole
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.template, self.words), {"plural": self.plural, "is_whole": self.is_whole}

    def retold(self, look_up: Callable[["Sentence"], str]) -> str:
        """The text by the template that ``look_up`` has for this sentence and for each among its words."""
        template = look_up(self)
        words = {
            name: word.retold(look_up) if isinstance(word, Sentence) else word for name, word in self.words.items()
        }
        has_capital = self.is_whole and _begins_with_a_part(template, self.words)
        return _filled(template, words, has_capital=has_capital)


def sentence(template: str, /, **words: Word) -> Sentence:
    """A whole sentence: ``sentence("There is no {kind} {name}.", kind=kind, name=shown(name))``.

    A template without words is taken as it stands, braces included.
    """
    return Sentence(template, words, is_whole=True)


def phrase(template: str, /, **words: Word) -> Sentence:
    """A part of a sentence: a noun, a clause, an end that may be missing."""
    return Sentence(template, words)


def counted(template: str, plural: str, /, *, count: int, **words: Word) -> Sentence:
    """A whole sentence whose form follows ``count``, which is one of its words."""
    return Sentence(template, {"count": count, **words}, plural=plural, is_whole=True)


def joined(template: str, parts: Iterable[str]) -> str:
    """``parts``, at least one, put together two by two by ``template``: ``joined("{first} or {second}", names)``."""
    return reduce(lambda first, second: Sentence(template, {"first": first, "second": second}), parts)


def stored(value: Json) -> Json:
    """``value`` as JSON that remembers how the sentences in it were made, for :func:`restored`; other texts stay.

    No mapping of its own has the keys of a stored sentence.
    """
    match value:
        case Sentence():
            words = {name: _stored_word(word) for name, word in value.words.items()}
            return {"template": value.template, "words": words, "plural": value.plural, "is_whole": value.is_whole}
        case dict():
            return {key: stored(part) for key, part in value.items()}
        case list() | tuple():
            return [stored(part) for part in value]
    return value


def restored(value: Json) -> Json:
    """What :func:`stored` was given, with every sentence in it as it was made."""
    match value:
        case {"template": template, "words": words, "plural": plural, "is_whole": is_whole}:
            return Sentence(template, restored(words), plural=plural, is_whole=is_whole)
        case dict():
            return {key: restored(part) for key, part in value.items()}
        case list():
            return [restored(part) for part in value]
    return value


def _stored_word(word: Word) -> Json:
    # JSON has no infinity, and databases write a float in other digits than Python.
    return str(word) if isinstance(word, float) else stored(word)


def _filled(template: str, words: Mapping[str, Word], *, has_capital: bool) -> str:
    text = template.format_map(words) if words else template
    return text[:1].upper() + text[1:] if has_capital else text


def _begins_with_a_part(template: str, words: Mapping[str, Word]) -> bool:
    opening = _OPENING.match(template)
    return opening is not None and isinstance(words.get(opening[1]), Sentence)
