"""Three-way merge of prose, by lines and words."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merging.engine.text import merge_text

CONFLICT = None

CASES = {
    "one side changed": ("a b c", "a x c", "a b c", "a x c"),
    "both made the same change": ("a b c", "a x c", "a x c", "a x c"),
    "different words": ("the quick brown fox", "the slow brown fox", "the quick brown cat", "the slow brown cat"),
    "the same word differently": ("a b c", "a x c", "a y c", CONFLICT),
    "one word deleted, the next replaced": ("a b c", "a c", "a b x", "a x"),
    "neighbouring words replaced": ("a b c d", "a x c d", "a b y d", "a x y d"),
    "a word deleted that the other side replaced": ("a b c", "a c", "a x c", CONFLICT),
    "a sentence appended, an earlier word changed": ("A b.", "A b. And c.", "An b.", "An b. And c."),
    "a sentence appended, the last word corrected": ("A b", "A b. And c.", "A b", "A b. And c."),
    "a sentence appended to a last word that was replaced": ("A b", "A b And c", "A x", "A x And c"),
    "a sentence appended to one that was cut": ("A b c", "A b c And d", "A", CONFLICT),
    "both inserted the same word, one changed the next too": (
        "a person",
        "a living person",
        "a living human",
        CONFLICT,
    ),
    "the same insertion": ("a c", "a b c", "a b c", "a b c"),
    "different insertions at one place": ("a c", "a x c", "a y c", CONFLICT),
    "insertions at different places": ("a b c", "x a b c", "a b c z", "x a b c z"),
    "different lines": ("one\ntwo\nthree\n", "ONE\ntwo\nthree\n", "one\ntwo\nTHREE\n", "ONE\ntwo\nTHREE\n"),
    "one line, different words": ("one two\nx\n", "ONE two\nx\n", "one TWO\nx\n", "ONE TWO\nx\n"),
    "line ends are kept": ("a\r\nb\r\n", "a\r\nc\r\n", "x\r\nb\r\n", "x\r\nc\r\n"),
    "white space is kept": ("a  b\tc", "x  b\tc", "a  b\ty", "x  b\ty"),
    "white space changed on both sides": ("a b", "a  b", "a\tb", CONFLICT),
    "white space on one side, a word on the other": ("a  b c", "a b c", "a  x c", "a  x c"),
    "lines that end elsewhere on one side, a word on the other": (
        "a b\nc d\n",
        "a b c\nd\n",
        "a b\nx d\n",
        "a b\nx d\n",
    ),
    "emptied on one side, changed on the other": ("a b", "", "a c", CONFLICT),
    "nothing before": ("", "a", "b", CONFLICT),
    "nothing before, and one says a sentence more": ("", "A drug.", "A drug. Or two.", "A drug. Or two."),
    "nothing before, and one means more": ("", "A drug.", "A drug, or a mixture of some.", CONFLICT),
    "a full stop, and a full stop with a sentence more": ("A drug", "A drug.", "A drug. Or two.", "A drug. Or two."),
    "a full stop, and a sentence before one": ("A drug", "A drug.", "A drug or two.", "A drug or two."),
    "a sentence more on either side": ("A b.", "A b. See x.", "A b. Note y.", "A b. Note y. See x."),
    "a sentence more on either side, before another": ("A. B.", "A. Y! B.", "A. X? B.", "A. X? Y! B."),
    "half a sentence more on either side": ("A b.", "A b, or x.", "A b, or y.", CONFLICT),
    "the same sentence on both sides, and one more": ("A b.", "A b. C.", "A b. C. D.", "A b. C. D."),
    "a line more on either side": ("a\n", "a\nc\n", "a\nb\n", "a\nb\nc\n"),
    "numbers that grow on either side": ("Since 1.", "Since 1.5.", "Since 1.6.", CONFLICT),
    "sentences more of which some are the same": ("A.", "A. B. C.", "A. B. D.", CONFLICT),
    "a line more and a line that does not end": ("A.\n", "A.\nY.\n", "A.\nX.", CONFLICT),
    "a sentence and a paragraph more": ("A.", "A. B.", "A.\n\nC.", CONFLICT),
    "a word on both sides, and one before it": (
        "It may be so.",
        "It may not be so.",
        "It may usually not be so.",
        CONFLICT,
    ),
    "a word on both sides, and its opposite": (
        "It is here",
        "It is required here",
        "It is not required here",
        CONFLICT,
    ),
    "a number on both sides, and another": ("At most items", "At most 5 items", "At most 10 or 5 items", CONFLICT),
    "sentences without spaces": ("人有名字。", "人有名字。见一。", "人有名字。见二。", "人有名字。见一。见二。"),
    "one side emptied what the other shortened": ("a b", "a", "", ""),
    "one side took more of the same away": ("a b c d", "a d", "a", "a"),
    "one side took away what the other added to": ("a b c", "a c", "a b x c", CONFLICT),
    "one side says more, but not what the other says": ("a", "a very b", "a b c", CONFLICT),
    "Korean words": ("사람은 이름이 있다", "사람은 별명이 있다", "사람은 이름이 없다", "사람은 별명이 없다"),
    "ideographs without spaces": ("人有名字", "人有姓字", "人无名字", "人无姓字"),
}


@pytest.mark.parametrize(("base", "ours", "theirs", "merged"), CASES.values(), ids=CASES.keys())
def test_prose_merges_word_by_word(base: str, ours: str, theirs: str, merged: str | None) -> None:
    assert merge_text(base, ours, theirs) == merged
    assert merge_text(base, theirs, ours) == merged


prose = st.lists(st.sampled_from(["a", "b", "c", "d", " ", "\n", "\r\n", "。", "字"]), max_size=30).map("".join)


@given(prose, prose)
def test_what_one_side_changed_is_taken_as_it_is(base: str, side: str) -> None:
    assert merge_text(base, base, side) == side
    assert merge_text(base, side, base) == side
    assert merge_text(base, side, side) == side


@given(prose, prose, prose)
def test_swapped_sides_give_the_same_text(base: str, ours: str, theirs: str) -> None:
    assert merge_text(base, ours, theirs) == merge_text(base, theirs, ours)


@given(st.lists(st.sampled_from("ab"), max_size=3), st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=8))
def test_changes_around_an_untouched_middle_both_survive(added: list[str], words: list[str]) -> None:
    base = " ".join(words)
    before, after = "".join(f"{word}1 " for word in added), "".join(f" {word}2" for word in added)
    assert merge_text(base, before + base, base + after) == before + base + after


def _sides_of(words: list[str], separator: str) -> tuple[str, str, str]:
    ours = [f"{word}!" if place % 30 == 0 else word for place, word in enumerate(words)]
    theirs = [f"{word}?" if place % 30 == 15 else word for place, word in enumerate(words)]
    return separator.join(words), separator.join(ours), separator.join(theirs)


LARGE = {
    "a long line of prose": _sides_of([f"word{place * place % 997}" for place in range(15_000)], " "),
    "many lines": _sides_of([f"line {place * place % 997}" for place in range(12_000)], "\n"),
    "rewritten on both sides": (
        " ".join(f"w{place * 7 % 613}" for place in range(20_000)),
        " ".join(f"w{place * 11 % 613}" for place in range(20_000)),
        " ".join(f"w{place * 13 % 613}" for place in range(20_000)),
    ),
    "the same two words over and over": ("a b " * 25_000, "b a a " * 17_000, "a b b " * 17_000),
    "turned round": (
        " ".join(f"w{place}" for place in range(15_000)),
        " ".join(f"w{place}" for place in reversed(range(15_000))),
        " ".join(f"w{place * 7 % 15_000}" for place in range(15_000)),
    ),
    "nothing but white space": (" " * 100_000, " " * 99_999 + "a", " " * 99_990 + "b"),
}


@pytest.mark.parametrize("texts", LARGE.values(), ids=LARGE.keys())
def test_a_hundred_kilobytes_merge_in_well_under_a_second(texts: tuple[str, str, str]) -> None:
    started = time.process_time()
    merge_text(*texts)
    assert time.process_time() - started < 1
