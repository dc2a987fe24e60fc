"""Calls of Python functions are not begun any more once their statement is to be stopped."""

from contextlib import closing

import pytest

import onecross.sql

ROWS = "with recursive n(i) as (select 1 union all select i + 1 from n limit 400) "


def function(connection, call):
    connection.create_function("f", 1, call)
    return f"{ROWS} select sum(f(i)) from n"


def collation(connection, call):
    connection.create_collation("c", lambda left, right: call(left) or 0)
    return f"{ROWS} select cast(i as text) as t from n order by t collate c"


def update_hook(connection, call):
    connection.execute("create table t (a)")
    connection.commit()
    connection.set_update_hook(lambda *_change: call(None))
    return f"insert into t {ROWS} select i from n"


def aggregate(connection, call):
    connection.create_aggregate("f", 1, stepped(call))
    return f"{ROWS} select f(i) from n"


def window(connection, call):
    connection.create_window_function("f", 1, stepped(call))
    return f"{ROWS} select f(i) over (order by i rows 2 preceding) from n"


def stepped(call):
    class Stepped:
        def step(self, number):
            call(number)

        inverse = step

        def value(self):
            call(None)

        def finalize(self):
            finalized.append(self)

    finalized = Stepped.finalized = []
    return Stepped


CALLED = [function, collation, update_hook, aggregate, window]


@pytest.mark.parametrize("called", CALLED)
def test_no_function_is_called_behind_a_deadline(called):
    calls = []
    # Nothing is as quick as that.
    with closing(onecross.sql.connect(":memory:", deadline=1e-9)) as connection:
        statement = called(connection, calls.append)
        with pytest.raises(onecross.sql.DeadlineError):
            connection.execute(statement).fetchall()
        assert len(calls) <= 1
        assert not connection.in_transaction
        assert connection.execute("select 1").fetchone() == (1,)


@pytest.mark.parametrize("called", CALLED)
def test_no_function_is_called_behind_an_interrupt(strict, called):
    calls = []

    def call(_value):
        calls.append(None)
        strict.interrupt()

    statement = called(strict, call)
    with pytest.raises(onecross.sql.OperationalError, match="interrupted") as caught:
        strict.execute(statement).fetchall()
    assert caught.value.sqlite_errorname == "SQLITE_INTERRUPT"
    assert len(calls) == 1
    assert not strict.in_transaction
    assert strict.execute("select 1").fetchone() == (1,)


def test_a_row_is_not_made_to_its_end_behind_an_interrupt(strict):
    calls = []

    def call(value):
        calls.append(value)
        strict.interrupt()

    strict.create_function("f", 1, call)
    with pytest.raises(onecross.sql.OperationalError, match="interrupted") as caught:
        strict.execute("select f(1), f(2), f(3)")
    assert caught.value.sqlite_errorname == "SQLITE_INTERRUPT"
    assert calls == [1]


def test_a_write_that_is_stopped_in_a_function_undoes_its_transaction(strict):
    strict.execute("create table t (a)")
    strict.commit()
    strict.create_function("f", 1, lambda _value: strict.interrupt())
    strict.execute("insert into t values (0)")
    with pytest.raises(onecross.sql.OperationalError, match="the transaction was rolled back"):
        strict.execute("insert into t values (f(1) + f(2))")
    assert strict.execute("select * from t").fetchall() == []


def test_a_group_that_is_stopped_is_finalized(strict):
    kind = stepped(lambda _value: strict.interrupt())
    strict.create_aggregate("f", 1, kind)
    with pytest.raises(onecross.sql.OperationalError, match="interrupted"):
        strict.execute(f"{ROWS} select f(i) from n")
    assert len(kind.finalized) == 1
