"""The editor: nothing typed is lost, and what is wrong is said where it is."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import Session, User
from history.engine.changes import Put
from history.models import Commit, Repository
from history.selectors import TreeView, branch_get
from ontology.engine.kinds import KINDS
from tests.console.conftest import PERSON

EDIT = "/console/repositories/world/resources/object_type/Person/edit/?ref=main"
NEW = "/console/repositories/world/resources/new/?ref=main&kind=object_type"


def held(repository: Repository, name: str = "Person") -> dict[str, Any]:
    return TreeView(branch_get(repository, "main").head.root).contents([("object_type", name)])["object_type", name]


def field(page: Page, label: str) -> Any:
    return page.get_by_label(label, exact=True)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def typed(page: Page) -> dict[str, Any]:
    return json.loads(page.locator("textarea[name=content]").input_value())


def test_a_stale_head_is_told_and_what_was_typed_goes_on_top(
    page_of: Callable[..., Page], alice: User, bob: User, repository: Repository, person: Commit, commit: Callable
) -> None:
    page = page_of(alice)
    page.goto(EDIT)
    field(page, "Description, en").fill("A human being, living or dead.")
    commit(Put("object_type", "Person", {**PERSON, "status": "active"}), message="Set it active", actor=bob)
    press(page, "Commit")
    expect(page.get_by_text("The branch has moved since you began")).to_be_visible()
    expect(page.get_by_text("Bob committed “Set it active”")).to_be_visible()
    expect(page.get_by_role("cell", name="active", exact=True)).to_be_visible()
    expect(field(page, "Description, en")).to_have_value("A human being, living or dead.")
    press(page, "Save on top of the new head")
    expect(page.get_by_text("Committed as")).to_be_visible()
    assert held(repository)["description"] == {"en": "A human being, living or dead."}


def test_a_stale_head_is_told_while_one_types(
    page_of: Callable[..., Page], alice: User, person: Commit, commit: Callable
) -> None:
    page = page_of(alice)
    page.goto(EDIT)
    commit(Put("value_type", "Color", {"type": "string"}))
    field(page, "Description, en").fill("Somebody")
    expect(page.get_by_text("This resource itself was not changed")).to_be_visible()


def test_a_draft_survives_a_reload_and_goes_once_it_is_committed(
    page_of: Callable[..., Page], alice: User, repository: Repository, person: Commit
) -> None:
    page = page_of(alice)
    page.goto(EDIT)
    field(page, "Description, en").fill("Typed and not saved")
    page.reload()
    expect(page.get_by_text("What you had typed here")).to_be_visible()
    expect(field(page, "Description, en")).to_have_value("Typed and not saved")
    press(page, "Commit")
    expect(page.get_by_text("Committed as")).to_be_visible()
    page.goto(EDIT)
    expect(page.get_by_text("What you had typed here")).to_be_hidden()


def test_a_draft_can_be_discarded(page_of: Callable[..., Page], alice: User, person: Commit) -> None:
    page = page_of(alice)
    page.goto(EDIT)
    field(page, "Description, en").fill("Nonsense")
    page.reload()
    press(page, "Discard it")
    expect(field(page, "Description, en")).to_have_value("A human being.")


def test_a_lost_session_loses_nothing(
    page_of: Callable[..., Page], alice: User, person: Commit, client_of: Callable[[User], Client], live_server: Any
) -> None:
    page = page_of(alice)
    page.goto(EDIT)
    Session.objects.all().delete()
    field(page, "Description, en").fill("Typed after the session ended")
    expect(page.get_by_text("You are signed out; what you typed is kept")).to_be_visible()
    press(page, "Commit")
    expect(page.get_by_role("heading", name="Sign in to OMS")).to_be_visible()
    cookie = client_of(alice).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(EDIT)
    expect(field(page, "Description, en")).to_have_value("Typed after the session ended")


def test_a_stale_draft_knows_the_head_that_it_was_typed_on(
    page_of: Callable[..., Page], alice: User, person: Commit, commit: Callable
) -> None:
    page = page_of(alice)
    page.goto(EDIT)
    field(page, "Description, en").fill("Mine")
    commit(Put("object_type", "Person", {**PERSON, "status": "active"}))
    page.reload()
    expect(page.get_by_text("The branch has moved since you began")).to_be_visible()


def test_members_are_added_renamed_reordered_and_removed(
    page_of: Callable[..., Page], alice: User, repository: Repository, person: Commit
) -> None:
    rid = held(repository)["properties"]["personId"]["rid"]
    page = page_of(alice)
    page.goto(EDIT)
    field(page, "Add Properties").fill("birthDate")
    field(page, "Add Properties").press("Enter")
    field(page, "Properties, birthDate, Type").select_option("date")
    field(page, "Name: Properties, personId").fill("id")
    field(page, "Name: Properties, personId").press("Tab")
    page.get_by_role("button", name="Add an item").click()
    field(page, "Primary key, 1").fill("fullName")
    page.locator("[data-pointer='/primary_key/1']").get_by_label("Move up").click()
    field(page, "Remove home").click()
    expect(page.get_by_text("Nothing is wrong")).to_be_visible()
    press(page, "Commit")
    expect(page.get_by_text("Committed as")).to_be_visible()
    content = held(repository)
    assert content["primary_key"] == ["fullName", "id"]
    assert content["properties"]["id"]["rid"] == rid
    assert set(content["properties"]) == {"birthDate", "fullName", "id"}


def test_a_name_that_is_taken_is_not_given_to_another_member(
    page_of: Callable[..., Page], alice: User, person: Commit
) -> None:
    page = page_of(alice)
    page.goto(EDIT)
    field(page, "Name: Properties, personId").fill("home")
    field(page, "Name: Properties, personId").press("Tab")
    expect(page.get_by_text("There is one of this name already.")).to_be_visible()
    assert set(typed(page)["properties"]) == set(PERSON["properties"])


def test_properties_are_added_row_by_row_from_the_keyboard(
    page_of: Callable[..., Page], alice: User, repository: Repository, person: Commit, screenshot: Callable
) -> None:
    page = page_of(alice)
    page.goto(EDIT)
    adder = field(page, "Add Properties")
    adder.fill("birthDate")
    page.keyboard.press("Tab")
    page.keyboard.type("date")
    page.keyboard.press("Enter")
    expect(adder).to_be_focused()
    page.keyboard.type("height")
    field(page, "Add Properties, Type").select_option("decimal")
    field(page, "Add Properties, Type").press("Enter")
    expect(adder).to_be_focused()
    page.keyboard.type("nickname")
    page.keyboard.press("Enter")
    field(page, "Properties, height, Type, Precision").fill("5")
    field(page, "Properties, nickname, Required").check()
    expect(page.get_by_text("Nothing is wrong")).to_be_visible()
    screenshot(page, "editor-table")
    assert typed(page)["properties"] == {
        **held(repository)["properties"],
        "birthDate": {"type": {"type": "date"}},
        "height": {"type": {"type": "decimal", "precision": 5, "scale": 0}},
        "nickname": {"type": {"type": "string"}, "required": True},
    }


def test_a_name_that_a_new_row_cannot_have_is_told_in_the_row(
    page_of: Callable[..., Page], alice: User, person: Commit
) -> None:
    page = page_of(alice)
    page.goto(EDIT)
    field(page, "Add Properties").fill("home")
    field(page, "Add Properties").press("Enter")
    row = page.locator("tr.adder").filter(has=field(page, "Add Properties"))
    expect(row.get_by_role("alert")).to_have_text("There is one of this name already.")
    field(page, "Add Properties").fill("office")
    field(page, "Add Properties").press("Enter")
    expect(field(page, "Name: Properties, office")).to_be_visible()
    expect(field(page, "Add Properties")).to_have_value("")
    expect(page.get_by_text("Nothing is wrong")).to_be_visible()


def test_arrows_and_enter_go_from_row_to_row(page_of: Callable[..., Page], alice: User, person: Commit) -> None:
    page = page_of(alice)
    page.goto(EDIT)
    field(page, "Name: Properties, fullName").fill("name")
    page.keyboard.press("Enter")
    expect(field(page, "Name: Properties, home")).to_be_focused()
    assert set(typed(page)["properties"]) == {"name", "home", "personId"}
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(field(page, "Add Properties")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(field(page, "Name: Properties, personId")).to_be_focused()
    page.keyboard.type("x")
    page.keyboard.press("Escape")
    expect(field(page, "Name: Properties, personId")).to_have_value("personId")
    field(page, "Properties, home, Required").focus()
    page.keyboard.press("ArrowDown")
    expect(field(page, "Properties, personId, Required")).to_be_focused()
    field(page, "Remove personId").click()
    expect(field(page, "Add Properties")).to_be_focused()
    expect(page.get_by_text("1 to put right")).to_be_visible()


def test_a_property_takes_a_value_type_in_place_of_a_type(
    page_of: Callable[..., Page], alice: User, repository: Repository, person: Commit, commit: Callable
) -> None:
    commit(Put("value_type", "Mail", {"type": "string"}))
    page = page_of(alice)
    page.goto(EDIT)
    field(page, "Properties, fullName, Type").select_option("value_type")
    expect(field(page, "Properties, fullName, Value type")).to_be_focused()
    page.keyboard.type("Mai")
    expect(page.locator("datalist option[value=Mail]")).to_be_attached()
    expect(page.locator("[data-pointer='/properties/fullName/value_type']")).to_contain_text("Mai")
    page.keyboard.type("l")
    expect(page.get_by_text("Nothing is wrong")).to_be_visible()
    press(page, "Commit")
    expect(page.get_by_text("Committed as")).to_be_visible()
    full_name = held(repository)["properties"]["fullName"]
    assert (full_name["value_type"], full_name.get("type")) == ("Mail", None)
    page.goto(EDIT)
    field(page, "Properties, fullName, Type").select_option("long")
    assert "value_type" not in typed(page)["properties"]["fullName"]
    expect(page.get_by_text("Nothing is wrong")).to_be_visible()


def test_what_is_wrong_is_told_at_the_row_and_opens_what_is_folded(
    page_of: Callable[..., Page], alice: User, person: Commit, screenshot: Callable
) -> None:
    page = page_of(alice)
    page.goto(EDIT)
    row = page.locator("tbody.member").filter(has=field(page, "Name: Properties, home"))
    field(page, "Properties, home, Type, Struct type").fill("Hous")
    expect(row.locator(".member-head [data-fault]")).to_contain_text("Hous")
    page.get_by_role("tab", name="JSON").click()
    content = typed(page)
    content["properties"]["home"] = {"type": "string", "constraints": {"min_length": -1}}
    page.locator("textarea[name=content]").fill(json.dumps(content))
    page.get_by_role("tab", name="Form").click()
    expect(row.locator(".member-body [data-fault]")).to_be_visible()
    expect(field(page, "Properties, home, Constraints, Minimum length")).to_have_attribute("aria-invalid", "true")
    screenshot(page, "editor-table-fault")


def test_the_table_fits_a_telephone(page_of: Callable[..., Page], alice: User, person: Commit) -> None:
    page = page_of(alice, viewport={"width": 420, "height": 900})
    page.goto(EDIT)
    for label in ("Name: Properties, home", "Properties, home, Type", "Add Properties"):
        expect(field(page, label)).to_be_visible()
        box = field(page, label).bounding_box()
        assert box["width"] > 200
        assert box["x"] + box["width"] < 420


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_of_every_kind_is_drawn_and_what_it_starts_from_is_said(
    page_of: Callable[..., Page], alice: User, repository: Repository, kind: str
) -> None:
    page = page_of(alice)
    page.goto(f"/console/repositories/world/resources/new/?ref=main&kind={kind}")
    offered = page.locator("[data-panel=form] > .record > .add-field option").all_text_contents()
    shown = page.locator("[data-panel=form] > .record > .part").count()
    assert shown == len(typed(page))
    assert len(offered) - 1 + shown == len(KINDS[kind].fields) - 1  # all but the rid; and the prompt


def test_types_offer_their_parameters_and_references_their_names(
    page_of: Callable[..., Page], alice: User, repository: Repository, person: Commit
) -> None:
    page = page_of(alice)
    page.goto(EDIT)
    field(page, "Properties, fullName, Type").select_option("array")
    field(page, "Properties, fullName, Type, Items").select_option("struct")
    struct = field(page, "Properties, fullName, Type, Items, Struct type")
    struct.fill("Add")
    expect(page.locator("datalist option[value=Address]").last).to_be_attached()
    struct.fill("Nowhere")
    expect(page.locator("[data-pointer='/properties/fullName/type/items/struct_type']")).to_contain_text("Nowhere")
    struct.fill("Address")
    expect(page.get_by_text("Nothing is wrong")).to_be_visible()
    assert typed(page)["properties"]["fullName"]["type"]["items"] == {"type": "struct", "struct_type": "Address"}


def test_the_form_and_the_json_say_the_same(page_of: Callable[..., Page], alice: User, person: Commit) -> None:
    page = page_of(alice)
    page.goto(EDIT)
    page.get_by_role("tab", name="JSON").click()
    content = typed(page)
    content["status"] = "active"
    page.locator("textarea[name=content]").fill(json.dumps(content))
    page.get_by_role("tab", name="Form").click()
    expect(field(page, "Status")).to_have_value("active")
    field(page, "Status").select_option("example")
    assert typed(page)["status"] == "example"


def test_what_is_not_json_is_said_and_kept(page_of: Callable[..., Page], alice: User, person: Commit) -> None:
    page = page_of(alice)
    page.goto(EDIT)
    page.get_by_role("tab", name="JSON").click()
    page.locator("textarea[name=content]").fill('{"status": "active",')
    page.get_by_role("tab", name="Form").click()
    expect(page.get_by_text("This is not JSON")).to_be_visible()
    expect(page.locator("textarea[name=content]")).to_be_visible()
    expect(page.locator("textarea[name=content]")).to_have_value('{"status": "active",')


def test_without_javascript_the_raw_json_still_works(
    page_of: Callable[..., Page], alice: User, repository: Repository, person: Commit
) -> None:
    page = page_of(alice, java_script_enabled=False)
    page.goto(NEW)
    field(page, "API name").fill("Place")
    field(page, "Content, JSON").fill('{"properties": {"name": {"type": "strin"}}}')
    press(page, "Commit")
    expect(page.get_by_text("/properties/name/type/type 'strin' is not a type")).to_be_visible()
    field(page, "Content, JSON").fill('{"properties": {"name": {"type": "string"}}}')
    press(page, "Commit")
    expect(page.get_by_text("Committed as")).to_be_visible()
    assert held(repository, "Place")["properties"]["name"]["type"] == {"type": "string"}
