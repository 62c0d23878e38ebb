"""What a consumer says that it uses, and who is meant by it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.engine.json_pointer import tokens
from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError
from history.engine.content import Content, Key, Violation
from history.models import Repository
from history.selectors import TreeView, ref_resolve
from ontology.engine.breaking import Mode, Usage
from ontology.engine.usages import Derived, Named, Registered, Vocabulary, identified, usages_of_schema
from ontology.formats.graphql_queries import usages_of_query
from ontology.selectors import TreeState

MAX_USAGES: Final = 2_000
"""What one consumer may use; who uses more of a type names the type alone."""
MAX_SCHEMAS: Final = 100
MAX_QUERY_LENGTH: Final = 100_000
"""Characters of all queries of a registration together."""


@dataclass(frozen=True)
class Schema:
    """A JSON Schema of the things of a type that a consumer reads or writes."""

    type: str
    mode: Mode
    schema: Any


@dataclass(frozen=True)
class Declared:
    """What a consumer says that it uses: by name, and by what its queries and schemas name.

    What is named has to be there at ``ref``, by default at the default branch's head.
    """

    reads: Sequence[tuple[Key, str]] = ()
    """Resources, and the member of each that is used; empty where all are."""
    writes: Sequence[tuple[Key, str]] = ()
    queries: Sequence[str] = ()
    schemas: Sequence[Schema] = ()
    ref: str = ""


def usages_declared(
    repository: Repository, consumer: str, declared: Declared
) -> tuple[list[Registered], list[FieldError]]:
    """The usages by who is meant, each once, and what is wrong with the others. Raises RefNotFound."""
    tree = TreeView(ref_resolve(repository, declared.ref or repository.default_branch).root)
    contents = tree.everything() if declared.queries or declared.schemas else {}
    named, violations = list(_named(consumer, declared)), []
    for path, mode, derived in _derived(declared, contents):
        named += [(path, Usage(consumer, *key, member, mode)) for key, member in derived.uses]
        violations += [Violation(each.rule, path + each.path, each.message) for each in derived.violations]
    first: dict[Usage, str] = {}
    for path, usage in named:
        first.setdefault(usage, path)
    violations += _amount(list(first.values()), is_known=not violations)
    state = TreeState(tree, contents)
    once = [(path, usage) for usage, path in first.items()]
    registered, unknown = identified(state, once[:MAX_USAGES], state.names)
    return registered, [FieldError(each.path, each.rule, each.message) for each in (*violations, *unknown)]


def _named(name: str, declared: Declared) -> Iterator[Named]:
    for mode, uses in ((Mode.READS, declared.reads), (Mode.WRITES, declared.writes)):
        for place, (key, member) in enumerate(uses):
            yield f"/{mode}/{place}", Usage(name, *key, member, mode)


def _derived(declared: Declared, contents: Mapping[Key, Content]) -> Iterator[tuple[str, Mode, Derived]]:
    """What queries and schemas use, where they are not too many to look at."""
    vocabulary = Vocabulary(contents)
    if sum(map(len, declared.queries)) > MAX_QUERY_LENGTH:
        message = sentence("Queries have at most {limit} characters together.", limit=MAX_QUERY_LENGTH)
        yield "/queries", Mode.READS, Derived(violations=[Violation("LENGTH", "", message)])
        return
    if len(declared.schemas) > MAX_SCHEMAS:
        message = sentence("There are at most {limit} schemas.", limit=MAX_SCHEMAS)
        yield "/schemas", Mode.READS, Derived(violations=[Violation("TOO_MANY", "", message)])
        return
    for place, query in enumerate(declared.queries):
        yield f"/queries/{place}", Mode.READS, usages_of_query(vocabulary, query)
    for place, given in enumerate(declared.schemas):
        yield f"/schemas/{place}", given.mode, usages_of_schema(vocabulary, given.type, given.schema)


def _amount(paths: Sequence[str], *, is_known: bool) -> Iterator[Violation]:
    """That nothing is used, where all is known that is, or too much; ``paths`` are where it is written."""
    if not paths and is_known:
        yield Violation("REQUIRED", "/reads", sentence("A consumer reads or writes something."))
    if len(paths) > MAX_USAGES:
        field = tokens(paths[MAX_USAGES])[0]
        message = sentence("A consumer has at most {limit} usages.", limit=MAX_USAGES)
        yield Violation("TOO_MANY", f"/{field}", message)
