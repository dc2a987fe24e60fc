"""A table is made for rows, with types that leave each value as it is."""

import datetime
import decimal

import numpy as np
import pyarrow as pa
import pytest
from column_sources import NAMES, ROWS, SOURCES

from onecross.sql.errors import IntegrityError, OperationalError, ProgrammingError


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


def test_nothing_is_made_where_a_row_is_refused(strict):
    with pytest.raises(IntegrityError):
        strict.create("t", {"id": [1, 1]}, primary_key="id")
    assert not types(strict)
    strict.create("t", {"id": [1]})
    with pytest.raises(OperationalError, match="already exists"):
        strict.create("t", {"id": [1]})
