"""What tables, columns and keys become, by descriptions alone: no database is asked."""

from typing import Any

import pytest

from ontology.engine.state import Documents
from ontology.engine.validation import Severity, validate
from ontology.formats import Reading, settled
from ontology.formats.sql.description import Column, Description, ForeignKey, Index, Table
from ontology.formats.sql.mapping import reading_of

ID = Column("id", "BigAutoField", "bigint", nullable=False, identity=True)


def text(name: str, **options: Any) -> Column:
    return Column(name, "TextField", "text", **options)


def number(name: str, **options: Any) -> Column:
    return Column(name, "BigIntegerField", "bigint", **options)


def refers(column: str, table: str, target: str = "id", **options: Any) -> ForeignKey:
    return ForeignKey(f"{column}_fk", (column,), table, (target,), **options)


def table(name: str, *columns: Column, **options: Any) -> Table:
    return Table(name, (ID, *columns), **{"schema": "public", "primary_key": ("id",), **options})


def read(*tables: Table, **options: Any) -> Reading:
    """The reading, which has to be valid but for what is left out by name."""
    reading = settled(reading_of(Description(tables, **options)))
    state = Documents(reading.contents)
    assert [found for found in validate(state, state) if found[1].severity == Severity.ERROR] == []
    return reading


def the_property(column: Column, **options: Any) -> dict[str, Any]:
    """What one column becomes, without its rid and alias."""
    options = {"enums": options.pop("enums", {})}, options
    reading = read(table("thing", column, **options[1]), **options[0])
    found = reading.contents["object_type", "Thing"]["properties"].values()
    [content] = [each for each in found if each.get("aliases", ["value"]) != ["id"] and "unique" not in each]
    return {name: value for name, value in content.items() if name not in ("rid", "aliases")}


def codes(reading: Reading) -> set[tuple[str, str]]:
    """(place, code) of what was left out, but that keys are numbered."""
    return {(each.place, each.code) for each in reading.omissions if not each.place.endswith(".id")}


# --- Types ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (Column("value", "BooleanField", "boolean"), "boolean"),
        (Column("value", "SmallIntegerField", "smallint"), "short"),
        (Column("value", "IntegerField", "integer"), "integer"),
        (Column("value", "BigIntegerField", "bigint"), "long"),
        (Column("value", "FloatField", "real"), "float"),
        (Column("value", "FloatField", "double precision"), "double"),
        (Column("value", "TextField", "text"), "string"),
        (Column("value", "", "citext"), "string"),
        (Column("value", "DateField", "date"), "date"),
        (Column("value", "DateTimeField", "timestamp with time zone"), "timestamp"),
        (Column("value", "TimeField", "time without time zone"), "time"),
        (Column("value", "JSONField", "jsonb"), "json"),
        (Column("value", "BinaryField", "bytea"), "attachment"),
        (Column("value", "", "geometry(Polygon,4326)"), "geoshape"),
        (Column("value", "", "geography(Point,4326)"), "geopoint"),
        (Column("value", "BooleanField"), "boolean"),
    ],
)
def test_a_column_has_the_type_of_its_values(column: Column, expected: str) -> None:
    assert the_property(column) == {"type": {"type": expected}}
    assert codes(read(table("thing", column))) == set()


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (Column("value", "CharField", "character varying(20)", size=20), {"type": {"type": "string"}, "constraints": {"max_length": 20}}),
        (Column("value", "DecimalField", "numeric(9,3)", precision=9, scale=3), {"type": {"type": "decimal", "precision": 9, "scale": 3}}),
        (Column("value", "UUIDField", "uuid"), {"type": {"type": "string"}, "constraints": {"format": "uuid"}}),
        (Column("value", "GenericIPAddressField", "inet"), {"type": {"type": "string"}, "constraints": {"format": "ip"}}),
        (Column("value", "PositiveIntegerField"), {"type": {"type": "long"}, "constraints": {"min": 0}}),
        (Column("value", "", "vector(3)"), {"type": {"type": "vector", "dimension": 3}}),
        (Column("value", "", "hstore"), {"type": {"type": "map", "keys": {"type": "string"}, "values": {"type": "string"}}}),
        (Column("value", "IntegerField", "integer", is_array=True), {"type": {"type": "array", "items": {"type": "integer"}}}),
        (Column("value", "UUIDField", "uuid", is_array=True), {"type": {"type": "array", "items": {"type": "string"}}, "constraints": {"format": "uuid"}}),
    ],
)  # fmt: skip
def test_what_a_type_says_of_its_values_is_kept(column: Column, expected: dict[str, Any]) -> None:
    assert the_property(column) == expected
    assert codes(read(table("thing", column))) == set()


@pytest.mark.parametrize(
    ("column", "code", "kept"),
    [
        (Column("value", "DecimalField", "numeric"), "TYPE_APPROXIMATED", {"type": "decimal", "precision": 38, "scale": 18}),
        (Column("value", "DecimalField", "numeric(60,50)", precision=60, scale=50), "TYPE_APPROXIMATED", {"type": "decimal", "precision": 38, "scale": 38}),
        (Column("value", "DecimalField", "numeric(3,-2)", precision=3, scale=-2), "TYPE_APPROXIMATED", {"type": "decimal", "precision": 38, "scale": 0}),
        (Column("value", "DurationField", "interval"), "TYPE_APPROXIMATED", {"type": "string"}),
        (Column("value", "", "tsvector"), "TYPE_APPROXIMATED", {"type": "string"}),
        (Column("value", "TimeField", "time with time zone"), "TYPE_APPROXIMATED", {"type": "time"}),
        (text("value", domain="email"), "DOMAIN", {"type": "string"}),
        (text("value", collation="C"), "COLLATION", {"type": "string"}),
    ],
)  # fmt: skip
def test_what_is_not_held_of_a_column_is_named(column: Column, code: str, kept: dict[str, Any]) -> None:
    assert the_property(column)["type"] == kept
    assert codes(read(table("thing", column))) == {("thing.value", code)}


def test_an_enumerated_type_is_a_value_type_that_its_columns_share() -> None:
    columns = (Column("mood", "", "mood"), Column("moods", "", "mood", is_array=True))
    reading = read(table("thing", *columns), enums={"mood": ["sad", "very happy"], "unused": ["x"]})
    assert set(reading.contents["value_type", "Mood"]["constraints"]["enum"]) == {"sad", "very happy"}
    properties = reading.contents["object_type", "Thing"]["properties"]
    assert properties["mood"]["value_type"] == properties["moods"]["value_type"] == "Mood"
    assert properties["moods"]["type"] == {"type": "array", "items": {"type": "string"}}
    assert ("value_type", "Unused") not in reading.contents


# --- Defaults and checks ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "default"),
    [
        (text("value", default="'it''s'::text"), "it's"),
        (text("value", default=r"E'a\\b'::text"), r"a\b"),
        (text("value", default="''::character varying"), ""),
        (Column("value", "BooleanField", "boolean", default="true"), True),
        (Column("value", "BooleanField", default="0"), False),
        (number("value", default="'-7'::integer"), -7),
        (number("value", default="(-7)"), -7),
        (Column("value", "FloatField", "double precision", default="1.5"), 1.5),
        (Column("value", "DecimalField", "numeric(5,2)", precision=5, scale=2, default="0.10::numeric(5,2)"), "0.10"),
        (Column("value", "DateField", "date", default="'2026-01-31'::date"), "2026-01-31"),
        (Column("value", "DateTimeField", "timestamp with time zone", default="'2026-01-31 09:00:00+00'::timestamp with time zone"), "2026-01-31T09:00:00+00:00"),
        (Column("value", "JSONField", "jsonb", default="""'{"a": [1]}'::jsonb"""), {"a": [1]}),
        (Column("value", "TextField", "text", is_array=True, default="'{}'::text[]"), []),
        (Column("value", "TextField", "text", is_array=True, default="ARRAY['a'::text, 'b'::text]"), ["a", "b"]),
    ],
)  # fmt: skip
def test_a_constant_default_is_kept(column: Column, default: Any) -> None:
    assert the_property(column)["default"] == default


@pytest.mark.parametrize(
    "default",
    ["now()", "nextval('x_seq'::regclass)", "CURRENT_TIMESTAMP", "(1 + 2)", "'x' || 'y'", "'open", "", "((" * 99, "'{1,2}'::int[]"],
)  # fmt: skip
def test_a_default_that_is_computed_is_named_and_not_guessed(default: str) -> None:
    column = number("value", default=default or "(")
    assert "default" not in the_property(column)
    assert codes(read(table("thing", column))) == {("thing.value", "DEFAULT_COMPUTED")}


def test_null_is_no_default_and_a_generated_column_is_derived() -> None:
    assert the_property(text("value", default="NULL::text")) == {"type": {"type": "string"}}
    assert the_property(text("value", generated="lower(name)"))["derived"] == {"sql": "lower(name)"}


MONEY = Column("value", "DecimalField", "numeric(9,2)", precision=9, scale=2)


@pytest.mark.parametrize(
    ("column", "check", "constraints"),
    [
        (number("value"), "(value >= 0)", {"min": 0}),
        (number("value"), "((value > 0) AND (value <= 150))", {"exclusive_min": 0, "max": 150}),
        (number("value"), "(0 < value)", {"exclusive_min": 0}),
        (number("value"), "(value = ANY (ARRAY[1, 2]))", {"enum": {"1", "2"}}),
        (MONEY, "(value >= (0)::numeric)", {"min": "0"}),
        (text("value"), "(value = ANY (ARRAY['a'::text, 'b c'::text]))", {"enum": {"a", "b c"}}),
        (text("value"), "((value)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))", {"enum": {"a", "b"}}),
        (text("value"), "(value = 'only'::text)", {"enum": {"only"}}),
        (text("value"), "(value <> ''::text)", {"min_length": 1}),
        (text("value"), "(char_length((value)::text) > 3)", {"min_length": 4}),
        (text("value"), "(length(value) = 2)", {"min_length": 2, "max_length": 2}),
        (text("value"), r"(value ~ E'^[a-z]\\d+$'::text)", {"pattern": r"^[a-z]\d+$"}),
        (Column("value", "DateField", "date"), "(value >= '2000-01-01'::date)", {"min": "2000-01-01"}),
    ],
)  # fmt: skip
def test_a_simple_check_is_a_constraint(column: Column, check: str, constraints: dict[str, Any]) -> None:
    found = the_property(column, checks={"is_right": check})["constraints"]
    assert {name: set(value) if name == "enum" else value for name, value in found.items()} == constraints
    assert codes(read(table("thing", column, checks={"is_right": check}))) == set()


@pytest.mark.parametrize(
    "check",
    [
        "((value > 0) OR (value IS NULL))",
        "(value > other)",
        "(lower(value) = value)",
        "(value IS NOT NULL)",
        "(NOT value)",
        "((value)::text ~~ 'a%'::text)",
        "(value > NULL::bigint)",
        "(value <> 3)",
        "((value > 0) AND (other < value))",
        "not sql at all '",
    ],
)
def test_a_check_that_says_more_is_named_and_says_nothing(check: str) -> None:
    columns = (number("value"), number("other"))
    reading = read(table("thing", *columns, checks={"is_right": check}))
    assert codes(reading) == {("thing.is_right", "CHECK")}
    properties = reading.contents["object_type", "Thing"]["properties"]
    assert not any("constraints" in each for each in properties.values())


def test_checks_of_one_column_hold_together() -> None:
    checks = {"a": "(value >= 0)", "b": "((value >= 5) AND (value < 9))"}
    assert the_property(number("value"), checks=checks)["constraints"] == {"min": 5, "exclusive_max": 9}


# --- Tables -------------------------------------------------------------------------------------------


def test_a_table_is_an_object_type_that_knows_its_name() -> None:
    reading = read(
        table("crm_sales_order", text("order_no", nullable=False, comment="As printed."), comment="An order.")
    )
    order = reading.contents["object_type", "CrmSalesOrder"]
    assert (order["aliases"], order["description"]) == (["crm_sales_order"], "An order.")
    assert order["datasource"] == {"schema": "public", "table": "crm_sales_order"}
    assert order["primary_key"] == ["id"]
    assert order["properties"]["orderNo"]["aliases"] == ["order_no"]
    assert order["properties"]["orderNo"]["description"] == "As printed."
    assert order["properties"]["orderNo"]["required"] is True


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("order_items", "OrderItems"),
        ("ORDER_ITEMS", "OrderItems"),
        ("OrderItems", "OrderItems"),
        ("Order Items", "OrderItems"),
        ("2024_orders", "2024Orders"),
        ("고객", "Uace0Uac1d"),
        ("__", "Unnamed"),
        ("x" * 63, "X" + "x" * 62),
    ],
)
def test_the_name_of_a_table_is_written_as_types_are(source: str, name: str) -> None:
    assert list(read(table(source)).contents) == [("object_type", name)]


def test_a_name_that_cannot_be_written_is_displayed() -> None:
    assert read(table("고객")).contents["object_type", "Uace0Uac1d"]["display_name"] == "고객"
    [(_, long)] = read(table("가" * 21)).contents
    assert len(long) == 100


def test_names_that_would_be_one_are_numbered() -> None:
    columns = (text("user_name"), text("userName"), text("username"))
    contents = read(table("orders", *columns), table("Orders"), table("ORDERS")).contents
    assert {name for _, name in contents} == {"ORDERS", "Orders2", "Orders3"}
    orders = next(each for each in contents.values() if each["datasource"]["table"] == "orders")
    assert set(orders["properties"]) == {"id", "userName", "userName2", "username3"}


def test_a_composite_key_is_kept_in_its_order() -> None:
    key = (number("line", nullable=False), number("order_id", nullable=False))
    lines = Table("order_lines", key, primary_key=("order_id", "line"))
    order = read(lines).contents["object_type", "OrderLines"]
    assert order["primary_key"] == ["orderId", "line"]
    assert "unique" not in order["properties"]["line"]


def test_a_key_that_cannot_be_one_is_left_out() -> None:
    reading = read(
        Table(
            "prices", (Column("amount", "DecimalField", "numeric(5,2)", precision=5, scale=2),), primary_key=("amount",)
        )
    )
    assert "primary_key" not in reading.contents["object_type", "Prices"]
    assert "PRIMARY_KEY_INVALID" in {code for _, code in codes(reading)}


def test_a_view_is_an_object_type_whose_source_is_a_view() -> None:
    view = Table("open_orders", (number("id"),), schema="sales", is_view=True)
    order = read(view).contents["object_type", "OpenOrders"]
    assert order["datasource"] == {"schema": "sales", "view": "open_orders"}
    assert "primary_key" not in order


@pytest.mark.parametrize(
    ("index", "fields", "code"),
    [
        (Index("i", ["value"]), {"indexed": True}, None),
        (Index("i", ["value"], unique=True), {"indexed": True, "unique": True}, None),
        (Index("i", ["value"], unique=True, is_partial=True), {}, "PARTIAL_INDEX"),
        (Index("i", [], unique=True, has_expressions=True), {}, "EXPRESSION_INDEX"),
        (Index("i", ["value"], has_expressions=True), {}, "EXPRESSION_INDEX"),
        (Index("i", ["value", "id"], unique=True), {}, "COMPOSITE_UNIQUE"),
        (Index("i", ["id", "value"]), {}, "COMPOSITE_INDEX"),
    ],
)
def test_an_index_marks_its_column_or_is_named(index: Index, fields: dict[str, bool], code: str | None) -> None:
    reading = read(table("thing", text("value"), indexes=[index]))
    content = reading.contents["object_type", "Thing"]["properties"]["value"]
    assert {name: content[name] for name in ("indexed", "unique") if name in content} == fields
    assert codes(reading) == ({("thing.i", code)} if code else set())


def test_triggers_and_exclusions_are_named() -> None:
    reading = read(table("thing", triggers=["audit"], exclusions=["no_overlap"]))
    assert codes(reading) == {("thing.audit", "TRIGGER"), ("thing.no_overlap", "EXCLUSION_CONSTRAINT")}


# --- Keys ---------------------------------------------------------------------------------------------


def link(*tables: Table) -> dict[str, Any]:
    [content] = [content for (kind, _), content in read(*tables).contents.items() if kind == "link_type"]
    return {name: value for name, value in content.items() if name != "rid"}


def test_a_foreign_key_is_a_link_from_many_to_one() -> None:
    keys = [refers("customer_id", "customer", cascades=True)]
    order = table("order", number("customer_id", nullable=False), foreign_keys=keys)
    reading = read(order, table("customer"))
    assert [name for kind, name in reading.contents if kind == "link_type"] == ["orderCustomer"]
    assert link(order, table("customer")) == {
        "source": {"types": ["Order"], "api_name": "customer"},
        "target": {"types": ["Customer"]},
        "cardinality": "many_to_one",
        "foreign_key": "customerId",
        "required": True,
        "cascade_delete": True,
    }


@pytest.mark.parametrize(
    "options", [{"indexes": [Index("i", ["customer_id"], unique=True)]}, {"primary_key": ("customer_id",)}]
)
def test_a_unique_foreign_key_is_a_link_from_one_to_one(options: dict[str, Any]) -> None:
    keys = [refers("customer_id", "customer")]
    found = link(table("card", number("customer_id"), foreign_keys=keys, **options), table("customer"))
    assert (found["cardinality"], found["foreign_key"]) == ("one_to_one", "customerId")
    assert "required" not in found


def test_a_key_that_is_unique_for_some_rows_only_is_not_unique() -> None:
    index = Index("i", ["customer_id"], unique=True, is_partial=True)
    keys = [refers("customer_id", "customer")]
    found = link(table("card", number("customer_id"), foreign_keys=keys, indexes=[index]), table("customer"))
    assert found["cardinality"] == "many_to_one"


def test_a_composite_foreign_key_and_one_to_another_key_say_how_they_join() -> None:
    customer = Table("customer", (number("site"), number("no"), text("code")), primary_key=("site", "no"))
    both = ForeignKey("fk", ("site", "customer_no"), "customer", ("site", "no"))
    order = table("order", number("site"), number("customer_no"), foreign_keys=[both])
    assert link(order, customer)["join"] == {"properties": [["site", "site"], ["customerNo", "no"]]}
    order = table("order", text("customer"), foreign_keys=[refers("customer", "customer", "code")])
    found = link(order, customer)
    assert found["join"] == {"properties": [["customer", "code"]]}
    assert "foreign_key" not in found
    assert "api_name" not in found["source"]


def test_several_keys_between_two_tables_are_several_links() -> None:
    keys = [refers("buyer_id", "person"), refers("seller_id", "person"), refers("parent_id", "deal")]
    deal = table("deal", *(number(key.columns[0]) for key in keys), foreign_keys=keys)
    names = {name for kind, name in read(deal, table("person")).contents if kind == "link_type"}
    assert names == {"dealBuyer", "dealSeller", "dealParent"}


def test_a_key_to_what_was_not_read_is_named() -> None:
    reading = read(table("order", number("customer_id"), foreign_keys=[refers("customer_id", "crm.customer")]))
    assert codes(reading) == {("order.customer_id_fk", "FOREIGN_KEY_ELSEWHERE")}


def test_a_required_key_to_itself_leaves_room_for_the_first() -> None:
    reading = read(table("node", number("up_id", nullable=False), foreign_keys=[refers("up_id", "node")]))
    assert {code for _, code in codes(reading)} == {"REQUIRED_CYCLE"}
    assert "required" not in reading.contents["link_type", "nodeUp"]


JOINING = [refers("book_id", "book"), refers("tag_id", "tag")]
BOTH = (number("book_id", nullable=False), number("tag_id", nullable=False))


@pytest.mark.parametrize(
    "join",
    [
        Table("book_tags", BOTH, primary_key=("book_id", "tag_id"), foreign_keys=JOINING),
        Table("book_tags", BOTH, foreign_keys=JOINING[::-1]),
        table("book_tags", *BOTH, foreign_keys=JOINING, indexes=[Index("i", ["book_id", "tag_id"], unique=True)]),
    ],
)
def test_a_table_that_only_joins_two_is_a_link_of_many_to_many(join: Table) -> None:
    reading = read(join, table("book"), table("tag"))
    assert set(reading.contents) == {("object_type", "Book"), ("object_type", "Tag"), ("link_type", "bookTags")}
    found = link(join, table("book"), table("tag"))
    assert (found["source"], found["target"]) == ({"types": ["Book"]}, {"types": ["Tag"]})
    assert found["cardinality"] == "many_to_many"
    where = {"schema": "public"} if join.schema else {}
    assert found["join"] == {**where, "table": "book_tags", "source": "book_id", "target": "tag_id"}


@pytest.mark.parametrize(
    "more",
    [
        {"columns": (*BOTH, text("note"))},
        {"columns": (text("code", nullable=False), *BOTH), "primary_key": ("code",)},
        {"indexes": [Index("i", ["tag_id"], unique=True)]},
        {"checks": {"c": "(book_id > 0)"}},
        {"is_view": True},
    ],
)
def test_a_table_that_says_more_than_who_belongs_to_whom_is_an_object_type(more: dict[str, Any]) -> None:
    join = Table("book_tags", **{"columns": BOTH, "foreign_keys": JOINING, **more})
    reading = read(join, table("book"), table("tag"))
    assert ("object_type", "BookTags") in reading.contents
    assert len([kind for kind, _ in reading.contents if kind == "link_type"]) == 2


def test_a_joining_table_that_others_refer_to_is_an_object_type() -> None:
    join = table("book_tags", *BOTH, foreign_keys=JOINING)
    vote = table("vote", number("book_tag_id"), foreign_keys=[refers("book_tag_id", "book_tags")])
    assert ("object_type", "BookTags") in read(join, vote, table("book"), table("tag")).contents


# --- The whole ------------------------------------------------------------------------------------------


def test_what_was_not_asked_of_a_database_is_said() -> None:
    assert codes(read(table("thing"), is_complete=False)) == {("", "CATALOG_NOT_READ")}


def test_the_order_of_tables_does_not_matter() -> None:
    tables = [
        table("order", number("customer_id"), foreign_keys=[refers("customer_id", "customer")]),
        table("customer"),
    ]
    assert read(*tables).contents == read(*tables[::-1]).contents
