"""A mistake in the arguments takes no rows, whatever was done before."""

import dataclasses

import pytest
from taking import look, nothing, take_one

import onecross.sql

SQL = "select column1 as a, column2 as b from (values (1, 'x'), (2, 'y'), (3, 'z'))"


@dataclasses.dataclass
class Other:
    c: int


MISTAKES = {
    "a class": (onecross.errors.ShapeError, lambda rows: rows.to(Other)),
    "a name": (onecross.errors.ShapeError, lambda rows: rows.to(dict, rename={"c": "d"})),
    "names": (TypeError, lambda rows: rows.to(Other, rename=5)),
    "nulls": (ValueError, lambda rows: rows.numpy(nulls="maked")),
    "nulls of a column": (ValueError, lambda rows: rows.column("a", nulls="maked")),
    "a column": (KeyError, lambda rows: rows.column("c")),
    "blobs": (ValueError, lambda rows: rows.json(blobs="hex")),
    "blobs in lines": (ValueError, lambda rows: rows.json_lines(blobs="hex")),
    "a size": (ValueError, lambda rows: rows.batches(0)),
    "a scalar": (onecross.sql.ProgrammingError, lambda rows: rows.scalar()),
}


def take_a_part(rows):
    next(rows.batches(2))
    return 2


@pytest.mark.parametrize("before", [nothing, look, take_one, take_a_part])
@pytest.mark.parametrize(("error", "mistake"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_takes_no_rows(strict, before, error, mistake):
    rows = strict.query(SQL)
    taken = before(rows)
    for _ in range(2):
        with pytest.raises(error):
            mistake(rows)
    assert rows.tuples() == [(1, "x"), (2, "y"), (3, "z")][taken:]


def test_what_fails_is_not_taken_by_a_look(strict):
    rows = strict.query("select 'x' as a", types={"a": "DATE"})
    with pytest.raises(onecross.sql.ColumnError):
        rows._repr_html_()
    with pytest.raises(onecross.sql.ColumnError):
        rows.tuples()
    with pytest.raises(onecross.sql.ProgrammingError, match="read already"):
        rows.tuples()


def test_rows_behind_which_an_error_was_raised_were_read(strict):
    rows = strict.query("select 'x' as a union all select 1", types={"a": "BLOB"})
    assert next(rows) == (b"x",)
    with pytest.raises(onecross.sql.ColumnError):
        next(rows)
    assert next(rows, None) is None
    with pytest.raises(onecross.sql.ProgrammingError, match="read already"):
        rows.tuples()
