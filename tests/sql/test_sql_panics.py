"""A defect of onecross itself is an `InternalError`: the connection stays usable, and whole."""

import asyncio
from contextlib import closing, contextmanager

import pytest

import onecross
from onecross import InternalError, _core, sql

VALUES = [(number, f"name {number}") for number in range(3000)]

WHOLE = {
    "tuples": lambda rows: rows.tuples(),
    "dicts": lambda rows: rows.dicts(),
    "numpy": lambda rows: rows.numpy(),
    "arrow": lambda rows: rows.arrow(),
    "json": lambda rows: rows.json(),
    "lines": lambda rows: rows.json_lines(),
    "next": next,
    "part": lambda rows: next(rows.batches(10)),
    "column": lambda rows: rows.column("name"),
}
FETCHES = {
    "one": lambda cursor: cursor.fetchone(),
    "many": lambda cursor: cursor.fetchmany(10),
    "all": lambda cursor: cursor.fetchall(),
    "next": next,
}


@pytest.fixture
def connection():
    with closing(sql.connect(":memory:")) as connection:
        connection.create("item", {"id": list(range(3000)), "name": [name for _, name in VALUES]})
        connection.commit()
        yield connection


@contextmanager
def panicking(place):
    """Have the next one that comes by the place panic, which is told."""
    _core._inject_panic(place)
    with pytest.raises(InternalError, match="a defect in onecross"):
        yield


def check_usable(connection):
    assert connection.execute("select * from item").fetchall() == VALUES
    assert connection.query("select * from item").tuples() == VALUES
    connection.execute("savepoint s")
    connection.execute("release s")


@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE)
def test_a_panic_while_rows_are_read(connection, form):
    for _ in range(3):
        rows = connection.query("select * from item")
        with panicking("row"):
            form(rows)
        check_usable(connection)


def test_a_panic_while_rows_are_looked_at_is_not_their_end(connection):
    rows = connection.query("select * from item")
    _core._inject_panic("row")
    for look in (rows._repr_html_, rows._repr_html_, rows.tuples):
        with pytest.raises(InternalError, match="a defect in onecross"):
            look()
    check_usable(connection)


@pytest.mark.parametrize("fetch", FETCHES.values(), ids=FETCHES)
def test_a_panic_while_rows_are_fetched(connection, fetch):
    for _ in range(3):
        cursor = connection.execute("select * from item")
        with panicking("row"):
            fetch(cursor)
        check_usable(connection)
        cursor.execute("select 1")
        assert cursor.fetchall() == [(1,)]


@pytest.mark.parametrize(
    "data", [{"id": [-1], "name": ["x"]}, [(-1, "x")]], ids=["columns", "rows"]
)
@pytest.mark.parametrize("is_within", [False, True], ids=["alone", "within a transaction"])
def test_a_panic_while_rows_are_stored_stores_none(connection, data, is_within):
    if is_within:
        connection.execute("insert into item values (-2, 'before')")
    with panicking("load"):
        connection.insert("item", data)
    assert connection.in_transaction == is_within
    connection.execute("delete from item where id = -2")
    check_usable(connection)
    assert connection.insert("item", data) == 1


def test_a_panic_while_rows_are_awaited():
    async def main():
        async with sql.aconnect(":memory:") as connection:
            await connection.create("item", {"id": list(range(3000))})
            for text in ("select * from item", "insert into item values (-1) returning id"):
                for size in (10, 5000):
                    with panicking("row"):
                        await (await connection.execute(text)).fetchmany(size)
                    rows = connection.query("select * from item where id >= 0")
                    assert len(await rows.tuples()) == 3000
            with onecross.meter(), panicking("row"):
                await connection.query("select * from item").tuples()
            assert len(await connection.query("select 1").tuples()) == 1

    asyncio.run(main())
