"""Rows of more than one batch are as those of one."""

import pyarrow as pa
import pytest
from taking import GREAT, look, nothing, until_error

from onecross.sql import ColumnError

# More than are read before they are asked for.
MANY = "with recursive n(i) as (select 0 union all select i + 1 from n where i < 2000) "
LOOKS = [nothing, look]


@pytest.mark.parametrize("before", LOOKS)
def test_an_integer_is_no_float_where_the_gap_is_elsewhere(strict, before):
    rows = strict.query(
        MANY + f"select case i when 0 then {GREAT} when 1500 then null else i end as s from n"
    )
    before(rows)
    with pytest.raises(ColumnError, match=f"row 0: {GREAT} stands among floats"):
        rows.numpy(nulls="nan")


@pytest.mark.parametrize("before", LOOKS)
@pytest.mark.parametrize("behind", ["i", "i + 0.5", "null", "'x'"])
def test_any_values_are_objects(strict, before, behind):
    rows = strict.query(
        MANY + f"select case when i = 0 then {GREAT} when i < 1024 then i else {behind} end as s "
        "from n",
        types={"s": "ANY"},
    )
    before(rows)
    found = rows.numpy(nulls="nan")["s"]
    assert found.dtype == object
    assert found[0] == GREAT
    assert type(found[1]) is int


def test_a_text_that_is_not_utf8_stands_behind_the_rows_before_it(strict):
    sql = MANY + "select case when i = 500 then cast(x'ff' as text) else 'r' || i end as s from n"
    rows, error = until_error(strict.query(sql))
    assert rows == [(f"r{number}",) for number in range(500)]
    assert error[:2] == ("s", 500)
    sizes = []
    with pytest.raises(ColumnError):
        sizes.extend(len(part.tuples()) for part in strict.query(sql).batches(100))
    assert sizes == [100] * 5


def test_the_first_text_that_is_not_utf8_is_told_whatever_its_column(strict):
    sql = (
        "select column1 as a, column2 as b from "
        "(values ('x', 'y'), (1, cast(x'ff' as text)), (cast(x'ff' as text), 'z'))"
    )
    rows, error = until_error(strict.query(sql))
    assert rows == [("x", "y")]
    assert error[:2] == ("b", 1)


def test_a_text_that_is_not_utf8_ends_the_statement(strict):
    cursor = strict.execute(
        MANY + "select case i when 5 then cast(x'ff' as text) else i end as s from n"
    )
    assert len(until_error(cursor.rows())[0]) == 5
    assert cursor.fetchall() == []


@pytest.mark.parametrize("count", [1, 1023, 1024, 1500])
def test_offsets_may_differ_in_rows(strict, count):
    strict.execute("create table t (x timestamp)")
    values = ["2026-01-01 00:00:00+01:00"] * count + [None, "2026-07-01 00:00:00+02:00"]
    strict.executemany("insert into t values (?)", [(value,) for value in values])

    def query():
        return strict.query("select x from t order by rowid")

    found = [value and value.isoformat(" ") for (value,) in query().tuples()]
    assert found == values
    assert [value and value.isoformat(" ") for (value,) in query()] == values
    assert query().json().count(b"+01:00") == count
    for form in ("numpy", "arrow"):
        with pytest.raises(ColumnError) as caught:
            getattr(query(), form)()
        assert (caught.value.row, caught.value.value) == (count + 1, f"'{values[-1]}'")
    rows = query()
    for _ in range(count):
        next(rows)
    assert str(pa.table(rows)["x"].type) == "timestamp[us, tz=+02:00]"
