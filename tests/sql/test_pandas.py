"""pandas reads and writes over connections of both faces, and only its own warning is heard.

The expected answers are pandas's over the standard library's `sqlite3`.
"""

import sqlite3

import pandas
import pytest
from pandas.testing import assert_frame_equal

import onecross.sql

# What pandas says of every connection that is not of `sqlite3`; any other warning is an error.
not_of_sqlite3 = pytest.warns(UserWarning, match="pandas only supports SQLAlchemy")


@pytest.fixture
def stdlib():
    connection = sqlite3.connect(":memory:")
    yield connection
    connection.close()


@pytest.fixture
def seats():
    return pandas.DataFrame(
        {
            "number": [1, 2**63 - 1, -(2**63)],
            "price": [0.1, None, float("inf")],
            "row": ["A", None, "Ü 🪑"],
            "is_taken": [True, False, True],
            "code": [b"\x00\xff", b"", None],
            "count": pandas.array([1, None, 3], dtype="Int64"),
            "stand": pandas.Categorical(["West", "East", "West"]),
        }
    )


def both(connection, stdlib, work):
    """What work gives over the connection, which must be what it gives over `sqlite3`."""
    expected = work(stdlib)
    with not_of_sqlite3:
        answer = work(connection)
    return answer, expected


def assert_equal_tables(connection, stdlib):
    schema = "select name, sql from sqlite_master"
    assert connection.execute(schema).fetchall() == stdlib.execute(schema).fetchall()
    for (name,) in stdlib.execute("select name from sqlite_master where type = 'table'"):
        rows = f'select * from "{name}" order by rowid'
        assert connection.execute(rows).fetchall() == stdlib.execute(rows).fetchall()
    assert not connection.in_transaction


@pytest.mark.parametrize(
    "options",
    [{}, {"method": "multi"}, {"chunksize": 2}, {"method": "multi", "chunksize": 1}],
    ids=str,
)
def test_frames_are_written(connection, stdlib, seats, options):
    written, expected = both(connection, stdlib, lambda c: seats.to_sql("seat", c, **options))
    assert written == expected == 3
    assert_equal_tables(connection, stdlib)


@pytest.mark.parametrize("method", [None, "multi"])
def test_frames_are_appended_and_replaced(connection, stdlib, seats, method):
    def write(connection):
        seats.to_sql("seat", connection, index=False, dtype={"price": "NUMERIC"})
        seats.to_sql("seat", connection, index=False, if_exists="append", method=method)
        seats[:1].to_sql("other", connection, index_label="key")
        return seats[:2].to_sql("other", connection, if_exists="replace", method=method)

    written, expected = both(connection, stdlib, write)
    assert written == expected == 2
    assert_equal_tables(connection, stdlib)


def test_a_table_that_is_there_is_kept(connection, seats):
    with not_of_sqlite3:
        seats.to_sql("seat", connection)
    with not_of_sqlite3, pytest.raises(ValueError, match="Table 'seat' already exists"):
        seats.to_sql("seat", connection)
    assert connection.execute("select count(*) from seat").fetchone() == (3,)


def test_of_a_frame_that_fails_no_row_is_kept(connection):
    with not_of_sqlite3:
        pandas.DataFrame({"value": [1]}).to_sql("log", connection, index=False)
    wrong = pandas.DataFrame({"value": [2, object()]})
    with not_of_sqlite3, pytest.raises(onecross.sql.Error):
        wrong.to_sql("log", connection, index=False, if_exists="append")
    assert connection.execute("select * from log").fetchall() == [(1,)]
    assert not connection.in_transaction


def test_what_was_written_is_read(connection, stdlib, seats):
    def write_and_read(connection):
        seats.to_sql("seat", connection, index=False)
        return pandas.read_sql("select * from seat", connection, index_col="number")

    assert_frame_equal(*both(connection, stdlib, write_and_read))


@pytest.mark.parametrize(
    ("condition", "params"),
    [("number > ?", (1,)), ("number > ?", [1]), ("number > :least", {"least": 1})],
)
def test_queries_have_parameters(connection, stdlib, condition, params):
    def ask(connection):
        connection.execute("create table seat (number integer, price real)")
        connection.executemany("insert into seat values (?, ?)", [(1, 0.5), (2, None), (3, 2.0)])
        query = f"select * from seat where {condition}"
        return pandas.read_sql_query(query, connection, params=params)

    answer, expected = both(connection, stdlib, ask)
    assert_frame_equal(answer, expected)
    assert list(answer["number"]) == [2, 3]


def test_queries_have_types_and_chunks(connection, stdlib):
    def ask(connection):
        connection.execute("create table seat (number integer, price real, sold text)")
        rows = [(number, number / 4, f"2026-11-{number + 1:02} 20:00") for number in range(5)]
        connection.executemany("insert into seat values (?, ?, ?)", rows)
        chunks = pandas.read_sql_query(
            "select * from seat",
            connection,
            dtype={"number": "int16", "price": "float32"},
            parse_dates=["sold"],
            chunksize=2,
        )
        return list(chunks)

    answer, expected = both(connection, stdlib, ask)
    assert [len(chunk) for chunk in answer] == [2, 2, 1]
    for chunk, expected_chunk in zip(answer, expected, strict=True):
        assert_frame_equal(chunk, expected_chunk)
    assert [str(kind) for kind in answer[0].dtypes] == ["int16", "float32", "datetime64[us]"]


def test_a_query_without_rows_has_columns(connection):
    with not_of_sqlite3:
        frame = pandas.read_sql_query("select 1 as one, 'x' as text where false", connection)
    assert list(frame.columns) == ["one", "text"]
    assert frame.empty


def test_an_error_is_the_connection_s(connection):
    with not_of_sqlite3, pytest.raises(onecross.sql.OperationalError, match="no such table: seat"):
        pandas.read_sql_query("select * from seat", connection)


def test_dates_are_written_and_read(strict, stdlib):
    """Without an adapter: that of the drop-in is deprecated, as the standard library's is."""
    frame = pandas.DataFrame(
        {
            "moment": pandas.to_datetime(
                ["2026-11-22", "1969-12-31 23:59:59.123456", None], format="ISO8601"
            ),
            "aware": pandas.to_datetime(["2026-11-22 20:00+01:00"] * 3),
            "date": [pandas.Timestamp("2026-11-22").date(), None, None],
        }
    )

    def write_and_read(connection):
        frame.to_sql("moments", connection, index=False)
        dates = {"moment": {"format": "ISO8601"}, "aware": {"utc": True}, "date": {}}
        return pandas.read_sql("select * from moments", connection, parse_dates=dates)

    answer, expected = both(strict, stdlib, write_and_read)
    assert_frame_equal(answer, expected)
    assert_equal_tables(strict, stdlib)
    assert list(answer["moment"].dropna()) == list(frame["moment"].dropna())
