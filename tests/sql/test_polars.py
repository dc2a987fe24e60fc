"""polars reads over connections of both faces."""

import polars
import pytest
from polars.testing import assert_frame_equal

SEATS = [(1, "A", 40.5), (2, "B", None), (3, "Ü 🪑", 2.0), (4, None, 9.25), (5, "", 0.1)]
SCHEMA = {"number": polars.Int64, "row": polars.String, "price": polars.Float64}
EXPECTED = polars.DataFrame(SEATS, schema=SCHEMA, orient="row")


@pytest.fixture
def seats(connection):
    """A connection of either face, to a database with seats."""
    connection.execute("create table seat (number integer primary key, row text, price real)")
    connection.executemany("insert into seat values (?, ?, ?)", SEATS)
    connection.commit()
    return connection


def test_a_query_is_read(seats):
    assert_frame_equal(polars.read_database("select * from seat", seats), EXPECTED)


def test_a_cursor_does_as_well_and_stays_open(seats):
    cursor = seats.cursor()
    assert_frame_equal(polars.read_database("select * from seat", cursor), EXPECTED)
    assert cursor.execute("select 1").fetchone() == (1,)


@pytest.mark.parametrize(
    ("condition", "parameters"),
    [("number > ? and number < ?", (1, 4)), ("number in (:a, :b)", {"a": 2, "b": 3})],
)
def test_queries_have_parameters(seats, condition, parameters):
    frame = polars.read_database(
        f"select * from seat where {condition}", seats, execute_options={"parameters": parameters}
    )
    assert_frame_equal(frame, EXPECTED[1:3])


def test_batches_come_one_by_one(seats):
    batches = polars.read_database(
        "select * from seat", seats, iter_batches=True, batch_size=2, schema_overrides=SCHEMA
    )
    first = next(batches)
    assert_frame_equal(first, EXPECTED[:2])
    rest = list(batches)
    assert [len(batch) for batch in rest] == [2, 1]
    assert_frame_equal(polars.concat([first, *rest]), EXPECTED)


def test_types_are_overridden(seats):
    overrides = {"number": polars.Int16, "price": polars.Float32}
    frame = polars.read_database("select * from seat", seats, schema_overrides=overrides)
    assert frame.schema == {"number": polars.Int16, "row": polars.String, "price": polars.Float32}
    assert_frame_equal(frame, EXPECTED.cast(overrides))


def test_a_query_without_rows_has_columns(seats):
    frame = polars.read_database("select number, row from seat where false", seats)
    assert frame.columns == ["number", "row"]
    assert frame.is_empty()


def test_all_rows_decide_a_type_that_was_not_declared(connection):
    connection.execute("create table measured (value)")
    connection.executemany("insert into measured values (?)", [(1,)] * 200 + [(2.5,)])
    frame = polars.read_database("select * from measured", connection, infer_schema_length=None)
    assert frame["value"].to_list() == [1.0] * 200 + [2.5]


def test_the_strict_face_tells_declared_types(strict):
    strict.execute("create table sale (is_paid boolean, total decimal(10, 2), amount integer)")
    strict.execute("insert into sale values (1, 12.5, null)")
    frame = polars.read_database("select * from sale", strict)
    assert frame.schema == {
        "is_paid": polars.Boolean,
        "total": polars.Decimal(10, 2),
        "amount": polars.Int64,
    }
    assert polars.read_database("select * from sale where false", strict).schema == frame.schema


def test_the_drop_in_tells_none_as_sqlite3_does(drop_in):
    drop_in.execute("create table sale (is_paid boolean, total decimal(10, 2), amount integer)")
    drop_in.execute("insert into sale values (1, 12.5, null)")
    frame = polars.read_database("select * from sale", drop_in)
    assert frame.schema == {
        "is_paid": polars.Int64,
        "total": polars.Float64,
        "amount": polars.Null,
    }


def test_dates_are_text_that_polars_parses(seats):
    seats.execute("create table sale (sold timestamp)")
    seats.execute("insert into sale values ('2026-11-22 20:00:00')")
    frame = polars.read_database(
        "select * from sale", seats, schema_overrides={"sold": polars.String}
    ).with_columns(polars.col("sold").str.to_datetime())
    assert frame.schema == {"sold": polars.Datetime("us")}
