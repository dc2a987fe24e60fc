"""Callbacks that use, close, replace and drop what runs them."""

import gc
import sys
import threading
import weakref

import pytest

import onecross
import onecross.sql.sqlite3 as sqlite3


def rows(connection, text):
    return connection.execute(text).fetchall()


def filled(connection, count=3):
    connection.execute("create table t (x)")
    connection.executemany(
        "insert into t values (?)", [(f"{number:03}",) for number in range(count)]
    )
    connection.commit()
    return connection


def test_a_function_queries_and_changes_its_own_connection(connection):
    filled(connection).execute("create table log (x)")
    cursor = connection.cursor()

    def note(value):
        cursor.execute("insert into log values (?)", (value,))
        return cursor.execute("select count(*) from log").fetchone()[0]

    connection.create_function("note", 1, note)
    assert rows(connection, "select note(x) from t") == [(1,), (2,), (3,)]


def test_a_cursor_is_not_used_by_what_it_runs(connection):
    cursor = connection.cursor()
    connection.create_function("f", 0, lambda: cursor.execute("select 1") and 1)
    with pytest.raises(sqlite3.Error):
        cursor.execute("select f()")
    connection.create_function("f", 0, lambda: cursor.close())
    with pytest.raises(sqlite3.Error):
        cursor.execute("select f()")
    assert cursor.execute("select 1").fetchall() == [(1,)]


def test_a_connection_is_not_closed_by_what_it_runs(connection):
    refused = []

    def close(*_):
        try:
            connection.close()
        except sqlite3.ProgrammingError as error:
            refused.append(str(error))
        return 0

    connection.create_function("f", 0, close)
    connection.set_trace_callback(close)
    connection.set_authorizer(close)
    connection.set_progress_handler(close, 1)
    assert rows(connection, "select f()") == [(0,)]
    assert len(refused) > 3
    assert set(refused) == {"the connection cannot be closed while it runs a statement"}


@pytest.mark.parametrize(
    "place",
    ["authorizer", "collation", "progress handler", "commit hook", "rollback hook", "update hook"],
)
def test_where_sqlite_must_be_left_alone_the_connection_refuses(connection, place):
    filled(connection)
    refused = []
    within = []

    def use(*arguments):
        if within:
            return 0
        within.append(1)
        for attempt in (
            lambda: connection.execute("drop table t"),
            lambda: connection.execute("select x from t"),
            lambda: connection.executescript("select 1"),
            lambda: connection.create_function("f", 0, len),
            lambda: connection.create_collation("c", None),
        ):
            try:
                attempt()
            except sqlite3.Error as error:
                refused.append(str(error))
        within.clear()
        return (arguments[0] > arguments[1]) if place == "collation" else 0

    connection.execute("select x from t")
    if place == "authorizer":
        connection.set_authorizer(use)
        rows(connection, "select x || '' from t")
        connection.set_authorizer(None)
    elif place == "collation":
        connection.create_collation("c", use)
        rows(connection, "select x from t order by x collate c")
    elif place == "progress handler":
        connection.set_progress_handler(use, 1)
        rows(connection, "select x from t")
        connection.set_progress_handler(None, 0)
    else:
        getattr(connection, f"set_{place.split()[0]}_hook")(use)
        connection.execute("insert into t values ('x')")
        connection.rollback() if place == "rollback hook" else connection.commit()
        getattr(connection, f"set_{place.split()[0]}_hook")(None)
    told = {text for text in refused if not text.startswith("Error creating function")}
    assert told == {f"a connection cannot be used inside its own {place}"}
    assert rows(connection, "select count(*) >= 3 from t") == [(1,)]


def test_callbacks_replace_and_remove_themselves(connection):
    filled(connection)
    log = []

    def removes(name, method, *arguments):
        def callback(*_):
            log.append(name)
            method(None, *arguments)
            gc.collect()
            return 0

        return callback

    connection.set_authorizer(removes("authorizer", connection.set_authorizer))
    connection.set_trace_callback(removes("trace", connection.set_trace_callback))
    connection.set_progress_handler(removes("progress", connection.set_progress_handler, 1), 1)
    connection.set_update_hook(removes("update", connection.set_update_hook))
    connection.set_commit_hook(removes("commit", connection.set_commit_hook))
    connection.execute("insert into t values ('x')")
    connection.commit()
    connection.set_rollback_hook(removes("rollback", connection.set_rollback_hook))
    connection.execute("insert into t values ('y')")
    connection.rollback()
    assert sorted(log) == ["authorizer", "commit", "progress", "rollback", "trace", "update"]


def test_a_tracer_is_replaced_by_another_while_it_runs(connection):
    later = []

    def first(_):
        connection.set_trace_callback(later.append)

    connection.set_trace_callback(first)
    rows(connection, "select 1")
    rows(connection, "select 2")
    assert later == ["select 2"]


def test_a_function_replaces_itself_when_it_does_not_run(connection):
    def replace():
        with pytest.raises(sqlite3.Error):
            connection.create_function("f", 0, lambda: "new")
        connection.create_function("g", 0, lambda: "other")
        return "old"

    connection.create_function("f", 0, replace)
    assert rows(connection, "select f()") == [("old",)]
    assert rows(connection, "select g()") == [("other",)]


def test_what_is_dropped_with_a_callback_may_set_another(connection):
    class Last:
        def __init__(self, method, *arguments):
            self.set, self.arguments = method, arguments

        def __call__(self, *_):
            return "first"

        def __del__(self):
            self.set(*self.arguments)

    connection.create_function("f", 0, Last(connection.create_function, "f", 0, lambda: "last"))
    connection.create_function("f", 0, None)
    assert rows(connection, "select f()") == [("last",)]
    told = []
    connection.set_trace_callback(Last(connection.set_trace_callback, told.append))
    connection.set_trace_callback(None)
    rows(connection, "select 1")
    assert told == ["select 1"]
    connection.set_trace_callback(None)


def test_a_cursor_that_a_callback_lets_go_is_freed(connection):
    filled(connection)
    cursors = [connection.execute("select x from t") for _ in range(20)]

    def compare(left, right):
        if cursors:
            cursors.pop()
        return (left > right) - (left < right)

    connection.create_collation("c", compare)
    for _ in range(20):
        rows(connection, "select x from t order by x collate c")
    assert not cursors
    connection.create_collation("c", None)


def in_a_cycle():
    """A reference to a connection that all its callbacks refer to."""
    connection = sqlite3.connect(":memory:")

    class Aggregate:
        def finalize(self):
            return connection

    connection.create_function("f", 0, lambda: connection)
    connection.create_aggregate("g", 1, Aggregate)
    connection.create_collation("c", lambda *_: connection)
    connection.set_authorizer(lambda *_: connection and 0)
    connection.set_trace_callback(lambda _: connection)
    connection.set_progress_handler(lambda: connection and None, 10)
    connection.set_update_hook(lambda *_: connection)
    connection.execute("select 1").close()
    return weakref.ref(connection)


@pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")
def test_cycles_through_callbacks_are_collected():
    reference = in_a_cycle()
    gc.collect()
    assert reference() is None


def test_callbacks_are_let_go_with_their_connection():
    class Callback:
        def __call__(self, *_):
            return 0

    connection = sqlite3.connect(":memory:")
    callbacks = [Callback() for _ in range(6)]
    connection.create_function("f", 0, callbacks[0])
    connection.create_function("f", 0, callbacks[1])
    connection.create_collation("c", callbacks[2])
    connection.set_authorizer(callbacks[3])
    connection.set_trace_callback(callbacks[4])
    connection.set_progress_handler(callbacks[5], 10)
    references = [weakref.ref(callback) for callback in callbacks]
    callbacks.clear()
    assert [reference() is None for reference in references] == [True] + 5 * [False]
    connection.close()
    assert all(reference() is None for reference in references)


@pytest.fixture
def unlimited():
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(10**6)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.parametrize("stack", [256 * 1024, 1024 * 1024])
def test_callbacks_within_callbacks_end_with_the_stack(strict, unlimited, stack):
    caught = []

    def run():
        strict.create_function("f", 0, lambda: strict.execute("select f()").fetchone()[0])
        try:
            strict.execute("select f()")
        except RecursionError as error:
            caught.append(str(error))

    before = threading.stack_size(stack)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    threading.stack_size(before)
    message = "callbacks of SQLite are nested too deeply: there is no stack left for another"
    assert caught == [message]
    strict.create_function("f", 0, lambda: 1)
    assert rows(strict, "select f()") == [(1,)]


def test_other_threads_run_while_functions_do(strict):
    filled(strict, 200)
    ends = threading.Event()
    counted = [0]

    def count():
        while not ends.is_set():
            counted[0] += 1

    thread = threading.Thread(target=count)
    thread.start()
    strict.create_function("f", 1, lambda value: value)
    rows(strict, "select count(f(a.x || b.x)) from t a, t b")
    ends.set()
    thread.join()
    assert counted[0] > 0


def test_callbacks_run_after_work_that_gave_up_the_interpreter(connection):
    class Largest:
        def __init__(self):
            self.value = 0

        def step(self, number):
            self.value = max(self.value, number)

        def finalize(self):
            return self.value

    long = """
        with recursive c (x) as (values (1) union all select x + 1 from c limit 300000)
        select {} from (select max(x) as x from c)
    """
    connection.create_function("f", 1, lambda number: number)
    connection.create_function("fails", 1, lambda number: 1 / 0)
    connection.create_aggregate("g", 1, Largest)
    connection.create_collation("c", lambda left, right: len(left) - len(right))
    assert rows(connection, long.format("f(x)")) == [(300000,)]
    assert rows(connection, long.format("g(x)")) == [(300000,)]
    assert rows(connection, long.format("cast(x as text) = 'abcdef' collate c")) == [(1,)]
    with pytest.raises((ZeroDivisionError, sqlite3.OperationalError)):
        rows(connection, long.format("fails(x)"))


def test_threads_share_a_connection_with_callbacks(strict):
    filled(strict, 50)
    strict.create_function("f", 1, lambda value: value + "!")
    strict.create_collation("c", lambda left, right: (left < right) - (left > right))
    expected = [(f"{number:03}!",) for number in reversed(range(50))]
    wrong = []

    def run():
        for _ in range(30):
            found = rows(strict, "select f(x) from t order by x collate c")
            if found != expected:
                wrong.append(found)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_the_meter_counts_what_is_called_back(connection):
    filled(connection)
    connection.create_function("f", 1, lambda value: rows(connection, "select g()") and value)
    connection.create_function("g", 0, lambda: 1)
    with onecross.meter() as meter:
        rows(connection, "select f(x) from t")
    assert meter.calls_out == 6


def test_references_return_to_where_they_were(connection):
    filled(connection)
    value, text = object(), "a text of its own " * 2

    def function(given):
        return text if given else value

    def aggregate():
        return Aggregate()

    class Aggregate:
        def step(self, _):
            pass

        def finalize(self):
            return text

    connection.create_function("f", 1, function)
    connection.create_aggregate("g", 1, aggregate)
    connection.create_collation("c", lambda left, right: (left > right) - (left < right))

    def work():
        rows(connection, "select f(1), g(x) from t")
        rows(connection, "select x from t order by x collate c")
        with pytest.raises(sqlite3.Error):
            rows(connection, "select f(0)")

    objects = (value, text, function, aggregate, Aggregate, connection)
    work()
    gc.collect()
    before = [sys.getrefcount(each) for each in objects]
    for _ in range(50):
        work()
    gc.collect()
    assert [sys.getrefcount(each) for each in objects] == before
