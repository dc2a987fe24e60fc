"""What stops a statement: a deadline, ctrl-C, `interrupt`; and what is told then."""

import os
import signal
import threading
from contextlib import closing

import pytest

import onecross.sql as sql

ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) "
COUNT = ENDLESS + "select count(*) from n"
FILL = "insert into t " + ENDLESS + "select i from n"


@pytest.fixture
def impatient(path):
    with closing(sql.connect(path, deadline=0.05)) as connection:
        yield connection


def test_a_deadline_stops_a_statement(impatient):
    with pytest.raises(sql.DeadlineError, match=r"longer than its deadline of 0\.05 s") as caught:
        impatient.execute(COUNT)
    assert isinstance(caught.value, TimeoutError)
    assert isinstance(caught.value, sql.OperationalError)
    assert caught.value.sqlite_errorname == "SQLITE_INTERRUPT"
    assert impatient.execute("select 1").fetchone() == (1,)


def test_a_deadline_is_for_each_call(impatient):
    cursor = impatient.execute(ENDLESS + "select i from n")
    for _ in range(3):
        with pytest.raises(sql.DeadlineError):
            cursor.execute(COUNT)
    rows = impatient.execute(ENDLESS + "select i from n limit 3")
    assert list(rows) == [(1,), (2,), (3,)]


def test_a_missed_deadline_tells_that_the_transaction_is_gone(impatient):
    def run():
        with impatient:
            impatient.execute("create table t (a)")
            with pytest.raises(sql.DeadlineError, match=r"\(the transaction was rolled back\)"):
                impatient.execute(FILL)
            impatient.execute("select 1")

    with pytest.raises(sql.OperationalError, match="has ended inside it"):
        run()
    assert impatient.execute("select count(*) from sqlite_schema").fetchone() == (0,)


def test_a_select_that_is_stopped_keeps_the_transaction(impatient):
    with impatient:
        impatient.execute("create table t (a)")
        with pytest.raises(sql.DeadlineError) as caught:
            impatient.execute(COUNT)
        assert "rolled back" not in str(caught.value)
    assert impatient.execute("select name from sqlite_schema").fetchall() == [("t",)]


def test_a_deadline_ends_the_wait_for_a_lock(path, impatient):
    with closing(sql.connect(path)) as other:
        other.execute("create table t (a)")
        with pytest.raises(sql.DeadlineError):
            impatient.execute("create table u (a)")
        assert not impatient.in_transaction


@pytest.mark.parametrize("deadline", [-1, float("nan"), float("inf")])
def test_a_deadline_is_a_number_of_seconds(deadline):
    with pytest.raises(ValueError, match="deadline must be"):
        sql.connect(":memory:", deadline=deadline)


class LateError(Exception):
    pass


@pytest.fixture
def alarm():
    """Has a signal come when SQLite is in the middle of something; its handler raises."""

    def handle(number, frame):
        raise LateError

    before = signal.signal(signal.SIGUSR1, handle)
    timer = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1))
    yield timer.start
    timer.join()
    signal.signal(signal.SIGUSR1, before)


def test_the_handler_of_a_signal_stops_a_statement(connection, alarm):
    alarm()
    with pytest.raises(LateError) as caught:
        connection.execute(COUNT)
    assert not hasattr(caught.value, "__notes__")
    assert connection.execute("select 1").fetchone() == (1,)


def test_the_handler_of_a_signal_tells_that_the_transaction_is_gone(connection, alarm):
    connection.execute("create table t (a)")
    connection.commit()
    with pytest.raises(LateError) as caught, connection:
        connection.execute(alarm() or FILL)
    assert caught.value.__notes__ == ["the transaction was rolled back"]


def test_the_handler_of_a_signal_ends_the_wait_for_a_lock(path, alarm):
    with closing(sql.connect(path)) as one, closing(sql.connect(path, timeout=3600)) as other:
        one.execute("create table t (a)")
        alarm()
        with pytest.raises(LateError):
            other.execute("create table u (a)")
        assert not other.in_transaction
        one.commit()
        assert other.execute("select count(*) from t").fetchone() == (0,)


def test_ctrl_c_ends_a_statement_that_would_not_end(run_python):
    answer = run_python(
        f"""
import os, signal, threading
import onecross.sql

# Who is started behind a shell's `&` ignores it.
signal.signal(signal.SIGINT, signal.default_int_handler)
connection = onecross.sql.connect(":memory:")
timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
timer.start()
try:
    connection.execute({COUNT!r})
except KeyboardInterrupt:
    print("stopped")
"""
    )
    assert answer.stdout == "stopped\n", answer.stderr


def test_any_thread_can_interrupt(connection):
    cursor = connection.execute(ENDLESS + "select i from n")
    stopping = threading.Event()

    def interrupt():
        while not stopping.is_set():
            connection.interrupt()

    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        with pytest.raises(sql.OperationalError) as caught:
            for _ in cursor:
                pass
    finally:
        stopping.set()
        thread.join()
    assert caught.value.sqlite_errorname == "SQLITE_INTERRUPT"
