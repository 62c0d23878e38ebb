"""Which rules of a policy a password breaks.

Passwords are compared with what is known in one case and Unicode form; what is hashed is what was typed.
"""

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Protocol

from gateway.engine.text import folded

MAX_LENGTH = 256
EASY = 5
"""Whoever knows the lists needs about six bits for a unit: up to some billion guesses for so many."""
LONGEST_WORD = 24
SHORTEST_WORD = 3
SHORTEST_WALK = 4
SHORTEST_CORE = 4
SIMILAR = 0.7
"""The part of a word and a password that is the same, from which on the two are taken for similar."""
SEPARATORS = frozenset(" -_.,+&/")
LEET = (str.maketrans("0123457@$!", "oizeastasi"), str.maketrans("0123457@$!", "olzeastasl"))
"""What digits and signs stand for in words, in the two ways that one reads a 1."""
ROWS = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl;",
    "zxcvbnm,./",
    "qwertzuiop",
    "yxcvbnm,.-",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "5tgb",
    "6yhn",
    "7ujm",
    "8ik,",
    "9ol.",
    "0p;/",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "!@#$%^&*()",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ",
    "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ",
    "가나다라마바사아자차카타파하",
)
NEIGHBOURS = frozenset(pair for row in ROWS for way in (row, row[::-1]) for pair in pairwise(way))
"""Pairs of characters that stand beside each other on a keyboard or in a row that everybody knows."""


class Rule(StrEnum):
    """The names of the rules, which programs may rely on."""

    TOO_SHORT = "PASSWORD_TOO_SHORT"
    TOO_LONG = "PASSWORD_TOO_LONG"
    LOWERCASE = "PASSWORD_LOWERCASE"
    UPPERCASE = "PASSWORD_UPPERCASE"
    DIGITS = "PASSWORD_DIGITS"
    SYMBOLS = "PASSWORD_SYMBOLS"
    KNOWN = "PASSWORD_KNOWN"
    TOO_PREDICTABLE = "PASSWORD_TOO_PREDICTABLE"
    TOO_SIMILAR = "PASSWORD_TOO_SIMILAR"
    REUSED = "PASSWORD_REUSED"
    TOO_RECENT = "PASSWORD_TOO_RECENT"
    EXPIRED = "PASSWORD_EXPIRED"


@dataclass(frozen=True)
class Policy:
    """What a password must be like. Lengths and numbers are of Unicode code points."""

    min_length: int = 15
    min_length_with_factor: int = 8
    min_lowercase: int = 0
    min_uppercase: int = 0
    min_digits: int = 0
    min_symbols: int = 0
    blocklist: bool = True


@dataclass(frozen=True)
class Broken:
    """A rule that a password breaks, and the number that it asks for, if any."""

    rule: Rule
    needed: int = 0


class Known(Protocol):
    """What is known of passwords; texts are folded."""

    def is_listed(self, text: str) -> bool:
        """Whether it was somebody's password."""
        ...

    def is_common(self, text: str) -> bool:
        """Whether it is among what passwords are most often made of."""
        ...


def broken_rules(
    password: str, policy: Policy, *, known: Known, context: Collection[str] = (), has_factor: bool = False
) -> list[Broken]:
    """Every rule of ``policy`` that ``password`` breaks.

    Nothing is asked of one that is too long, and whether it can be guessed only where its length fits.

    ``context`` are words that belong to the account, to the product and to the organisation.
    """
    if len(password) > MAX_LENGTH:
        return [Broken(Rule.TOO_LONG, MAX_LENGTH)]
    broken = [*_of_length(password, policy, has_factor=has_factor)]
    fits = not broken
    broken += _of_classes(password, policy)
    if fits and policy.blocklist:
        broken += [Broken(rule) for rule in guessable(password, known=known, context=context)]
    return broken


def guessable(password: str, *, known: Known, context: Collection[str] = ()) -> list[Rule]:
    """Why ``password`` can be guessed: it is known, or too predictable, or made of the account's own words."""
    text = Spelt(folded(password))
    words = frozenset(folded(word) for word in context)
    rules = []
    if text.is_any(known.is_listed):
        rules.append(Rule.KNOWN)
    elif _is_padded(text, known) or units(text, known.is_common) <= EASY:
        rules.append(Rule.TOO_PREDICTABLE)
    if _is_similar(text, words) or (not rules and units(text, known.is_common, words) <= EASY):
        rules.append(Rule.TOO_SIMILAR)
    return rules


@dataclass(frozen=True)
class Spelt:
    """A folded text with what its digits and signs may stand for; all spellings have its length."""

    text: str

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """The text, then those that it may mean."""
        return tuple(dict.fromkeys([self.text, *(self.text.translate(table) for table in LEET)]))

    def is_any(self, accepts: Callable[[str], bool]) -> bool:
        """Whether a spelling is accepted, as it is, without separators or backwards."""
        return any(
            accepts(form)
            for spelling in self.spellings
            for form in dict.fromkeys([spelling, _without_separators(spelling), spelling[::-1]])
            if form
        )


def units(text: Spelt, is_common: Callable[[str], bool], context: Collection[str] = ()) -> int:
    """How much somebody has to guess who puts passwords together of common pieces, in the cheapest way to cut it.

    Beyond :data:`EASY` it is not counted to the end: it is some number above.
    """
    text = Spelt(_unit(text.text))
    length = len(text.text)
    least = [0, *[max(length * 2, EASY + 1)] * length]
    for begin in range(length):
        if least[begin] > EASY:
            continue
        for end, cost in _pieces(text, begin, is_common, context):
            least[end] = min(least[end], least[begin] + cost)
    return least[length]


def _pieces(
    text: Spelt, begin: int, is_common: Callable[[str], bool], context: Collection[str]
) -> Iterator[tuple[int, int]]:
    """Where a piece that begins there may end, and what it costs."""
    whole = text.text
    yield begin + 1, _cost_of_character(whole, begin)
    for end in range(begin + SHORTEST_WORD, min(len(whole), begin + LONGEST_WORD) + 1):
        written = [spelling[begin:end] for spelling in text.spellings]
        if any(word in context for word in written):
            yield end, 1
        if any(is_common(word) for word in written):
            yield end, 1 if _is_year(written[0]) else 2
    yield from _runs(whole, begin)


def _runs(text: str, begin: int) -> Iterator[tuple[int, int]]:
    """Repetitions, sequences, walks on a keyboard and numbers."""
    repeated = _longest(begin, len(text), lambda end: text[begin:end] in text[:begin])
    if repeated - begin >= SHORTEST_WORD:
        yield repeated, 0
    for end in range(begin + SHORTEST_WORD, _sequence_end(text, begin) + 1):
        yield end, 1
    walked = begin + 1
    while walked < len(text) and _are_neighbours(text[walked - 1], text[walked]):
        walked += 1
        if walked - begin >= SHORTEST_WALK:
            yield walked, 1
    digits = _longest(begin, len(text), lambda end: text[begin:end].isdecimal())
    for end in range(begin + 2, digits + 1):
        yield end, 1 if _is_year(text[begin:end]) else (end - begin + 1) // 2


def _longest(begin: int, limit: int, holds: Callable[[int], bool]) -> int:
    end = begin
    while end < limit and holds(end + 1):
        end += 1
    return end


def _sequence_end(text: str, begin: int) -> int:
    """How far characters follow each other by one and the same step of one up, one down or none."""
    if begin + 1 >= len(text):
        return begin
    step = ord(text[begin + 1]) - ord(text[begin])
    if abs(step) > 1:
        return begin
    return 1 + _longest(begin, len(text) - 1, lambda end: ord(text[end]) - ord(text[end - 1]) == step)


def _are_neighbours(first: str, second: str) -> bool:
    return first == second or (first, second) in NEIGHBOURS


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdecimal() and text.startswith(("19", "20"))


def _cost_of_character(text: str, at: int) -> int:
    """A separator between two pieces is for nothing; a character of a large script has more to guess."""
    character = text[at]
    if character in SEPARATORS and 0 < at < len(text) - 1 and text[at - 1] not in SEPARATORS:
        return 0
    return 1 if character.isascii() else 2


def _is_padded(text: Spelt, known: Known) -> bool:
    """Whether it is one known word, perhaps repeated, with digits and signs around it."""
    core = Spelt(_of_letters(text.text))
    unit = Spelt(_unit(core.text))
    return any(
        len(each.text) >= SHORTEST_CORE and each.is_any(lambda form: known.is_listed(form) or known.is_common(form))
        for each in dict.fromkeys([core, unit])
    )


def _of_letters(text: str) -> str:
    """``text`` without what stands before its first letter and after its last."""
    places = [at for at, character in enumerate(text) if character.isalpha()]
    return text[places[0] : places[-1] + 1] if places else ""


def _unit(text: str) -> str:
    """What ``text`` repeats, or all of it."""
    return text[: (text + text).find(text, 1)] if text else text


def _is_similar(text: Spelt, words: Collection[str]) -> bool:
    """Whether a word of the account's makes up most of it, a few letters changed."""
    plain = _without_separators(text.text)
    for word in map(_without_separators, words):
        if len(word) >= SHORTEST_WORD and len(word) * 2 >= len(plain):
            match = SequenceMatcher(None, plain, word)
            if match.quick_ratio() >= SIMILAR and match.ratio() >= SIMILAR:
                return True
    return False


def _without_separators(text: str) -> str:
    return "".join(character for character in text if character not in SEPARATORS)


def _of_length(password: str, policy: Policy, *, has_factor: bool) -> Iterable[Broken]:
    least = policy.min_length_with_factor if has_factor else policy.min_length
    if len(password) < least:
        yield Broken(Rule.TOO_SHORT, least)


def _of_classes(password: str, policy: Policy) -> Iterable[Broken]:
    categories = [unicodedata.category(character) for character in password]
    small, capital, digit = (categories.count(name) for name in ("Ll", "Lu", "Nd"))
    signs = sum(not category.startswith("L") and category != "Nd" for category in categories)
    for rule, found, needed in (
        (Rule.LOWERCASE, small, policy.min_lowercase),
        (Rule.UPPERCASE, capital, policy.min_uppercase),
        (Rule.DIGITS, digit, policy.min_digits),
        (Rule.SYMBOLS, signs, policy.min_symbols),
    ):
        if found < needed:
            yield Broken(rule, needed)
