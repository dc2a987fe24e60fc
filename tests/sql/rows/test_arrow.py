"""Columns that others take by Arrow's interface, without a copy."""

import datetime
from decimal import Decimal

import duckdb
import nanoarrow
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from onecross.sql import ColumnError, ProgrammingError

DAY = datetime.date(2026, 11, 22)
MOMENT = datetime.datetime(2026, 11, 22, 10, 11, 12, 500_000)
MANY = "with recursive n(i) as (select 0 union all select i + 1 from n where i < 5000)"
EXPECTED = {
    "number": [1, None],
    "share": [2.5, None],
    "name": ["Ä", None],
    "data": [b"\x00\xff", None],
    "sold": [True, None],
    "day": [DAY, None],
    "moment": [MOMENT, None],
    "price": [Decimal("1.10"), None],
    "extra": ['{"k": [1]}', None],
}


@pytest.fixture
def rows(facts):
    return facts.query("select * from facts")


def test_pyarrow_takes_them(rows):
    table = pa.table(rows.arrow())
    assert table.to_pydict() == EXPECTED
    assert [str(it) for it in table.schema.types] == [
        "int64",
        "double",
        "string",
        "binary",
        "bool",
        "date32[day]",
        "timestamp[us]",
        "decimal128(38, 2)",
        "string",
    ]


def test_rows_themselves_are_taken(facts):
    sql = "select number, name from facts"
    assert pa.table(facts.query(sql)).to_pydict() == {"number": [1, None], "name": ["Ä", None]}
    assert pl.DataFrame(facts.query(sql)).rows() == [(1, "Ä"), (None, None)]
    frame = pd.DataFrame.from_arrow(facts.query(sql))
    assert frame["name"].tolist()[0] == "Ä"


def test_polars_takes_them(rows):
    assert pl.DataFrame(rows.arrow()).to_dict(as_series=False) == EXPECTED


def test_duckdb_takes_them(rows):
    facts = rows.arrow()
    found = duckdb.sql("select number, name, day, price from facts order by number").fetchall()
    assert found == [(1, "Ä", DAY, Decimal("1.10")), (None, None, None, None)]
    assert len(facts) == 2


def test_nanoarrow_takes_them(rows):
    stream = nanoarrow.ArrayStream(rows.arrow())
    assert stream.read_all().to_pylist()[0]["name"] == "Ä"


def test_they_are_taken_any_number_of_times_where_they_lie(strict):
    columns = strict.query("select column1 as x from (values (1), (2), (3))").arrow()
    first, second = pa.table(columns), pa.table(columns)
    addresses = [table["x"].chunk(0).buffers()[1].address for table in (first, second)]
    assert addresses[0] == addresses[1]
    assert first["x"].chunk(0).to_numpy().ctypes.data == addresses[0]
    series = pl.DataFrame(columns)["x"]
    assert series.to_numpy().ctypes.data == addresses[0]
    del columns, second
    assert first["x"].to_pylist() == series.to_list() == [1, 2, 3]


def test_the_schema_is_told(rows):
    columns = rows.arrow()
    assert pa.schema(columns) == pa.table(columns).schema


def test_numpy_sees_the_memory_of_a_column(strict):
    found = strict.query("select column1 as x from (values (1), (2))").numpy()["x"]
    assert isinstance(found, np.ndarray)
    assert not found.flags.owndata
    assert found.base is not None
    assert memoryview(found.base).nbytes == 16


def test_times_of_an_offset(strict):
    stored = ["2026-11-22 01:00:00+02:00", "2026-11-22 02:00:00+02:00"]
    strict.execute("create table t (x timestamp)")
    strict.executemany("insert into t values (?)", [(it,) for it in stored])
    table = pa.table(strict.query("select x from t").arrow())
    assert str(table.schema.field("x").type) == "timestamp[us, tz=+02:00]"
    assert [it.isoformat(" ") for it in table["x"].to_pylist()] == stored


def test_several_types_are_a_union_where_they_are_asked_for(strict):
    rows = strict.query(
        "select 1 as x union all select 'a' union all select null", types={"x": "ANY"}
    )
    column = pa.table(rows.arrow())["x"]
    assert column.to_pylist() == [1, "a", None]


def test_decimal_numbers_have_the_scale_of_the_longest(strict):
    strict.execute("create table t (x decimal text)")
    strict.executemany("insert into t values (?)", [("1.5",), ("-0.125",), ("7",)])
    column = pa.table(strict.query("select x from t").arrow())["x"]
    assert column.to_pylist() == [Decimal("1.500"), Decimal("-0.125"), Decimal("7.000")]


def test_more_digits_than_there_is_room_for_are_told(strict):
    strict.execute("create table t (x decimal text)")
    strict.executemany("insert into t values (?)", [("1" * 38,), ("0.1",)])
    with pytest.raises(ColumnError, match="more than 38 digits"):
        strict.query("select x from t").arrow()


def test_rows_are_taken_once(strict):
    rows = strict.query("select 1 as x")
    pa.table(rows)
    with pytest.raises(ProgrammingError, match="read already"):
        pa.table(rows)


def test_duckdb_takes_rows_themselves(strict):
    rows = strict.query("select 1 as a, 'x' as b union all select 2, null")
    assert duckdb.sql("select * from rows order by a").fetchall() == [(1, "x"), (2, None)]
    with pytest.raises(ProgrammingError, match="read already"):
        rows.tuples()
    many = strict.query(f"{MANY} select i, i / 2.0 as half from n")
    assert next(many) == (0, 0.0)
    assert duckdb.sql("select count(*), sum(half) from many").fetchall() == [(5000, 6251250.0)]


def test_who_asks_for_the_schema_takes_no_rows(strict):
    rows = strict.query(f"{MANY} select case when i > 3000 then 'x' end as s from n")
    assert next(rows) == (None,)
    for _ in range(2):
        assert str(pa.schema(rows)) == "s: string"
    assert next(rows) == (None,)
    part = next(rows.batches(500))
    assert pa.schema(rows).names == ["s"]
    assert part.tuples() == [(None,)] * 500
    assert rows.tuples() == [(None,)] * 2499 + [("x",)] * 2000
    with pytest.raises(ProgrammingError, match="read already"):
        pa.schema(rows)


def test_what_has_no_schema_can_be_read_all_the_same(strict):
    rows = strict.query("select 1 as a union all select 'x'")
    for _ in range(2):
        with pytest.raises(ColumnError, match="row 1: 'x'"):
            pa.schema(rows)
    assert rows.tuples() == [(1,), ("x",)]


def test_the_schema_of_a_part_is_that_of_the_first(strict):
    first, second = strict.query("select 1 as a union all select null").batches(1)
    assert pa.schema(first) == pa.schema(second) == pa.table(second).schema
