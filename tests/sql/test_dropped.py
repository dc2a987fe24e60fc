"""What becomes of statements whose cursor has gone without being closed."""

import threading

import pytest

from onecross.sql import sqlite3

LONG = (
    "select count(*) from t a, t b"
    " where a.x < 30 and a.y || b.y || substr(a.y, 1, 2) || upper(b.y) > 'm'"
)


@pytest.fixture
def connect_to_rows():
    opened = []

    def connect_to_rows(count):
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        opened.append(connection)
        connection.execute("create table t (x, y)")
        connection.executemany("insert into t values (?, ?)", [(i, str(i)) for i in range(count)])
        connection.commit()
        return connection

    yield connect_to_rows
    for connection in opened:
        connection.close()


def test_cursors_are_dropped_while_another_thread_works_with_their_connection(connect_to_rows):
    connection = connect_to_rows(1000)
    expected = connection.execute(LONG).fetchall()
    answers = []
    rounds = 40
    for _ in range(rounds):
        cursors = [
            connection.execute(f"select x, y from t where x > ? /* {number} */", (number,))
            for number in range(20)
        ]
        begins = threading.Event()

        def work(begins=begins):
            begins.set()
            answers.append(connection.execute(LONG).fetchall())

        worker = threading.Thread(target=work)
        worker.start()
        begins.wait()
        while cursors:
            cursors.pop()
        worker.join()
    assert answers == [expected] * rounds


def test_a_dropped_cursor_leaves_its_statement_to_the_next(connect_to_rows):
    connection = connect_to_rows(10)
    for number in range(100):
        assert connection.execute("select x from t where x > ?", (number % 5,)).fetchone()
    statements = "select count(*), sum(busy) from sqlite_stmt where sql like 'select x%'"
    assert connection.execute(statements).fetchone() == (1, 0)


def test_a_statement_of_a_database_that_was_left_answers_for_no_other(connect_to_rows):
    connection = connect_to_rows(10)
    cursor = connection.execute("select x from t")
    assert cursor.fetchone() == (0,)
    connection.__init__(":memory:")
    connection.execute("create table t (x, y)")
    del cursor
    assert connection.execute("select x from t").fetchall() == []
