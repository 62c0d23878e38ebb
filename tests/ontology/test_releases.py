"""Six years of schema.org: seven releases as seven commits on one branch."""

import sys
from itertools import pairwise
from pathlib import Path

import pytest
from django.db.models import Sum
from django.db.models.functions import Length

from accounts.models import User
from history.engine.canonical import canonical_bytes
from history.engine.content import Content, Key
from history.models import Blob, Branch, Commit, Node
from history.selectors import log_page
from history.services import branch_create
from ontology.engine.document import contents_of
from ontology.selectors import compare, document_export
from ontology.services import document_import
from tests.ontology import neutral
from tests.ontology.stored_forms import StoredForms


def stored_bytes() -> int:
    totals = [model.objects.aggregate(total=Sum(Length("body")))["total"] for model in (Blob, Node)]
    return sum(total or 0 for total in totals)


def differing(before: dict[Key, Content], after: dict[Key, Content]) -> set[Key]:
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


@pytest.mark.slow
@pytest.mark.django_db
def test_the_releases_of_schema_org_import_export_and_compare(
    alice: User, main: Branch, oms_test_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    releases = neutral.load_releases(oms_test_data)
    commits: list[Commit] = []
    for release, document in releases.items():
        before = stored_bytes()
        report = document_import(actor=alice, branch=main, document=document, message=f"Import schema.org {release}")
        commits.append(report.commit)
        stored, whole = stored_bytes() - before, len(canonical_bytes(document_export(report.commit)))
        with capsys.disabled():
            sys.stdout.write(f"\nschema.org {release}: {stored:>9,} bytes stored for a document of {whole:,}")
        assert stored < whole * (1.2 if release == "12.0" else 0.6)

    history, _ = log_page([main.head_id], 10)
    assert history[:7] == commits[::-1]

    forms = StoredForms()
    expected = [forms.of(document) for document in releases.values()]
    for commit, contents in zip(commits, expected, strict=True):
        assert contents_of(document_export(commit)) == (contents, [])
    for (base, head), (before, after) in zip(pairwise(commits), pairwise(expected), strict=True):
        changes = compare(base, head).changes
        assert {(change.kind, change.api_name) for change in changes} == differing(before, after)

    copy = branch_create(actor=alice, repository=main.repository, name="copy", start=commits[0].digest)
    document_import(actor=alice, branch=copy, document=document_export(commits[-1]), message="Import an export")
    assert copy.head.root == commits[-1].root
