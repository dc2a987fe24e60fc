"""Values that SQLite has no form for are refused: neither memory nor a number stands for them."""

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from onecross.sql.errors import ColumnError, ProgrammingError


def test_objects_of_polars_are_refused(strict):
    series = pl.Series([object(), "abc", 5], dtype=pl.Object)
    frame = pl.DataFrame({"x": series, "n": [1, 2, 3]})
    for data in (frame, {"x": series}):
        for store in (strict.create, strict.register):
            with pytest.raises(ColumnError, match="column 'x' is of objects"):
                store("t", data)
        strict.execute("create table u (x)")
        with pytest.raises(ColumnError, match="column 'x' is of objects"):
            strict.executemany("insert into u values (:x)", data)
        strict.execute("drop table u")
    strict.create("t", frame, columns=["n"])
    assert strict.execute("select * from t").fetchall() == [(1,), (2,), (3,)]


def test_types_that_polars_says_are_its_own_are_refused(strict):
    field = pa.field("x", pa.int64(), metadata={"ARROW:extension:name": "POLARS_EXTENSION_TYPE"})
    table = pa.Table.from_arrays([pa.array([1])], schema=pa.schema([field]))
    with pytest.raises(ColumnError, match="column 'x' is of the type POLARS_EXTENSION_TYPE"):
        strict.create("t", table)


@pytest.mark.parametrize(
    ("number", "unit"), [(2**60, "h"), (2**62, "m"), (2**62, "10ms"), (-(2**61), "3s")]
)
def test_times_that_numpy_would_let_go_round_are_refused(strict, number, unit):
    times = np.array([0, number, 1], "i8").view(f"M8[{unit}]")
    with pytest.raises(ColumnError, match=r"column 'x', row 1: .* no day or time") as refused:
        strict.create("t", {"x": times})
    assert (refused.value.row, refused.value.column) == (1, "x")
    masked = np.ma.array(times, mask=[False, True, False])
    strict.create("t", {"x": masked})
    assert strict.execute("select x from t").fetchone() == ("1970-01-01 00:00:00",)
    weeks = np.array(["2026-11-19", "NaT"], "M8[W]")
    strict.create("weeks", {"x": weeks})
    assert strict.execute("select x from weeks").fetchall() == [("2026-11-19",), (None,)]


class NoArray:
    def __array__(self, dtype=None, copy=None):
        return [1, 2]


def test_what_makes_no_array_of_itself_is_refused(strict):
    for store in (strict.create, strict.insert, strict.register):
        with pytest.raises(ProgrammingError, match=r"column 'x' is of type 'NoArray', whose __arr"):
            store("t", {"x": NoArray()})
    with pytest.raises(ProgrammingError, match=r"column 'x'.* no array, but one of type 'list'"):
        strict.executemany("select :x", {"x": NoArray()})


def test_floats_that_are_wider_than_sqlite_s_are_refused(strict):
    with pytest.raises(ProgrammingError, match="which SQLite does not store"):
        strict.create("t", {"x": np.zeros(1, np.longdouble)})
