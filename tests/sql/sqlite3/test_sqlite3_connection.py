"""Connections of the drop-in, where the standard library's own tests do not look."""

import sqlite3 as stdlib

import pytest

from onecross.sql import sqlite3 as ours


def test_what_a_cursor_began_goes_on_when_the_connection_is_opened_anew():
    connection = ours.connect(":memory:")
    connection.executescript("create table t (a); insert into t values (1), (2), (3)")
    cursor = connection.execute("select a from t")
    assert cursor.fetchone() == (1,)

    connection.__init__(":memory:")
    assert cursor.fetchall() == [(2,), (3,)]
    # The statement was of the other database: it is not kept for this one.
    with pytest.raises(ours.OperationalError, match="no such table: t"):
        connection.execute("select a from t")
    connection.close()


def test_what_a_cursor_began_is_over_when_the_connection_was_closed():
    connection = ours.connect(":memory:")
    cursor = connection.execute("select 1 union select 2")
    connection.close()
    connection.__init__(":memory:")
    assert cursor.fetchall() == []
    connection.close()


def test_a_closed_connection_gives_back_its_file_though_a_cursor_has_rows_left(tmp_path):
    path = tmp_path / "database"
    with ours.connect(path) as reader:
        reader.executescript("create table t (a); insert into t values (1), (2)")
    cursor = reader.execute("select a from t")
    reader.close()
    writer = ours.connect(path, timeout=0)
    writer.execute("drop table t")
    writer.close()
    with pytest.raises(ours.ProgrammingError, match="closed database"):
        cursor.fetchone()


def test_a_connection_that_cannot_roll_back_tells_so_and_is_closed():
    connection = ours.connect(":memory:", autocommit=False)
    rows = connection.execute("select 1 union select 2")
    assert rows.fetchone() == (1,)
    # As long as rows are left, this ends whatever begins.
    connection.interrupt()
    with pytest.raises(ours.OperationalError, match="interrupted"):
        connection.close()
    with pytest.raises(ours.ProgrammingError, match="closed database"):
        connection.execute("select 1")


def test_a_converter_is_given_what_sqlite_writes():
    def rows(sqlite3):
        connection = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_COLNAMES)
        sqlite3.register_converter("as_it_is", bytes)
        select = "select {} as 'c [as_it_is]'"
        values = ["1e100", "0.1", "-7", "'\xe9'", "''", "x''", "x'00ff'", "null", "1e999"]
        rows = [connection.execute(select.format(value)).fetchone() for value in values]
        connection.close()
        return rows

    assert rows(ours) == rows(stdlib)
    assert rows(ours)[0] == (b"1.0e+100",)


@pytest.mark.parametrize("size", [-1, 0, 1, 2, 5])
def test_as_many_rows_are_fetched_as_in_the_standard_library(size):
    def fetched(sqlite3):
        connection = sqlite3.connect(":memory:")
        cursor = connection.execute("select 1 union select 2 union select 3")
        rows = cursor.fetchmany(size)
        connection.close()
        return rows

    assert fetched(ours) == fetched(stdlib)


def test_the_rows_that_executemany_returns_are_passed_over_and_counted():
    connection = ours.connect(":memory:")
    connection.execute("create table t (a)")
    cursor = connection.executemany("insert into t values (?) returning a", [(1,), (2,), (3,)])
    assert cursor.rowcount == 3
    assert connection.execute("select sum(a) from t").fetchone() == (6,)
    connection.close()


def test_a_dump_makes_the_database_anew():
    source = ours.connect(":memory:")
    source.executescript(
        """
        create table "it's" ('a "b"' text, c blob, d real, e integer primary key autoincrement);
        insert into "it's" values ('o''clock', x'00ff', 0.1, 1), (null, 'x', -1e300, 7);
        create index i on "it's" (c);
        create view v as select e from "it's";
        """
    )
    copy = ours.connect(":memory:")
    copy.executescript("".join(source.iterdump()))
    for select in ('select * from "it\'s"', "select * from v", "select * from sqlite_sequence"):
        assert copy.execute(select).fetchall() == source.execute(select).fetchall() != []
    source.close()
    copy.close()
