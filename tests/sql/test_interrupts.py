"""What `interrupt` stops where Python code runs between two statements: all of the call, once."""

import itertools
import sqlite3
import threading
from contextlib import closing

import numpy as np
import pytest

import onecross.sql
import onecross.sql.sqlite3

ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n"

STORING = {
    "insert": lambda connection, rows: connection.insert("t", rows),
    "create": lambda connection, rows: connection.create("u", rows, columns=["a"]),
    "register": lambda connection, rows: connection.register("v", rows, columns=["a"]),
    "executemany": lambda connection, rows: connection.executemany(
        "insert into t values (?)", rows
    ),
}


@pytest.fixture
def table(strict):
    strict.execute("create table t (a)")
    strict.execute("insert into t values (0)")
    strict.commit()
    return strict


def count(connection):
    return connection.execute("select count(*) from t").fetchone()[0]


def interrupting(connection, place, seen):
    """Rows, at one of which the connection is interrupted."""
    for number in range(20_000):
        seen.append(number)
        if number == place:
            connection.interrupt()
        yield (number,)


# The first is looked at before the others, `create` looks at a thousand, and chunks have 1,024.
@pytest.mark.parametrize("place", [0, 1, 500, 1023, 1024, 5000])
@pytest.mark.parametrize("store", STORING.values(), ids=STORING)
def test_an_interrupt_between_rows_ends_what_stores_them(table, store, place):
    seen = []
    with pytest.raises(onecross.sql.OperationalError, match="interrupted") as caught:
        store(table, interrupting(table, place, seen))
    assert caught.value.sqlite_errorname == "SQLITE_INTERRUPT"
    assert len(seen) == place + 1
    table.rollback()
    assert count(table) == 1
    assert table.insert("t", [(1,)]) == 1


@pytest.mark.parametrize("is_begun", [False, True])
def test_an_interrupt_reaches_rows_that_are_left_and_undoes_the_transaction(table, is_begun):
    cursor = table.execute(ENDLESS)
    assert cursor.fetchone() == (1,)
    if is_begun:
        table.execute("insert into t values (-1)")
    with pytest.raises(onecross.sql.OperationalError, match="interrupted"):
        table.insert("t", interrupting(table, 3000, []))
    assert not table.in_transaction
    with pytest.raises(onecross.sql.OperationalError, match="interrupted"):
        cursor.fetchall()
    assert count(table) == 1


def test_an_interrupt_between_rows_undoes_them_alone(table):
    table.execute("insert into t values (-1)")
    with pytest.raises(onecross.sql.OperationalError, match=r"interrupted$"):
        table.insert("t", interrupting(table, 3000, []))
    assert table.in_transaction
    assert count(table) == 2


def test_an_interrupt_between_chunks_of_columns_ends_the_insert(table):
    told = []

    def progress(done, total):
        told.append(done)
        table.interrupt()

    with pytest.raises(onecross.sql.OperationalError, match="interrupted"):
        table.insert("t", {"a": np.arange(1_000_000)}, progress=progress)
    assert len(told) == 1
    assert count(table) == 1


def test_an_interrupt_between_rows_of_columns_ends_executemany(table):
    seen = []

    def passed(number):
        seen.append(number)
        if number == 1000:
            table.interrupt()
        return number

    table.create_function("passed", 1, passed)
    with pytest.raises(onecross.sql.OperationalError, match="interrupted"):
        table.executemany("insert into t values (passed(?))", {"a": np.arange(5000)})
    assert len(seen) == 1001
    assert count(table) == 1


def test_an_interrupt_ends_nothing_that_begins_behind_it(table):
    table.interrupt()
    assert table.insert("t", [(1,), (2,)]) == 2
    # It comes when all was stored.
    assert table.insert("t", {"a": [3]}, progress=lambda *_told: table.interrupt()) == 1
    assert table.insert("t", ((number,) for number in range(2000))) == 2000
    assert count(table) == 2004


def test_another_thread_interrupts_executemany_of_the_drop_in():
    connection = onecross.sql.sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute("create table t (a)")
    seen = []

    def rows():
        for number in itertools.count():
            seen.append(number)
            if number == 3:
                thread = threading.Thread(target=connection.interrupt)
                thread.start()
                thread.join()
            yield (number,)

    with pytest.raises(onecross.sql.sqlite3.OperationalError, match="interrupted"):
        connection.executemany("insert into t values (?)", rows())
    assert len(seen) == 4
    connection.close()


@pytest.mark.parametrize("module", [sqlite3, onecross.sql.sqlite3])
def test_a_thread_does_not_interrupt_itself_in_the_drop_in(connect, module):
    connection = connect(module=module)
    connection.execute("create table t (a)")
    cursor = connection.executemany("insert into t values (?)", interrupting(connection, 3, []))
    assert cursor.rowcount == 20_000


@pytest.mark.parametrize("store", STORING.values(), ids=STORING)
def test_no_row_is_asked_for_behind_a_deadline(store):
    seen = []
    # Nothing is as quick as that.
    with closing(onecross.sql.connect(":memory:", deadline=1e-9)) as connection:
        connection.execute("create table t (a)")
        connection.commit()
        with pytest.raises(onecross.sql.DeadlineError):
            store(connection, interrupting(connection, None, seen))
        assert len(seen) <= 2
        connection.rollback()
        assert count(connection) == 0
