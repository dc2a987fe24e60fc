"""Laws: whatever stands in a table, each form has it, or tells which value it has no room for."""

import dataclasses
import json
import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from taking import look, nothing, take_one

import onecross.sql
from onecross.sql import ColumnError

INTEGERS = st.integers(-(2**63), 2**63 - 1)
REALS = st.floats(allow_nan=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.one_of(st.none(), INTEGERS, REALS, TEXTS, st.binary(max_size=8))
ONE_KIND = st.sampled_from([INTEGERS, REALS, TEXTS, st.binary(max_size=8), st.none()])
COLUMNS = st.one_of(
    st.lists(VALUES, min_size=1, max_size=30),
    ONE_KIND.flatmap(lambda kind: st.lists(kind | st.none(), min_size=1, max_size=30)),
    st.lists(INTEGERS | REALS | st.none(), min_size=1, max_size=30),
)


# What is done before a form is asked for; each tells how many rows it takes.
STEPS = st.sampled_from([nothing, look, take_one])


@dataclasses.dataclass(slots=True)
class Pair:
    a: object
    b: object


@st.composite
def tables(draw):
    first, second = draw(COLUMNS), draw(COLUMNS)
    size = min(len(first), len(second))
    rows = list(zip(first[:size], second[:size], strict=True))
    # Some have more rows than are read at once.
    more = draw(st.sampled_from([0, 0, 0, 1020]))
    place = draw(st.integers(0, size - 1))
    return rows[:place] + [rows[place]] * more + rows[place:]


def stored(table):
    connection = onecross.sql.connect(":memory:")
    connection.execute("create table t (a, b)")
    connection.executemany("insert into t values (?, ?)", table)
    return lambda **options: connection.query("select a, b from t order by rowid", **options)


def same(one, other):
    return type(one) is type(other) and (one == other or (one != one and other != other))


@given(tables())
def test_rows_are_what_was_stored(table):
    query = stored(table)
    found = query().tuples()
    assert len(found) == len(table)
    for row, expected in zip(found, table, strict=True):
        assert all(map(same, row, expected))
    assert list(query()) == found
    assert [tuple(row.values()) for row in query().dicts()] == found
    assert [(it.a, it.b) for it in query().to(Pair)] == found
    parts = [row for part in query().batches(7) for row in part.tuples()]
    assert parts == found


def expected_column(values):
    """The column that values fit without loss, or else the row of the first that does not."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float} and float in kinds:
        for row, value in enumerate(values):
            if type(value) is int and int(float(value)) != value:
                return None, row
        return [None if value is None else float(value) for value in values], None
    if len(kinds) <= 1:
        return values, None
    seen = None
    for row, value in enumerate(values):
        kind = "number" if isinstance(value, int | float) else type(value)
        if value is None or kind == seen:
            continue
        if seen is not None:
            return None, row
        seen = kind
    raise AssertionError(values)


def columns_of(table):
    return [list(column) for column in zip(*table, strict=True)] or [[], []]


@given(tables(), STEPS)
def test_columns_are_exact_or_an_error_that_names_the_value(table, step):
    query = stored(table)
    for form in (
        lambda rows: pa.table(rows.arrow()).to_pydict(),
        lambda rows: listed(rows.numpy()),
    ):
        rows = query()
        taken = step(rows)
        columns = [expected_column(column) for column in columns_of(table[taken:])]
        failures = [
            (name, row + taken)
            for name, (_, row) in zip("ab", columns, strict=True)
            if row is not None
        ]
        if failures:
            with pytest.raises(ColumnError) as caught:
                form(rows)
            assert (caught.value.column, caught.value.row) in failures
            continue
        found = form(rows)
        for name, (expected, _) in zip("ab", columns, strict=True):
            assert all(map(same, found[name], expected)), name


def listed(arrays):
    return {name: array.tolist() for name, array in arrays.items()}


@given(tables())
def test_json_is_exact_or_an_error_that_names_the_value(table):
    query = stored(table)
    unwritable = [
        (name, row)
        for row, values in enumerate(table)
        for name, value in zip("ab", values, strict=True)
        if isinstance(value, bytes) or (isinstance(value, float) and math.isinf(value))
    ]
    if unwritable:
        with pytest.raises(ColumnError) as caught:
            query().json()
        assert (caught.value.column, caught.value.row) == unwritable[0]
        return
    body = query().json()
    found = [(row["a"], row["b"]) for row in json.loads(body)]
    for row, expected in zip(found, table, strict=True):
        assert all(map(same, row, expected))
    assert [json.loads(line) for line in query().json_lines().splitlines()] == json.loads(body)


@given(tables(), STEPS, st.sampled_from(["masked", "nan"]))
def test_any_column_is_what_it_holds(table, step, nulls):
    query = stored(table)
    for form in (
        lambda rows: pa.table(rows.arrow()).to_pydict(),
        lambda rows: listed(rows.numpy(nulls=nulls)),
    ):
        rows = query(types={"a": "ANY", "b": "ANY"})
        taken = step(rows)
        found = form(rows)
        for name, column in zip("ab", columns_of(table[taken:]), strict=True):
            assert len(found[name]) == len(column)
            assert all(map(same, found[name], column))


@given(tables(), STEPS)
def test_numbers_with_gaps_are_exact_floats(table, step):
    query = stored(table)
    for place, name in enumerate("ab"):
        rows = query()
        taken = step(rows)
        column = columns_of(table[taken:])[place]
        of = {type(value) for value in column}
        if not of <= {int, float, type(None)} or of <= {int} or of == {type(None)}:
            continue
        inexact = [row for row, it in enumerate(column) if type(it) is int and int(float(it)) != it]
        if inexact:
            with pytest.raises(ColumnError) as caught:
                rows.column(name, nulls="nan")
            assert (caught.value.column, caught.value.row) == (name, inexact[0] + taken)
            continue
        found = rows.column(name, nulls="nan")
        assert found.dtype == "float64"
        expected = [math.nan if value is None else float(value) for value in column]
        assert all(map(same, found.tolist(), expected))
