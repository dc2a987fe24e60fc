"""Laws: what rows say depends neither on where a batch ends nor on what was looked at before."""

import contextlib
import itertools

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from taking import GREAT, look, nothing, until_error

import onecross.sql
from onecross.sql import ColumnError

LOOKS = [nothing, look]
NUMBERS = st.sampled_from([None, 0, 1, -1, GREAT, 2**63 - 1, 2.5, 0.0, -(2**53)])
MOMENTS = st.sampled_from(
    [None, *(f"2026-07-01 00:00:00{zone}" for zone in ("", "Z", "+01:00", "+02:00"))]
)
DIGITS = st.sampled_from([None, "1.5", "1.25", "-7", "9" * 38, "9" * 40, "NaN"])
TEXTS = st.sampled_from([None, "a", "ä", b"\xff", b"b", 1])
KINDS = [
    (NUMBERS, [None, "ANY", "REAL", "INTEGER", "TEXT"]),
    (MOMENTS, [None, "TIMESTAMP", "DATE"]),
    (DIGITS, ["DECIMAL", "TEXT"]),
    (TEXTS, [None, "ANY", "TEXT", "BLOB"]),
]


@st.composite
def tables(draw):
    """Rows of two columns, many of which may be alike, and what is asked of the columns."""
    columns, types = [], {}
    size = draw(st.integers(1, 12))
    before = draw(st.sampled_from([0, 0, 1015, 2040]))
    place = draw(st.integers(0, size - 1))
    for name in "ab":
        values, asked = draw(st.sampled_from(KINDS))
        column = draw(st.lists(values, min_size=size, max_size=size))
        columns.append(column[:place] + [column[place]] * before + column[place:])
        of = draw(st.sampled_from(asked))
        if of is not None:
            types[name] = of
    return list(zip(*columns, strict=True)), types


def stored(table, types):
    connection = onecross.sql.connect(":memory:")
    connection.execute("create table t (a, b)")
    connection.executemany("insert into t values (?, ?)", table)
    # What is no UTF-8 becomes a text all the same.
    text = "case typeof({0}) when 'blob' then cast({0} as text) else {0} end as {0}"
    columns = f"{text.format('a')}, {text.format('b')}"

    def query(first=0):
        sql = f"select {columns} from t order by rowid limit -1 offset {first}"
        return connection.query(sql, types=types)

    return query


def outcome(form, rows, first=0):
    """What a form is, or which value there is no room for."""
    try:
        return form(rows)
    except ColumnError as error:
        return error.column, error.row + first, error.value


def shown(array):
    is_masked = isinstance(array, np.ma.MaskedArray)
    return array.dtype.str, is_masked, [repr(value) for value in array.tolist()]


def arrow(rows):
    table = pa.table(rows.arrow())
    try:
        return str(table.schema), table.to_pydict()
    except pa.ArrowInvalid as error:  # A union with a null is none of what it lists.
        return str(table.schema), str(error)


FORMS = [
    lambda rows: rows.tuples(),
    lambda rows: rows.json(),
    lambda rows: {name: shown(it) for name, it in rows.numpy().items()},
    lambda rows: {name: shown(it) for name, it in rows.numpy(nulls="nan").items()},
    lambda rows: shown(rows.column("a", nulls="nan")),
    arrow,
]


def repeated(value):
    """The same, where nothing is unequal to itself."""
    return repr(value)


@settings(deadline=None)
@given(tables(), st.sampled_from(FORMS))
def test_what_was_looked_at_changes_no_form(table, form):
    query = stored(*table)
    looked = query()
    with contextlib.suppress(ColumnError):
        look(looked)
    assert repeated(outcome(form, looked)) == repeated(outcome(form, query()))


@settings(deadline=None)
@given(tables(), st.sampled_from(FORMS))
def test_rows_behind_the_first_are_as_if_there_were_no_others(table, form):
    query = stored(*table)
    rows = query()
    try:
        next(rows)
    except ColumnError:
        return
    assert repeated(outcome(form, rows)) == repeated(outcome(form, query(1), 1))


@settings(deadline=None)
@given(tables(), st.sampled_from([7, 1024, 3000]), st.sampled_from(LOOKS))
def test_an_error_stands_behind_the_same_rows_however_they_are_read(table, size, before):
    query = stored(*table)
    rows, error = until_error(query())
    if error is not None:
        assert len(rows) == error[1]
    parts = query()
    with contextlib.suppress(ColumnError):
        before(parts)
    parts = (part.tuples() for part in parts.batches(size))
    found = until_error(itertools.chain.from_iterable(parts))
    assert repeated(found) == repeated((rows, error))


@settings(deadline=None)
@given(tables(), st.sampled_from([8, 1024]), st.sampled_from(FORMS))
def test_parts_are_the_same_after_a_look(table, size, form):
    query = stored(*table)
    looked = query()
    with contextlib.suppress(ColumnError):
        look(looked)

    def parts(rows):
        found = []
        try:
            found.extend(outcome(form, part) for part in rows.batches(size))
        except ColumnError as error:
            found.append((error.column, error.row, error.value))
        return found

    assert repeated(parts(looked)) == repeated(parts(query()))
