"""Types of columns: declared, asked for, or found without losing anything."""

import datetime
from decimal import Decimal

import numpy as np
import pytest

from onecross.sql import ColumnError, ProgrammingError

UTC = datetime.timezone.utc  # noqa: UP017 - the class is what is tested


def column(connection, values, **options):
    """The values in one column `x` that was declared without a type."""
    connection.execute("drop table if exists t")
    connection.execute("create table t (x)")
    connection.executemany("insert into t values (?)", [(value,) for value in values])
    return connection.query("select x from t order by rowid", **options)


def array(connection, values, **options):
    return column(connection, values, **options).numpy()["x"]


# What ADBC 1.13, connectorx and polars take for errors or, worse, for something else.
def test_text_after_a_thousand_nulls(strict):
    values = [None] * 1024 + ["text"]
    found = array(strict, values)
    assert found.dtype == object
    assert found.tolist() == values


def test_a_float_after_a_thousand_integers(strict):
    values = [*range(1024), 2.5]
    found = array(strict, values)
    assert found.dtype == np.float64
    assert found.tolist() == values


def test_an_empty_table_has_the_types_that_are_declared(strict):
    strict.execute("create table t (a text, b integer, c real, d date, e decimal, f)")
    kinds = [it.dtype.kind for it in strict.query("select * from t").numpy().values()]
    assert kinds == ["O", "i", "f", "M", "O", "O"]


def test_text_in_a_column_of_integers(strict):
    strict.execute("create table t (x integer)")
    strict.executemany("insert into t values (?)", [(1,), ("abc",)])
    with pytest.raises(ColumnError, match="column 'x', row 1: 'abc' stands in a column of INTEGER"):
        strict.query("select x from t").numpy()
    assert strict.query("select x from t").tuples() == [(1,), ("abc",)]


def test_an_integer_beside_floats_that_no_float_is_equal_to(strict):
    values = [2.5, 2**53 + 1]
    with pytest.raises(ColumnError) as caught:
        array(strict, values)
    error = caught.value
    assert (error.column, error.row, error.value) == ("x", 1, "9007199254740993")
    assert "types={'x': 'REAL'} takes the nearest float" in str(error)
    assert isinstance(error, ValueError)
    assert array(strict, values, types={"x": "REAL"}).tolist() == [2.5, 2.0**53]
    assert array(strict, values, types={"x": "ANY"}).tolist() == values


@pytest.mark.parametrize("exact", [2**53, -(2**53), 2**62, -(2**63), 0])
def test_an_integer_beside_floats_that_a_float_is_equal_to(strict, exact):
    assert array(strict, [exact, 2.5]).tolist() == [float(exact), 2.5]


@pytest.mark.parametrize("inexact", [2**63 - 1, 2**53 + 1, -(2**53) - 1])
def test_the_greatest_integers_are_no_floats(strict, inexact):
    with pytest.raises(ColumnError, match=str(inexact)):
        array(strict, [inexact, 2.5])


def test_integers_and_floats_stay_what_they_are_in_rows(strict):
    found = [value for (value,) in column(strict, [1, 2.0, 3]).tuples()]
    assert [type(value) for value in found] == [int, float, int]
    assert column(strict, [1, 2.0]).json() == b'[{"x":1},{"x":2.0}]'


def test_mixed_columns_are_told_or_kept(strict):
    values = [None, 1, "a", 2.5, b"b"]
    assert [value for (value,) in column(strict, values)] == values
    with pytest.raises(ColumnError, match="row 2: 'a'"):
        column(strict, values).arrow()
    assert array(strict, values, types={"x": object}).tolist() == values
    assert array(strict, values[:4], types={"x": str}).tolist() == [None, "1", "a", "2.5"]
    with pytest.raises(ColumnError, match="row 4: a BLOB of 1 bytes is no TEXT"):
        array(strict, values, types={"x": "text"})


ASKED = [
    ("INTEGER", [1, 2.0, None], [1, 2, None]),
    (int, [-(2.0**63)], [-(2**63)]),
    ("REAL", [1, 2.5], [1.0, 2.5]),
    (float, [2**53 + 1], [2.0**53]),
    ("TEXT", [1, 2.5, "a"], ["1", "2.5", "a"]),
    ("BLOB", ["ä", b"b"], ["ä".encode(), b"b"]),
    (bool, [1, 0, None], [True, False, None]),
    ("DATE", ["0001-01-01", "9999-12-31"], [datetime.date.min, datetime.date.max]),
    (datetime.date, ["2024-02-29"], [datetime.date(2024, 2, 29)]),
    (
        "DATETIME",
        ["2026-11-22", "2026-11-22T01:02", "2026-11-22 01:02:03.000004"],
        [
            datetime.datetime(2026, 11, 22),
            datetime.datetime(2026, 11, 22, 1, 2),
            datetime.datetime(2026, 11, 22, 1, 2, 3, 4),
        ],
    ),
    (
        datetime.datetime,
        ["2026-11-22 01:02:03Z", "2026-11-22 03:02:03+00:00"],
        [
            datetime.datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC),
            datetime.datetime(2026, 11, 22, 3, 2, 3, tzinfo=UTC),
        ],
    ),
    ("DECIMAL", ["1.10", 7, 2.5, "1E+3"], [Decimal("1.10"), 7, Decimal("2.5"), 1000]),
    (Decimal, ["-Infinity"], [Decimal("-Infinity")]),
    ("JSON", ['[1, {"a": null}]', 7, None], [[1, {"a": None}], 7, None]),
]


@pytest.mark.parametrize(("of", "stored", "expected"), ASKED, ids=str)
def test_types_that_are_asked_for(strict, of, stored, expected):
    found = [value for (value,) in column(strict, stored, types={"x": of}).tuples()]
    assert found == expected
    assert type(found[0]) is (Decimal if of == "DECIMAL" else type(expected[0]))


REFUSED = [
    ("INTEGER", 2.5),
    ("INTEGER", 2.0**63),
    ("INTEGER", "1"),
    ("REAL", "1.0"),
    ("TEXT", b"a"),
    ("BLOB", 1),
    ("BOOLEAN", 2),
    ("BOOLEAN", "true"),
    ("DATE", "2023-02-29"),
    ("DATE", 20231),
    ("DATETIME", 1763836200),
    ("DATETIME", "2026-11-22 01:02:03.0000001"),
    ("DECIMAL", "1,5"),
    ("DECIMAL", b"1"),
    ("JSON", b"1"),
]


@pytest.mark.parametrize(("of", "value"), REFUSED, ids=str)
def test_values_that_are_not_of_the_type(strict, of, value):
    for form in ("tuples", "numpy", "arrow", "json"):
        rows = column(strict, [None, value], types={"x": of})
        with pytest.raises(ColumnError) as caught:
            getattr(rows, form)()
        assert (caught.value.column, caught.value.row) == ("x", 1)


def test_what_is_declared_counts_until_another_type_is_asked_for(strict):
    strict.execute("create table t (day date)")
    strict.execute("insert into t values ('soon')")
    with pytest.raises(ColumnError, match=r"'soon' is no DATE; types={'day': 'ANY'} leaves"):
        strict.query("select day from t").tuples()
    assert strict.query("select day from t", types={"day": "ANY"}).tuples() == [("soon",)]
    assert strict.query("select day as d from t", types={"d": "text"}).tuples() == [("soon",)]


def test_invalid_json_is_told(strict):
    for form in ("json", "tuples", "dicts"):
        with pytest.raises(ColumnError, match="is no JSON"):
            getattr(column(strict, ["{"], types={"x": "JSON"}), form)()
    assert column(strict, ["{"]).json() == b'[{"x":"{"}]'


def test_bytes_and_infinity_have_no_form_in_json(strict):
    with pytest.raises(ColumnError, match=r"row 0: a BLOB of 2 bytes.*blobs='base64'"):
        column(strict, [b"ab"]).json()
    with pytest.raises(ColumnError, match="row 1: inf is no number of JSON"):
        column(strict, [1.0, float("inf")]).json_lines()


def test_text_that_is_not_utf8_is_told(strict):
    sql = "select 'a' as x union all select cast(x'ff' as text)"
    for form in ("tuples", "arrow", "json"):
        with pytest.raises(ColumnError, match=r"row 1: .* is not UTF-8"):
            getattr(strict.query(sql), form)()
    assert strict.query(sql, types={"x": "BLOB"}).tuples() == [(b"a",), (b"\xff",)]


def test_rows_are_counted_over_all_that_was_read(strict):
    values = [1] * 3000 + ["a"]
    with pytest.raises(ColumnError) as caught:
        column(strict, values, types={"x": int}).tuples()
    assert caught.value.row == 3000


def test_offsets_that_differ_are_told(strict):
    values = ["2026-11-22 01:00+01:00", "2026-11-22 01:00+02:00"]
    for form in ("numpy", "arrow"):
        with pytest.raises(ColumnError, match=r"row 1: .* another offset"):
            getattr(column(strict, values, types={"x": "TIMESTAMP"}), form)()


def test_times_of_an_offset_keep_it(strict):
    rows = column(strict, ["2026-11-22 01:00:00+05:30"], types={"x": "TIMESTAMP"})
    (found,) = rows.tuples()[0]
    assert found.isoformat(" ") == "2026-11-22 01:00:00+05:30"


@pytest.mark.parametrize("types", [{"y": "TEXT"}, {"x": "TEXT", "y": "TEXT"}])
def test_a_column_that_is_not_there_is_told(strict, types):
    with pytest.raises(ProgrammingError, match="types names a column 'y', and there are only x"):
        strict.query("select 1 as x", types=types).tuples()


@pytest.mark.parametrize(
    ("types", "error"),
    [
        ({"x": "THING"}, ValueError),
        ({"x": list}, ValueError),
        ({1: "TEXT"}, TypeError),
        (7, TypeError),
    ],
)
def test_types_that_there_are_not(strict, types, error):
    with pytest.raises(error, match="types"):
        strict.query("select 1 as x", types=types)


def test_parts_have_the_types_of_the_first(strict):
    first, second = column(strict, [1, 2, 2.5, 3.5]).batches(2)
    assert first.numpy()["x"].tolist() == [1, 2]
    with pytest.raises(ColumnError, match=r"row 2: 2\.5 stands in a column of INTEGER"):
        second.numpy()
    first, second = column(strict, [1.5, None, 2, 3]).batches(2)
    assert second.numpy()["x"].dtype == np.float64


def test_parts_of_nulls_have_the_type_that_is_declared(strict):
    strict.execute("create table t (x real, y)")
    strict.executemany("insert into t values (?, ?)", [(None, None), (2, 2)])
    first, second = strict.query("select x from t").batches(1)
    assert first.numpy()["x"].dtype == second.numpy()["x"].dtype == np.float64
    _, second = strict.query("select y from t").batches(1)
    with pytest.raises(ColumnError, match="row 1: 2 stands behind rows of NULL"):
        second.arrow()


def test_nulls_are_masked_or_not_a_number(strict):
    masked = array(strict, [1, None])
    assert masked.mask.tolist() == [False, True]
    assert masked.dtype == np.int64
    rows = column(strict, [1, None])
    found = rows.numpy(nulls="nan")["x"]
    assert found[0] == 1
    assert np.isnan(found[1])
    assert array(strict, ["2026-11-22", None], types={"x": "DATE"}).mask.tolist() == [False, True]
    days = column(strict, ["2026-11-22", None], types={"x": "DATE"}).numpy(nulls="nan")["x"]
    assert days.tolist() == [datetime.date(2026, 11, 22), None]
    with pytest.raises(ValueError, match="nulls must be 'masked' or 'nan'"):
        column(strict, [1]).numpy(nulls="none")


def test_an_integer_that_is_no_float_is_told_where_nulls_are_not_numbers(strict):
    with pytest.raises(ColumnError, match="9007199254740993"):
        column(strict, [None, 2**53 + 1]).numpy(nulls="nan")


def test_arrays_may_be_written_to(strict):
    found = array(strict, [1, 2, 3])
    found[0] = 7
    assert found.tolist() == [7, 2, 3]


def test_objects_have_room_for_any_decimal_number(strict):
    digits = ["NaN", "1.5", "1" * 40, "-Infinity", None]
    found = array(strict, digits, types={"x": "DECIMAL"})
    assert [value and str(value) for value in found.tolist()] == digits
    parts = column(strict, ["1.5", "1.25"], types={"x": "DECIMAL"}).batches(1)
    assert [part.numpy()["x"].tolist() for part in parts] == [[Decimal("1.5")], [Decimal("1.25")]]


def test_a_column_of_one_type_beside_others(strict):
    sql = "select column1 as a, column2 as b from (values (1, 'x'), (2, 3), (4, 5))"
    assert strict.query(sql).column("a").tolist() == [1, 2, 4]
    with pytest.raises(ColumnError, match="column 'b', row 1"):
        strict.query(sql).column("b")
    parts = list(strict.query(sql).batches(2))
    assert [part.column("a").tolist() for part in parts] == [[1, 2], [4]]


def test_a_column_is_known_by_a_name_that_no_other_has(strict):
    sql = "select 1 as b, 2 as b, 3 as a, 4 as a, 5 as c"
    assert strict.query(sql).column("c").tolist() == [5]
    with pytest.raises(ProgrammingError, match="two columns are named 'a'"):
        strict.query(sql).column("a")


def test_times_are_told_as_texts(strict):
    values = ["2026-07-01 00:00:00+02:00"]
    rows = column(strict, values, types={"x": "TIMESTAMP"})
    part = next(rows.batches(1))
    assert part.tuples()[0][0].isoformat(" ") == values[0]
    strict.execute("create table moments (x timestamp)")
    strict.executemany(
        "insert into moments values (?)", [("2026-01-01 00:00:00.5+01:00",), (values[0],)]
    )
    rows = strict.query("select x from moments order by rowid")
    look = rows._repr_html_()
    assert "2026-07-01 00:00:00+02:00" in look
    with pytest.raises(ColumnError, match=r"row 1: '2026-07-01 00:00:00\+02:00' has another"):
        rows.arrow()


OTHERS = [
    (["a", 1], ["TEXT", "ANY"]),
    ([1, "a", 2.5], ["TEXT", "ANY"]),
    (["a", b"b"], ["BLOB", "ANY"]),
    ([b"b", "a"], ["BLOB", "ANY"]),
    ([1, b"b"], ["ANY"]),
    ([b"b", 2.5], ["ANY"]),
]


@pytest.mark.parametrize(("values", "asked"), OTHERS, ids=str)
def test_what_an_error_proposes_is_a_remedy(strict, values, asked):
    with pytest.raises(ColumnError) as caught:
        array(strict, values)
    for of in ("TEXT", "BLOB", "ANY"):
        assert (f"'{of}'" in str(caught.value)) is (of in asked)
    for of in asked:
        assert len(array(strict, values, types={"x": of})) == len(values)


@pytest.mark.parametrize(
    "name", ["POINT", "INTERVAL", "hint", "Texture", "bool!!", "INT", " TEXT", "VARCHAR(20)", ""]
)
def test_only_names_of_types_are_asked_for(strict, name):
    with pytest.raises(ValueError, match="must be one of INTEGER, REAL, TEXT"):
        strict.query("select 1 as a", types={"a": name})
