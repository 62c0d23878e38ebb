"""Three-way merge of prose: by lines, and by words within lines that both sides changed.

A word is taken with the white space before it, so a sentence added at the end changes no word
before it. An ideograph or a kana is a word of its own: their texts have no spaces.

Where both sides changed the same words, few changes go together all the same. Who took more away took away
what the other did. Who added a full stop or a sentence is content with who added the same and sentences more.
Whoever changed nothing but white space there, such as where lines end, yields to who changed words. And whole
sentences, or lines, that both add after another one are both kept, in the order of their characters, unless
they have any in common.
"""

import re
from collections.abc import Sequence

from merging.engine.sequences import Clash, merge_sequences

_CJK = r"\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"\s*(?:[{_CJK}]|[^\W{_CJK}]+|[^\w\s])|\s+")
_PARTS = re.compile(r"\s+|\w+|[^\w\s]")
"""White space, words and single signs."""
_SENTENCE = re.compile(r".*?(?:[.!?…](?=\s|$)|[。！？]|\n|$)", re.DOTALL)
_IDEOGRAPHIC_ENDS = ("。", "！", "？")
"""After these a sentence follows without a space."""
_ENDS = (".", "!", "?", "…", *_IDEOGRAPHIC_ENDS)


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
    """The side that did all that the other side did, and more of the same."""
    for less, more in ((ours, theirs), (theirs, ours)):
        if _takes_more(base, less, more) or (not base and _says_more(less, more)):
            return more
    return None


def _takes_more(base: str, less: str, more: str) -> bool:
    """Whether either takes away only, and ``more`` whatever ``less`` does."""
    before, some, few = (_PARTS.findall(text) for text in (base, less, more))
    return _is_within(some, before) and _is_within(few, some)


def _says_more(less: str, more: str) -> bool:
    """Whether ``more`` goes on after the sentences of ``less``, or has its signs, which are no words, at an end."""
    if not re.search(r"\w", less):
        return more.startswith(less) or more.endswith(less)
    return (
        less.endswith(_ENDS)
        and more.startswith(less)
        and (more[len(less)].isspace() or less.endswith(_IDEOGRAPHIC_ENDS))
    )


def _of_words(base: str, ours: str, theirs: str) -> str | None:
    """The side that changed words, where the other changed white space only."""
    before, left, right = (text.split() for text in (base, ours, theirs))
    if left == right:
        return None
    return theirs if left == before else ours if right == before else None


def _one_after_the_other(before: str, base: str, ours: str, theirs: str) -> str | None:
    """The sentences, or the lines, that both sides add after the one that ``before`` ends."""
    added = (ours, theirs)
    are_lines = all(text.endswith("\n") for text in (before, *added))
    are_sentences = all(text.endswith(_ENDS) and "\n" not in text for text in (before, *added)) and all(
        text[0].isspace() or before.endswith(_IDEOGRAPHIC_ENDS) for text in added
    )
    if base or not (are_lines or are_sentences):
        return None
    some, others = ({sentence.strip() for sentence in _SENTENCE.findall(text)} - {""} for text in added)
    return "".join(sorted(added)) if some.isdisjoint(others) else None


def _is_within(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether ``short`` comes of ``long`` by leaving items out."""
    rest = iter(long)
    return all(item in rest for item in short)
