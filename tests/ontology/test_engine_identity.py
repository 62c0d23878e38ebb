"""Who resources and members are: rids that are given, kept and derived."""

from typing import Any

from ontology.engine.content import OntologyContent
from tests.ontology.test_engine_structure import MODEL, OTHER_RID, RID, broken, normalise

AGE = {"type": "integer"}


def person(**properties: Any) -> dict[str, Any]:
    return {"properties": properties}


def test_the_same_addition_made_twice_is_one_thing() -> None:
    first, second = (normalise("object_type", person(age=AGE)) for _ in range(2))
    assert first == second
    assert first["rid"] != normalise("object_type", person(age=AGE), "Other")["rid"]
    assert first["rid"] != normalise("struct_type", {"fields": {"age": AGE}})["rid"]


def test_a_derived_rid_that_is_taken_gives_way_to_the_next() -> None:
    free = normalise("object_type", person())["rid"]
    seen: list[str] = []

    def taken(rid: str) -> bool:
        seen.append(rid)
        return len(seen) < 3

    content = MODEL.normalise("object_type", "Thing", person(), None, taken)
    assert seen[0] == free
    assert content["rid"] == seen[2]
    assert len(set(seen)) == 3


def test_a_given_rid_is_taken_in_lower_case() -> None:
    assert normalise("object_type", {"rid": RID.upper(), **person()})["rid"] == RID


def test_a_put_without_rids_keeps_those_of_the_names() -> None:
    before = normalise("object_type", {"rid": RID, **person(age={**AGE, "rid": OTHER_RID})})
    after = normalise("object_type", person(age={"type": "long"}, size=AGE), previous=before)
    assert after["rid"] == RID
    assert after["properties"]["age"]["rid"] == OTHER_RID


def test_a_rid_never_changes() -> None:
    before = normalise("object_type", {"rid": RID, **person(age=AGE)})
    assert broken("object_type", {"rid": OTHER_RID, **person(age=AGE)}, previous=before) == {("RID_CHANGED", "/rid")}
    changed = person(age={**AGE, "rid": OTHER_RID})
    assert broken("object_type", changed, previous=before) == {("RID_CHANGED", "/properties/age/rid")}


def test_a_rid_belongs_to_one_member() -> None:
    same = {**AGE, "rid": RID}
    assert broken("object_type", person(age=same, size=same)) == {
        ("RID_DUPLICATE", "/properties/age/rid"),
        ("RID_DUPLICATE", "/properties/size/rid"),
    }
    assert broken("object_type", {"rid": RID, **person(age=same)}) == {
        ("RID_DUPLICATE", "/rid"),
        ("RID_DUPLICATE", "/properties/age/rid"),
    }


def test_a_member_is_renamed_by_its_rid_and_its_own_members_stay_who_they_are() -> None:
    before = normalise("object_type", person(colour={"type": "string", "constraints": {"enum": {"red": {}}}}))
    colour = before["properties"]["colour"]
    renamed = {"type": "string", "rid": colour["rid"], "constraints": {"enum": {"red": {}, "blue": {}}}}
    after = normalise("object_type", person(color=renamed), previous=before)
    assert after["properties"]["color"]["rid"] == colour["rid"]
    assert after["properties"]["color"]["constraints"]["enum"]["red"] == colour["constraints"]["enum"]["red"]


def test_the_old_name_of_a_renamed_member_is_free_for_a_new_one() -> None:
    before = normalise("object_type", person(age=AGE))
    rid = before["properties"]["age"]["rid"]
    after = normalise("object_type", person(years={**AGE, "rid": rid}, age=AGE), previous=before)
    assert after["properties"]["years"]["rid"] == rid
    assert after["properties"]["age"]["rid"] not in {rid, None}


def test_two_members_may_swap_their_names() -> None:
    before = normalise("object_type", person(width=AGE, height=AGE))
    width, height = (before["properties"][name]["rid"] for name in ("width", "height"))
    swapped = person(width={**AGE, "rid": height}, height={**AGE, "rid": width})
    assert normalise("object_type", swapped, previous=before)["properties"]["width"]["rid"] == height


def test_every_member_of_every_kind_has_a_rid() -> None:
    enum = {"type": "string", "constraints": {"enum": {"red": {}}}}
    members = [
        normalise("object_type", person(colour=enum))["properties"]["colour"]["constraints"]["enum"]["red"],
        normalise("link_type", {"source": {}, "target": {}, "cardinality": "one_to_one", **person(since=AGE)})["properties"]["since"],
        normalise("interface", {"links": {"manager": {}}})["links"]["manager"],
        normalise("shared_property", enum)["constraints"]["enum"]["red"],
        normalise("value_type", enum)["constraints"]["enum"]["red"],
        normalise("struct_type", {"fields": {"zip": AGE}})["fields"]["zip"],
        normalise("action_type", {"parameters": {"pay": AGE}})["parameters"]["pay"],
    ]  # fmt: skip
    assert len({member["rid"] for member in members}) == len(members)


def test_the_model_has_the_seven_kinds() -> None:
    assert set(OntologyContent.kinds) == {
        "object_type",
        "link_type",
        "interface",
        "shared_property",
        "value_type",
        "struct_type",
        "action_type",
    }
