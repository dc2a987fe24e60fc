"""Rows and columns of every shape are stored, all of them or none."""

from __future__ import annotations

import contextlib
import datetime
import decimal
import enum
import gc
import sys
import tracemalloc
import uuid
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from column_sources import COLUMNS, NAMES, ROWS, SOURCES, Plain
from hypothesis import given
from hypothesis import strategies as st

import onecross.sql
from onecross.sql.errors import (
    ColumnError,
    IntegrityError,
    OperationalError,
    OutOfRangeError,
    ProgrammingError,
)


@pytest.fixture
def connection() -> Iterator[onecross.sql.Connection]:
    connection = onecross.sql.connect(":memory:")
    connection.execute("create table t (id integer primary key, block, price real, name text)")
    connection.commit()
    yield connection
    connection.close()


def rows(connection: onecross.sql.Connection, table: str = "t") -> list[Any]:
    return connection.execute(f'select * from "{table}" order by 1').fetchall()


@pytest.mark.parametrize("source", SOURCES)
def test_every_shape_is_stored(connection: onecross.sql.Connection, source: str) -> None:
    assert connection.insert("t", SOURCES[source]()) == len(ROWS)
    assert rows(connection) == ROWS


@pytest.mark.parametrize("source", [name for name in SOURCES if "tuple" not in name])
def test_columns_are_chosen_by_their_names(
    connection: onecross.sql.Connection, source: str
) -> None:
    if source in ("rows as lists", "generator"):
        return
    assert connection.insert("t", SOURCES[source](), columns=["name", "id"]) == len(ROWS)
    assert rows(connection) == [(row[0], None, None, row[3]) for row in ROWS]
    connection.execute("delete from t")
    connection.insert("t", SOURCES[source](), columns={"id": "id", "block": "name"})
    expected = [(row[0], None, None, None if row[1] is None else str(row[1])) for row in ROWS]
    assert rows(connection) == expected


def test_tuples_have_the_order_that_is_told(connection: onecross.sql.Connection) -> None:
    connection.insert("t", [("A", 2), ("B", 1)], columns=["name", "id"])
    assert rows(connection) == [(1, None, None, "B"), (2, None, None, "A")]


def test_numpy_arrays_of_every_type_are_stored(connection: onecross.sql.Connection) -> None:
    kinds = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", ">i4", ">f8", "?"]
    for kind in kinds:
        array = np.array([0, 1, 1], dtype=kind)
        for column in (array, array[::-1], np.repeat(array, 2)[::2]):
            connection.execute("delete from t")
            assert connection.insert("t", {"block": column}) == 3
            stored = [block for _, block, *_ in rows(connection)]
            assert stored == column.tolist(), kind
            assert {type(block) for block in stored} <= {int, float}
    texts = np.array(["a", "é", ""])
    connection.execute("delete from t")
    connection.insert("t", {"name": texts})
    assert [row[3] for row in rows(connection)] == texts.tolist()


def test_not_a_number_is_null(connection: onecross.sql.Connection) -> None:
    connection.insert("t", {"price": np.array([np.nan, np.inf])})
    assert [row[2] for row in rows(connection)] == [None, float("inf")]


def test_times_are_stored_as_parameters_are(connection: onecross.sql.Connection) -> None:
    moment = datetime.datetime(2026, 11, 22, 18, 30, 0, 500)
    for unit in ("us", "ns"):
        connection.execute("delete from t")
        column = np.array([moment, "NaT"], dtype=f"M8[{unit}]")
        connection.insert("t", {"name": column})
        assert [row[3] for row in rows(connection)] == [moment.isoformat(" "), None]
    connection.execute("delete from t")
    days = np.array(["2026-11-22", "NaT", "0001-01-01"], dtype="M8[D]")
    connection.insert("t", {"name": days})
    assert [row[3] for row in rows(connection)] == ["2026-11-22", None, "0001-01-01"]
    for wrong in (np.array([1], "m8[s]"), np.array([1j]), np.array([[1]])):
        with pytest.raises(ProgrammingError, match="column 'name'"):
            connection.insert("t", {"name": wrong})


def test_what_stands_for_parameters_stands_for_values(connection: onecross.sql.Connection) -> None:
    class Colour(enum.Enum):
        RED = 1

    values = [
        decimal.Decimal("1.50"),
        uuid.UUID(int=5),
        datetime.date(2026, 11, 22),
        Colour.RED,
        True,
        np.int64(5),
        bytearray(b"x"),
        None,
    ]
    connection.insert("t", {"block": values})
    stored = [row[1] for row in rows(connection)]
    connection.execute("delete from t")
    connection.executemany("insert into t (block) values (?)", [(value,) for value in values])
    assert stored == [row[1] for row in rows(connection)]


def test_nothing_is_stored_of_nothing(connection: onecross.sql.Connection) -> None:
    nothing: list[Any] = [[], {}, iter(()), {"id": []}, {"id": np.array([])}, pa.table(COLUMNS)[:0]]
    for data in nothing:
        assert connection.insert("t", data) == 0
    assert rows(connection) == []


def test_names_are_quoted() -> None:
    connection = onecross.sql.connect(":memory:")
    name = 'a "b" [c] `d` ; --'
    connection.create(name, {name: [1], "select": [2]}, primary_key=name)
    connection.insert(name, {"select": [4], name: [3]})
    assert rows(connection, name.replace('"', '""')) == [(1, 2), (3, 4)]
    with pytest.raises(ProgrammingError, match="NUL"):
        connection.insert("a\0b", {"x": [1]})


def test_a_conflict_is_dealt_with_as_is_asked(connection: onecross.sql.Connection) -> None:
    connection.insert("t", [(1, 1, 1.0, "one")])
    both = {"id": [1, 2], "name": ["uno", "dos"]}
    with pytest.raises(IntegrityError, match=r"t\.id: row 0 for t \(id = 1\)") as caught:
        connection.insert("t", both)
    assert (caught.value.row, caught.value.column, caught.value.value) == (0, "id", "1")
    assert connection.insert("t", both, on_conflict="ignore") == 1
    assert rows(connection) == [(1, 1, 1.0, "one"), (2, None, None, "dos")]
    assert connection.insert("t", both, on_conflict="update") == 2
    assert rows(connection) == [(1, 1, 1.0, "uno"), (2, None, None, "dos")]
    assert connection.insert("t", {"id": [1], "block": [7]}, on_conflict=["id"]) == 1
    assert rows(connection)[0] == (1, 7, 1.0, "uno")
    assert connection.insert("t", {"id": [1]}, on_conflict=["id"]) == 0
    assert connection.insert("t", both, on_conflict="replace") == 2
    assert rows(connection) == [(1, None, None, "uno"), (2, None, None, "dos")]
    with pytest.raises(ValueError, match="on_conflict is one of"):
        connection.insert("t", both, on_conflict="rollback")  # type: ignore[arg-type]


@pytest.mark.parametrize("source", ["lists", "generator", "slots", "pyarrow table"])
@pytest.mark.parametrize("is_open", [False, True])
def test_nothing_is_stored_where_a_row_is_refused(
    connection: onecross.sql.Connection, source: str, is_open: bool
) -> None:
    connection.execute("create unique index i on t (name)")
    connection.insert("t", [(0, "kept", None, None), (9, None, None, ROWS[4][3])])
    if not is_open:
        connection.commit()
    with pytest.raises(IntegrityError) as caught:
        connection.insert("t", SOURCES[source]())
    assert caught.value.row == 4
    assert [row[0] for row in rows(connection)] == [0, 9]
    assert connection.in_transaction == is_open


def test_a_refused_value_is_that_of_the_column_whatever_it_was_called() -> None:
    connection = onecross.sql.connect(":memory:")
    connection.execute('create table u (a unique, b, "my col" unique)')
    for data, columns, told in [
        ({"a": [1, 2], "b": [3, 3]}, {"a": "b", "b": "a"}, ("b", "3")),
        ({"b": ["y"], "x": [4], "a": [5]}, {"a": "b", "x": "A"}, ("x", "4")),
        ({"my col": [5, 5]}, None, ("my col", "5")),
        ([(6, 7), (8, 7)], ["b", "my col"], ("my col", "7")),
    ]:
        connection.insert("u", {"a": [4]}, on_conflict="ignore")
        with pytest.raises(IntegrityError) as caught:
            connection.insert("u", data, columns=columns)
        assert (caught.value.column, caught.value.value) == told


def test_autocommit_is_one_transaction() -> None:
    connection = onecross.sql.connect(":memory:", autocommit=True)
    connection.execute("create table t (id integer primary key)")
    connection.insert("t", {"id": range(5_000)})
    assert not connection.in_transaction
    with pytest.raises(IntegrityError, match="row 5000"):
        connection.insert("t", ((number % 5_000 + 5_000,) for number in range(9_000)))
    assert not connection.in_transaction
    assert connection.execute("select count(*) from t").fetchone() == (5_000,)


def test_the_row_that_a_trigger_refuses_is_told(connection: onecross.sql.Connection) -> None:
    connection.executescript(
        "create trigger g before insert on t when new.id = 1500 begin"
        " select raise(abort, 'not this one'); end"
    )
    with pytest.raises(IntegrityError, match="not this one: row 1500 for t") as caught:
        connection.insert("t", [(number, None, None, None) for number in range(3_000)])
    assert caught.value.row == 1500
    assert rows(connection) == []


def test_values_without_a_form_are_told(connection: onecross.sql.Connection) -> None:
    wrong: list[tuple[Any, type[Exception], str, int]] = [
        ({"id": [1, 2**63]}, OutOfRangeError, "id", 1),
        ([(1, 2), (3, 2**63)], OutOfRangeError, "block", 1),
        ({"name": ["a", "\udc80"]}, ColumnError, "name", 1),
        ({"name": ["a", object()]}, ColumnError, "name", 1),
        ([{"id": 1}, {"id": 2j}], ColumnError, "id", 1),
        ({"id": np.array([1, 2**63], "u8")}, ColumnError, "id", 1),
        ({"name": pa.array([0, 2**62], pa.timestamp("s"))}, ColumnError, "name", 1),
    ]
    for data, error, column, row in wrong:
        names = ["id", "block"] if isinstance(data, list) and type(data[0]) is tuple else None
        with pytest.raises(error, match=f"column '{column}', row {row}: ") as caught:
            connection.insert("t", data, columns=names)
        found: Any = caught.value
        assert (found.column, found.row) == (column, row)
        assert found.value
    assert rows(connection) == []


def test_types_that_nothing_stores_are_told(connection: onecross.sql.Connection) -> None:
    for column in (pa.array([[1]]), pa.array([{"a": 1}]), pa.array([1], pa.duration("s"))):
        with pytest.raises(ColumnError, match="column 'name' is of Arrow's type"):
            connection.insert("t", pa.table({"name": column}))
        connection.insert("t", pa.table({"id": [None], "name": column}), columns=["id"])


def test_columns_that_do_not_fit_are_told(connection: onecross.sql.Connection) -> None:
    wrong: list[tuple[Any, Any, type[Exception], str]] = [
        ({"id": [1], "nome": [1]}, None, OperationalError, "no column named nome"),
        ({"id": [1], "block": [1, 2]}, None, ProgrammingError, "'block' has 2 values"),
        ({"id": [1]}, ["id", "x"], ProgrammingError, "no column 'x' in what was given"),
        ([(1,), (1, 2)], ["id"], ProgrammingError, "row 1 has 2 values"),
        ([(1, 2, 3)], None, OperationalError, "has 4 columns but 3 values"),
        ([{"id": 1}, {"di": 1}], None, ProgrammingError, "row 1 has no key 'id'"),
        ([{"id": 1}, {"id": 1, "x": 1}], None, ProgrammingError, "row 1 has keys beside"),
        ([Plain(*ROWS[0]), object()], None, ProgrammingError, "no attribute 'id'"),
        ([object()], None, ProgrammingError, "do not tell their attributes"),
        (["ab"], None, ProgrammingError, "first row is of type 'str'"),
        ([(1,), "a"], ["id"], ProgrammingError, "row 1 is of type 'str'"),
        ({"id": 5}, None, ProgrammingError, "which has no values"),
        ({5: [5]}, None, ProgrammingError, "names of type str"),
        ({"id": "abc"}, None, ProgrammingError, "is one str"),
        ("abc", None, TypeError, "rows come from"),
        (5, None, TypeError, "rows come from"),
    ]
    for data, columns, error, message in wrong:
        with pytest.raises(error, match=message):
            connection.insert("t", data, columns=columns)
    with pytest.raises(OperationalError, match="no such table: nowhere"):
        connection.insert("nowhere", {"id": [1]})
    assert rows(connection) == []


def test_an_error_of_a_generator_undoes_its_rows(connection: onecross.sql.Connection) -> None:
    def failing() -> Iterator[tuple[int]]:
        for number in range(5_000):
            yield (number,)
        raise LookupError("no more")

    connection.insert("t", [(9_999,)], columns=["id"])
    with pytest.raises(LookupError, match="no more"):
        connection.insert("t", failing(), columns=["id"])
    assert [row[0] for row in rows(connection)] == [9_999]


def test_a_generator_may_use_the_connection(connection: onecross.sql.Connection) -> None:
    def using() -> Iterator[tuple[int]]:
        for number in range(3_000):
            (count,) = connection.execute("select count(*) from t").fetchone()
            assert count <= number
            yield (number,)

    assert connection.insert("t", using(), columns=["id"]) == 3_000


def test_a_generator_takes_bounded_memory(connection: onecross.sql.Connection) -> None:
    def many() -> Iterator[tuple[int, str]]:
        for number in range(100_000):
            yield number, f"{number:0100}"

    tracemalloc.start()
    gc.collect()
    connection.insert("t", many(), columns=["id", "name"])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000
    assert connection.execute("select count(*) from t").fetchone() == (100_000,)


def test_progress_is_told(connection: onecross.sql.Connection) -> None:
    told: list[tuple[int, int | None]] = []
    connection.insert("t", {"id": range(20_000)}, progress=lambda *it: told.append(it))
    assert told[-1] == (20_000, 20_000)
    assert len(told) > 1
    assert told == sorted(told)
    told.clear()
    rows = ((None,) for _ in range(3_000))
    connection.insert("t", rows, columns=["id"], progress=lambda *it: told.append(it))
    assert told[-1] == (3_000, None)


def test_a_bar_is_shown(connection: onecross.sql.Connection, capsys: Any) -> None:
    connection.insert("t", {"id": [1, 2]}, progress=True)
    assert "2.00/2.00" in capsys.readouterr().err


def test_progress_that_raises_undoes_all(connection: onecross.sql.Connection) -> None:
    def stop(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        connection.insert("t", {"id": range(20_000)}, progress=stop)
    assert rows(connection) == []


def test_a_missed_deadline_leaves_nothing() -> None:
    connection = onecross.sql.connect(":memory:", deadline=0.2)
    connection.execute("create table t (id integer)")
    connection.commit()

    def endless() -> Iterator[tuple[int]]:
        while True:
            yield (1,)

    with pytest.raises(onecross.sql.DeadlineError):
        connection.insert("t", endless())
    assert connection.execute("select count(*) from t").fetchone() == (0,)


def test_blocks_undo_what_was_inserted_in_them(connection: onecross.sql.Connection) -> None:
    with connection:
        connection.insert("t", {"id": [1]})
        with contextlib.suppress(ZeroDivisionError), connection:
            connection.insert("t", {"id": [2]})
            raise ZeroDivisionError
        with pytest.raises(IntegrityError):
            connection.insert("t", {"id": [3, 1]})
    assert not connection.in_transaction
    assert [row[0] for row in rows(connection)] == [1]


def test_arrays_are_left_as_they_were(connection: onecross.sql.Connection) -> None:
    array = np.arange(5)
    values = ["text that is nobody else's", 10**9 + 7]
    before = [sys.getrefcount(it) for it in (array, values, *values)]
    for _ in range(3):
        connection.insert("t", {"block": array})
        connection.insert("t", {"block": values})
    gc.collect()
    assert [sys.getrefcount(it) for it in (array, values, *values)] == before
    array.resize(10, refcheck=False)


def test_progress_may_be_none_and_nothing_else_but_a_function(strict):
    assert strict.create("t", {"id": [1]}, progress=None) == 1
    assert strict.insert("t", [(2,)], progress=None) == 1
    for wrong in ("yes", 1, 0):
        with pytest.raises(TypeError, match="progress= is True, False or a function"):
            strict.insert("t", [(3,)], progress=wrong)
        with pytest.raises(TypeError, match="progress= is True, False or a function"):
            strict.create("u", [{"id": 3}], progress=wrong)
    assert strict.execute("select id from t").fetchall() == [(1,), (2,)]


@given(
    st.lists(
        st.tuples(
            st.none() | st.integers(-(2**63), 2**63 - 1),
            st.none() | st.floats(allow_nan=False),
            st.none() | st.text(st.characters(exclude_categories=["Cs"])),
            st.none() | st.binary(),
        ),
        max_size=40,
    )
)
def test_whatever_is_stored_comes_back(table: list[tuple[Any, ...]]) -> None:
    names = ("i", "f", "s", "b")
    columns = {name: [row[place] for row in table] for place, name in enumerate(names)}
    kinds = (pa.int64(), pa.float64(), pa.string(), pa.binary())
    arrow = pa.table(
        {name: pa.array(columns[name], kind) for name, kind in zip(names, kinds, strict=True)}
    )
    for data in (columns, arrow, table, [dict(zip(names, row, strict=True)) for row in table]):
        connection = onecross.sql.connect(":memory:")
        connection.execute("create table t (i integer, f real, s text, b blob)")
        assert connection.insert("t", data) == len(table)
        assert connection.execute("select * from t").fetchall() == table
        connection.close()


def test_names_of_all_columns_are_those_of_the_sources() -> None:
    assert tuple(COLUMNS) == NAMES
