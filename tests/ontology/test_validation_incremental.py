"""What a change cannot have touched is as valid as it was: looking at the rest alone tells everything."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from history.engine.canonical import canonical_bytes
from history.engine.content import Content, Key
from ontology.engine.state import Documents
from ontology.engine.validation import RULE_FAILED, Found, affected, validate
from tests.ontology.strategies import NAMES, resources
from tests.ontology.validation_cases import CASES, MODEL, Case, stored

OBJECT_TYPES = ["A", "B", "C", "D", "I"]
INTERFACES = ["I", "J", "K"]
LINK_TYPES = ["l", "m", "n"]
VALUES = ["V", "W"]
STRUCTS = ["S", "T"]
SHARED = ["s", "t"]
MEMBERS = ["p", "q"]
KEYS: list[Key] = [
    *(("object_type", name) for name in [*OBJECT_TYPES, "a"]),
    *(("interface", name) for name in INTERFACES),
    *(("link_type", name) for name in [*LINK_TYPES, "L"]),
    *(("value_type", name) for name in VALUES),
    *(("struct_type", name) for name in STRUCTS),
    *(("shared_property", name) for name in SHARED),
    ("action_type", "act"),
]


def some(names: list[str], most: int = 2) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), max_size=most, unique=True)


def one(names: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(names)


FLAGS = st.booleans()
STATUSES = one(["experimental", "active", "active", "deprecated"])
SCALARS = st.sampled_from([{"type": name} for name in ("string", "integer", "long", "byte", "date", "double")])
TYPES = SCALARS | st.sampled_from(
    [
        {"type": "array", "items": {"type": "string"}},
        *({"type": "struct", "struct_type": name} for name in STRUCTS),
        {"type": "map", "keys": {"type": "string"}, "values": {"type": "struct", "struct_type": "S"}},
    ]
)
FIELD_TYPES = TYPES.filter(lambda of: of["type"] not in ("struct", "array"))
CONSTRAINTS = st.fixed_dictionaries(
    {},
    optional={
        "min": st.integers(0, 3),
        "max": st.integers(0, 3),
        "enum": st.dictionaries(one(["1", "x", "y"]), st.just({}), max_size=2),
        "pattern": one(["^x", "["]),
    },
)
DEFAULTS = st.sampled_from(["x", 1, 2, ["x"], {"p": "x"}, {"p": 1, "q": 1}])


def members(types: st.SearchStrategy[Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Content]]:
    """Members of the types, some with the further ``fields``."""
    member = st.fixed_dictionaries(
        {"type": types},
        optional={
            "required": FLAGS,
            "default": DEFAULTS,
            "constraints": CONSTRAINTS,
            "value_type": one(VALUES),
            "status": STATUSES,
            "deprecation": st.fixed_dictionaries({"replacement": one(MEMBERS)}),
            **fields,
        },
    )
    bare = st.fixed_dictionaries({"value_type": one(VALUES)})
    return st.dictionaries(one(MEMBERS), member | bare, max_size=2)


PROPERTIES = members(TYPES, shared_property=one(SHARED)) | members(SCALARS)
SIDES = st.fixed_dictionaries({"types": some(OBJECT_TYPES)}, optional={"api_name": one([*MEMBERS, "way"])})
WANTED_LINKS = st.dictionaries(
    one(["way", "q"]),
    st.fixed_dictionaries({"target": one(OBJECT_TYPES), "cardinality": one(["one", "many"]), "required": FLAGS}),
    max_size=2,
)

CONTENTS: Mapping[str, st.SearchStrategy[Content]] = {
    "object_type": st.fixed_dictionaries(
        {"properties": PROPERTIES},
        optional={
            "extends": some(OBJECT_TYPES),
            "implements": some(INTERFACES),
            "abstract": FLAGS,
            "primary_key": some(MEMBERS),
            "title_property": one(MEMBERS),
            "status": STATUSES,
            "description": st.just("Something"),
        },
    ),
    "interface": st.fixed_dictionaries(
        {},
        optional={
            "properties": PROPERTIES,
            "links": WANTED_LINKS,
            "extends": some(INTERFACES),
            "status": STATUSES,
        },
    ),
    "link_type": st.fixed_dictionaries(
        {
            "source": SIDES,
            "target": SIDES,
            "cardinality": one(["many_to_one", "one_to_one", "one_to_many", "many_to_many"]),
        },
        optional={
            "required": st.just(True),
            "extends": some(LINK_TYPES),
            "inverse_of": one(LINK_TYPES),
            "foreign_key": one(MEMBERS),
            "symmetric": FLAGS,
            "properties": PROPERTIES,
            "status": STATUSES,
        },
    ),
    "value_type": st.fixed_dictionaries({"type": TYPES}, optional={"constraints": CONSTRAINTS, "status": STATUSES}),
    "struct_type": st.fixed_dictionaries({"fields": members(FIELD_TYPES)}, optional={"status": STATUSES}),
    "shared_property": st.fixed_dictionaries(
        {"type": TYPES}, optional={"value_type": one(VALUES), "constraints": CONSTRAINTS}
    ),
    "action_type": st.fixed_dictionaries(
        {}, optional={"parameters": members(TYPES | st.just({"type": "object"}), object_type=one(OBJECT_TYPES))}
    ),
}


@st.composite
def edits(draw: st.DrawFn) -> tuple[Key, Content | None]:
    """A resource and its new content; None to delete it."""
    key = draw(st.sampled_from(KEYS))
    return key, draw(CONTENTS[key[0]]) if draw(st.integers(0, 5)) else None


STEPS = st.lists(edits(), min_size=1, max_size=3)


def edited(state: Documents, step: list[tuple[Key, Content | None]]) -> Documents:
    contents = dict(state)
    for key, content in step:
        if content is None:
            contents.pop(key, None)
        else:
            contents[key] = MODEL.normalise(*key, content, contents.get(key), lambda _rid: False)
    return Documents(contents)


def changed(before: Documents, after: Documents) -> set[Key]:
    """The keys that differ, as stored: true is not 1."""
    states = [{key: canonical_bytes(content) for key, content in state.items()} for state in (before, after)]
    return {key for key in before.keys() | after.keys() if states[0].get(key) != states[1].get(key)}


def incrementally(before: Documents, after: Documents, known: list[Found]) -> list[Found]:
    """What ``after`` breaks, by what ``before`` broke and a look at what can have been touched."""
    touched = affected(after, before, changed(before, after))
    untouched = [found for found in known if found[0] not in touched and found[0] in after]
    return sorted([*untouched, *validate(after, touched)], key=lambda found: (found[0], found[1].path, found[1].rule))


def by_place(violations: list[Found]) -> list[tuple[Any, ...]]:
    return sorted((key, each.path, each.rule, each.severity, each.message) for key, each in violations)


@settings(max_examples=400)
@given(start=st.lists(edits(), max_size=16), steps=st.lists(STEPS, min_size=1, max_size=4))
def test_incremental_validation_tells_what_full_validation_tells(
    start: list[tuple[Key, Content | None]], steps: list[list[tuple[Key, Content | None]]]
) -> None:
    before = edited(Documents({}), start)
    known = validate(before, before)
    for step in steps:
        after = edited(before, step)
        known = incrementally(before, after, known)
        assert by_place(known) == by_place(validate(after, after))
        before = after


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_breaking_a_rule_and_mending_it_is_seen(case: Case) -> None:
    bad, good = Documents(stored(case.bad)), Documents(stored(case.good))
    for before, after in ((good, bad), (bad, good)):
        known = validate(before, before)
        assert by_place(incrementally(before, after, known)) == by_place(validate(after, after))


@settings(max_examples=100)
@given(start=st.lists(edits(), max_size=16), subjects=st.sets(st.sampled_from(KEYS)))
def test_what_is_said_of_some_is_what_is_said_of_all(
    start: list[tuple[Key, Content | None]], subjects: set[Key]
) -> None:
    state = edited(Documents({}), start)
    expected = [found for found in validate(state, state) if found[0] in subjects]
    assert by_place(validate(state, subjects)) == by_place(expected)


@settings(max_examples=200)
@given(contents=st.dictionaries(st.tuples(NAMES, st.booleans()), resources(), max_size=6))
def test_no_rule_fails_whatever_contents_hold(contents: dict[tuple[str, bool], tuple[str, Content]]) -> None:
    stored_forms = {
        (kind, name): MODEL.normalise(kind, name, content, None, lambda _rid: False)
        for (name, _), (kind, content) in contents.items()
    }
    state = Documents(stored_forms)
    assert affected(state, Documents({}), state) >= state.keys()
    assert RULE_FAILED not in {found.rule for _, found in validate(state, state)}


class Watched(Documents):
    """Counts the resources that it is asked for and tells of."""

    seen = 0

    def contents(self, keys: Iterable[Key]) -> dict[Key, Content]:
        found = super().contents(keys)
        self.seen += len(found)
        return found

    def referrers(self, keys: Iterable[Key], kinds: Collection[str] = ()) -> dict[Key, set[Key]]:
        found = super().referrers(keys, kinds)
        self.seen += sum(map(len, found.values()))
        return found


def world(size: int) -> dict[Key, Content]:
    """Types below one root, and a link from each to the next."""
    leaves = [f"Type{number}" for number in range(size)]
    text = {"type": "string"}
    return stored(
        {
            "object_type": {
                "Root": {"properties": {"id": text}, "primary_key": ["id"]},
                **{name: {"extends": ["Root"], "properties": {"own": text}} for name in leaves},
            },
            "link_type": {
                f"link{place}": {
                    "source": {"types": [name], "api_name": f"way{place}"},
                    "target": {"types": [leaves[(place + 1) % size]]},
                    "cardinality": "many_to_one",
                }
                for place, name in enumerate(leaves)
            },
        }
    )


@pytest.mark.parametrize(
    ("key", "change"),
    [
        (("object_type", "Type1"), {"properties": {"own": {"type": {"type": "long"}}}}),
        (("object_type", "Type1"), {"extends": []}),
        (("object_type", "Root"), {"description": "All"}),
        (("link_type", "link1"), {"cardinality": "one_to_one", "required": True}),
    ],
    ids=["a property", "a parent", "the root's text", "a link"],
)
def test_what_is_looked_at_does_not_grow_with_the_ontology(key: Key, change: Content) -> None:
    looks = []
    for size in (20, 2000):
        before = world(size)
        state = Watched(before | {key: {**before[key], **change}})
        assert len(affected(state, Documents(before), [key])) <= 5
        validate(state, affected(state, Documents(before), [key]))
        looks.append(state.seen)
    assert looks[0] == looks[1] <= 100
