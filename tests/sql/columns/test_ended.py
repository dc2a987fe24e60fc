"""Whatever ends an insert in its middle, nothing of it is left, and the connection is usable."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import closing

import numpy as np
import pytest

import onecross.sql

ENDLESS = """
import sys
import onecross.sql

def rows():
    number = 0
    while True:
        number += 1
        if number == 50_000:
            print("many", flush=True)
        yield number, "x" * 100

connection = onecross.sql.connect(sys.argv[1])
connection.insert("t", rows())
"""


def count(connection):
    return connection.execute("select count(*) from t").fetchone()[0]


def test_a_killed_process_leaves_nothing(tmp_path):
    path = tmp_path / "data.db"
    with closing(onecross.sql.connect(path)) as connection, connection:
        connection.create("t", {"id": [0], "text": ["kept"]}, primary_key="id")
    command = [sys.executable, "-c", ENDLESS, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"many\n"
        process.kill()
    with closing(onecross.sql.connect(path)) as connection:
        assert count(connection) == 1
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)


@pytest.fixture
def table(strict):
    strict.execute("create table t (id integer primary key, text)")
    strict.commit()
    return strict


def test_an_interrupt_leaves_nothing(table):
    def rows():
        for number in range(10_000_000):
            if number == 5_000:
                threading.Thread(target=interrupt).start()
            yield (number, "x")

    def interrupt():
        while not is_over.is_set():
            table.interrupt()
            is_over.wait(0.001)

    is_over = threading.Event()
    with pytest.raises(onecross.sql.OperationalError, match="interrupted"):
        table.insert("t", rows())
    is_over.set()
    assert count(table) == 0
    assert table.insert("t", [(1, "x")]) == 1


def test_ctrl_c_leaves_nothing(table):
    def rows():
        for number in range(10_000_000):
            if number == 5_000:
                os.kill(os.getpid(), signal.SIGINT)
            yield (number, "x")

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            table.insert("t", rows())
    finally:
        signal.signal(signal.SIGINT, before)
    assert count(table) == 0


def test_a_connection_is_not_closed_in_the_middle(table):
    def rows():
        yield (1, "x")
        table.close()

    with pytest.raises(onecross.sql.ProgrammingError, match="while it runs a statement"):
        table.insert("t", rows())
    assert count(table) == 0


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_nobody_commits_in_the_middle(table, end, is_open):
    def rows():
        yield (1, "x")
        getattr(table, end)()

    if is_open:
        table.execute("insert into t values (0, 'kept')")
    with pytest.raises(onecross.sql.ProgrammingError, match="while rows are stored by one call"):
        table.insert("t", rows())
    assert table.in_transaction == is_open
    assert count(table) == is_open
    table.commit()


def test_another_insert_in_the_middle_is_part_of_it(table):
    def rows():
        yield (1, "x")
        assert table.insert("t", {"id": np.arange(10, 20)}) == 10
        yield (2, "x")
        raise LookupError

    with pytest.raises(LookupError):
        table.insert("t", rows())
    assert count(table) == 0


def test_what_was_given_changes_while_it_is_read(table):
    class Clearing:
        def __conform__(self, protocol):
            values.clear()
            return 5

    values = [Clearing(), 1, 2]
    with pytest.raises(IndexError):
        table.insert("t", {"id": values})
    row = [1, Clearing()]
    values = row
    table.insert("t", [row])
    assert table.execute("select * from t").fetchall() == [(1, 5)]
    many = [(number, Growing()) for number in range(10, 13)]
    Growing.rows = many
    assert table.insert("t", many) == 4


class Growing:
    rows: list

    def __conform__(self, protocol):
        if len(self.rows) < 4:
            self.rows.append((99, "grown"))
        return "x"


def test_an_error_of_an_adapter_is_the_users(table):
    class Failing:
        def __conform__(self, protocol):
            raise LookupError("of the user")

    for data in ({"id": [1], "text": [Failing()]}, [(1, Failing())]):
        with pytest.raises(LookupError, match="of the user") as caught:
            table.insert("t", data, columns=["id", "text"])
        assert caught.value.__notes__ == [
            "while column 'text', row 0 was made into what SQLite knows"
        ]


def test_what_was_registered_outlives_what_made_it(table):
    array = np.arange(1_000)
    table.register("held", {"id": array, "text": [f"t{number}" for number in range(1_000)]})
    cursor = table.execute("select text from held where id > 990")
    assert cursor.fetchone() == ("t991",)
    table.unregister("held")
    del array
    assert cursor.fetchall()[-1] == ("t999",)
