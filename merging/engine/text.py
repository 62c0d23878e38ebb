"""Three-way merge of prose: by lines, and by words within lines that both sides changed.

A word is taken with the white space before it, so a sentence added at the end changes no word
before it. An ideograph or a kana is a word of its own: their texts have no spaces.

Where both sides changed the same words, one change may contain the other: one side added a full stop, the
other the same and a sentence more. Then it stands for both. Whoever changed nothing but white space there, such
as where lines end, yields to who changed words. Whole sentences that both add at one place after another sentence
change no word: both are kept, in the order of their characters.
"""

import re
from collections.abc import Sequence

from merging.engine.sequences import Clash, merge_sequences

_CJK = r"\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"\s*(?:[{_CJK}]|[^\W{_CJK}]+|[^\w\s])|\s+")
_PARTS = re.compile(r"\s+|\w+|[^\w\s]")
"""White space, words and single signs."""
_ENDS = (*".!?。！？", "\n")
"""Ends of sentences and of lines."""


def merge_text(base: str, ours: str, theirs: str) -> str | None:
    """The merged text, or None where both sides changed the same words differently.

    Symmetric in ``ours`` and ``theirs``. Nothing is normalised: line ends and white space are as
    a side wrote them.
    """
    merged: list[str] = []
    for piece in merge_sequences(*(text.splitlines(keepends=True) for text in (base, ours, theirs))):
        if not isinstance(piece, Clash):
            merged += piece.items
            continue
        before = merged[-1] if merged else ""
        words = _merged_words(before, "".join(piece.base), "".join(piece.ours), "".join(piece.theirs))
        if words is None:
            return None
        merged.append(words)
    return "".join(merged)


def _merged_words(before: str, base: str, ours: str, theirs: str) -> str | None:
    """The merge of what follows ``before``."""
    merged = [before]
    for piece in merge_sequences(*(_WORD.findall(text) for text in (base, ours, theirs))):
        if not isinstance(piece, Clash):
            merged += piece.items
            continue
        sides = ["".join(words) for words in (piece.base, piece.ours, piece.theirs)]
        settled = (_containing(*sides), _of_words(*sides), _one_after_the_other(merged[-1], *sides))
        found = next((text for text in settled if text is not None), None)
        if found is None:
            return None
        merged.append(found)
    return "".join(merged[1:])


def _containing(base: str, ours: str, theirs: str) -> str | None:
    """The side whose change contains the other side's: all that it added, or all that it took away."""
    before, left, right = (_PARTS.findall(text) for text in (base, ours, theirs))
    for less, more, text in ((left, right, theirs), (right, left, ours)):
        adds = _is_within(before, less) and _is_within(less, more)
        removes = _is_within(less, before) and _is_within(more, less)
        if adds or removes:
            return text
    return None


def _of_words(base: str, ours: str, theirs: str) -> str | None:
    """The side that changed words, where the other changed white space only."""
    before, left, right = (text.split() for text in (base, ours, theirs))
    if left == right:
        return None
    return theirs if left == before else ours if right == before else None


def _one_after_the_other(before: str, base: str, ours: str, theirs: str) -> str | None:
    """The sentences that both sides add after the one that ``before`` ends."""
    if base or not all(_ends_a_sentence(text) for text in (before, ours, theirs)):
        return None
    return "".join(sorted((ours, theirs)))


def _ends_a_sentence(text: str) -> bool:
    return text.rstrip(" \t").endswith(_ENDS)


def _is_within(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether ``short`` comes of ``long`` by leaving items out."""
    rest = iter(long)
    return all(item in rest for item in short)
