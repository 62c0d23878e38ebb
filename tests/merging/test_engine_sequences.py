"""Matching of sequences, and their three-way merge in pieces."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from merging.engine.matching import matching
from merging.engine.sequences import Clash, Merged, merge_sequences

items = st.lists(st.integers(0, 5), max_size=40)


@given(items, items)
def test_matching_pairs_equal_items_in_order(left: list[int], right: list[int]) -> None:
    pairs = matching(left, right)
    assert all(left[i] == right[j] for i, j in pairs)
    assert all(i < next_i and j < next_j for (i, j), (next_i, next_j) in pairwise(pairs))


@given(items)
def test_a_sequence_matches_itself_throughout(sequence: list[int]) -> None:
    assert matching(sequence, sequence) == [(place, place) for place in range(len(sequence))]


@given(items, items)
def test_nothing_that_matches_is_left_between_two_matches(left: list[int], right: list[int]) -> None:
    i = j = 0
    for next_i, next_j in [*matching(left, right), (len(left), len(right))]:
        assert not set(left[i:next_i]) & set(right[j:next_j])
        i, j = next_i + 1, next_j + 1


@given(items, items, items)
def test_swapped_sides_give_the_same_pieces_with_clashes_swapped(base, ours, theirs) -> None:
    mirrored = [
        Clash(piece.base, piece.theirs, piece.ours) if isinstance(piece, Clash) else piece
        for piece in merge_sequences(base, theirs, ours)
    ]
    assert merge_sequences(base, ours, theirs) == mirrored


@given(items, items, items)
def test_every_clash_is_a_true_disagreement(base, ours, theirs) -> None:
    for piece in merge_sequences(base, ours, theirs):
        if isinstance(piece, Clash):
            assert list(piece.ours) != list(piece.theirs)
            assert list(piece.base) not in (list(piece.ours), list(piece.theirs))


@given(items, items, items)
def test_the_base_is_covered_once_and_in_order(base, ours, theirs) -> None:
    """With ours put in the place of clashes, and theirs equal to the base, the pieces are ours."""
    pieces = merge_sequences(base, ours, base)
    assert not any(isinstance(piece, Clash) for piece in pieces)
    assert [item for piece in pieces if isinstance(piece, Merged) for item in piece.items] == ours
