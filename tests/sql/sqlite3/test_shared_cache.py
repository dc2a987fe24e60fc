"""Connections that share their pages wait for each other without the interpreter."""

import threading
from contextlib import closing

from onecross.sql import sqlite3

SHARED = "file:seats?mode=memory&cache=shared"


def connect() -> sqlite3.Connection:
    return sqlite3.connect(SHARED, uri=True, check_same_thread=False)


def test_a_function_may_run_python_code_while_another_connection_waits_for_its_pages() -> None:
    is_within = threading.Event()
    answers = []

    def slowly(value: int) -> int:
        """Let the other thread come to where it waits for the pages."""
        is_within.set()
        return sum(range(200_000)) * 0 + value

    def ask() -> None:
        is_within.wait()
        answers.append(other.execute("select sum(number) from seat").fetchone())

    with closing(connect()) as one, closing(connect()) as other:
        one.execute("create table seat (number integer)")
        one.executemany("insert into seat values (?)", [(number,) for number in range(50)])
        one.commit()
        one.create_function("slowly", 1, slowly)
        thread = threading.Thread(target=ask)
        thread.start()
        assert one.execute("select sum(slowly(number)) from seat").fetchone() == (1225,)
        thread.join()
    assert answers == [(1225,)]
