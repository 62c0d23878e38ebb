"""Merge bases and ancestry, against brute force, and what they cost in a long history."""

from collections.abc import Collection, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from history.engine.dag import CommitNode, Jump, is_ancestor, is_line, merge_bases, merge_bases_of, next_jump, reaching

LONG = 100_000


class MemoryGraph:
    """A commit graph in dictionaries; counts the commits that are looked at."""

    def __init__(self) -> None:
        self.nodes: dict[str, CommitNode] = {}
        self.jumps: dict[str, Jump] = {}
        self.below: dict[str, list[str]] = {}
        self.reads = 0

    def add(self, digest: str, *parents: str) -> str:
        first = self.jumps[parents[0]] if parents else None
        if first is None:
            jump = Jump(0, None, 0)
        else:
            jump = next_jump(parents[0], first, self.jumps[first.jump] if first.jump else None)
        generation = 1 + max((self.nodes[parent].generation for parent in parents), default=-1)
        self.nodes[digest] = CommitNode(digest, parents, generation, jump.depth)
        self.jumps[digest] = jump
        for parent in parents:
            self.below.setdefault(parent, []).append(digest)
        return digest

    def line(self, name: str, start: str, length: int) -> str:
        """``length`` commits one after the other; the last one."""
        for number in range(length):
            start = self.add(f"{name}{number:06}", start)
        return start

    def commits(self, digests: Collection[str]) -> Mapping[str, CommitNode]:
        self.reads += len(digests)
        return {digest: self.nodes[digest] for digest in digests}

    def children(self, digests: Collection[str]) -> Mapping[str, tuple[CommitNode, ...]]:
        found = {digest: tuple(self.nodes[child] for child in self.below.get(digest, ())) for digest in digests}
        self.reads += sum(len(children) for children in found.values())
        return found

    def first_parent_ancestors(self, digests: Collection[str], depth: int) -> Mapping[str, str]:
        places = {digest: self.first_parent_ancestor(digest, depth) for digest in digests}
        return {digest: place for digest, place in places.items() if place is not None}

    def first_parent_ancestor(self, digest: str, depth: int) -> str | None:
        if self.nodes[digest].depth < depth:
            return None
        place: str | None = digest
        while place is not None and self.nodes[place].depth > depth:
            self.reads += 1
            jump = self.jumps[place]
            place = jump.jump if jump.jump_depth >= depth else self.nodes[place].parents[0]
        return place

    def ancestors(self, digest: str) -> set[str]:
        """``digest`` and everything that it reaches, by walking."""
        reached, pending = set(), [digest]
        while pending:
            place = pending.pop()
            if place not in reached:
                reached.add(place)
                pending.extend(self.nodes[place].parents)
        return reached

    def bases(self, left: str, right: str) -> list[str]:
        """The best common ancestors, by the definition."""
        common = self.ancestors(left) & self.ancestors(right)
        return sorted(each for each in common if not any(each in self.ancestors(other) - {other} for other in common))


@st.composite
def graphs(draw: st.DrawFn) -> MemoryGraph:
    """Up to 24 commits with up to three parents each, of one or several roots."""
    graph, names = MemoryGraph(), list[str]()
    for number in range(draw(st.integers(1, 24))):
        near = st.sampled_from(names[-6:]) | st.sampled_from(names) if names else st.nothing()
        parents = draw(st.lists(near, max_size=3, unique=True)) if names else []
        if names and not parents and draw(st.integers(0, 5)):
            parents = [names[-1]]  # several roots are rare
        names.append(graph.add(f"c{number:02}", *parents))
    return graph


@given(graphs(), st.data())
def test_merge_bases_are_the_common_ancestors_that_no_other_descends_from(graph: MemoryGraph, data) -> None:
    left, right = data.draw(st.sampled_from(sorted(graph.nodes))), data.draw(st.sampled_from(sorted(graph.nodes)))
    assert merge_bases(graph, left, right) == graph.bases(left, right)
    assert merge_bases(graph, right, left) == graph.bases(left, right)


@given(graphs(), st.data())
def test_merge_bases_of_what_merges_others_need_no_commit_of_it(graph: MemoryGraph, data) -> None:
    commits = st.sampled_from(sorted(graph.nodes))
    parents, other = data.draw(st.lists(commits, min_size=1, max_size=3, unique=True)), data.draw(commits)
    found = merge_bases_of(graph, parents, other)
    assert found == graph.bases(graph.add("merge", *parents), other) or found == [other]


@given(graphs(), st.data())
def test_an_ancestor_is_what_a_walk_reaches(graph: MemoryGraph, data) -> None:
    one, other = data.draw(st.sampled_from(sorted(graph.nodes))), data.draw(st.sampled_from(sorted(graph.nodes)))
    assert is_ancestor(graph, one, other) == (one in graph.ancestors(other))


@given(graphs(), st.data())
def test_of_several_heads_those_reach_a_commit_that_a_walk_leads_to_it(graph: MemoryGraph, data) -> None:
    commits = st.sampled_from(sorted(graph.nodes))
    commit, heads = data.draw(commits), data.draw(st.sets(commits))
    assert reaching(graph, commit, heads) == {head for head in heads if commit in graph.ancestors(head)}


@given(graphs(), st.data())
def test_a_line_is_what_has_one_parent_each_and_stands_on_what_was_there(graph: MemoryGraph, data) -> None:
    head, other = data.draw(st.sampled_from(sorted(graph.nodes))), data.draw(st.sampled_from(sorted(graph.nodes)))
    added = graph.ancestors(head) - graph.ancestors(other)
    assert is_line(graph, head, other) == all(len(graph.nodes[each].parents) == 1 for each in added)


@given(graphs())
def test_jumps_lead_to_first_parent_ancestors(graph: MemoryGraph) -> None:
    for digest, node in graph.nodes.items():
        line, place = {node.depth: digest}, digest
        while graph.nodes[place].parents:
            place = graph.nodes[place].parents[0]
            line[graph.nodes[place].depth] = place
        assert {depth: graph.first_parent_ancestor(digest, depth) for depth in range(node.depth + 1)} == line
        assert graph.first_parent_ancestor(digest, node.depth + 1) is None


@pytest.fixture(scope="module")
def long() -> MemoryGraph:
    """A main line of 100,000 commits; topics that left it early and late, one of them merged into it."""
    graph = MemoryGraph()
    root = graph.add("root")
    graph.line("m", root, LONG)
    graph.line("old", "m000010", 3)
    graph.line("young", f"m{LONG - 5:06}", 3)
    graph.line("side", "m050000", 4)
    graph.add("merge", f"m{LONG - 1:06}", "side000003")
    graph.line("after", "side000003", 2)
    return graph


@pytest.mark.parametrize(
    ("left", "right", "base"),
    [
        ("old000002", f"m{LONG - 1:06}", "m000010"),
        ("young000002", f"m{LONG - 1:06}", f"m{LONG - 5:06}"),
        ("old000002", "young000002", "m000010"),
        ("after000001", "merge", "side000003"),
        ("after000001", f"m{LONG - 1:06}", "m050000"),
        ("root", f"m{LONG - 1:06}", "root"),
        (f"m{LONG - 1:06}", f"m{LONG - 1:06}", f"m{LONG - 1:06}"),
    ],
)
def test_a_merge_base_in_a_long_history_takes_few_reads(long: MemoryGraph, left: str, right: str, base: str) -> None:
    long.reads = 0
    assert merge_bases(long, left, right) == [base]
    assert merge_bases(long, right, left) == [base]
    assert long.reads < 500


@pytest.mark.parametrize("depth", [0, 1, 17, 50_000, 99_998, LONG])
def test_any_ancestor_of_a_line_is_reached_in_a_logarithmic_number_of_steps(long: MemoryGraph, depth: int) -> None:
    long.reads = 0
    tip = f"m{LONG - 1:06}"
    found = long.first_parent_ancestor(tip, depth)
    assert found == ("root" if not depth else f"m{depth - 1:06}")
    assert long.reads <= 3 * LONG.bit_length()


def test_which_of_many_heads_reach_an_old_commit_is_known_at_once(long: MemoryGraph) -> None:
    long.reads = 0
    heads = {f"m{LONG - 1:06}", "merge", "young000002", "old000002", "after000001"}
    assert reaching(long, "m000123", heads) == heads - {"old000002"}
    assert reaching(long, "side000001", heads) == {"merge", "after000001"}
    assert reaching(long, "old000000", heads) == {"old000002"}
    assert long.reads < 2_000


def test_whether_an_old_commit_is_an_ancestor_is_known_at_once(long: MemoryGraph) -> None:
    long.reads = 0
    assert is_ancestor(long, "m000123", f"m{LONG - 1:06}")
    assert is_ancestor(long, "side000001", "merge")
    assert not is_ancestor(long, "old000000", f"m{LONG - 1:06}")
    assert not is_ancestor(long, f"m{LONG - 1:06}", "old000002")
    assert long.reads < 500
