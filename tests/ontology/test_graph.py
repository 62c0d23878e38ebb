"""The ontology as a graph: what it is made of, and a picture that is always the same and covers nothing up."""

import random
import sys
from collections.abc import Callable
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from history.engine.content import Content, Key
from ontology.engine.graph import Drawing, Edge, Network, Node, Tie, drawing_of, neighbourhood, network_of

WORLD: dict[Key, Content] = {
    ("interface", "Named"): {},
    ("interface", "Contactable"): {"extends": ["Named"]},
    ("object_type", "Agent"): {"properties": {}, "abstract": True},
    ("object_type", "Person"): {"properties": {}, "extends": ["Agent"], "implements": ["Contactable"]},
    ("object_type", "Company"): {"properties": {}, "extends": ["Agent", "Missing"], "status": "active"},
    ("object_type", "Island"): {"properties": {}},
    ("value_type", "Color"): {"type": {"type": "string"}},
    ("link_type", "employment"): {
        "source": {"types": ["Person"]},
        "target": {"types": ["Company", "Nowhere"]},
        "cardinality": "many_to_one",
    },
    ("link_type", "knows"): {
        "source": {"types": ["Person"]},
        "target": {"types": ["Person", "Contactable"]},
        "cardinality": "many_to_many",
    },
}


def node(number: int) -> Node:
    return Node("object_type", f"Type{number:04}")


def network(count: int, pairs: list[tuple[int, int]], tie: Tie = Tie.LINK) -> Network:
    edges = {Edge(node(one).key, node(other).key, tie, f"link{number}") for number, (one, other) in enumerate(pairs)}
    return Network(tuple(node(number) for number in range(count)), tuple(sorted(edges)))


def grown(count: int, edges: int) -> Network:
    """A network as ontologies are: some types have many ties, most have few."""
    chance = random.Random(count)
    pairs = [(place, int(chance.random() ** 2 * place)) for place in (chance.randrange(1, count) for _ in range(edges))]
    return network(count, pairs)


# --- What it is made of ---------------------------------------------------------------------------------


def test_types_are_nodes_and_inheritance_and_links_are_edges() -> None:
    found = network_of(WORLD)
    assert [each.name for each in found.nodes] == ["Contactable", "Named", "Agent", "Company", "Island", "Person"]
    assert [(each.source[1], each.tie.value, each.target[1], each.name) for each in found.edges] == [
        ("Contactable", "extends", "Named", ""),
        ("Company", "extends", "Agent", ""),
        ("Person", "implements", "Contactable", ""),
        ("Person", "link", "Contactable", "knows"),
        ("Person", "extends", "Agent", ""),
        ("Person", "link", "Company", "employment"),
        ("Person", "link", "Person", "knows"),
    ]
    assert found.by_key["object_type", "Agent"].abstract
    assert found.by_key["object_type", "Company"].status == "active"


@pytest.mark.parametrize(
    ("depth", "names"),
    [
        (1, {"Agent", "Company", "Contactable", "Person"}),
        (2, {"Agent", "Company", "Contactable", "Named", "Person"}),
        (3, {"Agent", "Company", "Contactable", "Named", "Person"}),
    ],
)
def test_a_neighbourhood_reaches_as_many_ties_as_asked(depth: int, names: set[str]) -> None:
    near = neighbourhood(network_of(WORLD), ("object_type", "Person"), depth)
    assert {each.name for each in near.nodes} == names
    assert {(each.source[1], each.target[1]) for each in near.edges} >= {("Company", "Agent")}


def test_what_is_tied_to_nothing_is_its_own_neighbourhood() -> None:
    near = neighbourhood(network_of(WORLD), ("object_type", "Island"), 3)
    assert ([each.name for each in near.nodes], near.edges) == (["Island"], ())


def test_the_busiest_have_the_most_ties() -> None:
    assert [(each.name, count) for each, count in network_of(WORLD).busiest(2)] == [("Person", 5), ("Contactable", 3)]


# --- The picture -------------------------------------------------------------------------------------------


def overlaps(drawing: Drawing) -> list[tuple[str, str]]:
    return [
        (one.node.name, other.node.name)
        for one, other in combinations(drawing.boxes, 2)
        if one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    ]


networks = st.integers(1, 24).flatmap(
    lambda count: st.builds(
        network,
        st.just(count),
        st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=40),
        st.sampled_from(Tie),
    )
)


@given(networks)
def test_no_box_lies_on_another_and_all_lie_in_the_picture(given_network: Network) -> None:
    drawing = drawing_of(given_network)
    assert overlaps(drawing) == []
    assert [box.node for box in drawing.boxes] == list(given_network.nodes)
    for box in drawing.boxes:
        assert drawing.left <= box.x <= box.x + box.width <= drawing.left + drawing.width
        assert drawing.top <= box.y <= box.y + box.height <= drawing.top + drawing.height


@given(networks)
def test_every_line_begins_and_ends_at_its_boxes(given_network: Network) -> None:
    drawing = drawing_of(given_network)
    boxes = {box.node.key: box for box in drawing.boxes}
    assert [curve.edge for curve in drawing.curves] == list(given_network.edges)
    for curve in drawing.curves:
        for key, (x, y) in ((curve.edge.source, curve.points[0]), (curve.edge.target, curve.points[-1])):
            box = boxes[key]
            assert box.x - 0.2 <= x <= box.x + box.width + 0.2
            assert box.y - 0.2 <= y <= box.y + box.height + 0.2


def test_lines_between_the_same_boxes_do_not_lie_on_one_another() -> None:
    drawing = drawing_of(network(2, [(0, 1), (0, 1), (1, 0), (0, 0), (0, 0)]))
    middles = [curve.middle for curve in drawing.curves]
    assert len(set(middles)) == len(middles) == 5


def test_a_great_network_has_no_overlap_either() -> None:
    assert overlaps(drawing_of(grown(400, 1000))) == []


def test_the_picture_does_not_depend_on_the_order_in_which_the_ontology_is_read() -> None:
    keys = list(WORLD)
    pictures = set()
    for seed in range(5):
        random.Random(seed).shuffle(keys)
        pictures.add(drawing_of(network_of({key: WORLD[key] for key in keys})))
    assert len(pictures) == 1


def test_nothing_at_all_is_an_empty_picture() -> None:
    assert drawing_of(Network((), ())).boxes == ()


def calls_made(work: Callable[[], object]) -> int:
    """How often anything is called or gone on with: a measure of time that no other process disturbs."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(lambda count: grown(count, count * 5 // 2), id="grown"),
        pytest.param(lambda count: network(count, [(0, other) for other in range(1, count)]), id="star"),
        pytest.param(lambda count: network(count, [(each, each + 1) for each in range(count - 1)]), id="chain"),
        pytest.param(lambda count: network(count, []), id="apart"),
    ],
)
def test_the_work_grows_as_the_network_does(shape: Callable[[int], Network]) -> None:
    few, many = (shape(count) for count in (260, 520))
    assert calls_made(lambda: drawing_of(many)) < 2.5 * calls_made(lambda: drawing_of(few))
