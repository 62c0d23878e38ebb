"""What somebody typed about a resource, and what a commit of it would meet."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from gateway.engine.json_pointer import pointer
from gateway.exceptions import FieldError, Malformed, OMSError
from gateway.http.bodies import json_read
from gateway.http.translation import translated
from history.engine.changes import Change, Put, Rename
from history.exceptions import NameTaken
from history.models import Branch, Commit
from history.selectors import ResourceChange, TreeView
from history.services import Authority, commit_create
from ontology.engine.breaking import Finding
from ontology.engine.comparison import field_changes
from ontology.services import commit_preview
from ontology.views.labels import kind_label
from ontology.views.presentation import ShownChange, shown_change

CONTENT: Final = "#content"
NAME: Final = "#name"


@dataclass(frozen=True)
class Violation:
    """Something wrong, for the editor to show where it is.

    ``place`` is ``content`` (``pointer`` then leads into it), ``name``, or ``other``: mostly another resource.
    """

    place: str
    pointer: str
    rule: str
    message: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class Edit:
    """A resource as it was typed. ``original`` is the name that it has on the branch; empty where it is new."""

    kind: str
    original: str
    name: str
    text: str

    def changes(self) -> list[Change]:
        """What brings the branch there; raises Malformed where the text is not JSON."""
        put = Put(self.kind, self.name, self._content())
        return [Rename(self.kind, self.original, self.name), put] if self.is_rename else [put]

    def _content(self) -> Any:
        try:
            return json_read(self.text.encode(errors="surrogatepass"))
        except Malformed as problem:
            errors = [replace(error, field=f"{CONTENT}{error.field}") for error in problem.errors]
            raise Malformed(
                problem.detail, errors=errors or [FieldError(CONTENT, "NOT_JSON", problem.detail)]
            ) from problem

    @property
    def is_rename(self) -> bool:
        return self.original not in {"", self.name}

    def default_message(self) -> str:
        if self.is_rename:
            return f"Rename {self.kind} {self.original} to {self.name} and edit it"
        return f"{'Edit' if self.original else 'Add'} {self.kind} {self.name}"

    def violations(self, problem: OMSError) -> list[Violation]:
        """What ``problem`` says, by place."""
        code = problem.code.upper().replace("-", "_")
        return self.placed(problem.errors) or [Violation("other", "", code, translated(problem.detail))]

    def placed(self, errors: Iterable[FieldError]) -> list[Violation]:
        """``errors`` by place. What is wrong with a new name is so of the rename and of the put, and said once."""
        return list(dict.fromkeys(map(self._violation, errors)))

    def _violation(self, error: FieldError) -> Violation:
        own = pointer("/resources", self.kind, self.name)
        for prefix in (CONTENT, own):
            if error.field == prefix or error.field.startswith(f"{prefix}/"):
                return Violation("content", error.field.removeprefix(prefix), error.rule, translated(error.message))
        if error.field == NAME:
            return Violation("name", "", error.rule, translated(error.message))
        return _elsewhere(error)


def _elsewhere(error: FieldError) -> Violation:
    """An error in another resource: its message names that, and its pointer leads into it."""
    message = translated(error.message)
    match error.field.split("/", 4):
        case ["", "resources", kind, name, *within]:
            message = _("{kind} {name}: {message}").format(kind=kind_label(kind), name=name, message=message)
            return Violation("other", "".join(f"/{path}" for path in within), error.rule, message)
    return Violation("other", error.field, error.rule, message)


def place(number: int, part: str) -> str:
    """Where the services find the parts of the changes of an edit."""
    return CONTENT if part == "content" else NAME


def edit_commit(
    *, actor: Any, branch: Branch, edit: Edit, message: str, expected_head: str | None, authority: Authority
) -> Commit:
    """Commit what was typed; refuses as :func:`commit_create` does, what is not JSON, and a new one's taken name."""
    _require_free_name(branch, edit)
    return commit_create(
        actor=actor,
        branch=branch,
        changes=edit.changes(),
        message=message or edit.default_message(),
        expected_head=expected_head,
        authority=authority,
        place=place,
    )


def _require_free_name(branch: Branch, edit: Edit) -> None:
    key = (edit.kind, edit.name)
    if not edit.original and TreeView(branch.head.root).digests([key]):
        sentence = _("There is {name} already; edit it instead.").format(name=edit.name)
        raise NameTaken(sentence, errors=[FieldError(NAME, "TAKEN", sentence)])


@dataclass(frozen=True)
class Check:
    """What a commit of what was typed would meet: what blocks it, and what is only told."""

    violations: Sequence[Violation] = ()
    warnings: Sequence[Violation] = ()
    findings: Sequence[Finding] = ()
    """Against the branch's head, the gravest first."""
    changes: Sequence[ResourceChange] = ()


def edit_try(*, actor: Any, branch: Branch, edit: Edit, authority: Authority) -> Check:
    """What a commit on the branch's head would meet; nothing is left behind."""
    try:
        _require_free_name(branch, edit)
        found = commit_preview(actor=actor, branch=branch, changes=edit.changes(), authority=authority, place=place)
    except OMSError as problem:
        return Check(edit.violations(problem))
    warnings = [FieldError(each.path, each.rule, each.message) for each in found.warnings]
    return Check(edit.placed(found.errors), edit.placed(warnings), found.findings, found.changes)


@dataclass(frozen=True)
class Stale:
    """The branch has moved since somebody began to type.

    ``rows`` is what was changed meanwhile in the very resource.
    """

    head: Commit
    rows: Sequence[ShownChange]
    is_gone: bool


def stale_state(*, branch: Branch, expected_head: str, kind: str, name: str) -> Stale | None:
    """Where ``branch`` is and what happened to the resource since ``expected_head``; None where it did not move."""
    if branch.head_id == expected_head:
        return None
    head = Commit.objects.select_related("author").get(digest=branch.head_id)
    then = Commit.objects.filter(repository=branch.repository_id, digest=expected_head).first()
    before = TreeView(then.root).contents([(kind, name)]).get((kind, name)) if then else None
    after = TreeView(head.root).contents([(kind, name)]).get((kind, name))
    rows = [shown_change(kind, change) for change in field_changes(kind, before, after)]
    return Stale(head, rows, is_gone=after is None and before is not None)
