"""The meter on SQL: how often the boundary is crossed, and the interpreter released."""

import time

import pytest

import onecross


@pytest.fixture
def rows(connection):
    connection.execute("create table t (id integer primary key, name text)")
    connection.executemany(
        "insert into t values (?, ?)", ((number, f"name {number}") for number in range(20_000))
    )
    connection.commit()
    return connection


def test_all_rows_are_fetched_in_one_crossing(rows):
    cursor = rows.execute("select * from t")
    with onecross.meter() as meter:
        assert len(cursor.fetchall()) == 20_000
    assert (meter.crossings, meter.calls_in, meter.calls_out) == (1, 1, 0)


def test_many_sets_are_bound_in_one_crossing(rows):
    sets = [(number,) for number in range(1000)]
    with onecross.meter() as meter:
        rows.executemany("update t set name = 'x' where id = ?", sets)
    assert (meter.crossings, meter.calls_out) == (1, 0)


def test_the_interpreter_is_not_released_to_look_up_a_row(rows):
    statement = "select name from t where id = ?"
    rows.execute(statement, [1]).fetchone()
    with onecross.meter() as meter:
        for number in range(100):
            assert rows.execute(statement, [number]).fetchone() == (f"name {number}",)
    assert meter.crossings == 200
    assert meter.releases == 0


def test_the_interpreter_is_not_released_for_each_row(rows):
    begin = time.perf_counter()
    with onecross.meter() as meter:
        found = rows.execute("select * from t").fetchall()
    milliseconds = (time.perf_counter() - begin) * 1000
    assert meter.releases <= len(found) / 1024 + milliseconds


def test_the_interpreter_is_released_by_what_takes_long(rows):
    with onecross.meter() as meter:
        rows.execute("select count(*) from t as a join t as b on a.name < b.name and a.id < 500")
    assert meter.releases >= 1
