"""What breaks, in a real browser: the report's filters, and what the editor foresees."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounts.models import User
from history.engine.changes import Put
from history.models import Commit, Repository
from history.services import branch_create
from tests.console.conftest import PERSON

WORLD = "/console/repositories/world/"
EDIT = f"{WORLD}resources/object_type/Person/edit/?ref=main"


def test_the_report_is_filtered_and_its_plans_unfold(
    page_of: Callable[..., Page], alice: User, repository: Repository, person: Commit, commit: Callable
) -> None:
    branch_create(actor=alice, repository=repository, name="topic")
    active = {**PERSON, "status": "active"}
    commit(Put("object_type", "Person", active))
    commit(Put("object_type", "Person", {**active, "properties": {"personId": {"type": "string"}}}), branch="topic")
    page = page_of(alice)
    page.goto(f"{WORLD}compare/?base=main&head=topic")
    page.get_by_role("link", name="What breaks").click()
    expect(page.locator(".finding").first).to_contain_text("critical")
    plan = page.get_by_text("Deprecate the property 'fullName'")
    expect(plan).to_be_hidden()
    page.get_by_text("Migration plan of").first.click()
    expect(plan).to_be_visible()
    everything = page.locator(".finding").count()
    page.get_by_role("link", name="Stored data").click()
    expect(page.locator(".finding")).to_have_count(2)
    page.get_by_role("link", name="critical").click()
    assert "breaks=data" in page.url
    assert "severity=critical" in page.url
    page.get_by_role("link", name="Everybody").click()
    page.get_by_role("link", name="in all").click()
    expect(page.locator(".finding")).to_have_count(everything)


def test_the_editor_tells_what_a_commit_would_break_before_it_is_made(
    page_of: Callable[..., Page], alice: User, person: Commit, commit: Callable, screenshot: Callable
) -> None:
    commit(Put("object_type", "Person", {**PERSON, "status": "active"}))
    page = page_of(alice)
    page.goto(EDIT)
    panel = page.get_by_role("region", name="What this breaks")
    expect(panel).to_be_hidden()
    page.get_by_label("Remove fullName", exact=True).click()
    expect(panel).to_contain_text("The property 'fullName' of the object type 'Person' is deleted.")
    expect(panel).to_contain_text("critical")
    panel.get_by_text("Migration plan of").click()
    expect(panel.get_by_text("To undo it:").first).to_be_visible()
    expect(page.get_by_text("Nothing stands in the way; 1 to think about")).to_be_visible()
    screenshot(page, "editor-findings")
    page.get_by_label("Description, en", exact=True).fill("Somebody")
    expect(panel.get_by_text("that counts as low")).to_be_visible()


def test_an_error_blocks_and_a_warning_does_not(page_of: Callable[..., Page], alice: User, person: Commit) -> None:
    page = page_of(alice)
    page.goto(EDIT)
    name = page.get_by_label("Name: Properties, fullName", exact=True)
    name.fill("full_name")
    name.press("Tab")
    warning = page.locator(".faults .fault.warning")
    expect(warning).to_contain_text("full_name")
    expect(page.get_by_text("Nothing stands in the way; 1 to think about")).to_be_visible()
    expect(page.locator("[aria-invalid]")).to_have_count(0)
    warning.click()
    expect(page.locator("[data-pointer='/properties/full_name'] .warning-text")).to_be_visible()
    page.get_by_label("Primary key, 0", exact=True).fill("nowhere")
    expect(page.get_by_text("1 to put right")).to_be_visible()
    expect(page.locator("[aria-invalid]")).to_have_count(1)
    page.get_by_label("Primary key, 0", exact=True).fill("personId")
    expect(page.get_by_text("Nothing stands in the way; 1 to think about")).to_be_visible()
    page.get_by_role("button", name="Commit").click()
    expect(page.get_by_text("Committed as")).to_be_visible()


def test_a_rename_is_previewed_without_javascript(page_of: Callable[..., Page], alice: User, person: Commit) -> None:
    page = page_of(alice, java_script_enabled=False)
    page.goto(f"{WORLD}resources/struct_type/Address/rename/?ref=main")
    page.get_by_label("New name", exact=True).fill("PostalAddress")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("What will be rewritten")).to_be_visible()
    expect(page.get_by_role("cell", name="struct PostalAddress")).to_be_visible()
    page.get_by_role("button", name="Rename and commit").click()
    expect(page.get_by_text("Committed as")).to_be_visible()
