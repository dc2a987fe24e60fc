"""Arrays of rows own their memory: it may be written to, and outlives all that it came from."""

import gc

import numpy
import pyarrow
import pytest

import onecross.sql

SQL = """
    with recursive n(i) as (select 1 union all select i + 1 from n limit 3000)
    select i as number, i / 4.0 as share, i % 2 as odd, date('2026-11-22', i || ' days') as day,
        datetime('2026-11-22', i || ' hours') as moment, 'text ' || i as name,
        case when i % 3 then i end as gaps
    from n
"""
TYPES = {"odd": "BOOLEAN", "day": "DATE", "moment": "TIMESTAMP"}


@pytest.fixture
def expected():
    with onecross.sql.connect(":memory:") as connection:
        return {
            name: array.copy() for name, array in connection.query(SQL, types=TYPES).numpy().items()
        }


@pytest.mark.parametrize("nulls", ["masked", "nan"])
def test_arrays_are_written_to_and_outlive_everything(expected, nulls):
    connection = onecross.sql.connect(":memory:")
    rows = connection.query(SQL, types=TYPES)
    arrays = rows.numpy(nulls=nulls)
    connection.close()
    del rows, connection
    gc.collect()
    for name, array in arrays.items():
        if name != "gaps":
            numpy.testing.assert_array_equal(array, expected[name])
        data = numpy.ma.getdata(array)
        assert data.flags.writeable
        data[:] = data[::-1].copy()
        data[0] = data[-1]
    names = list(arrays)
    view = arrays.pop("number")[10:20]
    del arrays
    gc.collect()
    assert view.tolist() == list(range(2990, 2980, -1))
    assert names == list(expected)


def test_parts_that_were_cut_share_nothing_that_is_written_to(strict):
    rows = strict.query(SQL, types=TYPES)
    assert next(rows)[0] == 1
    arrays = []
    for part in rows.batches(7):
        array = part.numpy()["number"]
        array *= -1
        arrays.append(array)
    assert numpy.concatenate(arrays).tolist() == list(range(-2, -3001, -1))


def test_columns_of_arrow_outlive_everything(strict, expected):
    stream = strict.query(SQL, types=TYPES).arrow()
    one, other = pyarrow.table(stream), pyarrow.table(stream)
    del stream
    gc.collect()
    strict.close()
    assert one == other
    assert one["number"].to_pylist() == expected["number"].tolist()
    assert one["name"].to_pylist() == expected["name"].tolist()


def test_a_stream_that_nobody_reads_is_let_go(strict):
    capsules = [strict.query(SQL).__arrow_c_stream__() for _ in range(3)]
    schema = strict.query(SQL).arrow().__arrow_c_schema__()
    assert pyarrow.schema(strict.query(SQL).arrow()).names[0] == "number"
    del capsules, schema
    gc.collect()
    assert strict.query("select 1").scalar() == 1
