"""The rows of queries in forms that are awaited: the same as those of the synchronous face."""

import asyncio
import collections
import contextvars
import dataclasses
import threading

import numpy as np
import polars
import pytest

import onecross.sql as sql
from onecross import Rows, ShapeError

SELECT = "select value, name from number where value < ? order by value"
FEW, MANY = 3, 5000


@dataclasses.dataclass
class Number:
    value: int
    name: str


@dataclasses.dataclass
class Pair:
    a: int
    b: str


Single = collections.namedtuple("Single", ["value"])


@dataclasses.dataclass
class Checked:
    value: int
    name: str

    def __post_init__(self):
        if self.value == 4000:
            raise LookupError(self.name)


# Each form, and what makes of it something that can be compared.
FORMS = {
    "tuples": (lambda rows: rows.tuples(), list),
    "dicts": (lambda rows: rows.dicts(), list),
    "to": (lambda rows: rows.to(Number), list),
    "to renamed": (lambda rows: rows.to(Pair, rename={"value": "a", "name": "b"}), list),
    "numpy": (
        lambda rows: rows.numpy(),
        lambda arrays: {name: array.tolist() for name, array in arrays.items()},
    ),
    "numpy with nan": (lambda rows: rows.numpy(nulls="nan"), lambda arrays: list(arrays)),
    "arrow": (lambda rows: rows.arrow(), lambda stream: polars.DataFrame(stream).rows()),
    "json": (lambda rows: rows.json(), bytes),
    "json_lines": (lambda rows: rows.json_lines(blobs="base64"), bytes),
    "column": (lambda rows: rows.column("name"), lambda array: array.tolist()),
}


@pytest.mark.parametrize("count", [FEW, MANY], ids=["in the loop", "by the worker"])
@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_that_of_the_synchronous_face(run, table, form, count):
    make, compared = FORMS[form]
    with sql.connect(table) as plain:
        expected = compared(make(plain.query(SELECT, (count,))))
    plain.close()

    async def main():
        async with sql.aconnect(table, inline_operations=1000) as connection:
            rows = connection.query(SELECT, (count,))
            assert compared(await make(rows)) == expected
            assert rows.columns == ("value", "name")
            inline, given_up, _ = connection.statistics
            assert (inline, given_up) == ((1, 0) if count == FEW else (0, 1))
            with pytest.raises(sql.ProgrammingError, match="read already"):
                await make(rows)
            cursor = await connection.execute(SELECT, (count,))
            assert compared(await make(cursor.rows())) == expected

    run(main())


@pytest.mark.parametrize("count", [FEW, MANY])
def test_rows_and_parts_come_one_after_the_other(run, table, count):
    expected = [(value, f"n{value}") for value in range(count)]

    async def main():
        async with sql.aconnect(table, inline_operations=1000) as connection:
            assert [row async for row in connection.query(SELECT, (count,))] == expected

            found, sizes = [], []
            async for part in connection.query(SELECT, (count,)).batches(1500):
                assert isinstance(part, Rows)
                sizes.append(polars.DataFrame(part.arrow()).height)
            assert sizes == ([3] if count == FEW else [1500, 1500, 1500, 500])

            async with connection.query(SELECT, (count,)) as rows:
                found = [await anext(rows), await anext(rows)]
                async for part in rows.batches(1000):
                    found += part.tuples()
            assert found == expected

    run(main())


def test_what_was_run_in_the_loop_asks_the_worker_for_nothing(run):
    # Three rows are more bytes than are read ahead of who waits.
    text = "select column1 as value, zeroblob(700000) from (values (1), (2), (3), (4))"

    async def main():
        async with sql.aconnect(":memory:") as connection:
            calls = connection.statistics.calls
            rows = await connection.query(text)
            assert (await anext(rows))[0] == 1
            assert [len(part.tuples()) async for part in rows.batches(2)] == [2, 1]
            await rows.close()
            assert len(await connection.query(text).arrow()) == 4
            cursor = await connection.execute("select 1 as value union select 2")
            assert await cursor.rows().to(Single) == [Single(1), Single(2)]
            assert connection.statistics.calls == calls

    run(main())


@pytest.mark.parametrize("operations", [0, 50_000])
def test_the_only_row_and_its_only_value(run, operations):
    async def main():
        async with sql.aconnect(":memory:", inline_operations=operations) as connection:
            assert await connection.query("select 1, 'a'").one() == (1, "a")
            assert await connection.query("select 7").scalar() == 7
            for text, refused in [
                ("select 1 where 0", "no row"),
                ("values (1), (2)", "more than one row"),
                ("select 1, 2", "one column"),
            ]:
                with pytest.raises(sql.ProgrammingError, match=refused):
                    await connection.query(text).scalar()

    run(main())


@pytest.mark.parametrize("operations", [0, 50_000])
def test_types_and_misfits_are_those_of_the_synchronous_face(run, operations):
    text = "select '2026-11-22' as day, 2 as n union all select 'tomorrow', 3"

    async def main():
        async with sql.aconnect(":memory:", inline_operations=operations) as connection:
            day = await connection.query("select '2026-11-22' as d", types={"d": "DATE"}).scalar()
            assert str(day) == "2026-11-22"
            with pytest.raises(sql.ColumnError) as raised:
                await connection.query(text, types={"day": "DATE"}).tuples()
            assert (raised.value.column, raised.value.row) == ("day", 1)
            rows = connection.query(text, types={"day": "DATE"})
            assert str((await anext(rows))[0]) == "2026-11-22"
            with pytest.raises(sql.ColumnError):
                await anext(rows)
            with pytest.raises(sql.ProgrammingError, match="names a column 'night'"):
                await connection.query(text, types={"night": "DATE"})
            with pytest.raises(ValueError, match="it must be one of"):
                connection.query(text, types={"day": "NIGHT"})

    run(main())


def test_rows_that_are_awaited_were_run_and_know_their_columns(run, table):
    async def main():
        async with sql.aconnect(table, inline_operations=1000) as connection:
            rows = connection.query(SELECT, (MANY,))
            with pytest.raises(sql.ProgrammingError, match="await these rows"):
                _ = rows.columns
            assert await rows is rows
            calls = connection.statistics.calls
            assert await rows is rows
            assert rows.columns == ("value", "name")
            assert connection.statistics.calls == calls
            assert len(await rows.tuples()) == MANY
            with pytest.raises(sql.OperationalError, match="no such table"):
                await connection.query("select * from nowhere")
            with pytest.raises(sql.ProgrammingError, match="selects nothing"):
                await connection.query("create temp table t (a)")

    run(main())


def test_what_writes_is_run_once_and_its_rows_are_there(run):
    async def main():
        async with sql.aconnect(":memory:", autocommit=True) as connection:
            await connection.execute("create table t (a)")
            insert = "insert into t values (1), (2) returning a"
            assert await connection.query(insert).tuples() == [(1,), (2,)]
            rows = await connection.query(insert)
            assert await connection.query("select count(*) from t").scalar() == 4
            assert await rows.column("a") is not None

    run(main())


def test_a_query_that_nobody_awaits_is_told_of(run):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            with pytest.warns(RuntimeWarning, match="never run"):
                connection.query("select 1")
            with pytest.raises(sql.OperationalError):
                await connection.query("select")
            await connection.query("select 1").close()

    run(main())


def test_instances_are_made_in_the_thread_and_context_of_the_task(run, table):
    variable = contextvars.ContextVar("variable", default=None)
    seen = set()

    class Seen:
        def __init__(self, value, name):
            seen.add((threading.get_ident(), variable.get()))
            variable.set("was made")
            asyncio.get_running_loop()

    async def main():
        turns = 0

        async def count_turns():
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        async with sql.aconnect(table, inline_operations=1000) as connection:
            counting = asyncio.create_task(count_turns())
            assert len(await connection.query(SELECT, (MANY,)).to(Seen)) == MANY
            counting.cancel()
        assert seen == {(threading.get_ident(), None), (threading.get_ident(), "was made")}
        assert turns >= MANY // 1024

    run(main())


def test_a_class_that_does_not_fit_takes_no_row(run, table):
    @dataclasses.dataclass
    class Other:
        length: int

    async def main():
        async with sql.aconnect(table, inline_operations=1000) as connection:
            for count in (0, FEW, MANY):
                rows = connection.query(SELECT, (count,))
                with pytest.raises(ShapeError, match="no column for 'length'"):
                    await rows.to(Other)
                assert len(await rows.to(Number)) == count

    run(main())


def test_a_class_that_raises_ends_the_rows(run, table):
    async def main():
        async with sql.aconnect(table, inline_operations=1000) as connection:
            rows = connection.query(SELECT, (MANY,))
            with pytest.raises(LookupError, match="n4000"):
                await rows.to(Checked)
            with pytest.raises(sql.ProgrammingError, match="read already"):
                await rows.to(Number)
            await connection.query("select 1").scalar()
            assert connection.in_transaction is False

    run(main())


def test_rows_of_a_cursor_are_those_that_were_not_fetched(run, table):
    async def main():
        async with sql.aconnect(table, inline_operations=1000) as connection:
            for count in (FEW, MANY):
                cursor = await connection.execute(SELECT, (count,))
                assert await cursor.fetchone() == (0, "n0")
                rows = cursor.rows(types={"value": str})
                assert rows.columns == ("value", "name")
                assert await anext(rows) == ("1", "n1")
                assert len(await rows.tuples()) == count - 2
                assert await cursor.fetchone() is None

            cursor = await connection.execute(SELECT, (MANY,))
            rows = cursor.rows()
            await cursor.execute("select 1")
            with pytest.raises(sql.ProgrammingError, match="has run another statement"):
                await rows.tuples()

    run(main())


def test_what_ended_the_statement_of_a_cursor_is_raised_behind_its_rows(run):
    text = "select abs(column1) from (values (1), (2), (-9223372036854775808))"
    broken = "values (x'61'), (cast(x'ff' as text))"

    async def main():
        async with sql.aconnect(":memory:", inline_operations=0) as connection:
            cursor = await connection.execute(text)
            rows = cursor.rows()
            assert [await anext(rows), await anext(rows)] == [(1,), (2,)]
            with pytest.raises(sql.DatabaseError, match="integer overflow"):
                await anext(rows)
            cursor = await connection.execute(text)
            with pytest.raises(sql.DatabaseError, match="integer overflow"):
                await cursor.rows().tuples()

            rows = connection.query(text)
            assert [await anext(rows), await anext(rows)] == [(1,), (2,)]
            with pytest.raises(sql.DatabaseError, match="integer overflow"):
                await anext(rows)

            # A text that is none ends nothing: it may be asked for as bytes.
            cursor = await connection.execute(broken)
            assert await cursor.rows(types={"column1": bytes}).tuples() == [(b"a",), (b"\xff",)]

    run(main())


def test_rows_speak_for_columns_that_have_no_value(run):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            await connection.execute("create table t (a integer, b date)")
            arrays = await connection.query("select a, b from t").numpy()
            assert (arrays["a"].dtype, arrays["b"].dtype) == (np.int64, np.dtype("M8[D]"))

    run(main())
