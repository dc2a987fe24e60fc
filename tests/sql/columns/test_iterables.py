"""No row of any iterable is lost, whatever it tells of its length and however often it iterates."""

import collections
import io
import itertools

import pytest
from tqdm import tqdm

import onecross.sql

# None; one; as many as are looked at before a table is made, and more; as many as a chunk has.
COUNTS = [0, 1, 2, 999, 1_000, 1_001, 1_024, 1_025, 2_500]


class Once:
    """Tells its length, and begins where it stopped."""

    def __init__(self, rows):
        self.length = len(rows)
        self.iterator = iter(rows)

    def __len__(self):
        return self.length

    def __iter__(self):
        return (row for row in self.iterator)


class Queue:
    """Has no longer what it gave."""

    def __init__(self, rows):
        self.rows = collections.deque(rows)

    def __len__(self):
        return len(self.rows)

    def __iter__(self):
        while self.rows:
            yield self.rows.popleft()


class Iterator:
    """Is its own iterator, and tells how much is left."""

    def __init__(self, rows):
        self.rows = list(reversed(rows))

    def __len__(self):
        return len(self.rows)

    def __iter__(self):
        return self

    def __next__(self):
        if not self.rows:
            raise StopIteration
        return self.rows.pop()


class Drained(list):
    def __iter__(self):
        while self:
            yield self.pop(0)


def bar(rows, disable=False):
    return tqdm((row for row in rows), total=len(rows), file=io.StringIO(), disable=disable)


ITERABLES = {
    "list": list,
    "tuple": tuple,
    "deque": collections.deque,
    "generator": lambda rows: (row for row in rows),
    "keys": lambda rows: dict.fromkeys(rows).keys(),
    "values": lambda rows: dict(enumerate(rows)).values(),
    "map": lambda rows: map(tuple, rows),
    "chain": lambda rows: itertools.chain(rows[:1], rows[1:]),
    "begins where it stopped": Once,
    "a queue": Queue,
    "its own iterator": Iterator,
    "a list that is drained": Drained,
    "a bar": bar,
    "a bar that is not shown": lambda rows: bar(rows, disable=True),
}


READ_BEFORE = {
    "themselves": lambda rows: rows,
    "tuples": lambda rows: rows.tuples(),
    "a generator of tuples": lambda rows: (row for row in rows.tuples()),
    "dicts": lambda rows: rows.dicts(),
    "arrow": lambda rows: rows.arrow(),
}


@pytest.mark.parametrize("form", READ_BEFORE)
def test_rows_that_are_read_before_may_be_stored_where_they_are_from(form):
    connection = onecross.sql.connect(":memory:")
    connection.create("t", [(number,) for number in range(5_000)], columns=["n"])
    rows = READ_BEFORE[form](connection.query("select n from t"))
    assert connection.insert("t", rows) == 5_000
    assert connection.execute("select count(*), sum(n) from t").fetchone() == (10_000, 24_995_000)
    connection.close()


def stored(connection, table):
    return [number for (number,) in connection.execute(f"select n from {table} order by rowid")]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("kind", ITERABLES)
def test_each_row_is_stored_once(kind, count):
    make, rows = ITERABLES[kind], [(number,) for number in range(count)]
    connection = onecross.sql.connect(":memory:")
    connection.execute("create table t (n)")
    told = []
    assert connection.insert("t", make(rows), progress=lambda *it: told.append(it)) == count
    assert connection.create("made", make(rows), columns=["n"]) == count
    connection.register("held", make(rows), columns=["n"])
    for table in ("t", "made", "held"):
        assert stored(connection, table) == list(range(count)), table
    assert all(total in (None, count) for _, total in told)
    connection.execute("delete from t")
    connection.executemany("insert into t values (?)", make(rows))
    assert stored(connection, "t") == list(range(count))
    connection.close()
