"""The console in a real browser: everything that the REST walk does, by a person."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounts.models import User
from history.models import Repository
from history.selectors import TreeView, branch_get
from tests.factories import PASSWORD


def held(repository: Repository, branch: str, kind: str, name: str) -> dict:
    return TreeView(branch_get(repository, branch).head.root).contents([(kind, name)])[kind, name]


def test_from_signing_in_to_a_merged_change(page_of: Callable[..., Page], alice: User) -> None:
    alice.set_password(PASSWORD)
    alice.save()
    page = page_of()
    page.goto("/")
    page.get_by_label("Username", exact=True).fill("alice")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Repositories", exact=True)).to_be_visible()

    page.get_by_role("link", name="New repository").first.click()
    page.get_by_label("Name", exact=True).fill("shop")
    page.get_by_label("Title", exact=True).fill("The shop")
    page.get_by_role("button", name="Create repository").click()
    expect(page.get_by_text("Repository shop created.")).to_be_visible()
    shop = Repository.objects.get(name="shop")

    add_person(page)
    assert held(shop, "main", "object_type", "Person")["properties"]["email"]["type"] == {"type": "string"}

    page.get_by_role("link", name="Branches").click()
    page.get_by_label("Name", exact=True).fill("topic/address")
    page.get_by_role("button", name="Create branch").click()
    expect(page.get_by_text("Branch topic/address created.")).to_be_visible()

    describe_person(page, "Somebody who buys from us.", "Say who a person is")
    page.goto("/console/repositories/shop/")
    page.get_by_role("link", name="Person", exact=True).click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Remove Display name", exact=True).click()
    page.get_by_role("button", name="Commit").click()

    page.get_by_role("link", name="Compare").click()
    page.get_by_label("Base", exact=True).fill("main")
    page.get_by_label("Compared with", exact=True).fill("topic/address")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("They parted at")).to_be_visible()
    expect(page.get_by_text("Somebody who buys from us.")).to_be_visible()

    page.get_by_role("link", name="Merge …").click()
    expect(page.get_by_text("This can be merged")).to_be_visible()
    page.get_by_label("Commit message", exact=True).fill("Merge the address topic")
    page.get_by_role("button", name="Merge into main").click()
    expect(page.get_by_text("topic/address is merged into main")).to_be_visible()
    merged = held(shop, "main", "object_type", "Person")
    assert merged["description"] == {"en": "Somebody who buys from us."}
    assert "display_name" not in merged

    page.get_by_role("link", name="Events").click()
    page.get_by_role("link", name="io.oms.merging.branch.merged").click()
    expect(page.get_by_text('"specversion": "1.0"')).to_be_visible()
    assert alice.get_full_name() not in page.locator("pre").inner_text()


def add_person(page: Page) -> None:
    """Adds Person in the editor, meeting a violation on the way."""
    page.get_by_role("link", name="New resource").first.click()
    page.get_by_role("link", name="Object type").click()
    page.get_by_label("API name", exact=True).fill("Per son")
    expect(page.get_by_text(re.compile("is not a name")).first).to_be_visible()
    page.get_by_label("API name", exact=True).fill("Person")

    page.get_by_label("Add a field", exact=True).select_option(label="Display name")
    page.get_by_label("Display name, en", exact=True).fill("Person")
    page.get_by_label("Add Properties", exact=True).fill("email")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("Add a field", exact=True).select_option(label="Title property")
    page.get_by_label("Title property", exact=True).fill("e-mail")
    expect(page.locator("[data-pointer='/title_property'] .errorlist")).to_contain_text("is not a name")
    page.get_by_label("Title property", exact=True).fill("email")
    expect(page.get_by_text("Nothing is wrong")).to_be_visible()
    page.get_by_label("Commit message", exact=True).fill("Add people")
    page.get_by_role("button", name="Commit").click()
    expect(page.get_by_text("Committed as")).to_be_visible()


def describe_person(page: Page, text: str, message: str) -> None:
    page.get_by_role("link", name="Person", exact=True).click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Add a field", exact=True).select_option(label="Description")
    page.get_by_label("Description, en", exact=True).fill(text)
    page.get_by_label("Commit message", exact=True).fill(message)
    page.get_by_role("button", name="Commit").click()
    expect(page.get_by_text("Committed as")).to_be_visible()
