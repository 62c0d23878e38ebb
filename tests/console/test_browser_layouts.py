"""What only a browser can tell of pictures and layouts: that lines meet, and what stands beside what."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from history.engine.changes import Put
from history.models import Commit, Repository
from history.services import branch_create
from merging.services import branch_merge
from tests.console.conftest import PERSON

WORLD = "/console/repositories/world/"
GAPS = """() => {
    const boxes = [...document.querySelectorAll(".lanes")].map((picture) => picture.getBoundingClientRect());
    return boxes.slice(1).map((box, place) => Math.abs(box.top - boxes[place].bottom));
}"""


def corner(cell: Locator) -> tuple[float, float]:
    box = cell.bounding_box()
    assert box
    return box["x"], box["y"]


def is_beside(left: Locator, right: Locator) -> bool:
    return corner(left)[0] < corner(right)[0] and corner(left)[1] == corner(right)[1]


def is_above(upper: Locator, lower: Locator) -> bool:
    return corner(upper)[0] == corner(lower)[0] and corner(upper)[1] < corner(lower)[1]


def test_the_lines_of_the_commits_meet_and_lead_on(
    page_of: Callable[..., Page], alice: User, repository: Repository, person: Commit, commit: Callable, screenshot
) -> None:
    branch_create(actor=alice, repository=repository, name="a/topic/with-a-name-that-is-rather-long-for-a-telephone")
    commit(
        Put("value_type", "Color", {"type": "string"}), branch="a/topic/with-a-name-that-is-rather-long-for-a-telephone"
    )
    branch_create(actor=alice, repository=repository, name="topic")
    commit(
        Put("value_type", "Shape", {"type": "string"}), branch="topic", message="A longer subject, for two lines " * 3
    )
    commit(Put("value_type", "Size", {"type": "string"}))
    branch_merge(actor=alice, repository=repository, source="topic", target="main", message="Merge topic")
    page = page_of(alice, color_scheme="dark")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{WORLD}commits/")
        page.get_by_role("link", name="All branches").click()
        expect(page.locator(".lanes")).to_have_count(6)
        assert all(gap < 1 for gap in page.evaluate(GAPS))
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        screenshot(page, f"commit-graph-{width}")
    page.get_by_role("link", name="Merge topic").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Merge topic")).to_be_visible()


def test_the_sides_of_a_difference_stand_beside_one_another_where_there_is_room(
    page_of: Callable[..., Page], alice: User, repository: Repository, person: Commit, commit: Callable, screenshot
) -> None:
    commit(Put("object_type", "Person", {**PERSON, "description": {"en": "A human being, living or dead."}}))
    page = page_of(alice)
    page.goto(f"{WORLD}commits/")
    page.get_by_role("link", name="Change", exact=True).first.click()
    before, after = page.locator("td.before").last, page.locator("td.after").last
    assert is_beside(before, after)
    page.set_viewport_size({"width": 360, "height": 900})
    assert is_above(before, after)
    screenshot(page, "difference-stacked")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name="Unified").press("Enter")
    expect(page.locator("table.unified")).to_be_visible()
    assert is_above(before, after)
    screenshot(page, "difference-unified")
