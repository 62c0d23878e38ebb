"""Every way to move a head brings the lock's token to where locks are looked at, and the reason to the guards."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from accounts.models import User
from history.engine.changes import Put
from history.models import Branch, BranchLock, Repository
from history.selectors import branch_get
from history.services import HeadChange, branch_create, commit_create, repository_create
from merging.services import proposal_open
from tests.factories import UserFactory, api_client_for, lock_by

pytestmark = pytest.mark.django_db

URL = "/api/v1/repositories/crm/"
PERSON = {"properties": {"id": {"type": "string"}}}
DOCUMENT = {"format": "oms/1", "resources": {"object_type": {"Person": PERSON}}}
PET = f"{URL}resources/object_type/Pet/?ref=work"
ARGUMENTS = 'repository: "crm", branch: "work"'
OF_PET = f'{ARGUMENTS}, kind: "object_type", apiName: "Pet"'
CONTENT = '{properties: {id: {type: {type: "string"}}}}'
REASON = "긴급 수정, 100% sure"

Write = Callable[[APIClient, dict[str, str]], Any]


def rest(method: str, address: str, body: Any = None) -> Write:
    return lambda client, headers: getattr(client, method)(address, body, headers=headers)


def graphql(mutation: str) -> Write:
    return rest("post", "/graphql/", {"query": f"mutation {{ {mutation} }}"})


WRITES = {
    "POST commits": rest(
        "post",
        f"{URL}commits/",
        {"branch": "work", "message": "x", "changes": [{"op": "delete", "kind": "object_type", "name": "Pet"}]},
    ),
    "PUT resource": rest("put", PET, {"content": {"properties": {"name": {"type": "string"}}}}),
    "PATCH resource": rest("patch", PET, {"content": {"icon": "x"}}),
    "DELETE resource": rest("delete", PET),
    "DELETE branch": rest("delete", f"{URL}branches/work/"),
    "PATCH branch": rest("patch", f"{URL}branches/work/", {"head": "main"}),
    "POST import": rest("post", f"{URL}import/", {"branch": "work", "document": DOCUMENT}),
    "POST merges": rest("post", f"{URL}merges/", {"source": "topic", "target": "work"}),
    "commitCreate": graphql(
        f'commitCreate({ARGUMENTS}, message: "x", changes: [{{op: DELETE, kind: "object_type", name: "Pet"}}]) {{ id }}'
    ),
    "resourcePut": graphql(f"resourcePut({OF_PET}, content: {CONTENT.replace('id', 'name')}) {{ etag }}"),
    "resourcePatch": graphql(f'resourcePatch({OF_PET}, patch: {{icon: "x"}}) {{ etag }}'),
    "resourceDelete": graphql(f"resourceDelete({OF_PET}) {{ id }}"),
    "branchDelete": graphql('branchDelete(repository: "crm", name: "work")'),
    "branchReset": graphql('branchReset(repository: "crm", name: "work", to: "main") { head }'),
    "documentImport": graphql(
        f'documentImport({ARGUMENTS}, document: {{format: "oms/1", resources: {{}}}}) {{ removed }}'
    ),
    "POST proposal merge": rest("post", f"{URL}proposals/1/merge/", {"method": "merge"}),
    "proposalMerge": graphql('proposalMerge(repository: "crm", number: 1) { method }'),
    "branchMerge": graphql('branchMerge(repository: "crm", source: "topic", target: "work") { method }'),
}

ASKED: list[HeadChange] = []
"""What the guard was asked."""


def guard(change: HeadChange) -> None:
    ASKED.append(change)


@pytest.fixture(autouse=True)
def _asked(settings: Any) -> None:
    ASKED.clear()
    settings.HISTORY_HEAD_GUARDS = ["tests.oms_project.test_authority.guard"]


@pytest.fixture
def alice() -> User:
    return UserFactory(username="alice", role="developer")


@pytest.fixture
def crm(alice: User) -> Repository:
    """Main is empty, work holds Pet, topic holds Shop beside it."""
    repository = repository_create(actor=alice, name="crm")
    work = branch_create(actor=alice, repository=repository, name="work")
    edit(alice, work, "Pet")
    edit(alice, branch_create(actor=alice, repository=repository, name="topic", start="work"), "Shop")
    proposal_open(actor=alice, repository=repository, title="Shop", source="topic", target="work")
    ASKED.clear()
    return repository


def edit(actor: User, branch: Branch, name: str) -> None:
    commit_create(actor=actor, branch=branch, changes=[Put("object_type", name, PERSON)], message="Edit")


def status_of(answer: Any) -> int:
    """The status; of GraphQL that of its error."""
    errors = answer.json().get("errors") if answer.content else None
    if answer.status_code == 200 and errors:
        status: int = errors[0]["extensions"]["status"]
        return status
    return int(answer.status_code)


@pytest.mark.parametrize("write", WRITES)
def test_who_holds_the_lock_writes_with_its_token_and_says_why(alice: User, crm: Repository, write: str) -> None:
    lock = lock_by(alice, branch_get(crm, "work"))
    client = api_client_for(alice)
    assert status_of(WRITES[write](client, {})) == 423
    assert status_of(WRITES[write](client, {"OMS-Lock-Token": str(lock.token + 1)})) == 423
    assert ASKED == []
    headers = {"OMS-Lock-Token": str(lock.token), "OMS-Bypass-Reason": quote(REASON, safe=" ,")}
    answer = WRITES[write](client, headers)
    assert status_of(answer) in {200, 201, 204}, answer.content
    (asked,) = ASKED
    assert (asked.authority.lock_token, asked.authority.bypass_reason) == (lock.token, REASON)


MAKES = {
    "POST branches": rest("post", f"{URL}branches/", {"name": "new", "from": "work"}),
    "branchCreate": graphql('branchCreate(repository: "crm", name: "new", start: "work") { name }'),
}


@pytest.mark.parametrize("write", MAKES)
def test_who_makes_a_branch_says_why(alice: User, crm: Repository, write: str) -> None:
    answer = MAKES[write](api_client_for(alice), {"OMS-Bypass-Reason": quote(REASON, safe=" ,")})
    assert status_of(answer) in {200, 201}, answer.content
    (asked,) = ASKED
    assert (asked.branch.name, asked.authority.bypass_reason) == ("new", REASON)


ARCHIVES = {
    "PATCH branch": rest("patch", f"{URL}branches/work/", {"state": "archived"}),
    "branchArchive": graphql('branchArchive(repository: "crm", name: "work") { state }'),
}


@pytest.mark.parametrize("write", ARCHIVES)
def test_who_holds_the_lock_archives_under_it(alice: User, crm: Repository, write: str) -> None:
    lock = lock_by(alice, branch_get(crm, "work"))
    client = api_client_for(alice)
    assert status_of(ARCHIVES[write](client, {})) == 423
    assert status_of(ARCHIVES[write](client, {"OMS-Lock-Token": str(lock.token)})) == 200
    assert not BranchLock.objects.exists()
    assert branch_get(crm, "work").state == "archived"


def test_the_command_writes_under_a_lock_and_says_why(alice: User, crm: Repository, tmp_path: Path) -> None:
    lock = lock_by(alice, branch_get(crm, "work"))
    source = tmp_path / "crm.json"
    source.write_text(json.dumps(DOCUMENT))
    where = ["import_ontology", str(source), "--repository", "crm", "--branch", "work", "--actor", "alice"]
    with pytest.raises(SystemExit) as refused:
        call_command(*where)
    assert refused.value.code == 1
    call_command(*where, "--lock-token", str(lock.token), "--bypass-reason", REASON)
    (asked,) = ASKED
    assert (asked.authority.lock_token, asked.authority.bypass_reason) == (lock.token, REASON)
