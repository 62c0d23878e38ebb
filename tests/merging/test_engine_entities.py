"""What becomes of whole resources: additions, deletions, renames, and the references to them.

The table is the specification. Every case is merged as it stands and with its sides swapped,
which must give the same resources and the mirrored conflicts.
"""

from typing import Any, NamedTuple

import pytest

from history.engine.content import Content, Key
from merging.engine.merge import Base, merge, virtual_base
from merging.engine.result import Conflict, ConflictKind, Strategy
from merging.engine.values import ABSENT
from tests.merging.schema import SCHEMA

Documents = dict[Key, Content]


def things(**contents: Content) -> Documents:
    return {("thing", name): content for name, content in contents.items()}


def arrow(source: str, target: str) -> Documents:
    return {("arrow", "Arrow"): {"rid": "arrow", "source": source, "target": target}}


A = {"rid": "a", "label": "a"}
A_EDITED = {"rid": "a", "label": "edited"}
B = {"rid": "b", "label": "b"}
NEW = {"rid": "new", "label": "new"}


class Case(NamedTuple):
    base: Documents
    ours: Documents
    theirs: Documents
    merged: Documents
    conflicts: tuple[tuple[ConflictKind, str], ...] = ()
    """Kind and path, below /resources, as ours sees them."""
    strategies: tuple[tuple[Strategy, str], ...] = ()


ONE_SIDED = {
    "nothing changed": Case(things(A=A), things(A=A), things(A=A), things(A=A)),
    "added by one": Case({}, things(A=A), {}, things(A=A)),
    "edited by one": Case(things(A=A), things(A=A_EDITED), things(A=A), things(A=A_EDITED)),
    "deleted by one": Case(things(A=A), {}, things(A=A), {}),
    "renamed by one": Case(things(A=A), things(Z=A), things(A=A), things(Z=A)),
    "renamed and edited by one": Case(things(A=A), things(Z=A_EDITED), things(A=A), things(Z=A_EDITED)),
    "two names exchanged by one": Case(things(A=A, B=B), things(A=B, B=A), things(A=A, B=B), things(A=B, B=A)),
    "renamed, and the name used anew": Case(things(A=A), things(Z=A, A=NEW), things(A=A), things(Z=A, A=NEW)),
    "a chain of renames": Case(things(A=A, B=B), things(B=A, C=B), things(A=A, B=B), things(B=A, C=B)),
}

TWO_SIDED = {
    "added by both alike": Case({}, things(A=A), things(A=A), things(A=A), (), ((Strategy.SAME_CHANGE, "/thing/A"),)),
    "deleted by both": Case(things(A=A), {}, {}, {}, (), ((Strategy.SAME_CHANGE, "/thing/A"),)),
    "renamed by both alike": Case(
        things(A=A), things(Z=A), things(Z=A), things(Z=A), (), ((Strategy.SAME_CHANGE, "/thing/Z/api_name"),)
    ),
    "added by both under one name, merged over nothing": Case(
        {},
        things(A={"rid": "a", "label": "x"}),
        things(A={"rid": "a", "note": "y"}),
        things(A={"rid": "a", "label": "x", "note": "y"}),
        (),
        ((Strategy.SAME_CHANGE, "/thing/A/rid"),),
    ),
    "added by both under one name, with a field in conflict": Case(
        {},
        things(A={"rid": "a", "label": "x"}),
        things(A={"rid": "a", "label": "y"}),
        things(A={"rid": "a"}),
        ((ConflictKind.VALUE, "/thing/A/label"),),
        ((Strategy.SAME_CHANGE, "/thing/A/rid"),),
    ),
    "added by both under different rids: the smaller one, the other an alias": Case(
        {},
        things(A={"rid": "2", "label": "x", "aliases": ["Alpha"]}),
        things(A={"rid": "1", "label": "x"}),
        things(A={"rid": "1", "label": "x", "aliases": ["2", "Alpha"]}),
        (),
        ((Strategy.SAME_CHANGE, "/thing/A/label"), (Strategy.SMALLER_RID, "/thing/A/rid")),
    ),
    "added by both, one without a rid": Case(
        {},
        things(A={"label": "x"}),
        things(A={"rid": "1", "label": "x"}),
        things(A={"rid": "1", "label": "x"}),
        (),
        ((Strategy.SAME_CHANGE, "/thing/A/label"),),
    ),
    "known by name where rids are missing": Case(
        things(A={"label": "a"}),
        things(A={"label": "x"}),
        things(A={"label": "a", "note": "n"}),
        things(A={"label": "x", "note": "n"}),
    ),
    "replaced under one name by one, edited by the other": Case(
        things(A=A),
        things(A={"rid": "a2", "label": "a"}),
        things(A=A_EDITED),
        things(A={"rid": "a2", "label": "edited"}),
    ),
    "replaced by both under one rid, edited apart": Case(
        things(A=A),
        things(A={"rid": "a2", "label": "a", "note": "n"}),
        things(A={"rid": "a2", "label": "edited"}),
        things(A={"rid": "a2", "label": "edited", "note": "n"}),
        (),
        ((Strategy.SAME_CHANGE, "/thing/A/rid"),),
    ),
    "renamed by one, edited by the other": Case(
        things(A=A),
        things(Z=A),
        things(A=A_EDITED),
        things(Z=A_EDITED),
        (),
        ((Strategy.RENAME_FOLLOWED, "/thing/Z/api_name"),),
    ),
    "edited by both apart": Case(
        things(A={"rid": "a", "label": "a", "note": "n"}),
        things(A={"rid": "a", "label": "b", "note": "n"}),
        things(A={"rid": "a", "label": "a", "note": "m"}),
        things(A={"rid": "a", "label": "b", "note": "m"}),
    ),
}

CONFLICTS = {
    "modify/delete": Case(
        things(A=A), things(A=A_EDITED), {}, things(A=A), ((ConflictKind.MODIFY_DELETE, "/thing/A"),)
    ),
    "modify/delete, nothing but a text": Case(
        things(A=A), things(A={**A, "note": "n"}), {}, things(A=A), ((ConflictKind.MODIFY_DELETE, "/thing/A"),)
    ),
    "rename/delete": Case(things(A=A), things(Z=A), {}, things(A=A), ((ConflictKind.RENAME_DELETE, "/thing/Z"),)),
    "rename and modify/delete": Case(
        things(A=A), things(Z=A_EDITED), {}, things(A=A), ((ConflictKind.RENAME_DELETE, "/thing/Z"),)
    ),
    "rename/rename": Case(
        things(A=A), things(Y=A), things(Z=A), things(A=A), ((ConflictKind.RENAME_RENAME, "/thing/Y/api_name"),)
    ),
    "rename/rename, contents merged under the old name": Case(
        things(A=A),
        things(Y=A_EDITED),
        things(Z={**A, "note": "n"}),
        things(A={**A_EDITED, "note": "n"}),
        ((ConflictKind.RENAME_RENAME, "/thing/Y/api_name"),),
    ),
    "one rid added under two names": Case(
        {}, things(Y=NEW), things(Z=NEW), {}, ((ConflictKind.RENAME_RENAME, "/thing/Y"),)
    ),
    "one rid added under two names, one of which a deletion had freed": Case(
        things(A=A), things(A=A, Y=NEW), things(A=NEW), {}, ((ConflictKind.RENAME_RENAME, "/thing/Y"),)
    ),
    "rename/add": Case(
        things(A=A), things(Z=A), things(A=A, Z=NEW), things(A=A), ((ConflictKind.RENAME_ADD, "/thing/Z"),)
    ),
    "rename/add, with an edit of what was renamed": Case(
        things(A=A),
        things(Z=A),
        things(A=A_EDITED, Z=NEW),
        things(A=A_EDITED),
        ((ConflictKind.RENAME_ADD, "/thing/Z"),),
    ),
    "two renamed to one name": Case(
        things(A=A, B=B), things(Z=A, B=B), things(A=A, Z=B), things(A=A, B=B), ((ConflictKind.RENAME_ADD, "/thing/Z"),)
    ),
    "a name kept by a conflict is not free for another": Case(
        things(A=A),
        things(Z=A, A=NEW),
        {},
        things(A=A),
        ((ConflictKind.RENAME_ADD, "/thing/A"), (ConflictKind.RENAME_DELETE, "/thing/Z")),
    ),
}

REFERENCES = {
    "a rename rewrote what the other side edited": Case(
        things(A=A) | arrow("A", "B"),
        things(Z=A) | arrow("Z", "B"),
        things(A=A) | arrow("A", "C"),
        things(Z=A) | arrow("Z", "C"),
    ),
    "a reference that the other side added follows the rename": Case(
        things(A=A, B=B),
        things(Z=A, B=B),
        things(A=A, B={**B, "parents": ["A"]}),
        things(Z=A, B={**B, "parents": ["Z"]}),
        (),
        ((Strategy.RENAME_FOLLOWED, "/thing/B/parents"),),
    ),
    "a resource that the other side added follows the rename": Case(
        things(A=A),
        things(Z=A),
        things(A=A) | arrow("A", "A"),
        things(Z=A) | arrow("Z", "Z"),
        (),
        ((Strategy.RENAME_FOLLOWED, "/arrow/Arrow/source"), (Strategy.RENAME_FOLLOWED, "/arrow/Arrow/target")),
    ),
    "both sides renamed, each what the other refers to": Case(
        things(A=A, B=B) | arrow("A", "B"),
        things(Y=A, B=B) | arrow("Y", "B"),
        things(A=A, Z=B) | arrow("A", "Z"),
        things(Y=A, Z=B) | arrow("Y", "Z"),
    ),
    "names exchanged by one, referred to by the other": Case(
        things(A=A, B=B),
        things(A=B, B=A),
        things(A=A, B=B) | arrow("A", "B"),
        things(A=B, B=A) | arrow("B", "A"),
        (),
        ((Strategy.RENAME_FOLLOWED, "/arrow/Arrow/source"), (Strategy.RENAME_FOLLOWED, "/arrow/Arrow/target")),
    ),
    "the old name used anew: each side's references keep their meaning": Case(
        things(A=A),
        things(Z=A, A=NEW) | arrow("A", "Z"),
        things(A=A, C={"rid": "c", "parents": ["A"]}),
        things(Z=A, A=NEW, C={"rid": "c", "parents": ["Z"]}) | arrow("A", "Z"),
        (),
        ((Strategy.RENAME_FOLLOWED, "/thing/C/parents"),),
    ),
    "references go by the old name while two new ones conflict": Case(
        things(A=A) | arrow("A", "A"),
        things(Y=A) | arrow("Y", "Y"),
        things(Z=A) | arrow("Z", "Z"),
        things(A=A) | arrow("A", "A"),
        ((ConflictKind.RENAME_RENAME, "/thing/Y/api_name"),),
        ((Strategy.RENAME_FOLLOWED, "/arrow/Arrow/source"), (Strategy.RENAME_FOLLOWED, "/arrow/Arrow/target")),
    ),
    "deleted beside a rename that rewrote it: no change, so no conflict": Case(
        things(A=A) | arrow("A", "A"), things(Z=A) | arrow("Z", "Z"), things(A=A), things(Z=A)
    ),
    "values of a conflict are told by the merged names": Case(
        things(A=A, B=B) | arrow("A", "A"),
        things(Z=A, B=B) | arrow("B", "Z"),
        things(A=A, B=B) | arrow("C", "A"),
        things(Z=A, B=B) | arrow("Z", "Z"),
        ((ConflictKind.VALUE, "/arrow/Arrow/source"),),
    ),
}

CASES = [
    pytest.param(case, id=name)
    for section in (ONE_SIDED, TWO_SIDED, CONFLICTS, REFERENCES)
    for name, case in section.items()
]


@pytest.mark.parametrize("case", CASES)
def test_resources_merge_by_who_they_are(case: Case) -> None:
    result = merge(case.base, case.ours, case.theirs, SCHEMA)
    assert result.documents == case.merged
    assert [(conflict.kind, conflict.path) for conflict in result.conflicts] == _below(case.conflicts)
    assert [(settled.strategy, settled.path) for settled in result.strategies] == _below(case.strategies)


@pytest.mark.parametrize("case", CASES)
def test_swapped_sides_give_the_same_resources_and_mirrored_conflicts(case: Case) -> None:
    """Paths apart, which go by ours' names."""
    result, swapped = (
        merge(case.base, case.ours, case.theirs, SCHEMA),
        merge(case.base, case.theirs, case.ours, SCHEMA),
    )
    assert swapped.resources == result.resources
    assert _canonical(swapped.conflicts) == _canonical(
        [Conflict(one.kind, one.path, one.base, one.theirs, one.ours) for one in result.conflicts]
    )


@pytest.mark.parametrize("case", CASES)
def test_every_key_of_any_side_is_answered(case: Case) -> None:
    result = merge(case.base, case.ours, case.theirs, SCHEMA)
    assert result.resources.keys() == {*case.base, *case.ours, *case.theirs}


def _below(found: tuple[tuple[Any, str], ...]) -> list[tuple[Any, str]]:
    return [(kind, f"/resources{path}") for kind, path in found]


def _canonical(conflicts: Any) -> list[str]:
    return sorted(repr((one.kind, one.base, one.ours, one.theirs)) for one in conflicts)


def test_a_conflict_about_a_resource_shows_its_contents_with_their_names() -> None:
    (conflict,) = merge(things(A=A), things(Z=A_EDITED), {}, SCHEMA).conflicts
    assert conflict.base == {"api_name": "A", **A}
    assert conflict.ours == {"api_name": "Z", **A_EDITED}
    assert conflict.theirs is ABSENT


def test_a_conflict_about_a_name_shows_the_names() -> None:
    (conflict,) = merge(things(A=A), things(Y=A), things(Z=A), SCHEMA).conflicts
    assert (conflict.base, conflict.ours, conflict.theirs) == ("A", "Y", "Z")


def test_a_contested_name_offers_no_value_beyond_the_sides() -> None:
    (conflict,) = merge(things(A=A), things(Z=A), things(A=A, Z=NEW), SCHEMA).conflicts
    assert conflict.base is ABSENT
    assert conflict.ours == {"api_name": "Z", **A}
    assert conflict.theirs == {"api_name": "Z", **NEW}
    assert list(conflict.options) == ["ours", "theirs", "base"]


def test_fields_of_what_only_they_have_go_by_their_name() -> None:
    base = things(A={"rid": "a", "members": {"m": {"type": "x"}}})
    ours = things(A={"rid": "a", "members": {}})
    theirs = things(A={"rid": "a", "members": {"m": {"type": "y"}}})
    (conflict,) = merge(base, ours, theirs, SCHEMA).conflicts
    assert conflict.path == "/resources/thing/A/members/m"


def test_unknown_kinds_merge_as_free_json() -> None:
    base, ours, theirs = ({("odd", "X"): {"rid": "x", "a": a, "b": b}} for a, b in ((1, 1), (2, 1), (1, 2)))
    assert merge(base, ours, theirs, SCHEMA).documents == {("odd", "X"): {"rid": "x", "a": 2, "b": 2}}


def test_of_two_entries_with_one_rid_the_first_name_has_it() -> None:
    base = things(A={"rid": "1", "label": "a"}, B={"rid": "1", "label": "b"})
    ours = things(A={"rid": "1", "label": "x"}, B={"rid": "1", "label": "b"})
    theirs = things(A={"rid": "1", "label": "a"}, B={"rid": "1", "label": "y"})
    assert merge(base, ours, theirs, SCHEMA).documents == things(
        A={"rid": "1", "label": "x"}, B={"rid": "1", "label": "y"}
    )


# --- Several bases ------------------------------------------------------------------------------


def test_a_single_base_is_itself() -> None:
    assert virtual_base([things(A=A)], SCHEMA, []).documents == things(A=A)


def test_bases_that_agree_merge_into_what_both_brought() -> None:
    left, right = things(A=A_EDITED, B=B), things(A=A, C=NEW)
    assert virtual_base([left, right], SCHEMA, [Base(things(A=A))]).documents == things(A=A_EDITED, B=B, C=NEW)


def test_where_bases_conflict_the_value_of_their_own_base_stays() -> None:
    bases = [things(A={**A, "label": "left"}), things(A={**A, "label": "right"})]
    assert virtual_base(bases, SCHEMA, [Base(things(A=A))]).documents == things(A=A)
    assert virtual_base(bases, SCHEMA, [Base({})]).documents == things(A={"rid": "a"})


def test_a_criss_cross_merge_takes_a_resolution_that_both_sides_share() -> None:
    """Both sides had merged left and right; one resolved their conflict as left, one as right."""
    left, right = things(A={**A, "label": "left"}), things(A={**A, "label": "right"})
    base = virtual_base([left, right], SCHEMA, [Base(things(A=A))]).documents
    assert merge(base, left, left, SCHEMA).documents == left
    (conflict,) = merge(base, left, right, SCHEMA).conflicts
    assert (conflict.base, conflict.ours, conflict.theirs) == ("a", "left", "right")


@pytest.mark.parametrize(
    ("common", "bases", "ours", "theirs", "expected"),
    [
        pytest.param({"note": "a b"}, ({"note": "a c"}, {"note": "a d"}), {"note": "a b"}, {"note": "a d"},
                     [(ConflictKind.VALUE, "/note")], id="a text"),
        pytest.param({"key": ["a"]}, ({"key": ["b"]}, {"key": ["c"]}), {"key": ["c"]}, {"key": ["a"]},
                     [(ConflictKind.VALUE, "/key")], id="a list"),
        pytest.param({"limits": {"min": 1}}, ({"limits": {"min": 2}}, {"limits": {"min": 3}}), {"limits": {"min": 1}},
                     {"limits": {"min": 3}}, [(ConflictKind.VALUE, "/limits/min")], id="a part"),
        pytest.param({}, ({"limits": {"min": 2}}, {"limits": {"min": 3}}), {}, {"limits": {"min": 3}},
                     [(ConflictKind.VALUE, "/limits/min")], id="a part of what was not there"),
        pytest.param({"width": 1}, ({"width": 2}, {"width": 1, "height": 3}), {"width": 1}, {"width": 2},
                     [(ConflictKind.COUPLED, "")], id="fields that go together"),
        pytest.param({"members": {"p": {"type": "a"}}}, ({"members": {"p": {"type": "b"}}}, {}),
                     {"members": {"p": {"type": "a"}}}, {}, [(ConflictKind.MODIFY_DELETE, "/members/p")],
                     id="a member that one base deleted"),
        pytest.param({"members": {"p": {"type": "a"}}}, ({"members": {"p": {"type": "b"}}}, {}),
                     {"members": {"p": {"type": "a"}}}, {"members": {"p": {"type": "b"}}},
                     [(ConflictKind.VALUE, "/members/p/type")], id="a member that both keep"),
        pytest.param({"label": "a"}, ({"label": "b"}, {"label": "c"}), {"label": "a", "stage": "used"},
                     {"label": "a", "note": "n"}, [], id="what both resolved alike"),
    ],
)  # fmt: skip
def test_where_the_bases_conflict_neither_side_has_kept_what_was_there(common, bases, ours, theirs, expected):
    base = virtual_base([things(A=each) for each in bases], SCHEMA, [Base(things(A=common))])
    for one, other in ((ours, theirs), (theirs, ours)):
        result = merge(base.documents, things(A=one), things(A=other), SCHEMA, contested=base.contested)
        paths = [(each.kind, each.path.removeprefix("/resources/thing/A")) for each in result.conflicts]
        assert paths == expected


def test_what_two_bases_disagree_about_stays_so_over_a_third() -> None:
    bases = [things(A={**A, "label": label}) for label in ("left", "right", "a")]
    base = virtual_base(bases, SCHEMA, [Base(things(A=A))] * 2)
    assert list(base.contested) == ["/resources/thing/A/label"]
