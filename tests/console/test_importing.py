"""Bringing an ontology in from the console, as a file or as text."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from history.models import Branch, Commit, Repository
from history.selectors import branch_get
from ontology.formats import FORMATS, READABLE
from tests.console.pages import WORLD, state, text

Clients = Callable[[User], Client]
IMPORT = f"{WORLD}import/"
DOCUMENT = json.dumps({"format": "oms/1", "resources": {"value_type": {"Color": {"type": "string"}}}})
WRONG = DOCUMENT.replace("string", "strin")


def typed(**fields: object) -> dict:
    return {"branch": "main", "format": "oms", "text": "", "message": "", "replace": "on", **fields}


def test_who_may_import_is_offered_it_and_every_format(bob: User, person: Commit, client_of: Clients) -> None:
    client = client_of(bob)
    assert f'href="{IMPORT}?ref=main"' in text(client.get(WORLD))
    shown = text(client.get(f"{IMPORT}?ref=topic"))
    assert 'name="branch" value="topic"' in shown
    assert all(f'<option value="{name}">{FORMATS[name].title}</option>' in shown for name in READABLE)


def test_who_may_not_import_is_refused(carol: User, person: Commit, client_of: Clients) -> None:
    assert client_of(carol).post(IMPORT, typed(text=DOCUMENT)).status_code == 403


def test_pasted_text_is_imported_and_reported(
    bob: User, person: Commit, repository: Repository, client_of: Clients
) -> None:
    response = client_of(bob).post(IMPORT, typed(text=DOCUMENT, message="Only colors"))
    head = branch_get(repository, "main").head
    assert response.status_code == 200
    assert set(state(repository)) == {("value_type", "Color")}
    assert (head.message, head.author) == ("Only colors", bob)
    shown = text(response)
    assert f'href="{WORLD}commits/{head.digest}/"' in shown
    assert "<b>1</b> added" in shown
    assert "<b>2</b> removed" in shown
    assert "Everything in it came over." in shown


def test_an_uploaded_file_is_imported_and_what_it_lacks_may_stay(
    bob: User, person: Commit, repository: Repository, client_of: Clients
) -> None:
    file = SimpleUploadedFile("colors.json", DOCUMENT.encode())
    response = client_of(bob).post(IMPORT, {**typed(file=file), "replace": ""})
    assert response.status_code == 200
    assert {name for _, name in state(repository)} == {"Color", "Person", "Address"}
    assert branch_get(repository, "main").head.message == "Import an ontology"


def test_what_did_not_come_over_is_shown_by_code(
    bob: User, repository: Repository, client_of: Clients, settings: LazySettings, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "erp.db")) as made:
        for number in range(101):
            made.execute(f"CREATE TABLE item{number:03} (id integer PRIMARY KEY AUTOINCREMENT)")
    settings.IMPORT_DATABASES = {"erp": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "erp.db")}}
    shown = text(client_of(bob).post(IMPORT, typed(format="sql", text=" erp\r\n")))
    assert '<code>DEFAULT_COMPUTED</code></strong> <span class="count">101</span>' in shown
    assert "item000.id" in shown
    assert "item100.id" not in shown
    assert "… and 1 more." in shown


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"text": "{"}, 400, "The body is not JSON"),
        ({"text": WRONG}, 422, "/resources/value_type/Color/type"),
        ({"text": DOCUMENT, "branch": "nowhere"}, 404, "nowhere"),
        ({"text": DOCUMENT, "branch": ""}, 422, "This field is required."),
        ({"text": DOCUMENT, "format": "word"}, 422, "Select a valid choice."),
        ({"text": ""}, 422, "Choose a file or paste its text."),
        ({"text": "crm", "format": "sql"}, 422, "one of the databases that can be imported"),
        ({"text": DOCUMENT, "file": SimpleUploadedFile("a.json", b"{}")}, 422, "There is a file as well"),
        ({"file": SimpleUploadedFile("a.json", b"\xff")}, 422, "The file is not text in UTF-8."),
        ({"file": SimpleUploadedFile("a.json", b"[]")}, 422, "An OMS document must be an object"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    fields: dict, status: int, sentence: str, bob: User, person: Commit, repository: Repository, client_of: Clients
) -> None:
    response = client_of(bob).post(IMPORT, typed(message="My message", **fields))
    shown = text(response)
    assert response.status_code == status
    assert sentence in shown
    assert "My message" in shown
    assert response.context["form"]["text"].value() == fields.get("text", "")
    assert ("Choose the file again." in shown) == ("file" in fields)
    assert branch_get(repository, "main").head == person


def test_an_import_that_changes_nothing_says_so(bob: User, main: Branch, client_of: Clients) -> None:
    client = client_of(bob)
    client.post(IMPORT, typed(text=DOCUMENT))
    response = client.post(IMPORT, typed(text=DOCUMENT))
    assert (response.status_code, "leave everything as it is" in text(response)) == (422, True)


@pytest.mark.parametrize("field", ["file", "text"])
def test_an_upload_over_the_limit_is_refused_before_it_is_kept(
    field: str, bob: User, main: Branch, client_of: Clients, settings: LazySettings
) -> None:
    settings.DOCUMENT_BODY_LIMIT = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    large = DOCUMENT + " " * 10_000
    given = {field: SimpleUploadedFile("large.json", large.encode()) if field == "file" else large}
    assert client_of(bob).post(IMPORT, typed(**given)).status_code == 413
    small = {field: SimpleUploadedFile("small.json", DOCUMENT.encode()) if field == "file" else DOCUMENT}
    assert client_of(bob).post(IMPORT, typed(**small)).status_code == 200


def test_a_file_is_imported_in_a_browser(
    page_of: Callable[..., Page], bob: User, person: Commit, screenshot: Callable, tmp_path: Path,
    settings: LazySettings,
) -> None:  # fmt: skip
    """The form is shown again with an error, and then the report."""
    (tmp_path / "colors.json").write_text(DOCUMENT, encoding="utf-8")
    page = page_of(bob)
    page.goto(WORLD)
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_label("Or its text").fill(WRONG)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("alert")).to_contain_text("/resources/value_type/Color/type")
    screenshot(page, "import-refused")
    page.get_by_label("Or its text").fill("")
    page.get_by_label("File").set_input_files(tmp_path / "colors.json")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("heading", name="main holds the document")).to_be_visible()
    screenshot(page, "imported")
    page.goto(reverse("admin:repository", args=["world"]))
    expect(page.get_by_role("link", name="Color", exact=True)).to_be_visible()
