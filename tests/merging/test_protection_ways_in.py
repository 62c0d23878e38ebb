"""A protected branch is moved by the merge of a proposal, and in no other way that there is.

One row for each way in. The code is read for ways in that have no row, so that a new one cannot be forgotten.
"""

import ast
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Session
from history.engine.changes import Put
from history.models import Event
from history.services import (
    branch_archive,
    branch_create,
    branch_delete,
    branch_reset,
    commit_create,
    resource_delete,
    resource_patch,
    resource_put,
)
from merging.exceptions import BranchProtected
from merging.models import ProtectionRule, QueueEntry
from merging.services import (
    branch_merge,
    commit_pick,
    commit_revert,
    proposal_merge,
    proposal_open,
    queue_enter,
    queue_entry_merge,
)
from merging.tasks import advance_queue
from ontology.services import document_import, document_read, reading_import
from tests.factories import api_client_for, console_client_for
from tests.merging.protected import BYPASSED, REFUSED, World, events
from tests.oms_project.calls import decorated, functions, leading_to, mentions, modules

BRANCH = "release/1"
NEW = "release/2"
CRM = "/api/v1/repositories/crm/"
CONSOLE = "/console/repositories/crm/"
PERSON = ("object_type", "Person")
CONTENT = {"properties": {"name": {"type": "string"}}}
CHANGE = {"op": "put", "kind": PERSON[0], "name": PERSON[1], "content": CONTENT}
DOCUMENT = {"format": "oms/1", "resources": {"object_type": {"Person": CONTENT}}}
OF_BRANCH = f'repository: "crm", branch: "{BRANCH}"'
OF_PERSON = f'{OF_BRANCH}, kind: "object_type", apiName: "Person"'
GRAPHQL_CONTENT = '{properties: {name: {type: "string"}}}'

Way = Callable[[World, Path], None]


# --- What a refusal looks like ------------------------------------------------------------------------


def rest(method: str, path: str, body: Any = None) -> Way:
    def attempt(world: World, _folder: Path) -> None:
        answer = getattr(api_client_for(world.dan), method)(CRM + path, body)
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:oms:problem:branch-protected")

    return attempt


def graphql(mutation: str) -> Way:
    def attempt(world: World, _folder: Path) -> None:
        client: APIClient = api_client_for(world.dan)
        [error] = client.post("/graphql/", {"query": f"mutation {{ {mutation} }}"}).json()["errors"]
        assert (error["extensions"]["code"], error["extensions"]["status"]) == ("branch-protected", 403)

    return attempt


def page(
    path: str,
    typed: Callable[[World], dict[str, Any]],
    sentence: str = "The branch changes by the merge of a proposal only.",
) -> Way:
    def attempt(world: World, _folder: Path) -> None:
        client: Client = console_client_for(world.dan)
        answer = client.post(CONSOLE + path, typed(world))
        assert answer.status_code == 403
        assert sentence in answer.content.decode()

    return attempt


def form_of_a_branch(world: World, _folder: Path) -> None:
    answer = console_client_for(world.dan).post(f"{CONSOLE}branches/", {"name": NEW, "start": "topic"})
    assert answer.status_code == 403
    assert "The branch begins at what another holds" in answer.content.decode()


def button(path: str, sentence: str) -> Way:
    """A form that leads back to where it stands, with a message."""

    def attempt(world: World, _folder: Path) -> None:
        answer = console_client_for(world.dan).post(CONSOLE + path, {"name": BRANCH}, follow=True)
        assert sentence in answer.content.decode()

    return attempt


def administration(world: World, _folder: Path) -> None:
    branch = world.branch(BRANCH)
    typed = {"to": "main", "bypass_reason": "", "expected_head": branch.head_id}
    answer = console_client_for(world.ada).post(f"/console/history/branch/{branch.pk}/change/", typed)
    assert answer.status_code == 200
    assert "by the merge of a proposal only" in answer.content.decode()


def action(world: World, _folder: Path) -> None:
    typed = {"action": "archive", "_selected_action": str(world.branch(BRANCH).pk)}
    answer = console_client_for(world.ada).post("/console/history/branch/", typed, follow=True)
    assert f"{BRANCH} is protected by release/*." in answer.content.decode()


def command(world: World, folder: Path) -> None:
    source = folder / "crm.json"
    source.write_text(json.dumps(DOCUMENT))
    where = ["--repository", "crm", "--branch", BRANCH, "--actor", world.dan.username]
    with pytest.raises(SystemExit) as refused:
        call_command("import_ontology", str(source), *where)
    assert refused.value.code == 1


def worker(world: World, _folder: Path) -> None:
    advance_queue(str(world.repository.pk), BRANCH)
    entry = QueueEntry.objects.get()
    assert (entry.state, entry.code) == ("failed", "branch-protected")


def service(call: Callable[[dict[str, Any], World], Any], **more: Any) -> Way:
    def attempt(world: World, _folder: Path) -> None:
        with pytest.raises(BranchProtected) as refused:
            call({"actor": world.dan, "branch": world.branch(BRANCH), **more}, world)
        assert refused.value.status == 403

    return attempt


def hold(_digest: str | None) -> None:
    """A precondition that always holds."""


ON_PERSON: Final = {"key": PERSON, "message": "Change", "precondition": hold}
MERGE: Final = {"source": "topic", "target": BRANCH}

WAYS: dict[str, Way] = {
    "history.api.views.commits:CommitViewSet.create": rest(
        "post", "commits/", {"branch": BRANCH, "message": "Change", "changes": [CHANGE]}
    ),
    "history.api.views.resources:ResourceViewSet.update": rest(
        "put", f"resources/object_type/Person/?ref={BRANCH}", {"content": CONTENT}
    ),
    "history.api.views.resources:ResourceViewSet.partial_update": rest(
        "patch", f"resources/object_type/Person/?ref={BRANCH}", {"content": {"icon": "user"}}
    ),
    "history.api.views.resources:ResourceViewSet.destroy": rest(
        "delete", f"resources/object_type/Person/?ref={BRANCH}"
    ),
    "history.api.views.repositories:BranchViewSet.destroy": rest("delete", f"branches/{BRANCH}/"),
    "history.api.views.repositories:BranchViewSet.partial_update": rest(
        "patch", f"branches/{BRANCH}/", {"head": "main"}
    ),
    "ontology.api.views:ImportViewSet.create": rest("post", "import/", {"branch": BRANCH, "document": DOCUMENT}),
    "merging.api.views.merges:MergeViewSet.create": rest("post", "merges/", MERGE),
    "merging.api.views.picks:ApplyViewSet.pick": rest("post", "cherry-picks/", {"branch": BRANCH, "commit": "topic"}),
    "merging.api.views.picks:ApplyViewSet.revert": rest("post", "reverts/", {"branch": BRANCH, "commit": BRANCH}),
    "history.graphql.mutations:Mutation.commit_create": graphql(
        f'commitCreate({OF_BRANCH}, message: "Change", changes: '
        f'[{{op: PUT, kind: "object_type", name: "Person", content: {GRAPHQL_CONTENT}}}]) {{ id }}'
    ),
    "history.graphql.mutations:Mutation.resource_put": graphql(
        f"resourcePut({OF_PERSON}, content: {GRAPHQL_CONTENT}) {{ etag }}"
    ),
    "history.graphql.mutations:Mutation.resource_patch": graphql(
        f'resourcePatch({OF_PERSON}, patch: {{icon: "user"}}) {{ etag }}'
    ),
    "history.graphql.mutations:Mutation.resource_delete": graphql(f"resourceDelete({OF_PERSON}) {{ id }}"),
    "history.graphql.mutations:Mutation.branch_delete": graphql(f'branchDelete(repository: "crm", name: "{BRANCH}")'),
    "history.graphql.branches:Mutation.branch_reset": graphql(
        f'branchReset(repository: "crm", name: "{BRANCH}", to: "main") {{ head }}'
    ),
    "ontology.graphql.states:Mutation.document_import": graphql(
        f'documentImport({OF_BRANCH}, document: {{format: "oms/1", resources: {{}}}}) {{ removed }}'
    ),
    "merging.graphql.merges:Mutation.branch_merge": graphql(
        f'branchMerge(repository: "crm", source: "topic", target: "{BRANCH}") {{ method }}'
    ),
    "merging.graphql.picks:Mutation.commit_pick": graphql(f'commitPick({OF_BRANCH}, commit: "topic") {{ commit }}'),
    "merging.graphql.picks:Mutation.commit_revert": graphql(
        f'commitRevert({OF_BRANCH}, commit: "{BRANCH}") {{ commit }}'
    ),
    "ontology.views.editor:EditorView.post": page(
        f"resources/object_type/Person/edit/?ref={BRANCH}",
        lambda world: {
            "name": "Person",
            "content": json.dumps(CONTENT),
            "message": "",
            "expected_head": world.branch(BRANCH).head_id,
        },
    ),
    "ontology.views.one_change:OneChangeView.post": page(
        f"resources/object_type/Person/delete/?ref={BRANCH}",
        lambda world: {"message": "", "expected_head": world.branch(BRANCH).head_id},
    ),
    "ontology.views.imports:ImportView.post": page(
        "import/", lambda _: {"branch": BRANCH, "format": "oms", "text": json.dumps(DOCUMENT), "replace": "on"}
    ),
    "merging.views.merges:MergeView.post": page("merge/", lambda _: MERGE),
    "history.views.branches:BranchDeleteView.act": button("branches/delete/", "The branch may not be deleted."),
    "history.admin:BranchForm.write": administration,
    "ontology.management.commands.import_ontology:Command.handle": command,
    "history.services.commits:commit_create": service(
        lambda given, _: commit_create(**given), changes=[Put(*PERSON, CONTENT)], message="Change"
    ),
    "history.services.resources:resource_put": service(
        lambda given, _: resource_put(**given), content=CONTENT, **ON_PERSON
    ),
    "history.services.resources:resource_patch": service(
        lambda given, _: resource_patch(**given), patch={"icon": "user"}, **ON_PERSON
    ),
    "history.services.resources:resource_delete": service(lambda given, _: resource_delete(**given), **ON_PERSON),
    "history.services.branches:branch_delete": service(lambda given, _: branch_delete(**given)),
    "history.services.branches:branch_reset": service(lambda given, _: branch_reset(**given), to="main"),
    "ontology.services.documents:document_import": service(
        lambda given, _: document_import(**given), document=DOCUMENT, message="Import"
    ),
    "ontology.services.documents:reading_import": service(
        lambda given, _: reading_import(**given), reading=document_read(DOCUMENT, "oms"), message="Import"
    ),
    "merging.services.merges:branch_merge": service(
        lambda given, world: branch_merge(actor=given["actor"], repository=world.repository, **MERGE)
    ),
    "merging.services.picks:commit_pick": service(lambda given, _: commit_pick(**given), commit="topic"),
    "merging.services.picks:commit_revert": service(lambda given, _: commit_revert(**given), commit=BRANCH),
}

BY_PROPOSAL: dict[str, Way] = {
    "merging.services.proposal_merges:proposal_merge": service(
        lambda given, world: proposal_merge(actor=given["actor"], proposal=world.repository.proposals.get())
    ),
    "merging.services.queue:queue_entry_merge": service(
        lambda _, __: queue_entry_merge(entry=QueueEntry.objects.get())
    ),
    "merging.tasks:advance_queue": worker,
    "merging.api.views.proposals:ProposalViewSet.merge": rest("post", "proposals/1/merge/", {}),
    "merging.graphql.proposals:Mutation.proposal_merge": graphql(
        'proposalMerge(repository: "crm", number: 1) { commit }'
    ),
    "merging.views.proposal_page:ProposalMergeView.post": page(
        "proposals/1/merge/",
        lambda world: {
            "merge-expected_head": world.branch(BRANCH).head_id,
            "merge-expected_source_head": world.branch("topic").head_id,
        },
        "1 approval is needed; there is 0.",
    ),
}
"""What merges proposals, asked for one that nobody has approved."""
MAKING: dict[str, Way] = {
    "history.api.views.repositories:BranchViewSet.create": rest("post", "branches/", {"name": NEW, "from": "topic"}),
    "history.graphql.mutations:Mutation.branch_create": graphql(
        f'branchCreate(repository: "crm", name: "{NEW}", start: "topic") {{ name }}'
    ),
    "history.views.branches:BranchListView.post": form_of_a_branch,
    "history.services.branches:branch_create": service(
        lambda given, world: branch_create(actor=given["actor"], repository=world.repository, name=NEW, start="topic")
    ),
}
"""What makes branches, asked for a protected one of what nobody has approved."""
ARCHIVING: dict[str, Way] = {
    "history.api.views.repositories:BranchViewSet.partial_update": rest(
        "patch", f"branches/{BRANCH}/", {"state": "archived"}
    ),
    "history.graphql.branches:Mutation.branch_archive": graphql(
        f'branchArchive(repository: "crm", name: "{BRANCH}") {{ state }}'
    ),
    "history.views.branches:BranchArchiveView.act": button("branches/archive/", "The branch may not be archived."),
    "history.admin:BranchAdmin.archive": action,
    "history.services.branches:branch_archive": service(lambda given, _: branch_archive(**given)),
}
"""What takes branches out of use, asked for one that may not be deleted."""
INNER: Final = frozenset({"history.services.commits:tree_commit"})
"""What only others of these services call, which hold the lock of the branch and have asked for permission."""
OF_ITS_OWN: Final = frozenset({"oms_project.management.commands.load_demo:Command.handle"})
"""What writes to repositories that it has just made."""


# --- The ways in --------------------------------------------------------------------------------------


@pytest.fixture
def release(protected: World) -> World:
    """A protected branch that is ahead of main, and a topic that is ahead of it."""
    for name, start in ((BRANCH, "main"), ("topic", BRANCH)):
        branch_create(actor=protected.dan, repository=protected.repository, name=name, start=start)
        protected.commit(branch=name)
    protected.rule("release/*", requires_proposal=True, forbids_deletion=True, forbids_reset=True)
    return protected


def rows() -> dict[str, int]:
    """How many rows there are of everything that ontologies are made of."""
    models = [model for app in ("history", "ontology", "merging") for model in apps.get_app_config(app).get_models()]
    return {model.__name__: model.objects.count() for model in models if model is not Event}


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
def test_a_direct_write_is_refused_changes_nothing_and_is_an_event(way: str, release: World, tmp_path: Path) -> None:
    head, before = release.branch(BRANCH).head, rows()
    last = Event.objects.latest("id").pk
    WAYS[way](release, tmp_path)
    assert release.branch(BRANCH).head == head
    assert rows() == before
    told = Event.objects.filter(id__gt=last).exclude(type__startswith="io.oms.accounts.")
    assert [event.type for event in told] == [REFUSED]
    [event] = events(REFUSED)
    assert (event["branch"], event["code"], event["head"]) == (BRANCH, "branch-protected", head.digest)


@pytest.mark.django_db
@pytest.mark.parametrize("way", BY_PROPOSAL)
def test_a_proposal_of_which_not_all_is_so_is_refused_likewise(way: str, release: World, tmp_path: Path) -> None:
    release.rule("**/1", required_approvals=1)
    repository = release.repository
    proposal = proposal_open(actor=release.dan, repository=repository, title="Topic", source="topic", target=BRANCH)
    queue_enter(actor=release.dan, proposal=proposal)
    head, before = release.branch(BRANCH).head, rows()
    BY_PROPOSAL[way](release, tmp_path)
    assert release.branch(BRANCH).head == head
    assert rows() == before
    assert [event["rules"] for event in events(REFUSED)] == [["APPROVALS_REQUIRED"]]


@pytest.mark.django_db
@pytest.mark.parametrize("way", MAKING)
def test_a_protected_branch_is_not_made_of_anything(way: str, release: World, tmp_path: Path) -> None:
    before = rows()
    MAKING[way](release, tmp_path)
    assert rows() == before
    assert [(event["branch"], event["rules"]) for event in events(REFUSED)] == [(NEW, ["PROTECTED_START_REQUIRED"])]


@pytest.mark.django_db
@pytest.mark.parametrize("way", ARCHIVING)
def test_a_branch_that_may_not_be_deleted_is_not_archived(way: str, release: World, tmp_path: Path) -> None:
    before = rows()
    ARCHIVING[way](release, tmp_path)
    assert release.branch(BRANCH).state == "active"
    assert rows() == before
    [event] = events(REFUSED)
    assert (event["branch"], event["head"]) == (BRANCH, release.branch(BRANCH).head_id)
    assert (event["move"], event["rules"]) == ("io.oms.history.branch.archived", ["ARCHIVING_FORBIDDEN"])


@pytest.mark.django_db
def test_a_repeated_write_is_refused_once_more_without_a_second_event(release: World) -> None:
    client = api_client_for(release.dan)
    body = {"branch": BRANCH, "message": "Change", "changes": [CHANGE]}
    answers = [client.post(f"{CRM}commits/", body, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert len(events(REFUSED)) == 1


@pytest.mark.django_db
def test_a_dry_run_is_refused_and_tells_nobody(release: World) -> None:
    client = api_client_for(release.dan)
    body = {"branch": BRANCH, "message": "Change", "changes": [CHANGE]}
    assert client.post(f"{CRM}commits/?dry_run=true", body).status_code == 403
    assert events(REFUSED) == []


@pytest.mark.django_db
def test_a_reason_comes_with_the_request(release: World) -> None:
    rule = ProtectionRule.objects.get()
    rule.bypass_roles = ["developer"]
    rule.save()
    body = {"branch": BRANCH, "message": "Change", "changes": [CHANGE]}
    headers = {"OMS-Bypass-Reason": "The night shift waits"}
    assert api_client_for(release.dan).post(f"{CRM}commits/", body, headers=headers).status_code == 201
    assert [event["reason"] for event in events(BYPASSED)] == ["The night shift waits"]


@pytest.mark.django_db
def test_who_goes_past_a_rule_has_shown_just_now_who_they_are(release: World) -> None:
    ProtectionRule.objects.update(bypass_roles=["developer"])
    client = api_client_for(release.dan)
    Session.objects.update(auth_time=timezone.now() - timedelta(minutes=11))
    body = {"branch": BRANCH, "message": "Change", "changes": [CHANGE]}
    response = client.post(f"{CRM}commits/", body, headers={"OMS-Bypass-Reason": "The night shift waits"})
    assert response.status_code == 401
    assert 'error="insufficient_user_authentication"' in response["WWW-Authenticate"]
    assert events(BYPASSED) == []


# --- That there are no others -------------------------------------------------------------------------

MOVES: Final = {"history.services.heads:head_move", "history.services.heads:guards_ask"}
EDGE: Final = re.compile(r"(\w+\.)+(api|graphql|grpc|views|admin|management|middleware|tasks)\b|oms_project\b")


def ways_in() -> set[str]:
    """The functions of edges that lead to a move of a head and that none of the project's own leads to."""
    inner = set().union(*mentions().values())
    return {name for name in leading_to(MOVES) - inner if EDGE.match(name.split(":")[0])}


def test_every_way_in_has_a_row() -> None:
    """Who adds one adds its row to ``WAYS``, or says above why it is none for direct writes."""
    assert ways_in() - OF_ITS_OWN == {
        name for name in (*WAYS, *BY_PROPOSAL, *MAKING, *ARCHIVING) if ".services." not in name
    }


def test_every_service_that_moves_heads_has_a_row() -> None:
    services = decorated("moves_heads") | {"ontology.services.documents:document_import"}
    assert services - INNER == {name for name in (*WAYS, *BY_PROPOSAL, *MAKING, *ARCHIVING) if ".services." in name}


def test_nobody_comes_to_where_heads_move_without_being_watched() -> None:
    """Between an edge and the move stands a service with ``@moves_heads``, so that a refusal is an event."""
    unwatched = set(MOVES)
    while more := {
        name
        for name, mentioned in mentions().items()
        if mentioned & unwatched and name not in decorated("moves_heads") | unwatched
    }:
        unwatched |= more
    assert {name for name in unwatched if EDGE.match(name.split(":")[0])} == set()


def test_no_service_that_moves_heads_undoes_the_event_of_its_refusal() -> None:
    """A transaction around it that is left by the refusal would."""
    around = {name for name in leading_to(MOVES) if "transaction.atomic" in ast.unparse(functions()[name])}
    assert around == {
        "merging.services.queue:_turn",  # which is not left by it: the entry of the queue keeps it as its reason
        "ontology.management.commands.import_ontology:_commit",  # a dry run, which leaves nothing behind
        "oms_project.demo.loader:demo_load",  # in repositories of its own
    }


def test_heads_are_written_where_heads_move_and_nowhere_else() -> None:
    assert set(_writers()) == {"history.services.heads", "history.services.branches"}


def _writers() -> Iterator[str]:
    """The modules that give a branch a head, make one or delete it."""
    for module, tree in modules().items():
        for node in ast.walk(tree):
            match node:
                case ast.Assign(targets=targets) if any(
                    isinstance(each, ast.Attribute) and each.attr in {"head", "head_id"} for each in targets
                ):
                    yield module
                case ast.Call(func=ast.Attribute(attr="create" | "update" | "update_or_create"), keywords=keywords):
                    if {keyword.arg for keyword in keywords} & {"head", "head_id"}:
                        yield module
                case ast.Call(func=ast.Attribute(attr="delete", value=value)) if "branch" in ast.unparse(value).lower():
                    yield module
