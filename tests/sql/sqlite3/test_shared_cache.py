"""Connections that share their pages wait for each other without the interpreter."""

# Where they wait with it, the whole process stands still, and no test could be ended.
MEETING = """
import threading
from contextlib import closing
from onecross.sql import sqlite3

def connect():
    shared = "file:seats?mode=memory&cache=shared"
    return sqlite3.connect(shared, uri=True, check_same_thread=False)

is_within = threading.Event()

def slowly(value):
    # The other thread comes to where it waits for the pages.
    is_within.set()
    return sum(range(200_000)) * 0 + value

def ask():
    is_within.wait()
    print(other.execute("select sum(number) from seat").fetchone())

with closing(connect()) as one, closing(connect()) as other:
    one.execute("create table seat (number integer)")
    one.executemany("insert into seat values (?)", [(number,) for number in range(50)])
    one.commit()
    one.create_function("slowly", 1, slowly)
    thread = threading.Thread(target=ask)
    thread.start()
    assert one.execute("select sum(slowly(number)) from seat").fetchone() == (1225,)
    thread.join()
"""


def test_a_function_may_run_python_code_while_another_connection_waits_for_its_pages(run_python):
    finished = run_python(MEETING)
    assert (finished.stdout, finished.stderr) == ("(1225,)\n", "")
