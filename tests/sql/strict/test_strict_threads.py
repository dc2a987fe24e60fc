"""Any thread may use any object of the strict face: it waits for its turn."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

import onecross.sql as sql

THREADS = 4


@pytest.fixture
def pool():
    with ThreadPoolExecutor(THREADS) as pool:
        yield pool


def test_one_cursor_gives_each_row_to_one_thread(connection, pool):
    rows = 20_000
    cursor = connection.execute(
        "with recursive n(i) as (select 1 union all select i + 1 from n limit ?) select i from n",
        [rows],
    )
    together = threading.Barrier(THREADS)

    def fetch(_):
        together.wait(60)
        return list(cursor)

    found = [row for part in pool.map(fetch, range(THREADS)) for (row,) in part]
    assert sorted(found) == list(range(1, rows + 1))


def test_one_cursor_runs_the_statements_of_all_threads(connection, pool):
    connection.execute("create table t (a)")
    cursor = connection.cursor()

    def write(thread):
        for number in range(500):
            cursor.execute("insert into t values (?)", [thread * 500 + number])

    list(pool.map(write, range(THREADS)))
    found = connection.execute("select a from t order by a").fetchall()
    assert found == [(number,) for number in range(500 * THREADS)]


def test_a_cursor_that_another_thread_uses_is_waited_for(connection):
    begun, others = threading.Event(), []

    class Waiting:
        """A parameter in whose adaptation the other thread comes."""

    def adapt(waiting):
        begun.set()
        # The other thread cannot be done before this call is.
        thread.join(0.1)
        assert thread.is_alive()
        return 1

    cursor = connection.cursor()

    def come():
        begun.wait(60)
        others.append(cursor.execute("select 2").fetchone())

    thread = threading.Thread(target=come)
    thread.start()
    sql.register_adapter(Waiting, adapt)
    try:
        cursor.execute("select ?", [Waiting()])
    finally:
        sql._adapters._ADAPTERS.pop(Waiting)
        thread.join()
    assert others == [(2,)]


def test_the_same_cursor_cannot_be_used_within_its_own_call(connection):
    cursor = connection.cursor()
    errors = []

    class Recursive:
        pass

    def adapt(recursive):
        for use in (lambda: cursor.execute("select 1"), cursor.fetchone, cursor.close):
            with pytest.raises(sql.ProgrammingError, match="Recursive use"):
                use()
        with pytest.raises(sql.ProgrammingError, match="cannot be closed while"):
            connection.close()
        errors.append(connection.execute("select 'within'").fetchone())
        return 1

    sql.register_adapter(Recursive, adapt)
    try:
        assert cursor.execute("select ?", [Recursive()]).fetchone() == (1,)
    finally:
        sql._adapters._ADAPTERS.pop(Recursive)
    assert errors == [("within",)]


def test_threads_that_write_with_connections_of_their_own_lose_nothing(path, pool):
    with closing(sql.connect(path)) as connection, connection:
        connection.execute("create table accounts (balance)")
        connection.execute("insert into accounts values (0)")

    def pay_in(_):
        with closing(sql.connect(path)) as connection:
            for _ in range(25):
                with connection:
                    # What is read before it is written, in one transaction, without a deadlock.
                    connection.execute("update accounts set balance = balance")
                    (balance,) = connection.execute("select balance from accounts").fetchone()
                    connection.execute("update accounts set balance = ?", [balance + 1])

    list(pool.map(pay_in, range(THREADS)))
    with closing(sql.connect(path)) as connection:
        assert connection.execute("select balance from accounts").fetchone() == (25 * THREADS,)


def test_a_connection_can_be_closed_by_another_thread(connection, pool):
    cursor = connection.execute("select 1 union select 2")
    pool.submit(connection.close).result()
    with pytest.raises(sql.ProgrammingError, match="closed database"):
        cursor.fetchone()
