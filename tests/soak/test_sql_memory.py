"""Memory stays flat, however many rows go by, and nothing that was bound or fetched is kept."""

import gc
import sys

import pytest

import onecross.sql
import onecross.sql.sqlite3

FACES = [onecross.sql, onecross.sql.sqlite3]

ROWS = 10_000_000
PEAK_BYTES = 8 << 20
COUNT = """
    with recursive number(id) as (select 1 union all select id + 1 from number where id < ?)
    select id, id * 7, id / 4.0, 'text ' || id from number
"""

# The first rounds fill caches and arenas.
WARM_UP = 3
BLOCKS_PER_ROUND = 20
RESIDENT_BYTES = 8 << 20


@pytest.fixture(params=FACES, ids=lambda module: module.__name__)
def module(request):
    return request.param


@pytest.fixture
def connection(module):
    connection = module.connect(":memory:")
    cursor = connection.cursor()
    cursor.execute("create table item (id integer primary key, amount, price real, name text)")
    cursor.executemany(
        "insert into item values (?, ?, ?, ?)",
        [(number, number * 7, number / 4, f"text {number}") for number in range(1_000)],
    )
    connection.commit()
    yield connection
    connection.close()


def go_through(cursor, rows):
    cursor.execute(COUNT, (rows,))
    total = 0
    for row in cursor:
        total += row[0]
    return total


def test_ten_million_rows_go_by_in_constant_memory(connection, footprint, peak_bytes):
    cursor = connection.cursor()
    go_through(cursor, 10_000)
    before = footprint()
    peak_bytes()
    assert go_through(cursor, ROWS) == ROWS * (ROWS + 1) // 2
    assert peak_bytes() - before.resident_bytes < PEAK_BYTES
    assert footprint().blocks - before.blocks < BLOCKS_PER_ROUND


def test_no_reference_is_kept(module):
    class Text(str):
        __slots__ = ()

    name = "".join(["long ", "text"] * 20)
    blob = bytearray(b"blob" * 20)
    parameters = [
        (1, 2**40, 2**40 + 0.5, name),
        (2, None, True, bytes(blob)),
        (3, blob, memoryview(blob), Text(name)),
    ]
    # What the whole interpreter shares is told apart, for its counts move by themselves.
    shared = [None, True, 1, 2, 3]
    own = [value for row in parameters for value in row if value not in shared]
    own += [*parameters, Text, module.Error]

    def references():
        gc.collect()
        return [sys.getrefcount(value) for value in own], [sys.getrefcount(one) for one in shared]

    own_before, shared_before = references()
    connection = module.connect(":memory:")
    cursor = connection.cursor()
    cursor.execute("create table item (id integer primary key, first, second, third)")
    for _ in range(1_000):
        cursor.executemany("insert into item values (?, ?, ?, ?)", parameters)
        for row in parameters:
            cursor.execute("select ?, ?, ?, ?", row)
            fetched = cursor.fetchone()
            assert fetched[0] == row[0]
        with pytest.raises(module.Error):
            cursor.execute("insert into item values (?, ?, ?, ?)", parameters[0])
        cursor.execute("delete from item")
    del row, fetched
    cursor.close()
    connection.close()
    del cursor, connection
    own_after, shared_after = references()

    assert own_after == own_before
    for before, after in zip(shared_before, shared_after, strict=True):
        assert abs(after - before) < 500


def fetched_in_every_way(connection, module, number):
    cursor = connection.cursor()
    for _ in range(10):
        query = "select * from item"
        cursor.execute(query)
        assert sum(1 for row in cursor) == 1_000
        cursor.execute(query)
        assert len(cursor.fetchall()) == 1_000
        cursor.execute(query)
        while cursor.fetchmany(300):
            pass
        cursor.execute(query)
        while cursor.fetchone():
            pass


def left_unfinished(connection, module, number):
    for _ in range(200):
        cursor = connection.cursor()
        cursor.execute("select * from item where id >= ?", (number % 3,))
        cursor.fetchone()
        other = connection.cursor()
        other.execute("select * from item")
        cursor.execute("select name from item")
        other.fetchmany(7)


def changed(connection, module, number):
    cursor = connection.cursor()
    for key in range(1_000):
        cursor.execute("update item set name = ? where id = ?", (f"text {number} {key}", key))
    connection.rollback()
    cursor.executemany(
        "update item set amount = ?, name = ? where id = ?",
        ((2**40 + key, f"text {key % 10}", key) for key in range(1_000)),
    )
    connection.commit()


def always_new_statements(connection, module, number):
    cursor = connection.cursor()
    for n in range(300):
        cursor.execute(f"select ? as name_{number}_{n}, name from item limit 2", (n,))
        assert cursor.description[0][0] == f"name_{number}_{n}"


def refused(connection, module, number):
    cursor = connection.cursor()
    for n in range(100):
        for sql, parameters in (
            ("select * frm item", ()),
            (f"select * from nowhere_{n}", ()),
            ("select ?, ?", (n,)),
            ("select ?", (object(),)),
            ("select ?", (2**64 + n,)),
            ("insert into item (id, name) values (?, ?)", (n, "text again")),
        ):
            with pytest.raises((module.Error, OverflowError)):
                cursor.execute(sql, parameters)
        connection.rollback()


def broken_in_the_middle(connection, module, number):
    def rows(last):
        for key in range(10):
            yield (key + 2_000, f"text {key}")
        yield last
        raise LookupError("at the end")

    for n in range(100):
        for last in ((3_000, "text"), (3_000,), (2_000, "again"), (3_000, object()), n):
            cursor = connection.cursor()
            with pytest.raises((module.Error, LookupError, TypeError, ValueError)):
                cursor.executemany("insert into item (id, name) values (?, ?)", rows(last))
            connection.rollback()


def always_new_connections(connection, module, number):
    for n in range(30):
        other = module.connect(":memory:")
        cursor = other.cursor()
        cursor.execute("create table number (n)")
        cursor.executemany("insert into number values (?)", [(n,), (n * 2**40,)])
        cursor.execute("select n from number")
        cursor.fetchone()
        other.close()
        with pytest.raises(module.Error):
            cursor.fetchone()


KINDS = [
    fetched_in_every_way,
    left_unfinished,
    changed,
    always_new_statements,
    refused,
    broken_in_the_middle,
    always_new_connections,
]


@pytest.mark.parametrize("kind", KINDS)
def test_memory_is_flat(kind, connection, module, rounds, footprint):
    for number in range(WARM_UP):
        kind(connection, module, number)
    before = footprint()
    number = 0
    for number in rounds():
        kind(connection, module, WARM_UP + number)
    after = footprint()
    blocks = after.blocks - before.blocks
    assert blocks < BLOCKS_PER_ROUND * (number + 1), f"{blocks} blocks in {number + 1} rounds"
    assert after.resident_bytes - before.resident_bytes < RESIDENT_BYTES
