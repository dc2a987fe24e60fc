"""A table is made for rows, with types that leave each value as it is."""

import datetime
import decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from column_sources import NAMES, ROWS, SOURCES
from hypothesis import given
from hypothesis import strategies as st

import onecross.sql
from onecross.sql.errors import ColumnError, IntegrityError, OperationalError, ProgrammingError


def types(connection, table="t"):
    return {row[1]: row[2] for row in connection.execute(f"pragma table_info({table})")}


@pytest.mark.parametrize("source", SOURCES)
def test_every_shape_makes_the_same_table(strict, source):
    assert strict.create("t", SOURCES[source](), columns=NAMES) == len(ROWS)
    assert strict.execute("select * from t").fetchall() == ROWS
    assert types(strict) == {"id": "INTEGER", "block": "INTEGER", "price": "REAL", "name": "TEXT"}


def test_types_are_those_of_the_values(strict):
    values = {
        "BOOLEAN": [True, None],
        "INTEGER": [1, True],
        "REAL": [0.5, 1.0],
        "": [1, 0.5],
        "TEXT": ["1", "01"],
        "BLOB": [b"1", bytearray(b"2")],
        "DATE": [datetime.date(2026, 11, 22), None],
        "TIMESTAMP": [datetime.datetime(2026, 11, 22), None],
        "DECIMAL TEXT": [decimal.Decimal("1.50"), decimal.Decimal("0")],
    }
    names = {f"c{place}": column for place, column in enumerate(values.values())}
    strict.create("t", names)
    assert list(types(strict).values()) == list(values)
    rows = list(zip(*names.values(), strict=True))
    strict.create("u", rows, columns=list(names))
    assert types(strict, "u") == types(strict)
    assert strict.execute("select c3, c8, typeof(c4) from t").fetchone() == (1, "1.50", "text")


def test_types_are_those_of_arrays(strict):
    strict.create(
        "t",
        {
            "a": np.array(["2026-11-22"], "M8[D]"),
            "b": np.array([1.5], "f4"),
            "c": pa.array([decimal.Decimal("1.5")]),
            "d": pa.array(["x"]).dictionary_encode(),
            "e": pa.array([None], pa.null()),
            "f": np.array([True]),
        },
    )
    expected = ["DATE", "REAL", "DECIMAL TEXT", "TEXT", "", "BOOLEAN"]
    assert list(types(strict).values()) == expected


def test_types_are_known_of_no_rows(strict):
    strict.create("t", [], columns=["a", "b"])
    assert types(strict) == {"a": "", "b": ""}
    empty = {
        "a": pa.array([], pa.int64()),
        "b": pa.chunked_array([], pa.decimal128(5, 2)),
        "c": np.zeros(0),
        "d": [],
        "e": pd.Series([], dtype="str"),
    }
    strict.create("u", empty)
    assert list(types(strict, "u").values()) == ["INTEGER", "DECIMAL TEXT", "REAL", "", "TEXT"]
    strict.create("v", iter(()), columns=["a"], types={"a": "TEXT"})
    assert types(strict, "v") == {"a": "TEXT"}


def test_types_of_scalars_are_those_of_their_values(strict):
    for scalar, kind in [
        (np.int8(1), "INTEGER"),
        (np.float16(0.5), "REAL"),
        (np.bool_(True), "BOOLEAN"),
        (np.datetime64("2026-11-22"), "DATE"),
        (np.datetime64(1, "ns"), "TIMESTAMP"),
        (np.str_("1"), "TEXT"),
    ]:
        strict.create("t", {"a": [scalar, None]})
        assert types(strict) == {"a": kind}
        strict.execute("drop table t")
    for wrong in (np.longdouble(1), np.zeros(2)):
        with pytest.raises((ColumnError, ProgrammingError)) as caught:
            strict.create("t", {"a": [wrong]})
        assert "longdouble" in str(caught.value) or "column 'a', row 0" in str(caught.value)


DAY = datetime.date(2026, 11, 22)
# What the first rows have, their type, and what must not become that of a later row.
GUESSED = [
    (1, "INTEGER", ["007", "1", 2.0, 2.5, b"1", "x"]),
    (True, "BOOLEAN", ["1", 1.0]),
    (0.5, "REAL", [2**53 + 1, 1, "1", "x"]),
    ("x", "TEXT", [1, 1.0, b"x"]),
    (b"x", "BLOB", ["x", 1]),
    (DAY, "DATE", ["2026", "1", 1, "123e-5", "1234", 0.5]),
    (datetime.datetime(2026, 11, 22), "TIMESTAMP", ["2026", 5]),
    (decimal.Decimal("1.50"), "DECIMAL TEXT", [1, 0.5]),
]


@pytest.mark.parametrize(("first", "kind", "later"), GUESSED)
def test_a_later_value_is_stored_as_it_is_or_told(strict, first, kind, later):
    for value in later:
        rows = [(0, first)] * 1_500 + [(0, value)]
        for at, data in ((1_500, rows), (1_500, [{"n": n, "a": a} for n, a in rows])):
            with pytest.raises(ColumnError, match=r"does not fit the type .*types= tells") as told:
                strict.create("t", data, columns=["n", "a"])
            assert (told.value.row, told.value.column) == (at, "a")
            assert kind in str(told.value)
            assert not types(strict)
        strict.create("t", rows, columns=["n", "a"], types={"a": ""})
        stored = strict.execute("select a from t where rowid > 1500").fetchone()[0]
        assert (stored, type(stored)) == (value, type(value))
        strict.execute("drop table t")
    for value in (None, float("nan"), first):
        strict.create("t", [(first,)] * 1_500 + [(value,)], columns=["a"])
        assert types(strict) == {"a": kind}
        strict.execute("drop table t")


@given(
    st.lists(st.sampled_from([0, 1, 0.5, 2.0, "1", "x", b"1", True, None, DAY]), max_size=6),
    st.sampled_from([5, 5.0, "5", "05", "5e1", b"5", None, 2**53 + 1, "2026-11-22"]),
)
def test_whatever_the_first_rows_are_no_value_is_changed(first, last):
    connection = onecross.sql.connect(":memory:")
    rows = [(value,) for value in [*(first * 1_000)[:1_000], last]]
    stored = connection.execute("select ?", [last]).fetchone()[0]
    try:
        connection.create("t", rows, columns=["a"])
    except ColumnError:
        assert last is not None
    else:
        found = connection.execute("select a from t order by rowid desc").fetchone()[0]
        assert (found, type(found)) == (stored, type(stored))
    connection.close()


def test_keys_and_types_may_be_told(strict):
    strict.create("t", [(1, "01")], columns=["id", "n"], types={"n": "INTEGER"}, primary_key="id")
    assert strict.execute("select rowid, n from t").fetchone() == (1, 1)
    strict.create("u", {"a": [1, 1], "b": [1, 2]}, primary_key=["a", "b"])
    with pytest.raises(IntegrityError):
        strict.insert("u", {"a": [1], "b": [2]})
    for wrong in ({"primary_key": "x"}, {"types": {"x": "TEXT"}}):
        with pytest.raises(ProgrammingError, match="no column 'x'"):
            strict.create("v", {"a": [1]}, **wrong)
    with pytest.raises(ProgrammingError, match="columns= tells"):
        strict.create("v", [(1, 2)])


def test_types_may_be_told_by_class(strict):
    classes = {
        "a": int,
        "b": str,
        "c": bool,
        "d": decimal.Decimal,
        "e": datetime.date,
        "f": datetime.datetime,
        "g": object,
        "h": "ANY",
    }
    strict.create("t", {name: ["1"] for name in classes}, types=classes)
    kinds = ["INTEGER", "TEXT", "BOOLEAN", "DECIMAL TEXT", "DATE", "TIMESTAMP", "", "ANY"]
    assert list(types(strict).values()) == kinds
    for wrong in (list, 5, None, int | None):
        with pytest.raises(TypeError, match=r"for column 'a': it is the name of a type"):
            strict.create("u", {"a": [1]}, types={"a": wrong})
    with pytest.raises(TypeError, match="types= is a mapping"):
        strict.create("u", {"a": [1]}, types=["INTEGER"])
    assert not types(strict, "u")


def test_nothing_is_made_where_a_row_is_refused(strict):
    with pytest.raises(IntegrityError):
        strict.create("t", {"id": [1, 1]}, primary_key="id")
    assert not types(strict)
    strict.create("t", {"id": [1]})
    with pytest.raises(OperationalError, match="already exists"):
        strict.create("t", {"id": [1]})
