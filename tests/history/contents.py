"""Resources of the ontology, and what REST is asked about them."""

from typing import Any

from rest_framework.test import APIClient

CRM = "/api/v1/repositories/crm/"


def person(**fields: Any) -> dict[str, Any]:
    properties = {"personId": {"type": "string", "required": True}, **fields.pop("properties", {})}
    return {"primary_key": ["personId"], "properties": properties, **fields}


def put(name: str = "Person", content: Any = None, kind: str = "object_type") -> dict[str, Any]:
    return {"op": "put", "kind": kind, "name": name, "content": person() if content is None else content}


def delete(name: str, kind: str = "object_type") -> dict[str, Any]:
    return {"op": "delete", "kind": kind, "name": name}


def rename(name: str, to: str, kind: str = "object_type") -> dict[str, Any]:
    return {"op": "rename", "kind": kind, "name": name, "to": to}


def commit_body(*changes: Any, branch: str = "main", message: str = "Edit", **more: Any) -> dict[str, Any]:
    return {"branch": branch, "message": message, "changes": list(changes), **more}


def commit(client: APIClient, *changes: Any, **more: Any) -> dict[str, Any]:
    """A commit that is accepted."""
    answer = client.post(f"{CRM}commits/", commit_body(*(changes or (put(),)), **more))
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def head_of(client: APIClient, branch: str = "main") -> str:
    head: str = client.get(f"{CRM}branches/{branch}/").json()["head"]
    return head
