"""The 42 real merges of schema.org and Biolink, and what a merge of ours comes to beside their maintainers'."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gateway.engine.json_pointer import pointer
from history.engine.content import Content, Key
from merging.engine.merge import Base, virtual_base
from merging.selectors import DocumentMerge, merge_documents, merge_schema
from tests.ontology import neutral
from tests.ontology.stored_forms import StoredForms

ABSENT: Final = "nothing here"

Documents = Mapping[Key, Content]


@dataclass(frozen=True)
class RealMerge:
    id: str
    source: str
    git_conflict: bool
    bases: Sequence[Documents]
    ours: Documents
    theirs: Documents
    maintainers: Documents

    @property
    def base(self) -> Documents:
        return virtual_base(self.bases, merge_schema(), [Base({}) for _ in self.bases[1:]]).documents

    def merged(self) -> DocumentMerge:
        return merge_documents(self.bases, self.ours, self.theirs)


@dataclass(frozen=True)
class Outcome:
    """What one merge came to. ``changed`` are the leaves that a side changed or that differ in a result."""

    source: str
    git_conflict: bool
    clean: bool
    changed: int
    as_maintainers: int
    dangling: int


def load(folder: Path) -> list[RealMerge]:
    forms = StoredForms()
    return [
        RealMerge(
            case.id,
            case.id.partition("-")[0],
            case.git_conflict,
            tuple(forms.of(base) for base in case.bases),
            *(forms.of(document) for document in (case.ours, case.theirs, case.merge)),
        )
        for case in neutral.load_merges(folder)
    ]


def outcome(case: RealMerge, merged: DocumentMerge) -> Outcome:
    base, ours, theirs, found, kept = map(
        leaves, (case.base, case.ours, case.theirs, merged.contents, case.maintainers)
    )
    changed = [
        path
        for path in {*base, *ours, *theirs, *found, *kept}
        if not base.get(path, ABSENT) == ours.get(path, ABSENT) == theirs.get(path, ABSENT)
    ]
    return Outcome(
        case.source,
        case.git_conflict,
        not merged.conflicts,
        len(changed),
        sum(found.get(path, ABSENT) == kept.get(path, ABSENT) for path in changed),
        sum(violation.rule == "DANGLING_REFERENCE" for _, violation in merged.violations),
    )


def leaves(documents: Documents) -> dict[str, Any]:
    """Every leaf but identities by its pointer; lists are leaves."""
    return {
        path: leaf for key, content in documents.items() for path, leaf in _leaves(pointer("/resources", *key), content)
    }


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, member in value.items():
            if name != "rid":
                yield from _leaves(pointer(path, name), member)
    else:
        yield path, value
