"""What pandas keeps in arrays of its own is stored exactly, however it makes NumPy's of them."""

import datetime
import decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from onecross.sql.errors import ColumnError

LARGE = 2**53 + 1
MOMENT = datetime.datetime(2026, 11, 22, 18, 30, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 11, 22)
CENTS = pd.ArrowDtype(pa.decimal128(20, 2))

ARRAYS = {
    "Int64": (pd.array([LARGE, None], "Int64"), [LARGE, None]),
    "Int64, all there": (pd.array([LARGE, 1], "Int64"), [LARGE, 1]),
    "UInt8": (pd.array([1, None], "UInt8"), [1, None]),
    "Float32": (pd.array([0.5, None], "Float32"), [0.5, None]),
    "boolean": (pd.array([True, None], "boolean"), [1, None]),
    "string": (pd.array(["a", None], "string"), ["a", None]),
    "str": (pd.array(["a", None], "str"), ["a", None]),
    "int64[pyarrow]": (pd.array([LARGE, None], "int64[pyarrow]"), [LARGE, None]),
    "double[pyarrow]": (pd.array([0.5, None], "double[pyarrow]"), [0.5, None]),
    "date32[pyarrow]": (pd.array([DAY, None], "date32[pyarrow]"), ["2026-11-22", None]),
    "decimal[pyarrow]": (pd.array([decimal.Decimal("1.5"), None], CENTS), ["1.50", None]),
    "categories": (pd.Categorical([LARGE, None, 3]), [LARGE, None, 3]),
    "categories of texts": (pd.Categorical(["a", None]), ["a", None]),
    "sparse": (pd.arrays.SparseArray([0, LARGE]), [0, LARGE]),
    "floats of NumPy": (pd.array([0.5, 1.5], np.dtype("f8")), [0.5, 1.5]),
    "moments": (pd.DatetimeIndex([MOMENT]).array, ["2026-11-22 18:30:00+00:00"]),
    "index": (pd.Index(pd.array([LARGE, None], "Int64")), [LARGE, None]),
    "range": (pd.RangeIndex(2), [0, 1]),
    "index of categories": (pd.CategoricalIndex([LARGE, None]), [LARGE, None]),
}


@pytest.mark.parametrize("kind", ARRAYS)
def test_each_value_is_stored_as_it_is(strict, kind):
    array, expected = ARRAYS[kind]
    columns = {"n": range(len(array)), "x": array}
    strict.execute("create table inserted (n, x)")
    strict.execute("create table run (n, x)")
    assert strict.insert("inserted", columns) == len(expected)
    strict.create("made", columns)
    strict.register("held", columns)
    strict.executemany("insert into run values (:n, :x)", columns)
    for table in ("inserted", "made", "held", "run"):
        stored = [value for (value,) in strict.execute(f"select x from {table} order by n")]
        assert stored == expected, table
        assert list(map(type, stored)) == list(map(type, expected)), table


def test_what_is_missing_in_rows_is_null(strict):
    frame = pd.DataFrame({"x": pd.array([LARGE, None], "Int64")})
    strict.create("t", frame.itertuples(index=False))
    assert strict.execute("select x, typeof(x) from t").fetchall() == [
        (LARGE, "integer"),
        (None, "null"),
    ]
    assert strict.execute("select ?", [pd.NA]).fetchone() == (None,)


MOMENTS = pd.to_datetime(["2026-11-22", None])


NOT_A_TIME = {
    "rows": lambda: pd.DataFrame({"x": MOMENTS}).itertuples(index=False),
    "records": lambda: pd.DataFrame({"x": MOMENTS}).to_dict("records"),
    "values": lambda: {"x": list(MOMENTS)},
    "index": lambda: {"x": MOMENTS},
    "array": lambda: {"x": MOMENTS.array},
    "frame": lambda: pd.DataFrame({"x": MOMENTS}),
    "objects": lambda: {"x": np.array(["2026-11-22", "NaT"], "M8[s]").astype(object).tolist()},
    "scalars": lambda: {"x": list(np.array(["2026-11-22T00:00:00", "NaT"], "M8[s]"))},
}


@pytest.mark.parametrize("kind", NOT_A_TIME)
def test_not_a_time_is_null(strict, kind):
    strict.create("t", NOT_A_TIME[kind]())
    assert strict.execute("select x, typeof(x) from t").fetchall() == [
        ("2026-11-22 00:00:00", "text"),
        (None, "null"),
    ]
    assert strict.execute("select type from pragma_table_info('t')").fetchone() == ("TIMESTAMP",)


def test_not_a_time_with_a_zone_is_null(strict):
    column = MOMENTS.tz_localize("UTC")
    for values in (column, column.array, list(column)):
        strict.create("t", {"x": values})
        stored = strict.execute("select x from t").fetchall()
        assert stored == [("2026-11-22 00:00:00+00:00",), (None,)]
        strict.execute("drop table t")
    assert strict.execute("select ?, ?", (pd.NaT, pd.NaT)).fetchone() == (None, None)


def test_periods_are_refused(strict):
    frame = pd.DataFrame({"x": pd.period_range("2026-11", "2026-12", freq="M")})
    for data in (frame, {"x": frame.x}, {"x": frame.x.array}):
        with pytest.raises(ColumnError, match="column 'x'"):
            strict.create("t", data)
