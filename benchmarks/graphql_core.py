"""The peer for the report of breaking changes: graphql-core, on the same states as GraphQL schemas."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from graphql import GraphQLSchema, build_schema
from graphql.utilities import BreakingChange, BreakingChangeType, find_breaking_changes, find_dangerous_changes

from benchmarks.agreement import agree
from benchmarks.evolution import Evolution, load
from benchmarks.growth import report
from benchmarks.measure import Line, Work, timings
from benchmarks.progress import step
from benchmarks.size import Size
from history.engine.content import Content, Key
from ontology.engine.breaking import Finding, differing
from ontology.engine.state import Documents
from ontology.formats.graphql_sdl import write

Place = tuple[str, str]
"""An object type and a property that it has, by itself or from what it extends."""

_FIELD: Final = re.compile(r"Field (?P<type>\w+)\.(?P<name>\w+) ")
"""How graphql-core begins to tell what became of a field."""


def lines(size: Size) -> Iterator[Line]:
    """The report beside what graphql-core calls breaking, and beside what it calls dangerous."""
    of = load(size.schema_types, size.schema_changed)
    with step(f"Writing {of.types:,} types as GraphQL schemas and reading these"):
        before, after = schema(of.before), schema(of.after)
    ours, peer = report(of), find_breaking_changes(before, after)
    deleted, removed = deletions(ours), peer_removals(of.before, peer)
    losing = {name for name, _ in removed}
    agree("Types that lose fields", losing & breaking_types(ours), losing)
    agree("Deleted properties", deleted, deleted & removed)
    reporting = f"report of {len(of.keys):,} changed of {of.types:,} types"
    read = replace(of, after=as_read(of.after))
    works = [
        Work(reporting, lambda: report(of)),
        Work(f"{reporting}, finding these", lambda: compared(read)),
        Work("graphql-core find_breaking_changes", lambda: find_breaking_changes(before, after)),
        Work("graphql-core find_dangerous_changes", lambda: find_dangerous_changes(before, after)),
    ]
    known, found, breaking, dangerous = timings(works, size.few_times)
    yield Line(known, breaking, aim=1)
    yield Line(known, dangerous, aim=1)
    yield Line(found, breaking, aim=1)


def schema(contents: Mapping[Key, Content]) -> GraphQLSchema:
    """What graphql-core looks at; our own SDL is known to be valid."""
    return build_schema(write(contents).decode(), assume_valid=True, assume_valid_sdl=True, no_location=True)


def as_read(state: Documents) -> Documents:
    """The same state that shares no object with any other, as if it had been read by itself."""
    return Documents({key: json.loads(json.dumps(content)) for key, content in state.items()})


def compared(of: Evolution) -> list[Finding]:
    """The report where nobody knows what differs, as graphql-core does not."""
    return report(replace(of, changes=differing(of.before, of.after)))


# --- What both say --------------------------------------------------------------------------------


def breaking_types(found: Iterable[Finding]) -> set[str]:
    """The types that we say break, and those that have it from them."""
    return {_names(path)[0] for each in found if each.breaks for path in (each.path, *each.users)}


def deletions(found: Iterable[Finding]) -> set[Place]:
    """The properties that we say are deleted, wherever objects had them."""
    deleted = (each for each in found if each.rule == "PR_DELETED" and each.breaks)
    paths = (path for each in deleted for path in (each.path, *each.users))
    return {(name, member) for name, _, member in map(_names, paths)}


def peer_removals(before: Mapping[Key, Content], found: Iterable[BreakingChange]) -> set[Place]:
    """The fields that graphql-core says are removed; a type with heirs has them twice, as an interface too."""
    told = (_FIELD.match(each.description) for each in found if each.type is BreakingChangeType.FIELD_REMOVED)
    places = ((match["type"], match["name"]) for match in told if match)
    return {(name if ("object_type", name) in before else name.removeprefix("Any"), member) for name, member in places}


def _names(path: str) -> list[str]:
    """What a pointer into the OMS document leads through, below the kind."""
    return path.split("/")[3:]
