"""The graph in a real browser: found, walked and zoomed by keyboard and pointer."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from history.engine.changes import Put
from history.models import Commit

GRAPH = "/console/repositories/world/graph/"


@pytest.fixture
def world(person: Commit, commit: Callable) -> Commit:
    """A chain of types, First … Fifth, each linked to the next, and Person apart."""
    names = ["First", "Second", "Third", "Fourth", "Fifth"]
    links = [
        Put(
            "link_type",
            f"from{one}",
            {"source": {"types": [one]}, "target": {"types": [other]}, "cardinality": "many_to_one"},
        )
        for one, other in pairwise(names)
    ]
    return commit(*(Put("object_type", name, {"properties": {}}) for name in names), *links)


def node(page: Page, name: str) -> object:
    return page.locator(f"[data-name={name}]")


def width(page: Page) -> float:
    """How much of the picture is seen, in its own units."""
    return page.evaluate("document.querySelector('[data-picture]').viewBox.baseVal.width")


def box(page: Page, name: str) -> dict[str, float]:
    return page.locator(f"[data-name={name}] rect").bounding_box()


def test_a_type_is_searched_and_its_neighbourhood_shown(
    page_of: Callable[..., Page], alice: User, world: Commit
) -> None:
    page = page_of(alice)
    page.goto(GRAPH)
    search = page.get_by_label("Find a type")
    search.fill("thir")
    expect(page.locator("[data-node].match")).to_have_count(1)
    search.press("Enter")
    expect(page.locator("[data-node]")).to_have_count(3)
    expect(page.locator("[data-node].focus")).to_have_attribute("data-name", "Third")
    expect(page.get_by_role("link", name="Fourth").last).to_be_visible()
    page.get_by_role("link", name="2 steps").click()
    expect(page.locator("[data-node]")).to_have_count(5)


def test_it_is_worked_by_keyboard(page_of: Callable[..., Page], alice: User, world: Commit) -> None:
    page = page_of(alice)
    page.goto(f"{GRAPH}?focus=Second")
    expect(node(page, "Second")).to_be_focused()
    second, third = box(page, "Second"), box(page, "Third")
    across, down = third["x"] - second["x"], third["y"] - second["y"]
    key = (
        ("ArrowRight" if across > 0 else "ArrowLeft")
        if abs(across) > abs(down)
        else "ArrowDown"
        if down > 0
        else "ArrowUp"
    )
    page.keyboard.press(key)
    expect(node(page, "Third")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-node].focus")).to_have_attribute("data-name", "Third")
    expect(node(page, "Fourth")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-node]")).to_have_count(6)
    expect(page.locator("[data-node].focus")).to_have_count(0)


def test_tab_goes_from_type_to_type_and_shows_its_ties(
    page_of: Callable[..., Page], alice: User, world: Commit
) -> None:
    page = page_of(alice)
    page.goto(GRAPH)
    page.get_by_role("button", name="Show everything").focus()
    page.keyboard.press("Tab")
    expect(node(page, "Fifth")).to_be_focused()
    expect(page.locator("path.traced")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(node(page, "First")).to_be_focused()


def test_it_zooms_by_keys_and_buttons_and_shows_the_whole_again(
    page_of: Callable[..., Page], alice: User, world: Commit
) -> None:
    page = page_of(alice)
    page.goto(GRAPH)
    expect(page.get_by_role("button", name="Zoom in")).to_be_visible()
    whole = width(page)
    page.keyboard.press("+")
    page.get_by_role("button", name="Zoom in").click()
    assert width(page) == pytest.approx(whole / 1.25**2)
    page.keyboard.press("-")
    assert width(page) == pytest.approx(whole / 1.25)
    page.keyboard.press("Escape")
    assert width(page) == pytest.approx(whole)
    page.keyboard.press("+")
    page.get_by_role("button", name="Show everything").click()
    assert width(page) == pytest.approx(whole)


def test_it_is_dragged_without_following_a_link(page_of: Callable[..., Page], alice: User, world: Commit) -> None:
    page = page_of(alice)
    page.goto(GRAPH)
    expect(page.get_by_role("button", name="Zoom in")).to_be_visible()
    before = box(page, "Third")
    x, y = before["x"] + before["width"] / 2, before["y"] + before["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=4)
    page.mouse.up()
    after = box(page, "Third")
    assert (after["x"] - before["x"], after["y"] - before["y"]) == pytest.approx((60, 40), abs=6)
    assert "focus" not in page.url
    node(page, "Third").click()
    expect(page.locator("[data-node].focus")).to_have_attribute("data-name", "Third")


def test_keys_typed_into_the_search_are_text(page_of: Callable[..., Page], alice: User, world: Commit) -> None:
    page = page_of(alice)
    page.goto(GRAPH)
    expect(page.get_by_role("button", name="Zoom in")).to_be_visible()
    whole = width(page)
    page.get_by_label("Find a type").press_sequentially("+-")
    assert width(page) == whole


def test_a_phone_shows_what_is_around_the_focus_so_that_it_can_be_read(
    page_of: Callable[..., Page], alice: User, world: Commit, commit: Callable
) -> None:
    commit(*(Put("object_type", f"Child{number:02}", {"properties": {}, "extends": ["First"]}) for number in range(40)))
    page = page_of(alice, viewport={"width": 360, "height": 740})
    page.goto(f"{GRAPH}?focus=First")
    expect(page.get_by_role("button", name="Zoom in")).to_be_visible()
    assert box(page, "First")["height"] > 20
    page.get_by_role("button", name="Show everything").click()
    assert box(page, "First")["height"] < 20


def test_without_javascript_the_picture_and_its_links_are_there(
    page_of: Callable[..., Page], alice: User, world: Commit
) -> None:
    page = page_of(alice, java_script_enabled=False)
    page.goto(GRAPH)
    node(page, "First").click()
    expect(page.locator("[data-node]")).to_have_count(2)
    expect(page.get_by_role("button", name="Zoom in")).to_be_hidden()


def test_every_node_has_a_name(page_of: Callable[..., Page], alice: User, world: Commit) -> None:
    page = page_of(alice)
    page.goto(GRAPH)
    expect(page.get_by_role("link", name="Object type Third")).to_be_visible()
