"""Columns in memory are read by SQL as tables, beside those that are stored."""

import gc
import weakref

import numpy as np
import pyarrow as pa
import pytest
from column_sources import ROWS, SOURCES
from hypothesis import given
from hypothesis import strategies as st

import onecross.sql
from onecross.sql.errors import ColumnError, OperationalError, ProgrammingError


@pytest.mark.parametrize("source", SOURCES)
def test_every_shape_is_read(strict, source):
    names = ["id", "block", "price", "name"]
    strict.register("held", SOURCES[source](), columns=names)
    assert strict.execute("select * from held").fetchall() == ROWS
    strict.register("held", SOURCES[source](), columns=names)
    assert strict.execute("select count(*) from held where rowid > 1").fetchone() == (4,)


def test_it_is_joined_with_what_is_stored(strict):
    strict.create("seat", {"id": range(1_000), "price": np.arange(1_000) / 2}, primary_key="id")
    strict.register("wanted", {"seat": np.array([5, 7, 5_000, 7]), "who": ["a", "b", "c", "d"]})
    text = "select who, price from wanted left join seat on seat.id = wanted.seat order by 1"
    assert strict.execute(text).fetchall() == [("a", 2.5), ("b", 3.5), ("c", None), ("d", 3.5)]
    strict.execute("delete from seat where id in (select seat from wanted)")
    assert strict.execute("select count(*) from seat").fetchone() == (998,)


keys = st.one_of(
    st.none(),
    st.integers(-3, 6),
    st.sampled_from([0.0, 2.0, 2.5, "2", "2.0", " 2", "x", b"2", 2**53 + 1, float(2**53)]),
)


types = st.sampled_from(["", "integer", "text"])


@given(st.lists(keys, max_size=30), st.lists(keys, max_size=30), types)
def test_joins_are_those_of_stored_tables(held, stored, declared):
    connection = onecross.sql.connect(":memory:")
    connection.execute(f"create table s (k {declared})")
    connection.insert("s", {"k": stored})
    connection.create("h", {"k": held})
    connection.register("r", {"k": held})
    text = "select s.rowid, x.rowid from s join {} x on x.k = s.k order by 1, 2"
    expected = connection.execute(text.format("h")).fetchall()
    assert connection.execute(text.format("r")).fetchall() == expected
    assert connection.execute(text.format("r")).fetchall() == expected
    connection.close()


def test_it_is_replaced_and_forgotten(strict):
    text = "select sum(x) from held"
    strict.register("held", {"x": [1, 2]})
    assert strict.execute(text).fetchone() == (3,)
    running = strict.execute("select x from held")
    strict.register("held", {"x": [5]})
    assert strict.execute(text).fetchone() == (5,)
    assert running.fetchall() == [(1,), (2,)]
    strict.unregister("held")
    with pytest.raises(OperationalError, match="no such table"):
        strict.execute(text)
    with pytest.raises(ProgrammingError, match="nothing is registered"):
        strict.unregister("held")


def test_names_that_are_taken_are_refused(strict):
    strict.execute("create table t (x)")
    for name, what in (("t", "a table"), ("T", "a table"), ("json_each", "a table or a view")):
        with pytest.raises(OperationalError, match=f"there is {what} of the name {name} already"):
            strict.register(name, {"x": [1]})


def test_what_is_registered_stays_where_another_is_refused(strict):
    strict.register("held", {"x": [1, 2]})
    running = strict.execute("select x from held")
    many = {f"c{number}": [1] for number in range(3_000)}
    for wrong, error in ((many, OperationalError), ({"x": [object()]}, ColumnError)):
        with pytest.raises(error):
            strict.register("held", wrong)
        assert strict.execute("select sum(x) from held").fetchone() == (3,)
    assert running.fetchall() == [(1,), (2,)]
    strict.register("held", {"y": [5]})
    assert strict.execute("select * from held").fetchall() == [(5,)]
    strict.unregister("held")
    with pytest.raises(OperationalError, match="no such table"):
        strict.execute("select * from held")


def test_it_is_of_no_transaction_and_in_no_copy(strict):
    strict.execute("create table t (x)")
    strict.register("held", {"x": [1]})
    strict.rollback()
    assert strict.execute("select * from held").fetchall() == [(1,)]
    other = onecross.sql.connect(":memory:")
    strict.backup(other)
    with pytest.raises(OperationalError, match="no such table"):
        other.execute("select * from held")
    other.close()


def test_numpy_is_read_as_it_was(strict):
    array = np.arange(3)
    strict.register("held", {"x": array})
    array[:] = 9
    assert strict.execute("select * from held").fetchall() == [(0,), (1,), (2,)]


def test_arrow_data_are_not_copied_and_are_let_go(strict):
    class Owner(bytearray):
        pass

    owner = Owner(np.arange(1_000_000).tobytes())
    gone = weakref.ref(owner)
    before = pa.total_allocated_bytes()
    array = pa.Array.from_buffers(pa.int64(), 1_000_000, [None, pa.py_buffer(owner)])
    strict.register("held", {"x": array})
    assert pa.total_allocated_bytes() - before < 100_000
    del array, owner
    gc.collect()
    assert strict.execute("select sum(x) from held").fetchone() == (499_999_500_000,)
    assert gone() is not None
    strict.unregister("held")
    gc.collect()
    assert gone() is None


def test_it_goes_with_its_connection():
    connection = onecross.sql.connect(":memory:")

    class Owner(bytearray):
        pass

    owner = Owner(8 * 100)
    gone = weakref.ref(owner)
    array = pa.Array.from_buffers(pa.int64(), 100, [None, pa.py_buffer(owner)])
    connection.register("h", {"x": array})
    del array
    del owner
    connection.close()
    gc.collect()
    assert gone() is None
