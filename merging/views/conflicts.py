"""The conflicts of a proposal, each with its three sides and the result that is being built."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property

from gateway.exceptions import FieldError, Malformed
from gateway.http.bodies import json_read
from gateway.http.forms import ServiceForm
from history.views.base import address
from merging.engine.result import Conflict, ConflictKind, Option
from merging.engine.values import ABSENT, Value
from merging.services import ProposalConflict, Resolved, conflict_resolve
from merging.views.presentation import ShownConflict, resolution_label, shown_conflict, shown_side
from merging.views.proposal_page import ProposalScopedView
from ontology.engine.places import shape_at
from ontology.engine.shapes import Choice, Date, MemberReference, Name, Reference, Shape, Text
from ontology.views.labels import choice_label
from ontology.views.places import taken_apart
from ontology.views.presentation import Shown

PAGE: Final = 50
REMEMBERED: Final = "remembered"
"""What a form sends for the resolution that was remembered."""


class ResolutionForm(ServiceForm):
    conflict = forms.CharField()
    resolution = forms.CharField(required=False)
    """Empty: the conflict is to be opened again."""
    value = forms.CharField(required=False, strip=False, widget=forms.Textarea)


@dataclass(frozen=True)
class Taking:
    """One of the ways in which a conflict can be resolved by a button."""

    option: str
    key: str
    label: str
    shown: Shown
    is_chosen: bool


@dataclass(frozen=True)
class Editor:
    """How another value is typed: as a text, as one of ``choices``, or as JSON."""

    text: str
    is_json: bool
    choices: Sequence[tuple[str, str]] = ()

    @property
    def rows(self) -> int:
        return min(max(self.text.count("\n") + 1, 2), 16)


@dataclass(frozen=True)
class ShownResolution:
    """A conflict with what was said of it; ``form`` where something was just refused."""

    said: ProposalConflict
    place: str
    """Where it stands, as people count."""
    form: ResolutionForm | None = None

    @property
    def id(self) -> str:
        return self.said.conflict.id

    @property
    def is_resolved(self) -> bool:
        return self.said.resolution is not None

    @cached_property
    def shown(self) -> ShownConflict:
        return shown_conflict(self.said.conflict)

    @property
    def sides(self) -> list[Taking]:
        """The three columns; of those that cannot be taken the key is empty."""
        conflict = self.said.conflict
        drawn = (self.shown.base, self.shown.ours, self.shown.theirs)
        options = (Option.BASE, Option.OURS, Option.THEIRS)
        return [
            self._taking(option, str(key) if option in conflict.options else "", shown)
            for key, (option, shown) in enumerate(zip(options, drawn, strict=True), start=1)
        ]

    @property
    def offered(self) -> list[Taking]:
        """The strategies that could settle it, with what they come to."""
        conflict = self.said.conflict
        return [self._taking(name, "s", self._drawn(value)) for name, value in conflict.offers.items()]

    @property
    def takes_custom(self) -> bool:
        return Option.CUSTOM in self.said.conflict.options

    @property
    def result(self) -> Shown:
        """What stands there after the merge, as far as it is said; the base's value until then."""
        if self.said.resolution is None:
            return self._drawn(self.said.conflict.base)
        return self._drawn(self._value(self.said.resolution.decision.option, self.said.resolution.decision.value))

    @property
    def result_label(self) -> str:
        return resolution_label(self.said.resolution.option) if self.said.resolution else ""

    @property
    def remembered(self) -> Shown:
        """What the remembered resolution comes to."""
        row = self.said.remembered
        return self._drawn(self._value(row.decision.option, row.decision.value)) if row else self._drawn(ABSENT)

    @property
    def remembered_label(self) -> str:
        return resolution_label(self.said.remembered.option) if self.said.remembered else ""

    @property
    def editor(self) -> Editor:
        conflict, shape = self.said.conflict, _shape(self.said.conflict)
        row = self.said.resolution
        value = row.decision.value if row and row.option == Option.CUSTOM else conflict.ours
        if value is ABSENT:
            value = conflict.theirs if row is None else None
        if not is_plain(conflict):
            text = json.dumps(value, ensure_ascii=False, indent=2)
            return Editor(self._typed(text), is_json=True)
        choices = [(each, choice_label(each)) for each in shape.values] if isinstance(shape, Choice) else []
        return Editor(self._typed(value or ""), is_json=False, choices=choices)

    @property
    def errors(self) -> list[str]:
        return [str(error) for found in self.form.errors.values() for error in found] if self.form else []

    def _typed(self, text: str) -> str:
        is_typed = self.form is not None and self.form.data.get("resolution") == Option.CUSTOM
        return str(self.form.data.get("value", "")) if self.form and is_typed else text

    def _taking(self, option: str, key: str, shown: Shown) -> Taking:
        row = self.said.resolution
        return Taking(option, key, resolution_label(option), shown, row is not None and row.option == option)

    def _value(self, option: str, custom: Value) -> Any:
        if option == Option.CUSTOM:
            return custom
        if option in (Option.BASE, Option.OURS, Option.THEIRS):
            return getattr(self.said.conflict, option)
        return self.said.conflict.offers.get(option, ABSENT)

    def _drawn(self, value: Any) -> Shown:
        return shown_side(self.said.conflict, value)


def _shape(conflict: Conflict) -> Shape | None:
    kind, _name, path = taken_apart(conflict.path)
    return shape_at(kind, path)


def is_plain(conflict: Conflict) -> bool:
    """Whether another value for it is typed as a text; else as JSON."""
    shape = _shape(conflict)
    is_text = isinstance(shape, Text | Name | Choice | Reference | MemberReference | Date)
    return (
        is_text
        and conflict.kind not in (ConflictKind.DANGLING, ConflictKind.COUPLED)
        and all(isinstance(value, str) for value in conflict.sides.there.values())
    )


class ConflictListView(ProposalScopedView):
    """All conflicts in the way of merging that was chosen, to be resolved one at a time."""

    part = "conflicts"
    refused: ResolutionForm | None = None

    def get(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        return self.page("merging/conflicts.html")

    def post(self, request: HttpRequest, repository: str, number: int) -> HttpResponse:
        form = ResolutionForm(request.POST)
        resolved = form.attempt(lambda: self._resolve(**form.cleaned_data))
        if resolved is None:
            self.refused = form
            return self.page("merging/conflicts.html", status=form.status)
        anchor = request.POST.get("next", "") if form.cleaned_data["resolution"] else ""
        query = {name: request.GET.get(name) for name in ("method", "page")}
        here = address("proposal-conflicts", self.repository.name, self.proposal.number, **query)
        # One that came up or is open again is looked at next; what the form names otherwise.
        return redirect(f"{here}#c-{anchor if anchor.isalnum() else resolved.conflict.conflict.id}")

    def more(self, found: Any) -> dict[str, Any]:
        page: Page[Any] = Paginator(found.conflicts, PAGE).get_page(self.request.GET.get("page"))
        first = page.start_index()
        rows = [ShownResolution(said, str(first + place)) for place, said in enumerate(page)]
        if self.refused is not None:
            asked = self.refused.data.get("conflict")
            rows = [replace(row, form=self.refused) if row.id == asked else row for row in rows]
        is_placed = any(row.form for row in rows)
        return {
            "page_obj": page,
            "rows": [(row, *_around(rows, place)) for place, row in enumerate(rows)],
            "refused": None if is_placed else self.refused,
        }

    def _resolve(self, *, conflict: str, resolution: str, value: str) -> Resolved:
        said = self._said(conflict) if resolution in (REMEMBERED, Option.CUSTOM) else None
        given: Value = ABSENT
        if resolution == REMEMBERED and said and said.remembered:
            decision = said.remembered.decision
            resolution = decision.option
            given = None if resolution == Option.CUSTOM and decision.value is ABSENT else decision.value
        elif resolution == Option.CUSTOM:
            given = _read(value, is_text=said is not None and is_plain(said.conflict))
        return conflict_resolve(
            actor=self.request.user,
            proposal=self.proposal,
            conflict=conflict,
            resolution=resolution or None,
            value=given,
            way=self.way,
        )

    def _said(self, conflict: str) -> ProposalConflict | None:
        """What is said of a conflict now; None where there is none, which the service refuses."""
        found = self.preview()
        return next((each for each in found.conflicts if each.conflict.id == conflict), None)


def _around(rows: Sequence[ShownResolution], place: int) -> tuple[str, str, str]:
    """The conflict before, the one behind, and the open one to go to when this one is resolved; empty where none is."""
    before = rows[place - 1].id if place else ""
    behind = rows[place + 1].id if place + 1 < len(rows) else ""
    order = [*rows[place + 1 :], *rows[:place]]
    return before, behind, next((row.id for row in order if not row.is_resolved), "")


def _read(text: str, *, is_text: bool) -> Any:
    """The value that was typed; nothing where nothing was. Raises Malformed."""
    if is_text:
        return text.replace("\r\n", "\n") or None
    if not text.strip():
        return None
    try:
        return json_read(text.encode(errors="surrogatepass"))
    except Malformed as problem:
        message = problem.errors[0].message if problem.errors else problem.detail
        raise Malformed(problem.detail, errors=[FieldError("/value", "NOT_JSON", message)]) from problem
