"""Values that people give to places in conflict: checked as the meta-model describes the place."""

from dataclasses import dataclass, replace

from gateway.engine.json_pointer import pointer, tokens
from gateway.engine.sentences import phrase, sentence
from history.engine.content import Content, Violation
from merging.engine.result import Conflict, ConflictKind
from merging.engine.values import ABSENT, Json, Value
from ontology.engine.findings import Findings, shown
from ontology.engine.identity import give_identities
from ontology.engine.kinds import KINDS
from ontology.engine.normalisation import value_form
from ontology.engine.places import OWN_NAME, shape_at
from ontology.engine.shapes import FreeJson, LocalisedText, MemberReference, Record, Reference, Shape

_FIELDS_TOGETHER = phrase("the fields that mean something together")


@dataclass(frozen=True)
class _Place:
    """Where a conflict is in a resource, and what the meta-model says of that place and of what holds it."""

    kind: str
    name: str
    path: tuple[str, ...]

    @property
    def shape(self) -> Shape:
        return shape_at(self.kind, self.path) or FreeJson()

    @property
    def holder(self) -> Shape | None:
        return shape_at(self.kind, self.path[:-1]) if self.path else None

    @property
    def is_needed(self) -> bool:
        """Whether what holds it is nothing without it."""
        return isinstance(self.holder, Record) and self.path[-1] in (*self.holder.required, OWN_NAME)


def custom_value(conflict: Conflict, given: Json) -> tuple[Value, list[Violation]]:
    """``given`` for the place of a conflict as a merge stores it, and what is wrong, with paths below the value.

    Null, and what means the same as nothing, is ABSENT. Of a resource or a member that names are left to it
    keeps the identity that it has, and its members theirs.
    """
    _resources, kind, name, *path = tokens(conflict.path)
    place = _Place(kind, name, tuple(path))
    if conflict.kind is ConflictKind.DANGLING:
        return _meant(place, conflict, given)
    if given is not None:
        if conflict.kind is ConflictKind.COUPLED:
            return _coupled(place, conflict, given)
        if isinstance(place.shape, Record) and place.shape.identified:
            return _entry(place, conflict, given)
    form, violations = (None, []) if given is None else value_form(place.shape, given)
    if form is None or (form == "" and isinstance(place.holder, LocalisedText)):
        if not violations and place.is_needed:
            message = sentence("There must be a value here.")
            violations = [Violation("FIELD_REQUIRED", "", message)]
        return ABSENT, violations
    return form, violations


def _meant(place: _Place, conflict: Conflict, given: Json) -> tuple[Value, list[Violation]]:
    """What a reference at ``place`` means: a whole resource, of one of several kinds where that may be, or a member.

    Null is that it is gone, and the reference with it.
    """
    if given is None:
        return ABSENT, []
    name = _first(conflict)[OWN_NAME]
    match place.shape:
        case MemberReference(of=of):
            meant = [_Place(kind, "", (of, name)) for kind in KINDS if of in KINDS[kind].fields]
        case Reference(kinds=kinds):
            meant = [_Place(kind, name, ()) for kind in kinds]
        case _:
            meant = []
    found = [_entry(each, conflict, given) for each in meant]
    return next((each for each in found if not each[1]), found[0]) if found else (given, [])


def _coupled(place: _Place, conflict: Conflict, given: Json) -> tuple[Value, list[Violation]]:
    """The values of fields that mean something together, those that are left out being absent."""
    record = place.shape
    group = _group(record, conflict) if isinstance(record, Record) else ()
    found = Findings()
    fields = found.mapping(given, _FIELDS_TOGETHER) or {}
    normal, violations = {}, found.violations
    for field, value in fields.items():
        if field not in group:
            names = ", ".join(group)
            message = sentence("{field} is none of {fields}, which go together.", field=shown(field), fields=names)
            violations.append(Violation("FIELD_UNKNOWN", pointer("", field), message))
            continue
        form, wrong = value_form(shape_at(place.kind, (*place.path, field)) or FreeJson(), value)
        violations += [replace(each, path=pointer("", field) + each.path) for each in wrong]
        if form is not None:
            normal[field] = form
    return normal, violations


def _group(record: Record, conflict: Conflict) -> tuple[str, ...]:
    named = {name for side in conflict.sides.there.values() for name in side}
    return next((group for group in record.coupled if named <= {*group}), ())


def _entry(place: _Place, conflict: Conflict, given: Json) -> tuple[Value, list[Violation]]:
    """A whole resource or member, with its identities."""
    before = _first(conflict)
    form, violations = value_form(place.shape, given, before.get(OWN_NAME))
    if form is None or violations:
        return ABSENT, violations
    previous = {name: value for name, value in before.items() if name != OWN_NAME}
    # As part of a resource of which the rest does not matter: a member's identity is its holder's concern.
    whole, prior = _below(place.path, form), _below(place.path, previous)
    violations = give_identities(place.kind, place.name, whole, prior, lambda _rid: False)
    prefix = pointer("", *place.path)
    return form, [replace(each, path=each.path.removeprefix(prefix)) for each in violations]


def _first(conflict: Conflict) -> Content:
    """What the base has, or else a side."""
    content: Content = next(side for side in conflict.sides if side is not ABSENT)
    return content


def _below(path: tuple[str, ...], value: Content) -> Content:
    for token in reversed(path):
        value = {token: value}
    return value
