"""Importing the schemas of real databases: the project's own, one of every oddity, and some that are not there."""

import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import LazySettings
from django.db import OperationalError, connection, models

from accounts.models import User
from history.exceptions import NothingChanged
from history.models import Branch
from oms_project.environment import Environment
from ontology.exceptions import DatabaseUnavailable, DatabaseUnknown
from ontology.formats.sql import database, read
from ontology.selectors import document_export, ontology_export
from ontology.services import ImportReport, document_import
from tests.factories import api_client_for

pytestmark = pytest.mark.django_db


def bring(alice: User, branch: Branch, document: Any = "own", **options: Any) -> ImportReport:
    return document_import(
        actor=alice, branch=branch, document=document, format_name="sql", message="Import", **options
    )


@pytest.fixture
def own(settings: LazySettings) -> dict[str, Any]:
    """The test database, which holds every migration, under the name ``own``."""
    own = {**connection.settings_dict, "OPTIONS": {}}
    settings.IMPORT_DATABASES = {"own": own}
    return own


@pytest.fixture
def shop(own: dict[str, Any]) -> Iterator[Callable[[str], None]]:
    """Runs SQL in a schema of its own, which alone is on the reader's search path."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as owner:
        owner.execute("DROP SCHEMA IF EXISTS shop CASCADE; CREATE SCHEMA shop; SET search_path = shop")
        own["OPTIONS"] = {"options": "-c search_path=shop"}
        yield owner.execute  # type: ignore[misc]
        owner.execute("DROP SCHEMA shop CASCADE")


# --- The project's own database -------------------------------------------------------------------------


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def test_our_own_database_has_the_tables_columns_and_keys_that_its_models_say(
    alice: User, main: Branch, own: dict[str, Any]
) -> None:
    report = bring(alice, main)
    resources = document_export(report.commit)["resources"]
    tables = {each["datasource"]["table"]: each for each in resources["object_type"].values()}
    joins = {each["join"]["table"]: each for each in resources["link_type"].values() if "join" in each}
    keys = [each for each in resources["link_type"].values() if "foreign_key" in each]
    by_table = {model._meta.db_table: model for model in own_models()}
    assert len(by_table) > 20
    assert tables.keys() | joins.keys() == by_table.keys() | {"django_migrations"}
    for table, content in tables.items():
        if table in by_table:
            fields = by_table[table]._meta.local_concrete_fields
            assert {each.get("aliases", [name])[0] for name, each in content["properties"].items()} == {
                field.column for field in fields
            }
            required = {
                each.get("aliases", [name])[0] for name, each in content["properties"].items() if each.get("required")
            }
            assert required == {field.column for field in fields if not field.null}
    said = [
        field
        for table in tables.keys() & by_table.keys()
        for field in by_table[table]._meta.local_concrete_fields
        if field.remote_field and field.db_constraint
    ]
    assert len(keys) == len(said) > 20
    assert sum(each["cardinality"] == "one_to_one" for each in keys) == sum(field.unique for field in said)


def test_importing_twice_changes_nothing(alice: User, main: Branch, own: dict[str, Any]) -> None:
    bring(alice, main)
    with pytest.raises(NothingChanged):
        bring(alice, main)


def test_what_was_imported_is_exported_and_comes_back_as_it_is(alice: User, main: Branch, own: dict[str, Any]) -> None:
    first = bring(alice, main).commit
    document_import(actor=alice, branch=main, document={"format": "oms/1", "resources": {}}, message="Empty it")
    exported = ontology_export(first, "oms")
    document_import(actor=alice, branch=main, document=exported.decode(), message="Back")
    assert ontology_export(main.head, "oms") == exported
    with pytest.raises(NothingChanged):
        bring(alice, main)


def test_an_import_over_rest_tells_what_was_left_out(alice: User, main: Branch, own: dict[str, Any]) -> None:
    body = {"format": "sql", "branch": "main", "document": "own"}
    answer = api_client_for(alice).post("/api/v1/repositories/world/import/", body)
    assert answer.status_code == 201
    assert {each["code"] for each in answer.json()["omissions"]} >= {
        "COMPOSITE_UNIQUE",
        "DEFAULT_COMPUTED",
        "PARTIAL_INDEX",
    }


# --- What PostgreSQL can hold ------------------------------------------------------------------------------

SHOP = """
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE DOMAIN email AS text CHECK (VALUE ~ '@');
CREATE TABLE customer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email email NOT NULL UNIQUE, mood mood DEFAULT 'happy',
    tags varchar(20)[] DEFAULT '{}', balance numeric(12,2) NOT NULL DEFAULT 0 CHECK (balance >= 0), height real,
    next bigint GENERATED ALWAYS AS (id + 1) STORED, deleted_at timestamptz
);
COMMENT ON TABLE customer IS 'Who buys.';
COMMENT ON COLUMN customer.mood IS 'How they were.';
CREATE UNIQUE INDEX one_alive ON customer (height) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX covering ON customer (mood) INCLUDE (height);
CREATE INDEX lowered ON customer (lower(email));
CREATE TABLE orders (id int, placed date, PRIMARY KEY (id, placed)) PARTITION BY RANGE (placed);
CREATE TABLE orders_2026 PARTITION OF orders FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE line (
    order_id int, placed date, customer_id bigint REFERENCES customer ON DELETE CASCADE, during tsrange,
    FOREIGN KEY (order_id, placed) REFERENCES orders, EXCLUDE USING gist (during WITH &&)
);
CREATE VIEW happy AS SELECT id, email FROM customer WHERE mood = 'happy';
CREATE MATERIALIZED VIEW unfilled AS SELECT 1 AS one WITH NO DATA;
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER audit BEFORE INSERT ON line FOR EACH ROW EXECUTE FUNCTION nothing();
"""


def test_everything_that_postgresql_says_comes_over_or_is_named(shop: Callable[[str], None]) -> None:
    shop(SHOP)
    reading = read("own")
    assert {name for _, name in reading.contents} == {
        "Customer",
        "Orders",
        "Line",
        "Happy",
        "Mood",
        "lineCustomer",
        "lineOrderPlaced",
    }
    customer = reading.contents["object_type", "Customer"]
    held = {name: {key: value for key, value in each.items() if value} for name, each in customer["properties"].items()}
    assert customer["description"] == "Who buys."
    assert customer["datasource"] == {"schema": "shop", "table": "customer"}
    assert held["email"] == {"type": {"type": "string"}, "required": True, "unique": True, "indexed": True}
    assert held["mood"] == {
        "value_type": "Mood",
        "default": "happy",
        "description": "How they were.",
        "unique": True,
        "indexed": True,
    }
    assert held["tags"]["type"] == {"type": "array", "items": {"type": "string"}}
    assert held["tags"]["constraints"] == {"max_length": 20}
    assert held["balance"]["type"] == {"type": "decimal", "precision": 12, "scale": 2}
    assert (held["balance"]["default"], held["balance"]["constraints"]) == ("0", {"min": "0"})
    assert held["height"] == {"type": {"type": "float"}}
    assert held["next"]["derived"] == {"sql": "(id + 1)"}
    assert reading.contents["link_type", "lineCustomer"]["cascade_delete"] is True
    pairs = [["orderId", "id"], ["placed", "placed"]]
    assert reading.contents["link_type", "lineOrderPlaced"]["join"] == {"properties": pairs}
    assert reading.contents["object_type", "Happy"]["datasource"] == {"schema": "shop", "view": "happy"}
    assert {(each.place, each.code) for each in reading.omissions} == {
        ("customer.email", "DOMAIN"),
        ("customer.id", "DEFAULT_COMPUTED"),
        ("happy.email", "DOMAIN"),
        ("customer.one_alive", "PARTIAL_INDEX"),
        ("customer.lowered", "EXPRESSION_INDEX"),
        ("line.during", "TYPE_APPROXIMATED"),
        ("line.line_during_excl", "EXCLUSION_CONSTRAINT"),
        ("line.audit", "TRIGGER"),
        ("orders_2026", "PARTITION"),
        ("unfilled", "TABLE_NOT_READABLE"),
    }


def test_a_table_that_the_reader_may_not_see_is_named_and_the_rest_is_read(
    shop: Callable[[str], None], own: dict[str, Any]
) -> None:
    shop("CREATE TABLE open (a int); CREATE TABLE secret (a int); REVOKE ALL ON secret FROM CURRENT_USER")
    if connection.cursor().execute("SHOW is_superuser").fetchone() == ("on",):  # whom no missing right holds back
        shop("GRANT USAGE ON SCHEMA shop TO pg_monitor; GRANT SELECT ON open TO pg_monitor")
        own["OPTIONS"]["options"] += " -c role=pg_monitor"
    reading = read("own")
    assert list(reading.contents) == [("object_type", "Open")]
    assert [(each.place, each.code) for each in reading.omissions] == [("secret", "TABLE_NOT_READABLE")]


def test_a_table_that_somebody_holds_locked_refuses_the_import_and_loses_nothing(
    shop: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop("CREATE TABLE busy (a int)")
    begin = [statement.replace("10000", "200") for statement in database._BEGIN]
    monkeypatch.setattr(database, "_BEGIN", begin)
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("LOCK TABLE shop.busy")
        with pytest.raises(DatabaseUnavailable):
            read("own")
    assert list(read("own").contents) == [("object_type", "Busy")]


def test_a_database_of_many_tables_is_given_up_in_the_end(own: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "LONGEST", -1)
    with pytest.raises(DatabaseUnavailable, match="to describe its tables"):
        read("own")


# --- Only reading -----------------------------------------------------------------------------------------


def open_connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def test_nothing_can_be_written_over_the_connection_and_it_is_closed(own: dict[str, Any]) -> None:
    before = open_connections()
    with database._connected(own) as reader:
        assert open_connections() == before + 1
        with reader.cursor() as cursor:
            for statement in (
                "CREATE TABLE written (a int)",
                "DELETE FROM django_migrations",
                "SELECT nextval('django_migrations_id_seq')",
            ):
                savepoint = reader.savepoint()
                with pytest.raises(Exception, match="in a read-only transaction"):
                    cursor.execute(statement)
                reader.savepoint_rollback(savepoint)
    while open_connections() > before:  # for ever, if it is left open
        time.sleep(0.02)


# --- What is not there -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document", ["", "other", "postgresql://root@127.0.0.1/postgres", "OWN", 7, None, ["own"], {"own": 1}]
)
def test_only_a_name_that_the_operator_gave_is_taken(
    document: Any, alice: User, main: Branch, own: dict[str, Any]
) -> None:
    with pytest.raises(DatabaseUnknown) as refused:
        bring(alice, main, document)
    [error] = refused.value.errors
    assert (error.field, error.rule) == ("/document", "DATABASE_UNKNOWN")
    assert "own" not in error.message.split()


def test_who_may_not_import_does_not_learn_which_names_there_are(
    bob: User, alice: User, main: Branch, own: dict[str, Any]
) -> None:
    client = api_client_for(bob)
    for name in ("own", "other"):
        body = {"format": "sql", "branch": "main", "document": name}
        assert client.post("/api/v1/repositories/world/import/", body).status_code == 403


def test_a_database_that_refuses_is_503_and_our_own_is_not_blamed(
    alice: User, main: Branch, own: dict[str, Any]
) -> None:
    own |= {"HOST": "127.0.0.1", "PORT": "1", "PASSWORD": "hush-hush"}
    body = {"format": "sql", "branch": "main", "document": "own"}
    answer = api_client_for(alice).post("/api/v1/repositories/world/import/", body)
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:oms:problem:database-unavailable")
    assert answer["Retry-After"] == "1"
    assert "hush" not in answer.text
    assert "127.0.0.1" not in answer.text


def test_a_database_that_takes_the_connection_and_says_nothing_is_given_up(own: dict[str, Any]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        own |= {"HOST": "127.0.0.1", "PORT": str(silent.getsockname()[1])}
        own["OPTIONS"] = {"connect_timeout": "2"}
        with pytest.raises(DatabaseUnavailable):
            read("own")


def test_a_database_that_ends_meanwhile_is_unavailable(own: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def kill(cursor: Any) -> None:
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [cursor.connection.info.backend_pid])

    monkeypatch.setattr(database, "catalog_of", kill)
    with pytest.raises(DatabaseUnavailable):
        read("own")


# --- Other databases ------------------------------------------------------------------------------------------


def test_a_sqlite_file_is_read_by_pythons_own_driver(settings: LazySettings, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a b.db")) as made:
        made.executescript(
            """
            CREATE TABLE customer (id integer PRIMARY KEY AUTOINCREMENT, name varchar(30) NOT NULL DEFAULT 'x');
            CREATE TABLE orders (id integer PRIMARY KEY AUTOINCREMENT, customer_id bigint UNIQUE REFERENCES customer (id));
            """
        )
    url = f"sqlite:///{tmp_path}/a%20b.db"
    settings.IMPORT_DATABASES = Environment({"OMS_X": f"file={url}"}).databases("OMS_X")
    contents = read("file").contents
    assert {name for _, name in contents} == {"Customer", "Orders", "ordersCustomer"}
    name = contents["object_type", "Customer"]["properties"]["name"]
    assert (name["constraints"], name["default"], name["required"]) == ({"max_length": 30}, "x", True)
    assert contents["link_type", "ordersCustomer"]["cardinality"] == "one_to_one"
    assert "CATALOG_NOT_READ" in {each.code for each in read("file").omissions}
    with (
        database._connected(settings.IMPORT_DATABASES["file"]) as reader,
        pytest.raises(OperationalError, match="readonly"),
    ):
        reader.cursor().execute("DELETE FROM orders")


def test_a_sqlite_file_that_is_not_there_is_not_made(settings: LazySettings, tmp_path: Path) -> None:
    settings.IMPORT_DATABASES = Environment({"OMS_X": f"file=sqlite:///{tmp_path}/none.db"}).databases("OMS_X")
    with pytest.raises(DatabaseUnavailable):
        read("file")
    assert list(tmp_path.iterdir()) == []
