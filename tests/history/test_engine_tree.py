"""The ordered Merkle tree, against a dictionary that it must agree with."""

import hashlib
from collections.abc import Iterable, Mapping
from itertools import pairwise
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from history.engine import tree
from history.engine.content import Key
from history.engine.tree import EMPTY, EMPTY_ROOT, Difference, Digest, Entry, Node, boundary_level

MANY = 20_000
Contents = dict[Key, Digest]


class MemoryStore:
    """Nodes in a dictionary; counts what is asked of it."""

    def __init__(self) -> None:
        self.nodes: dict[Digest, Node] = {EMPTY_ROOT: EMPTY}
        self.forget_counts()

    def forget_counts(self) -> None:
        self.batches, self.loaded, self.saved = 0, set[Digest](), set[Digest]()

    def load(self, digests: Iterable[Digest]) -> Mapping[Digest, Node]:
        wanted = set(digests)
        self.batches += bool(wanted)
        self.loaded |= wanted
        return {digest: self.nodes[digest] for digest in wanted}

    def save(self, node: Node) -> Digest:
        digest = tree.node_digest(node)
        self.nodes[digest] = node
        self.saved.add(digest)
        return digest


def blob(text: object) -> Digest:
    return hashlib.sha256(str(text).encode()).hexdigest()


def built(store: MemoryStore, contents: Mapping[Key, Digest]) -> Digest:
    return tree.edit(store, EMPTY_ROOT, contents)


def contents_of(store: MemoryStore, root: Digest) -> Contents:
    return {entry.key: entry.digest for entry in tree.scan(store, root)}


def applied(contents: Contents, edits: Mapping[Key, Digest | None]) -> Contents:
    return {key: digest for key, digest in {**contents, **edits}.items() if digest is not None}


def assert_well_formed(store: MemoryStore, root: Digest) -> None:
    """Every node of a level but the last ends on a boundary, and no boundary lies within a node."""
    level = [root]
    while True:
        nodes = [store.nodes[digest] for digest in level]
        for node in nodes:
            assert Node.of(node.level, node.entries) == node
            assert all(left.key < right.key for left, right in pairwise(node.entries))
            assert all(boundary_level(entry.key) <= node.level for entry in node.entries[:-1])
        assert all(boundary_level(node.entries[-1].key) > node.level for node in nodes[:-1])
        assert all(left.entries[-1].key < right.entries[0].key for left, right in pairwise(nodes))
        below = [entry for node in nodes for entry in node.entries]
        if not nodes[0].level:
            return
        for entry in below:
            child = store.nodes[entry.digest]
            held = sum(below.size for below in child.entries)
            assert (entry.key, entry.size) == (child.entries[-1].key, held)
        level = [entry.digest for entry in below]


# --- Small trees of many levels ---------------------------------------------------------------------

keys = st.tuples(st.sampled_from(["action", "object", "value"]), st.text("abcdeé가", min_size=1, max_size=3))
blobs = st.sampled_from([blob(number) for number in range(3)])
some_contents = st.dictionaries(keys, blobs, max_size=60)
some_edits = st.dictionaries(keys, st.none() | blobs, max_size=20)


@pytest.fixture
def deep(monkeypatch: pytest.MonkeyPatch):
    """A boundary in two keys instead of one in 32, so that sixty keys make a tree of about six levels."""
    monkeypatch.setattr(tree, "BITS", 1)
    boundary_level.cache_clear()
    yield
    boundary_level.cache_clear()


def in_deep_trees(test):
    """Run a property with the fixture ``deep``, once for all of its examples."""
    return pytest.mark.usefixtures("deep")(test)


@in_deep_trees
@given(some_contents, st.lists(some_edits, max_size=6))
@example({}, [{("object", "a"): None}])
def test_the_same_contents_have_one_root_whatever_the_route(contents: Contents, route: list[dict]) -> None:
    store = MemoryStore()
    root = built(store, contents)
    for edits in route:
        root, contents = tree.edit(store, root, edits), applied(contents, edits)
    assert root == built(MemoryStore(), contents)
    assert contents_of(store, root) == contents
    assert_well_formed(store, root)


@in_deep_trees
@given(some_contents, st.randoms())
def test_keys_may_come_one_by_one_in_any_order(contents: Contents, random: Random) -> None:
    store = MemoryStore()
    root, order = EMPTY_ROOT, list(contents)
    random.shuffle(order)
    for key in order:
        root = tree.edit(store, root, {key: contents[key]})
    assert root == built(store, contents)


@in_deep_trees
@given(some_contents, some_edits)
def test_what_was_edited_and_put_back_is_as_it_was(contents: Contents, edits: dict) -> None:
    store = MemoryStore()
    root = built(store, contents)
    edited = tree.edit(store, root, edits)
    assert tree.edit(store, edited, {key: contents.get(key) for key in edits}) == root
    assert tree.edit(store, edited, dict.fromkeys(applied(contents, edits))) == EMPTY_ROOT


@in_deep_trees
@given(some_contents, st.sets(keys, max_size=10))
def test_a_lookup_finds_what_is_there(contents: Contents, wanted: set[Key]) -> None:
    store = MemoryStore()
    root = built(store, contents)
    expected = {key: contents[key] for key in wanted if key in contents}
    assert tree.lookup(store, root, wanted) == expected
    assert tree.lookup(store, root, contents) == contents


@in_deep_trees
@given(st.lists(some_contents, min_size=1, max_size=5), keys)
def test_a_key_is_looked_up_in_several_trees_at_once(states: list[Contents], key: Key) -> None:
    store = MemoryStore()
    roots = [built(store, contents) for contents in states]
    expected = {root: contents.get(key) for root, contents in zip(roots, states, strict=True)}
    assert tree.lookup_in(store, set(roots), key) == expected


@in_deep_trees
@given(some_contents, st.integers(0, 70), st.integers(1, 9))
def test_a_scan_gives_everything_in_order_behind_what_it_skips(contents: Contents, skip: int, batch: int) -> None:
    store = MemoryStore()
    root = built(store, contents)
    expected = [Entry(key, contents[key], 1) for key in sorted(contents)][skip:]
    assert list(tree.scan(store, root, skip=skip, batch=batch)) == expected


@in_deep_trees
@given(some_contents, keys)
def test_a_rank_counts_what_stands_before(contents: Contents, key: Key) -> None:
    store = MemoryStore()
    assert tree.rank(store, built(store, contents), key) == sum(other < key for other in contents)


@in_deep_trees
@given(some_contents, some_contents, some_edits)
def test_a_difference_is_that_of_the_dictionaries(before: Contents, other: Contents, edits: dict) -> None:
    store = MemoryStore()
    for after in (other, applied(before, edits)):
        expected = [
            Difference(key, before.get(key), after.get(key))
            for key in sorted(before.keys() | after.keys())
            if before.get(key) != after.get(key)
        ]
        roots = built(store, before), built(store, after)
        assert tree.diff(store, *roots) == expected
        assert tree.diff(store, *reversed(roots)) == [Difference(key, new, old) for key, old, new in expected]


# --- Large trees: what an operation costs -----------------------------------------------------------


@pytest.fixture(scope="module")
def large() -> tuple[MemoryStore, Digest, list[Key]]:
    """20,000 resources: four levels of about 16 entries a node."""
    contents = {("object_type", f"Type{number:05}"): blob(number) for number in range(MANY)}
    store = MemoryStore()
    return store, built(store, contents), sorted(contents)


def levels(store: MemoryStore, root: Digest) -> int:
    return store.nodes[root].level + 1


def test_a_large_tree_is_flat_and_its_nodes_are_small(large) -> None:
    store, root, _ = large
    assert levels(store, root) in {4, 5}
    assert_well_formed(store, root)
    leaves = [node for node in store.nodes.values() if not node.level and node.entries]
    assert 10 < MANY / len(leaves) < 25


@pytest.mark.parametrize("number", [0, 1, 7_777, MANY - 1])
def test_an_edit_of_one_key_writes_one_node_a_level(large, number: int) -> None:
    store, root, keys = large
    store.forget_counts()
    edited = tree.edit(store, root, {keys[number]: blob("edited")})
    assert edited != root
    assert len(store.saved) == levels(store, root)
    assert len(store.loaded) <= 2 * levels(store, root)


def test_a_new_key_and_a_removed_one_write_at_most_a_split_or_a_join_a_level(large) -> None:
    store, root, keys = large
    for number in range(0, MANY, 500):
        kind, name = keys[number]
        for edits in ({(kind, f"{name}x"): blob("new")}, {keys[number]: None}):
            store.forget_counts()
            tree.edit(store, root, edits)
            assert len(store.saved) <= 2 * levels(store, root) + 1


def test_an_edit_that_changes_nothing_writes_only_what_is_there(large) -> None:
    store, root, keys = large
    known = set(store.nodes)
    assert tree.edit(store, root, {keys[5]: blob(5), ("object_type", "Nobody"): None}) == root
    assert tree.edit(store, root, {}) == root
    assert set(store.nodes) == known


def test_a_difference_reads_only_what_is_not_shared_in_one_batch_a_level(large) -> None:
    store, root, keys = large
    depth = levels(store, root)
    for changed in (1, 20, 200):
        edits = {key: blob("edited") for key in keys[:: MANY // changed][:changed]}
        edited = tree.edit(store, root, edits)
        store.forget_counts()
        assert {found.key for found in tree.diff(store, root, edited)} == set(edits)
        assert store.batches <= depth
        assert len(store.loaded) <= 2 * changed * depth
    store.forget_counts()
    assert tree.diff(store, root, root) == []
    assert store.loaded <= {root}


def test_many_differences_read_one_batch_a_level_together(large) -> None:
    store, root, keys = large
    depth = levels(store, root)
    roots = [root, *(tree.edit(store, root, {key: blob("edited")}) for key in keys[::400])]
    pairs = [*pairwise(roots), (root, EMPTY_ROOT), (root, root)]
    expected = [tree.diff(store, *pair) for pair in pairs]
    store.forget_counts()
    assert tree.diffs(store, pairs) == expected
    assert store.batches <= depth
    assert tree.diffs(store, []) == []


def test_a_page_reads_a_few_nodes_wherever_it_lies(large) -> None:
    store, root, keys = large
    for skip in (0, 9_999, MANY - 50):
        store.forget_counts()
        rows = tree.scan(store, root, skip=skip, batch=4)
        page = [next(rows).key for _ in range(50)]
        assert page == keys[skip : skip + 50]
        assert len(store.loaded) <= 16


def test_a_lookup_reads_one_batch_a_level_for_any_number_of_keys(large) -> None:
    store, root, keys = large
    store.forget_counts()
    assert len(tree.lookup(store, root, keys[::10])) == MANY // 10
    assert store.batches == levels(store, root)


def test_two_edits_of_different_keys_meet_in_one_root(large) -> None:
    store, root, keys = large
    left = {key: blob("left") for key in keys[::97]}
    right = {(kind, f"{name}x"): blob("right") for kind, name in keys[::89]} | dict.fromkeys(keys[1::101])
    one = tree.edit(store, tree.edit(store, root, left), right)
    other = tree.edit(store, tree.edit(store, root, right), {key: left[key] for key in left if key not in right})
    expected = applied(applied(contents_of(store, root), left), right)
    assert one == built(MemoryStore(), expected)
    assert one == other
