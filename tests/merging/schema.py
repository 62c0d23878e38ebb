"""A small schema of no ontology, with one field of every rule."""

from collections.abc import Mapping
from math import lcm
from typing import Any

from history.engine.content import Content, Key
from merging.engine.schema import (
    Field,
    FreeJson,
    Joined,
    KeyedMap,
    Limit,
    MergeSchema,
    OrderedList,
    Ranked,
    Record,
    Scalar,
    SetOf,
    Text,
)

MEMBER = Record(
    {
        "rid": Field(Scalar()),
        "type": Field(Scalar()),
        "required": Field(Scalar(), default=False),
        "note": Field(Text(), default=""),
        "aliases": Field(SetOf(), default=[]),
    }
)


def least_multiple(left: Any, right: Any) -> int | None:
    """A number is above those that divide it; there is none above sixty."""
    if not isinstance(left, int) or not isinstance(right, int):
        return None
    found = lcm(left, right)
    return found if found <= 60 else None


THING = Record(
    {
        "rid": Field(Scalar()),
        "label": Field(Scalar(), default=""),
        "note": Field(Text(), default=""),
        "aliases": Field(SetOf(), default=[]),
        "parents": Field(SetOf(), default=[]),
        "key": Field(OrderedList(atomic=True), default=[]),
        "steps": Field(OrderedList(), default=[]),
        "limits": Field(Record({"min": Field(Limit(lower=True)), "max": Field(Limit())}), default={}),
        "stage": Field(Ranked(("new", "used", "gone")), default="new"),
        "size": Field(Joined(least_multiple)),
        "width": Field(Scalar()),
        "height": Field(Scalar(), default=1),
        "members": Field(KeyedMap(MEMBER)),
        "extra": Field(FreeJson(), default={}),
    },
    coupled=(("width", "height"),),
)

ARROW = Record({"rid": Field(Scalar()), "source": Field(Scalar()), "target": Field(Scalar())})


def rewrite(kind: str, content: Content, renames: Mapping[Key, str]) -> Content:
    """Things name their parents, arrows the things at their ends."""

    def followed(name: str) -> str:
        return renames.get(("thing", name), name)

    if kind == "arrow":
        return {field: followed(value) if field != "rid" else value for field, value in content.items()}
    if "parents" in content:
        return {**content, "parents": sorted(map(followed, content["parents"]))}
    return content


SCHEMA = MergeSchema({"thing": THING, "arrow": ARROW}, rewrite)
