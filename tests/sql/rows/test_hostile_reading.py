"""Whatever is done in the middle of reading rows: they are right, or an error, and hold no lock."""

import _thread
import gc
import itertools
import math
import signal
import threading
import weakref
from contextlib import contextmanager, suppress

import pytest

import onecross.sql
from onecross.sql import OperationalError, ProgrammingError

NUMBERS = "with recursive n(i) as (select 1 union all select i + 1 from n limit {})"
MANY = NUMBERS.format(5000) + " select i, i * 2 as double from n"
FORMS = ["tuples", "dicts", "numpy", "arrow", "json", "json_lines"]


class Stop(Exception):  # noqa: N818 - it is no error
    """What a handler of a signal raises."""


def read(rows, form):
    made = getattr(rows, form)()
    return len(made) if form in {"tuples", "dicts", "arrow"} else len(made) > 0


def calling(connection, call, at=1500):
    """The rows of a statement that calls a function in the middle."""

    def answer(number):
        if number == at:
            call()
        return number

    connection.create_function("answer", 1, answer)
    return connection.query(NUMBERS.format(5000) + " select answer(i) as i from n")


@pytest.mark.parametrize("form", FORMS)
def test_rows_cannot_be_read_while_they_are_read(strict, form):
    told = []

    def call():
        for again in (rows.tuples, lambda: next(rows), lambda: rows.columns, rows.close):
            with pytest.raises(RuntimeError, match="being read by another call") as caught:
                again()
            told.append(caught)
        told.append(repr(rows))

    rows = calling(strict, call)
    assert read(rows, form)
    assert told[-1] == "<onecross.Rows: being read>"
    assert len(told) == 5


@pytest.mark.parametrize("form", FORMS)
def test_the_connection_cannot_be_closed_in_the_middle(strict, form):
    rows = calling(strict, strict.close)
    with pytest.raises(ProgrammingError):
        read(rows, form)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_raised_in_the_middle_comes_out(strict, form):
    def call():
        raise LookupError("in the middle")

    rows = calling(strict, call)
    with pytest.raises(LookupError, match="in the middle"):
        read(rows, form)
    with pytest.raises(ProgrammingError, match="read already"):
        rows.tuples()


def test_the_last_reference_may_go_in_the_middle(strict):
    kept = []
    kept.append(calling(strict, kept.clear))
    assert len(kept[0].tuples()) == 5000
    assert kept == []


def test_other_statements_run_in_the_middle(strict):
    strict.execute("create table item (a)")
    strict.executemany("insert into item values (?)", [(it,) for it in range(5000)])

    def call():
        strict.execute("insert into item values (-1)")
        assert strict.query("select count(*) from item").scalar() == 5001
        strict.rollback()

    rows = calling(strict, call)
    assert rows.numpy()["i"].tolist() == list(range(1, 5001))


def test_the_table_changes_while_its_rows_are_read(strict):
    strict.execute("create table item (a)")
    strict.executemany("insert into item values (?)", [(it,) for it in range(5000)])
    strict.commit()
    rows = strict.query("select a from item where a >= 0")
    assert next(rows) == (0,)
    strict.execute("update item set a = -a where a > 3000")
    strict.commit()
    assert [it for (it,) in rows] == list(range(1, 3001))
    rows = strict.query("select a from item")
    next(rows)
    with suppress(OperationalError):
        strict.execute("drop table item")
        strict.rollback()
    with suppress(OperationalError):
        assert len(rows.tuples()) == 4999


def test_a_cursor_that_runs_another_statement_has_no_rows_of_the_first(strict):
    cursor = strict.cursor()
    for sql in ("select 'a', 'b', 'c'", MANY, "begin"):
        cursor.execute(MANY)
        rows = cursor.rows()
        next(rows)
        waiting = cursor.rows()
        cursor.execute(sql)
        for these in (rows, waiting):
            with pytest.raises(ProgrammingError, match="another statement since"):
                these.tuples()
        cursor.execute("select 5")
        assert cursor.rows().tuples() == [(5,)]


def test_a_cursor_and_its_rows_take_turns(strict):
    cursor = strict.cursor()
    cursor.execute(MANY)
    assert cursor.fetchone() == (1, 2)
    rows = cursor.rows()
    assert next(rows) == (2, 4)
    ahead = cursor.fetchall()
    read = list(rows)
    assert sorted([(1, 2), (2, 4), *ahead, *read]) == [(it, 2 * it) for it in range(1, 5001)]


@pytest.mark.parametrize("form", FORMS)
def test_rows_of_a_connection_that_was_opened_anew_do_not_end_early(form):
    connection = onecross.sql.connect(":memory:")
    rows = connection.query(MANY)
    next(rows)
    connection.close()
    connection.__init__(":memory:")
    with pytest.raises(ProgrammingError, match="closed before all of these rows were read"):
        read(rows, form)
    with suppress(ProgrammingError):
        assert rows.tuples() == []
    connection.close()


@pytest.mark.parametrize("form", FORMS)
def test_rows_of_a_closed_connection_are_refused(form):
    connection = onecross.sql.connect(":memory:")
    waiting, begun = connection.query(MANY), connection.query(MANY)
    next(begun)
    connection.close()
    for rows in (waiting, begun):
        with pytest.raises(ProgrammingError, match="closed database"):
            read(rows, form)
        rows.close()


@pytest.fixture
def locking(tmp_path):
    """A connection with a table of many rows, and whether another can write to the database."""
    path = tmp_path / "test.db"
    connection = onecross.sql.connect(path)
    connection.execute("pragma journal_mode = delete")
    connection.execute("create table item (a, b)")
    connection.executemany("insert into item values (?, ?)", [(it, b"") for it in range(5000)])
    connection.commit()
    other = onecross.sql.connect(path, timeout=0)

    def can_write():
        try:
            other.execute("delete from item where a < 0")
            other.commit()
        except OperationalError:
            other.rollback()
            return False
        return True

    yield connection, can_write
    other.close()
    connection.close()


def test_a_statement_that_failed_can_be_run_again(locking):
    connection, _ = locking
    path = connection.query("pragma database_list").dicts()[0]["file"]
    reader = onecross.sql.connect(path, timeout=0)
    rows = reader.query("select count(*) from item")
    connection.execute("begin exclusive")
    with pytest.raises(OperationalError, match="locked"):
        _ = rows.columns
    with pytest.raises(OperationalError, match="locked"):
        rows.scalar()
    connection.rollback()
    assert rows.scalar() == 5000
    reader.close()


def test_rows_that_are_read_half_lock_and_rows_that_go_do_not(locking):
    connection, can_write = locking
    rows = connection.query("select a from item")
    assert can_write()
    next(rows)
    assert not can_write()
    del rows
    assert can_write()
    rows = connection.query("select a from item")
    next(rows)
    rows.close()
    assert can_write()
    assert next(rows, None) is None
    parts = connection.query("select a from item").batches(100)
    next(parts)
    assert not can_write()
    del parts
    assert can_write()


class Refusing:
    def __init__(self, a):
        raise LookupError(a)


def to_refusing(rows):
    rows.to(Refusing, rename={"b": "a"})


@pytest.mark.parametrize("fail", [onecross.Rows.json, onecross.Rows.one, to_refusing])
def test_a_form_that_failed_holds_no_lock(locking, fail):
    connection, can_write = locking
    rows = connection.query("select b from item")
    with pytest.raises((onecross.sql.Error, LookupError)):
        fail(rows)
    assert can_write()
    with pytest.raises(ProgrammingError, match="read already"):
        rows.tuples()


def test_types_for_no_column_hold_no_lock(locking):
    connection, can_write = locking
    rows = connection.query("select a from item", types={"none": "TEXT"})
    for _ in range(2):
        with pytest.raises(ProgrammingError, match="'none'"):
            rows.tuples()
        assert can_write()


def test_a_cycle_through_parameters_is_collected(strict):
    class Value:
        def __init__(self):
            self.rows = None

    value = Value()
    gone = weakref.ref(value)
    parameters = {"a": value}
    value.rows = strict.query("select :a", parameters)
    part = next(strict.query(MANY).batches(2))
    value.part = part
    parameters = value = part = None
    gc.collect()
    assert gone() is None


def test_rows_in_a_cycle_hold_no_lock_behind_it(locking):
    connection, can_write = locking
    holder = []
    holder += [holder, connection.query("select a from item")]
    next(holder[1])
    holder = None
    gc.collect()
    assert can_write()


def test_parameters_are_those_of_the_call(strict):
    parameters = [1, [2]]
    rows = strict.query("select ?", parameters[:1])
    given = {"a": 1}
    named = strict.query("select :a", given)
    parameters[0] = given["a"] = 5
    assert (rows.scalar(), named.scalar()) == (1, 1)


class Text(str):
    __slots__ = ()

    def __str__(self):
        return "create table other (a)"


def test_what_is_run_is_what_the_text_holds(strict):
    assert strict.query(Text("select 1")).scalar() == 1


@pytest.mark.parametrize(
    ("sql", "asked", "answer"),
    [
        ("pragma busy_timeout = 77", "pragma busy_timeout", [(77,)]),
        ("create table item (a)", "select count(*) from item", [(0,)]),
        ("attach ':memory:' as other", "select count(*) from other.sqlite_schema", [(0,)]),
    ],
)
def test_what_does_more_than_read_is_done_at_once(strict, sql, asked, answer):
    strict.query(sql)
    assert strict.query(asked).tuples() == answer


@pytest.mark.parametrize("sql", ["begin", "savepoint s"])
def test_a_transaction_is_begun_at_once(strict, sql):
    strict.query(sql)
    assert strict.in_transaction


@pytest.mark.parametrize("sql", ["begin", "", "-- nothing", "create table item (a)"])
def test_there_are_no_rows_of_what_selects_nothing(strict, sql):
    rows = strict.query(sql)
    for form in (*FORMS, "one", "scalar"):
        with pytest.raises(ProgrammingError, match="selects nothing"):
            getattr(rows, form)()


def test_two_threads_read_the_same_rows(strict):
    rows = strict.query(NUMBERS.format(20_000) + " select i from n")
    read, told = [], []

    def next_rows():
        while True:
            try:
                row = next(rows)
            except StopIteration:
                return
            except RuntimeError as error:
                told.append(error)
            else:
                read.append(row)

    threads = [threading.Thread(target=next_rows) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read) == [(it,) for it in range(1, 20_001)]


def test_a_row_of_two_thousand_columns(strict):
    names = [f"c{number}" for number in range(2000)]
    sql = "select " + ", ".join(f"{number} as {name}" for number, name in enumerate(names))
    expected = dict(zip(names, range(2000), strict=True))
    assert strict.query(sql).dicts() == [expected]
    assert strict.query(sql).tuples() == [tuple(range(2000))]
    assert len(strict.query(sql).numpy()) == 2000

    class Anything:
        def __init__(self, **values):
            self.values = values

    assert strict.query(sql).to(Anything)[0].values == expected


def test_parts_are_never_larger_than_asked_for(strict):
    rows = strict.query(MANY)
    next(rows)
    sizes = []
    for part in rows.batches(1000):
        sizes.append(len(part.tuples()))
        next(rows, None)
    assert max(sizes) == 1000
    rows = strict.query(MANY)
    next(rows)
    parts = [part.tuples() for part in rows.batches(300)]
    assert max(map(len, parts)) == 300
    assert list(itertools.chain(*parts)) == [(it, 2 * it) for it in range(2, 5001)]


def test_rows_of_one_type_behind_others_are_an_array_of_that_type(strict):
    sql = "select 1 as a union all select 'x' union all select 'y' union all select null"
    rows = strict.query(sql)
    assert next(rows) == (1,)
    assert rows.numpy()["a"].tolist() == ["x", "y", None]
    rows = strict.query("select 'x' as a union all select 1 union all select 2")
    next(rows)
    assert rows.numpy()["a"].dtype == "int64"


@pytest.mark.parametrize("text", ["1e1000000000000000000", "1e-1999999999999999998"])
def test_a_number_that_decimal_has_no_room_for(strict, text):
    with pytest.raises(onecross.sql.ColumnError, match="is no DECIMAL"):
        strict.query("select ? as a", [text], types={"a": "DECIMAL"}).tuples()


class Lying(dict):
    def items(self):
        return [("a",), 5]


class Raising(dict):
    def items(self):
        raise LookupError("items")


@pytest.mark.parametrize("types", [5, "TEXT", [("a", "TEXT")], {1: "TEXT"}, Lying()])
def test_types_that_are_no_mapping_of_names(strict, types):
    with pytest.raises((TypeError, ValueError)):
        strict.query("select 1 as a", types=types)


def test_types_that_raise_or_are_unknown(strict):
    with pytest.raises(LookupError, match="items"):
        strict.query("select 1 as a", types=Raising())

    class Type:
        def __repr__(self):
            raise LookupError("repr")

    with pytest.raises(LookupError, match="repr"):
        strict.query("select 1 as a", types={"a": Type()})
    with pytest.raises(ValueError, match="must be one of INTEGER"):
        strict.query("select 1 as a", types={"a": "a type"})


@contextmanager
def handled_by(handler):
    before = signal.signal(signal.SIGUSR1, handler)
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        signal.signal(signal.SIGUSR1, before)


def stop(_number, _frame):
    raise Stop


@pytest.mark.parametrize("form", FORMS)
def test_a_signal_ends_the_reading(locking, form):
    connection, can_write = locking

    connection.create_function("arrive", 1, arrive)
    sql = f"select arrive(a) as i from item, ({NUMBERS.format(1000)} select i from n)"
    with handled_by(stop):
        rows = connection.query(sql)
        with pytest.raises(Stop):
            read(rows, form)
    assert can_write()


def arrive(number):
    if number == 2:
        _thread.interrupt_main(signal.SIGUSR1)
    return number


@pytest.mark.parametrize("form", FORMS)
def test_a_deadline_ends_the_reading(form):
    connection = onecross.sql.connect(":memory:", deadline=0.05)
    rows = connection.query(NUMBERS.format(1_000_000_000) + " select sum(i) as a from n")
    with pytest.raises(onecross.sql.Error, match=r"deadline|interrupted|seconds"):
        read(rows, form)
    assert math.isclose(connection.query("select 0.5").scalar(), 0.5)
    connection.close()


PROGRAM = """
import onecross.sql
connection = onecross.sql.connect(":memory:")
many = "with recursive n(i) as (select 1 union all select i + 1 from n limit 5000) select i from n"
rows, waiting = connection.query(many), connection.query(many)
part = connection.query(many).batches(7)
next(rows)
kept = next(part), connection.query(many).arrow(), connection.query(many).numpy()["i"]
class Dying:
    def __del__(self):
        print(len(rows.tuples()))
dying = Dying()
dying.itself = dying
{end}
"""


@pytest.mark.parametrize("end", ["", "raise SystemExit", "del connection"])
def test_the_interpreter_ends_with_rows_open(run_python, end):
    finished = run_python(PROGRAM.replace("{end}", end))
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr == ""
