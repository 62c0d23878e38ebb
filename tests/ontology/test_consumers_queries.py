"""What GraphQL queries use: types by the names of fields, properties and links by selections."""

import pytest

from ontology.engine.usages.vocabulary import camel_case, plural
from ontology.formats.graphql_queries import MAX_DEPTH, MAX_TOKENS, usages_of_query
from tests.ontology.consumers_world import VOCABULARY, in_short, wrong

USES = {
    "{ Person { age } }": ["Person.age"],
    "{ person(id: 3) { how: age } }": ["Person.age"],
    "{ people { age } persons { email } }": ["Person.age", "Person.email"],
    "{ companies { founded } }": ["Company.founded"],
    "{ purchaseOrders { total } urlEntry { href } uRLEntry { href } }": ["PurchaseOrder.total", "URLEntry.href"],
    "{ person { label } }": ["Person.label"],
    "{ person }": ["Person"],
    "{ person { __typename } }": ["Person"],
    "{ person { home { street } homes { zip } place { latitude } } }": [
        "Address.street",
        "Address.zip",
        "Person.home",
        "Person.homes",
        "Person.place",
    ],
    "{ person { employer { founded since } } }": [
        "Company.founded",
        "Person",
        "employment",
        "employment.since",
    ],
    "{ company { employees { employer { label } } } }": ["Company.label", "employment"],
    "{ contactables { email employer { founded } } }": [
        "Company.founded",
        "Contactable.email",
        "Contactable.employer",
    ],
    "{ person { orders { total } } }": ["Person", "PurchaseOrder.total", "ordering"],
    "{ purchaseOrder { party { label ... on Person { age } } } }": [
        "Agent.label",
        "Person.age",
        "PurchaseOrder",
        "ordering",
    ],
    "{ people { edges { cursor node { age } } pageInfo { endCursor } totalCount nodes { email } } }": [
        "Person.age",
        "Person.email",
    ],
    "query A { ...Top } fragment Top on Query { people { ...P } } fragment P on Person { age ...P }": ["Person.age"],
    "query A($id: ID!) { person(id: $id) @include(if: true) { ... { age } } } query B { __typename }": ["Person.age"],
}


@pytest.mark.parametrize("query", USES, ids=lambda query: query[:40])
def test_what_a_query_selects_is_used(query: str) -> None:
    assert in_short(usages_of_query(VOCABULARY, query)) == USES[query]


@pytest.mark.parametrize(
    ("query", "rule", "message"),
    [
        ("{ persn { age } }", "USAGE_UNKNOWN", "Line 1, column 3: There is no type 'persn'; the nearest is 'Person'."),
        ("{\n  person { agee }\n}", "USAGE_UNKNOWN", "Line 2, column 12: 'Person' has no 'agee'; the nearest is 'age'."),
        ("{ person { home { strt } } }", "USAGE_UNKNOWN", "Line 1, column 19: 'Address' has no 'strt'; the nearest is 'street'."),
        ("{ person { ... on Persn { age } } }", "USAGE_UNKNOWN", "Line 1, column 19: There is no type 'Persn'; the nearest is 'Person'."),
        ("{ person { ...Gone } }", "QUERY_INVALID", "Line 1, column 12: There is no fragment 'Gone'."),
        ("mutation { hire { ok } }", "QUERY_INVALID", "Line 1, column 1: A mutation is no query."),
        ("type Person { age: Int }", "QUERY_INVALID", "Line 1, column 1: This is no query."),
        ("{ person { age ", "QUERY_INVALID", "Line 1, column 16: Syntax Error: Expected Name, found <EOF>."),
        ("", "QUERY_INVALID", "Line 1, column 1: Syntax Error: Unexpected <EOF>."),
        ("{ a" * (MAX_DEPTH + 1), "QUERY_INVALID", f"The query nests deeper than {MAX_DEPTH} levels."),
        ("{ " + "a " * MAX_TOKENS + "}", "QUERY_INVALID", f"The query has more than {MAX_TOKENS} tokens."),
    ],
)  # fmt: skip
def test_what_cannot_be_resolved_is_told_with_its_position(query: str, rule: str, message: str) -> None:
    assert wrong(usages_of_query(VOCABULARY, query)) == [(rule, "", message)]


@pytest.mark.parametrize(
    ("name", "camel", "many"),
    [
        ("Person", "person", "persons"),
        ("PurchaseOrder", "purchaseOrder", "purchaseOrders"),
        ("URLEntry", "urlEntry", "urlEntries"),
        ("USA", "usa", "usas"),
        ("Day", "day", "days"),
        ("Box", "box", "boxes"),
        ("3DModel", "3DModel", "3DModels"),
        ("purchase order", "purchaseOrder", "purchaseOrders"),
    ],
)
def test_types_are_named_in_camel_case_and_plural(name: str, camel: str, many: str) -> None:
    assert (camel_case(name), plural(camel_case(name))) == (camel, many)
