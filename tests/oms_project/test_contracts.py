"""What clients rely on is written down, complete and served as it is written."""

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from oms_project import contracts


@pytest.mark.parametrize("path", contracts.contracts(), ids=lambda path: path.name)
def test_the_committed_contract_says_what_the_code_does(path):
    assert path.read_text() == contracts.contracts()[path], "Run manage.py export_contracts and look at the difference."


def test_the_command_writes_the_contracts(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(contracts, "FOLDER", tmp_path / "api")
    call_command("export_contracts")
    written = {path.name: path.read_text() for path in (tmp_path / "api").iterdir()}
    assert written == {path.name: text for path, text in contracts.contracts().items()}


def test_the_openapi_document_is_valid_and_leaves_nothing_to_guesses():
    contracts.openapi.cache_clear()
    GENERATOR_STATS.reset()
    validate_schema(contracts.openapi())
    assert not GENERATOR_STATS, "drf-spectacular warned; see its messages above."


def test_every_operation_says_how_it_fails():
    for operations in contracts.openapi()["paths"].values():
        for operation in operations.values():
            assert "application/problem+json" in operation["responses"]["default"]["content"]


def test_the_document_is_served_in_yaml_and_json():
    served = Client().get(reverse("api-schema"))
    assert served.status_code == 200
    assert yaml.safe_load(served.content) == contracts.openapi()
    as_json = Client().get(reverse("api-schema"), headers={"accept": "application/json"})
    assert as_json.json() == contracts.openapi()


def test_the_page_to_try_it_holds_no_script_or_style_and_no_outside_address():
    page = Client().get(reverse("api-docs"))
    assert page.status_code == 200
    assert "<style" not in page.text
    assert page.text.count("<script") == page.text.count("<script src=") == 2
    assert "//" not in page.text
    assert "'unsafe" not in page["Content-Security-Policy"]


@pytest.mark.slow
def test_the_page_works_under_the_strict_policy(live_server, browser):
    """A browser shows the operations, opens one and asks no other address; its console holds no complaint."""
    complaints, asked = [], set()
    with browser.new_context() as context:
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.add(request.url))
        page.goto(f"{live_server.url}{reverse('api-docs')}")
        operation = page.locator(".opblock").first
        operation.locator(".opblock-summary").click()
        operation.get_by_role("button", name="Try it out").wait_for()
    assert complaints == []
    assert {url for url in asked if not url.startswith((live_server.url, "data:"))} == set()


def test_every_write_under_repositories_can_be_tried():
    cannot = [
        f"{method} {path}"
        for path, operations in contracts.openapi()["paths"].items()
        for method, operation in operations.items()
        if path.startswith("/api/v1/repositories/")
        and method != "get"
        and "dry_run" not in {parameter["name"] for parameter in operation.get("parameters", [])}
    ]
    assert cannot == []
