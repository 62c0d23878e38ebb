"""Three-way merge of resources: who is who, what they are called, and then field by field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gateway.engine.json_pointer import pointer
from history.engine.content import Content, Key
from merging.engine.contested import NOTHING_CONTESTED, Contested
from merging.engine.equality import equivalent
from merging.engine.fields import FieldMerge, versions
from merging.engine.identity import Match, Placement, changes_hands, match, place
from merging.engine.policy import DEFAULT, Decision, Policy
from merging.engine.result import Conflict, MergeResult, Strategy
from merging.engine.schema import KeyedMap, MergeSchema
from merging.engine.values import ABSENT, Sides, same

Documents = Mapping[Key, Content]
"""Resources by kind and name."""

Renames = Mapping[Key, str]
"""The names that the resources under these keys have elsewhere, where they differ."""

_Kinds = Mapping[str, Mapping[str, Content]]
"""Resources by name, by kind."""

_OURS, _THEIRS = 1, 2


def merge(
    base: Documents,
    ours: Documents,
    theirs: Documents,
    schema: MergeSchema,
    policy: Policy = DEFAULT,
    contested: Contested = NOTHING_CONTESTED,
) -> MergeResult:
    """The merge of two sides that both come from ``base``.

    The documents need hold no more than the keys at which a side differs from the base, with
    what each of the three has there. A resource is known by its identity, else by its name.
    Sides are compared, and taken, with references by the merged names, so a rename on one side
    neither conflicts with edits of the referrers on the other nor leaves them behind. What the
    ``policy`` does not settle either is a conflict, which leaves the base's value in place (nothing,
    where the base has nothing), so swapped sides give the same resources. Where a place of the base
    is ``contested`` whatever the sides have there counts as changed. The arguments are not
    changed; the result may share parts with them.
    """
    return _merged(FieldMerge(schema, policy, contested), Sides(base, ours, theirs), schema)


def _merged(merging: FieldMerge, documents: Sides, schema: MergeSchema) -> MergeResult:
    base, ours, theirs = documents
    keys = sorted({*base, *ours, *theirs})
    kinds = sorted({kind for kind, _ in keys})
    sides = Sides(*(_by_kind(kinds, documents) for documents in (base, ours, theirs)))
    matches = {kind: match(sides.at(kind), schema.identity) for kind in kinds}
    placements = _placements(sides, matches, schema, merging)
    followed = _members_followed(Sides(*_followed(sides, placements, schema)), placements, schema, merging)
    resources: dict[Key, Content | None] = dict.fromkeys(keys)
    origins: dict[Key, Sides] = {}
    for kind, placement in placements.items():
        path = pointer("/resources", kind)
        merged = merging.entries(schema.record(kind), path, followed.at(kind), placement)
        resources.update({(kind, name): content for name, content in merged.items()})
        origins.update(
            ((kind, one.name), versions(followed.at(kind), one.match)) for one in placement.placed if one.name in merged
        )
        for field in _followed_fields(sides.at(kind), followed.at(kind), placement):
            merging.settle(Strategy.RENAME_FOLLOWED, path + field)
    return MergeResult(
        resources,
        tuple(sorted(merging.conflicts, key=lambda conflict: (conflict.path, conflict.kind))),
        tuple(sorted(merging.settled, key=lambda settled: (settled.path, settled.strategy))),
        chosen=tuple(merging.chosen),
        origins=origins,
        renames=Sides(*(_given_names(placements, side) for side in range(len(sides)))),
    )


def resolved(
    base: Documents,
    ours: Documents,
    theirs: Documents,
    schema: MergeSchema,
    decisions: Mapping[str, Decision],
    policy: Policy = DEFAULT,
    contested: Contested = NOTHING_CONTESTED,
) -> MergeResult:
    """The merge with conflicts resolved by ``decisions``, which are by the conflicts' ids.

    A decision about a name changes what refers to it, so further conflicts may come, or become others;
    a decision that settles nothing leaves its conflict. One goes before what the policy has chosen for the place.
    """
    decided = dict(policy.decided)
    met: dict[str, Conflict] = {}
    while True:
        result = merge(base, ours, theirs, schema, replace(policy, decided=decided), contested)
        known = (*result.conflicts, *(each.conflict for each in result.chosen))
        fitting = {each.id: each for each in known if each.id in decisions}
        more = {(each.kind, each.path): decisions[each.id] for each in fitting.values()}
        if more.keys() <= decided.keys():
            return replace(result, decided=tuple(each for name, each in met.items() if name not in fitting))
        decided |= more
        met |= fitting


@dataclass(frozen=True)
class Base:
    """What the sides of a merge come from, and the places at which it is made of bases that disagree."""

    documents: Documents
    contested: Contested = NOTHING_CONTESTED


def virtual_base(bases: Sequence[Documents], schema: MergeSchema, grounds: Sequence[Base]) -> Base:
    """One base for a merge that has several (git's recursive strategy).

    Each of the bases after the first is merged with what those before it came to, over what they come from
    themselves, which is one of ``grounds`` in their order; where they conflict the value of that stays, and the
    place is contested.
    """
    first, *others = bases
    merged = Base(first)
    for other, ground in zip(others, grounds, strict=True):
        merging = FieldMerge(schema, contested=ground.contested)
        result = _merged(merging, Sides(ground.documents, merged.documents, other), schema)
        merged = Base(result.documents, merging.disputed(merged.contested))
    return merged


def _by_kind(kinds: Sequence[str], documents: Documents) -> dict[str, dict[str, Content]]:
    grouped: dict[str, dict[str, Content]] = {kind: {} for kind in kinds}
    for (kind, name), content in documents.items():
        grouped[kind][name] = content
    return grouped


def _placements(
    sides: Sides, matches: Mapping[str, list[Match]], schema: MergeSchema, merging: FieldMerge
) -> dict[str, Placement]:
    """The merged names of all kinds."""
    renames = [
        _renames((kind, one.base, one[side]) for kind, found in matches.items() for one in found)
        for side in range(len(sides))
    ]

    def placement(kind: str) -> Placement:
        def changed(one: Match) -> bool:
            """The base is compared by the names of the side that kept the resource."""
            side = _THEIRS if one.ours is None else _OURS
            before = _rewritten(kind, sides.base[kind][one.base], renames[side], schema)
            return merging.contested.touches(pointer(path, one.base or "")) or not equivalent(
                schema.record(kind), before, sides[side][kind][one[side]]
            )

        path = pointer("/resources", kind)
        return place(matches[kind], changed, merging.decided(path), merging.name_contested(path))

    return {kind: placement(kind) for kind in matches}


def _followed(sides: Sides, placements: Mapping[str, Placement], schema: MergeSchema) -> Iterator[_Kinds]:
    """The three sides, still under their own names, with references by the merged names."""
    for side, kinds in enumerate(sides):
        renames = _given_names(placements, side)
        yield {
            kind: {name: _rewritten(kind, content, renames, schema) for name, content in entries.items()}
            for kind, entries in kinds.items()
        }


def _members_followed(
    sides: Sides, placements: Mapping[str, Placement], schema: MergeSchema, merging: FieldMerge
) -> Sides:
    """The three sides, with references of resources to their own entries by the merged names."""
    followed = Sides(*({kind: dict(entries) for kind, entries in side.items()} for side in sides))
    for kind, placement in placements.items():
        maps = {name: each.rule for name, each in schema.record(kind).fields.items() if isinstance(each.rule, KeyedMap)}
        for one in placement.placed:
            contents = versions(sides.at(kind), one.match)
            if ABSENT in contents[1:]:
                continue
            for field, rule in maps.items():
                entries = Sides(*({} if content is ABSENT else content.get(field, {}) for content in contents))
                if not all(isinstance(side, Mapping) for side in entries):
                    continue  # it is told as malformed
                if not changes_hands(entries, schema.identity):
                    continue
                if any(same(contents.base, side) for side in contents[1:]):
                    break  # what one side alone changed is taken as it is
                path = pointer("/resources", kind, one.match.label, field)
                for side, name, renames in zip(
                    followed, one.match, _entries_renamed(entries, rule, path, merging), strict=True
                ):
                    if name is not None and renames:
                        side[kind][name] = schema.rewrite_members(kind, side[kind][name], field, renames)
    return followed


def _entries_renamed(entries: Sides, rule: KeyedMap, path: str, merging: FieldMerge) -> Sides:
    """The merged names of entries by those of each side, where they are others."""
    placed = merging.placement(rule, path, entries).placed
    return Sides(
        *(
            {name: one.name for one in placed if (name := one.match[side]) and one.name and name != one.name}
            for side in range(len(entries))
        )
    )


def _given_names(placements: Mapping[str, Placement], side: int) -> Renames:
    """The merged names of what a side has."""
    return _renames(
        (kind, one.match[side], one.name) for kind, placement in placements.items() for one in placement.placed
    )


def _renames(names: Iterator[tuple[str, str | None, str | None]]) -> Renames:
    """(kind, before, after) of what has both names, and different ones."""
    return {
        (kind, before): after
        for kind, before, after in names
        if before is not None and after is not None and before != after
    }


def _rewritten(kind: str, content: Content, renames: Renames, schema: MergeSchema) -> Content:
    return schema.rewrite(kind, content, renames) if renames else content


def _followed_fields(before: Sides, after: Sides, placement: Placement) -> Iterator[str]:
    """Pointers, below the kind, to fields that a side changed and whose references were then renamed."""
    for one in placement.placed:
        for side in (_OURS, _THEIRS):
            name = one.match[side]
            if name is None or before[side][name] is after[side][name]:
                continue
            written, read = before[side][name], after[side][name]
            original = {} if one.match.base is None else before.base[one.match.base]
            for field, value in written.items():
                if not same(value, read.get(field)) and not same(value, original.get(field)):
                    yield pointer("", one.match.label, field)
