"""A repository whose branches are edited over REST."""

from typing import Any

from rest_framework.test import APIClient

from tests.factories import UserFactory, api_client_for

CRM = "/api/v1/repositories/crm/"


def edit(client: APIClient, branch: str, name: str = "Person", message: str = "Edit", **fields: Any) -> str:
    """The id of a commit that gives a type these fields."""
    content = {"properties": {"id": {"type": "string"}}, **fields}
    change = {"op": "put", "kind": "object_type", "name": name, "content": content}
    answer = client.post(f"{CRM}commits/", {"branch": branch, "message": message, "changes": [change]})
    assert answer.status_code == 201
    made: str = answer.json()["id"]
    return made


def parted() -> APIClient:
    """Alice, who administers crm; her branches main and topic have parted without a conflict."""
    client = api_client_for(UserFactory(username="alice", role="developer"))
    client.post("/api/v1/repositories/", {"name": "crm"})
    edit(client, "main")
    client.post(f"{CRM}branches/", {"name": "topic"})
    edit(client, "main", icon="user")
    edit(client, "topic", color="#ff0000", message="Colour people")
    return client
