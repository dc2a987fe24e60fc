"""Connections that are opened anew, by a second call of `__init__`."""

import os
import sqlite3 as stdlib

import pytest

from onecross import _core
from onecross.sql import sqlite3 as ours


class Sum:
    def __init__(self):
        self.sum = 0

    def step(self, value):
        self.sum += value

    def finalize(self):
        return self.sum


def outcome(work):
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is compared
        return type(error).__name__, str(error)


def rows_after_opening_anew(sqlite3, select):
    """What a cursor fetches of the database that was open before, and what its callbacks saw."""
    seen = []

    def note(value):
        seen.append(value)
        return 12 // (4 - value)

    def order(left, right):
        seen.append((left, right))
        return (left < right) - (left > right)

    connection = sqlite3.connect(":memory:")
    connection.create_function("note", 1, note)
    connection.create_aggregate("python_sum", 1, Sum)
    connection.create_collation("backwards", order)
    connection.executescript("create table t (a); insert into t values (1), (2), (3), (4), (5)")
    cursor = connection.execute(select)
    fetched = [outcome(cursor.fetchone)]
    connection.__init__(":memory:")
    fetched += [outcome(cursor.fetchone), outcome(lambda: list(cursor)), outcome(cursor.fetchone)]
    fetched += [outcome(lambda: connection.execute("select note(1)"))]
    cursor.close()
    connection.close()
    return fetched, seen


@pytest.mark.parametrize(
    "select",
    [
        "select note(a) from t where a < 4",
        "select a, (select python_sum(u.a) from t u where u.a <= t.a) from t",
        "select a, (select max(u.a || '' collate backwards) from t u) from t",
    ],
)
def test_what_a_cursor_began_goes_on_with_its_callbacks(select):
    ours_fetched, ours_saw = rows_after_opening_anew(ours, select)
    fetched, saw = rows_after_opening_anew(stdlib, select)
    assert ours_fetched == fetched
    assert ours_saw == saw


def test_an_error_of_a_database_before_is_raised():
    # The standard library asks the new one what went wrong, and ends as if there were no more rows.
    fetched, seen = rows_after_opening_anew(ours, "select note(a) from t")
    error = ("OperationalError", "user-defined function raised exception")
    assert fetched[:4] == [(4,), (6,), error, None]
    assert seen == [1, 2, 3, 4]


def test_a_database_is_closed_with_the_last_cursor_that_fetches_of_it(tmp_path):
    def is_open():
        return os.fsencode(tmp_path / "first") in _core.open_databases()

    connection = ours.connect(tmp_path / "first")
    cursors = [connection.execute("select 1 union select 2") for _ in range(4)]
    connection.__init__(tmp_path / "second")
    assert cursors[0].fetchall() == [(1,), (2,)]
    cursors.pop(0)
    cursors[0].close()
    cursors[1].execute("select 3")
    assert is_open()
    cursors.pop()
    assert not is_open()
    assert cursors[1].fetchall() == [(3,)]
    connection.close()


def test_closing_ends_what_was_begun_on_each_of_the_databases(tmp_path):
    connection = ours.connect(tmp_path / "first")
    cursor = connection.execute("select 1 union select 2")
    connection.__init__(tmp_path / "second")
    connection.close()
    connection.__init__(tmp_path / "second")
    assert cursor.fetchall() == []
    connection.close()


TAKING_TURNS = """
import sys, threading
from onecross.sql import sqlite3

def open_anew():
    both.wait()
    for _ in range(300):
        try:
            connection.__init__(sys.argv[1], check_same_thread=False, autocommit=False)
        except sqlite3.ProgrammingError:
            pass  # Another thread is about to open it.

both, connection = threading.Barrier(4), sqlite3.Connection.__new__(sqlite3.Connection)
threads = [threading.Thread(target=open_anew) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(connection.execute("select 5").fetchall())
"""


def test_threads_that_open_a_connection_anew_take_turns(run_python, tmp_path):
    finished = run_python(TAKING_TURNS, str(tmp_path / "database"))
    assert (finished.stdout, finished.stderr) == ("[(5,)]\n", "")
