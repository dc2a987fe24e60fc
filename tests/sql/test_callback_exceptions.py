"""Exceptions in callbacks: raised to the caller by onecross.sql, stood in for by the drop-in."""

import sys
import traceback

import pytest

import onecross.sql
import onecross.sql.sqlite3 as sqlite3


class OwnError(Exception):
    """Raised by every callback here."""


def fail(*_):
    raise OwnError("of a callback")


class Failing:
    """An aggregate that fails in one of its methods."""

    place = "step"

    def __init__(self):
        self.fail_in("__init__")

    def fail_in(self, place):
        if self.place == place:
            fail()

    def step(self, *_):
        self.fail_in("step")

    def inverse(self, *_):
        self.fail_in("inverse")

    def value(self):
        self.fail_in("value")

    def finalize(self):
        self.fail_in("finalize")


ROWS = "select * from (values ('a'), ('b'), ('c'))"
WINDOW = f"select f(column1) over (rows between 1 preceding and 1 preceding) from ({ROWS})"
PLACES = ["__init__", "step", "inverse", "value", "finalize"]


def failing(place):
    return type("Aggregate", (Failing,), {"place": place})


def raises_own(connection, work):
    """See the exception come, from where it was raised, and the connection be as ever."""
    with pytest.raises(OwnError, match="of a callback") as caught:
        work()
    assert traceback.extract_tb(caught.value.__traceback__)[-1].name == "fail"
    assert connection.execute("select 1").fetchall() == [(1,)]


def query(connection, text):
    return lambda: connection.execute(text).fetchall()


def test_a_function_s_own(strict):
    strict.create_function("f", 1, fail)
    raises_own(strict, query(strict, "select f(1)"))
    raises_own(strict, query(strict, f"select f(column1) from ({ROWS})"))


def test_a_function_s_own_at_a_later_row(strict):
    strict.create_function("f", 1, lambda value: fail() if value == "c" else value)
    cursor = strict.execute(f"select f(column1) from ({ROWS})")
    assert cursor.fetchone() == ("a",)
    raises_own(strict, cursor.fetchall)
    assert cursor.fetchall() == []


@pytest.mark.parametrize("place", PLACES)
def test_an_aggregate_s_own(strict, place):
    strict.create_window_function("f", 1, failing(place))
    raises_own(strict, query(strict, WINDOW))
    if place in ("__init__", "step", "finalize"):
        raises_own(strict, query(strict, f"select f(column1) from ({ROWS})"))


def test_a_collation_s_own(connection):
    connection.create_collation("c", fail)
    raises_own(connection, query(connection, f"{ROWS} order by 1 collate c"))
    connection.execute("create table t (x collate c unique)")
    connection.execute("insert into t values ('a')")
    raises_own(connection, query(connection, "insert into t values ('b')"))


def test_an_authorizer_s_own(strict):
    strict.set_authorizer(fail)
    with pytest.raises(OwnError):
        strict.execute("select 2")
    strict.set_authorizer(None)
    raises_own_of_none = strict.execute("select 1").fetchall()
    assert raises_own_of_none == [(1,)]


def test_an_authorizer_s_answer_that_is_none(strict):
    strict.set_authorizer(lambda *_: "yes")
    with pytest.raises(TypeError, match="must return SQLITE_OK, SQLITE_DENY or SQLITE_IGNORE"):
        strict.execute("select 2")


@pytest.mark.parametrize("method", ["set_trace_callback", "set_progress_handler"])
def test_a_handler_s_own(strict, method):
    def set_handler(handler):
        getattr(strict, method)(handler, *([1] if method == "set_progress_handler" else []))

    set_handler(fail)
    with pytest.raises(OwnError):
        strict.execute("select 1")
    set_handler(None)
    assert strict.execute("select 1").fetchall() == [(1,)]


@pytest.mark.parametrize("hook", ["commit", "rollback", "update"])
def test_a_hook_s_own(strict, hook):
    strict.execute("create table t (x)")
    strict.commit()
    set_hook = getattr(strict, f"set_{hook}_hook")

    def change():
        strict.execute("insert into t values (1)")
        (strict.rollback if hook == "rollback" else strict.commit)()

    set_hook(fail)
    with pytest.raises(OwnError):
        change()
    set_hook(None)
    strict.rollback()
    assert strict.execute("select count(*) from t").fetchall() == [(0,)]


def test_a_hook_s_own_is_committed_by_nobody(strict):
    strict.autocommit = True
    strict.execute("create table t (x)")
    strict.set_update_hook(fail)
    with pytest.raises(OwnError):
        strict.execute("insert into t values (1)")
    strict.set_update_hook(None)
    assert strict.execute("select count(*) from t").fetchall() == [(0,)]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, MemoryError, RecursionError])
def test_any_exception_comes_as_it_is(strict, error):
    def function():
        raise error

    strict.create_function("f", 0, function)
    with pytest.raises(error):
        strict.execute("select f()")


def test_what_has_no_place_in_a_database_is_told(strict):
    strict.create_function("f", 0, object)
    with pytest.raises(onecross.sql.ProgrammingError, match="cannot return 'object' values"):
        strict.execute("select f()")
    strict.create_function("f", 0, lambda: 2**63)
    with pytest.raises(OverflowError, match="too large to convert to SQLite INTEGER"):
        strict.execute("select f()")
    strict.create_function("f", 0, lambda: "\ud800")
    with pytest.raises(UnicodeEncodeError):
        strict.execute("select f()")


def test_an_exception_that_is_caught_within_a_callback_is_gone(strict):
    def outer():
        with pytest.raises(OwnError):
            strict.execute("select inner()")
        return "went on"

    strict.create_function("inner", 0, fail)
    strict.create_function("outer", 0, outer)
    assert strict.execute("select outer()").fetchall() == [("went on",)]


def test_an_exception_goes_through_two_statements(strict):
    strict.create_function("inner", 0, fail)
    strict.create_function("outer", 0, lambda: strict.execute("select inner()").fetchone()[0])
    raises_own(strict, query(strict, "select outer()"))


def test_an_exception_that_nobody_can_raise_is_shown(strict, monkeypatch):
    shown = []
    monkeypatch.setattr(sys, "unraisablehook", lambda told: shown.append(told.exc_type))
    strict.create_window_function("f", 1, failing("finalize"))
    cursor = strict.execute(WINDOW)
    cursor.close()
    assert shown == [OwnError]
    assert strict.execute("select 1").fetchall() == [(1,)]


def test_the_drop_in_shows_exceptions_only_if_it_is_told_to(drop_in, monkeypatch):
    shown = []
    monkeypatch.setattr(sys, "unraisablehook", lambda told: shown.append(told))
    drop_in.create_function("f", 0, fail)
    for wanted in (False, True, False):
        sqlite3.enable_callback_tracebacks(wanted)
        with pytest.raises(sqlite3.OperationalError, match="user-defined function raised"):
            drop_in.execute("select f()")
    [told] = shown
    assert (told.exc_type, told.object) == (OwnError, fail)


def ends_nothing(connection, text, kind):
    """See each way of fetching raise what a callback raised in the middle, and end with no less."""
    for fetch in (list, lambda cursor: cursor.fetchall(), lambda cursor: list(cursor.rows())):
        with pytest.raises(RuntimeError, match=f"a callback raised {kind.__name__}") as caught:
            fetch(connection.execute(text))
        assert type(caught.value.__cause__) is kind
        assert traceback.extract_tb(caught.value.__cause__.__traceback__)[-1].name == "stop"


@pytest.mark.parametrize("kind", [StopIteration, StopAsyncIteration])
def test_no_callback_ends_an_iteration(strict, kind):
    def stop(*values):
        if "c" in values or ("c",) in values or b"c" in values:
            raise kind
        return 0

    strict.create_function("f", 1, stop)
    strict.create_collation("g", stop)
    ends_nothing(strict, f"select f(column1) from ({ROWS})", kind)
    ends_nothing(strict, f"select column1 = 'c' collate g from ({ROWS})", kind)
    for factory in ("row_factory", "text_factory"):
        setattr(strict, factory, stop)
        for fetch in (list, lambda cursor: cursor.fetchall()):
            with pytest.raises(RuntimeError, match=f"a callback raised {kind.__name__}"):
                fetch(strict.execute(ROWS))
        strict.row_factory, strict.text_factory = None, str


def test_the_drop_in_leaves_the_end_of_an_iteration_as_sqlite3_does(drop_in):
    def stop(cursor, row):
        if row == ("c",):
            raise StopIteration
        return row

    drop_in.row_factory = stop
    assert list(drop_in.execute(ROWS)) == [("a",), ("b",)]
