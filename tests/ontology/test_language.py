"""Who asks in Korean is told in Korean what is wrong, what breaks and what rules say; everybody else in English."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation
from rest_framework.test import APIClient

from accounts.models import User
from gateway.http import translation as edge
from history.engine.changes import Put
from history.models import Branch, Commit, Event, Repository
from history.services import branch_create
from tests.factories import api_client_for

pytestmark = pytest.mark.django_db

URL = "/api/v1/repositories/world"
KOREAN = {
    "The name {name} is not in {convention}.": "이름 {name}의 표기: {convention}.",
    "PascalCase, such as 'PurchaseOrder'": "파스칼 표기",
    "An enum has a value.": "열거에는 값이 있습니다.",
    "There is no {kind} {name}.": "{kind} {name}이(가) 없습니다.",
    "object type": "객체 유형",
    "property": "속성",
    "the {noun} {name}": "{noun} {name}",
    "{member} of {holder}": "{holder}의 {member}",
    "{it} is deleted{from_then_on}.": "{it}이(가) 삭제됩니다{from_then_on}.",
    "{finding} It counts as low, being {how}.": "{finding} 상태: {how}.",
    "experimental": "실험",
    "Copy {what} to an archive.": "{what}을(를) 보관소에 복사합니다.",
    "Discard the copy.": "사본을 버립니다.",
    "No consumer reads or writes it any more.": "소비자가 없어야 합니다.",
    "{repository} has no branch {name}.": "{repository}에 브랜치 {name}이(가) 없습니다.",
    "The body is not JSON: {reason} at line {line}, column {column}.": "JSON이 아닙니다: {line}행 {column}열.",
}


@pytest.fixture(autouse=True)
def catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small catalogue in place of the real one, whose words may be improved at any time."""

    def look_up(template: str) -> str:
        return KOREAN.get(template, template) if translation.get_language() == "ko" else template

    monkeypatch.setattr(edge, "gettext", look_up)


@pytest.fixture
def english(alice: User, repository: Repository) -> APIClient:
    return api_client_for(alice)


@pytest.fixture
def korean(english: APIClient, alice: User) -> APIClient:
    client = api_client_for(alice)
    client.credentials(**client._credentials, HTTP_ACCEPT_LANGUAGE="ko-KR,ko;q=0.9,en;q=0.5")
    return client


def graphql(client: APIClient, query: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.post("/graphql/", {"query": query}, format="json").json()
    return answer


def messages(answer: dict[str, Any], of: str) -> list[str]:
    return [each["message"] for each in answer[of]]


@pytest.fixture
def misnamed(commit: Callable[..., Commit]) -> Commit:
    return commit(Put("object_type", "3DModel", {"properties": {}}))


@pytest.fixture
def forgotten(commit: Callable[..., Commit], alice: User, repository: Repository) -> Branch:
    """A branch ``topic`` from which a property is gone."""
    commit(Put("object_type", "Person", {"properties": {"age": {"type": "integer"}}}))
    topic = branch_create(actor=alice, repository=repository, name="topic")
    commit(Put("object_type", "Person", {"properties": {}}))
    return topic


def test_the_violations_of_a_state(english: APIClient, korean: APIClient, misnamed: Commit) -> None:
    assert messages(korean.get(f"{URL}/validation/").json(), "violations") == ["이름 '3DModel'의 표기: 파스칼 표기."]
    assert messages(english.get(f"{URL}/validation/").json(), "violations") == [
        "The name '3DModel' is not in PascalCase, such as 'PurchaseOrder'."
    ]
    query = '{ validation(repository: "world") { message } }'
    assert messages(graphql(korean, query)["data"], "validation") == ["이름 '3DModel'의 표기: 파스칼 표기."]


def test_the_errors_of_a_refused_commit(english: APIClient, korean: APIClient) -> None:
    content = {"properties": {}, "extends": ["Agent"]}
    change = {"op": "put", "kind": "object_type", "name": "Person", "content": content}
    body = {"branch": "main", "message": "Add", "changes": [change]}
    refused = korean.post(f"{URL}/commits/", body, format="json").json()
    assert messages(refused, "errors") == ["객체 유형 'Agent'이(가) 없습니다."]
    refused = english.post(f"{URL}/commits/", body, format="json").json()
    assert messages(refused, "errors") == ["There is no object type 'Agent'."]


def test_what_a_step_breaks_and_the_way_there(english: APIClient, korean: APIClient, forgotten: Branch) -> None:
    address = f"{URL}/compare/?base=topic&head=main"
    [finding] = korean.get(address).json()["findings"]
    assert finding["message"] == "객체 유형 'Person'의 속성 'age'이(가) 삭제됩니다. 상태: 실험."
    copy, drop = finding["migration"]["steps"][-2:]
    assert copy["words"] == "객체 유형 'Person'의 속성 'age'을(를) 보관소에 복사합니다."
    assert copy["reverse"]["words"] == "사본을 버립니다."
    assert drop["needs"] == ["소비자가 없어야 합니다."]
    assert finding["before"] == "age"
    query = '{ compare(repository: "world", base: "topic", head: "main") { findings } }'
    assert graphql(korean, query)["data"]["compare"]["findings"] == [finding]
    [finding] = english.get(address).json()["findings"]
    assert finding["message"] == (
        "The property 'age' of the object type 'Person' is deleted. It counts as low, being experimental."
    )


def test_what_rules_say(english: APIClient, korean: APIClient) -> None:
    assert "열거에는 값이 있습니다." in {
        row["sentence"] for row in korean.get(f"{URL}/rule-settings/").json()["results"]
    }
    query = '{ ruleSettings(repository: "world") { sentence } }'
    assert {"sentence": "열거에는 값이 있습니다."} in graphql(korean, query)["data"]["ruleSettings"]
    assert {"sentence": "An enum has a value."} in graphql(english, query)["data"]["ruleSettings"]


def test_what_is_not_there(english: APIClient, korean: APIClient) -> None:
    address = f"{URL}/branches/topic/"
    assert korean.get(address).json()["detail"] == "world에 브랜치 topic이(가) 없습니다."
    assert english.get(address).json()["detail"] == "world has no branch topic."
    query = 'mutation { branchDelete(repository: "world", name: "topic") }'
    [error] = graphql(korean, query)["errors"]
    assert error["message"] == "world에 브랜치 topic이(가) 없습니다."


def test_what_is_wrong_with_a_body(korean: APIClient) -> None:
    refused = korean.post(f"{URL}/commits/", data=b"{", content_type="application/json").json()
    assert refused["detail"] == "JSON이 아닙니다: 1행 2열."


def test_what_is_kept_is_english(korean: APIClient, misnamed: Commit) -> None:
    body = {"name": "topic", "from": "main"}
    assert korean.post(f"{URL}/branches/", body, format="json").status_code == 201
    bodies = b"".join(bytes(event.body) for event in Event.objects.all()).decode()
    assert not any("가" <= letter <= "힣" for letter in bodies)
