"""Where a walk over a content stands, and what it found wrong there."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any

from gateway.engine.json_pointer import pointer
from gateway.engine.sentences import Sentence, phrase, sentence
from gateway.engine.text import is_storable
from history.engine.content import Violation

DEEPEST = 32
"""How many levels of objects and lists a content may have."""

MOST = 1_000
"""How many violations of one content are kept."""


class Findings:
    """The first violations found, up to :data:`MOST`. What has none of the asked form is refused and None."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []
        self._path: list[str | int] = []

    @contextmanager
    def below(self, token: str | int) -> Iterator[None]:
        """What is refused inside stands at ``token`` below the place before."""
        self._path.append(token)
        yield
        self._path.pop()

    @property
    def is_full(self) -> bool:
        """Whether no more violations are kept."""
        return len(self.violations) >= MOST

    def refuse(self, rule: str, message: Sentence, *below: str | int) -> None:
        if self.is_full:
            return
        self.violations.append(Violation(rule, pointer("", *self._path, *below), message))

    def mistyped(self, expectation: Sentence, value: Any) -> None:
        self.refuse("FIELD_TYPE", sentence("{expectation}, not {sort}.", expectation=expectation, sort=sort(value)))

    def mapping(self, value: Any, noun: Sentence) -> Mapping[Any, Any] | None:
        """``value`` where it is an object and not too deep."""
        if isinstance(value, dict):
            return value if self._is_shallow() else None
        self.mistyped(phrase("{noun} must be an object", noun=noun), value)
        return None

    def sequence(self, value: Any, noun: Sentence) -> list[Any] | None:
        """``value`` where it is a list and not too deep."""
        if isinstance(value, list):
            return value if self._is_shallow() else None
        self.mistyped(phrase("{noun} must be a list", noun=noun), value)
        return None

    def string(self, value: Any, noun: Sentence) -> str | None:
        """``value`` where it is text that can be stored."""
        if not isinstance(value, str):
            self.mistyped(phrase("{noun} must be a string", noun=noun), value)
            return None
        if is_storable(value):
            return value
        self.refuse("TEXT_INVALID", sentence("Text must not hold NUL or lone surrogates."))
        return None

    def unknown_field(self, noun: Sentence, key: Any, known: Iterable[str]) -> None:
        if isinstance(key, str) and is_storable(key):
            near = self.nearest(key, known)
            message = sentence("{noun} has no field {field}{nearest}.", noun=noun, field=shown(key), nearest=near)
            self.refuse("FIELD_UNKNOWN", message, key)
        else:
            message = sentence("The key {key} must be text without NUL and lone surrogates.", key=shown(key))
            self.refuse("TEXT_INVALID", message)

    def nearest(self, word: Any, known: Iterable[str]) -> str:
        """As :func:`nearest`, which takes its time, as long as violations are kept."""
        return "" if self.is_full else nearest(word, known)

    def _is_shallow(self) -> bool:
        if len(self._path) < DEEPEST:
            return True
        self.refuse("NESTED_TOO_DEEP", sentence("A content has at most {limit} levels.", limit=DEEPEST))
        return False


def nearest(word: Any, known: Iterable[str]) -> str:
    """The end of a sentence that offers what may have been meant."""
    close = get_close_matches(word[:100], list(known), n=1, cutoff=0.5) if isinstance(word, str) else []
    return phrase("; the nearest is {word}", word=shown(close[0])) if close else ""


def shown(value: Any) -> str:
    """``value`` as a sentence shows it: text in quotes and shortened, anything else by its sort."""
    if not isinstance(value, str):
        return sort(value)
    return repr(value if len(value) <= 60 else value[:59] + "…")


def sort(value: Any) -> Sentence:
    """What sort of JSON value this is, with its article."""
    match value:
        case None:
            return phrase("null")
        case bool():
            return phrase("a boolean")
        case int() | float():
            return phrase("a number")
        case str():
            return phrase("a string")
        case list():
            return phrase("a list")
    return phrase("an object")
