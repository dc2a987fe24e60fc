"""Results of any size in bounded memory: what is read ahead is counted."""

import asyncio

import pytest

import onecross.sql as sql
from onecross._core import count_waiting_rows
from onecross.sql._asynchronous.cursor import BATCH


def test_iteration_reads_no_more_than_a_batch_ahead(run, endless):
    async def main():
        stepped = 0

        def step(number):
            nonlocal stepped
            stepped += 1
            return number

        async with sql.aconnect(":memory:") as connection:
            await connection.create_function("step", 1, step)
            async with connection.execute(endless + "select step(i) from n") as cursor:
                fetched = 0
                async for (number,) in cursor:
                    fetched += 1
                    assert number == fetched
                    assert count_waiting_rows(cursor._cursor) < BATCH
                    assert stepped <= fetched + BATCH
                    if fetched == 5 * BATCH:
                        break
        return stepped

    assert run(main()) <= 6 * BATCH + 1


def test_what_does_not_fetch_reads_nothing(run, endless):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            cursor = await connection.execute(endless + "select i from n")
            first = count_waiting_rows(cursor._cursor)
            for _ in range(10):
                await asyncio.sleep(0)
                await connection.execute("select 1")
            assert count_waiting_rows(cursor._cursor) == first <= BATCH

    run(main())


def test_iteration_and_fetching_may_take_turns(run, table):
    async def main():
        async with sql.aconnect(table) as connection:
            cursor = await connection.execute("select value from number order by value")
            found = [await anext(cursor), await anext(cursor)]
            assert cursor.rownumber == 2
            found += [await cursor.fetchone(), *await cursor.fetchmany(2)]
            assert cursor.rownumber == 5
            found += [await anext(cursor)]
            found += await cursor.fetchall()
            assert cursor.rownumber == 5000
            await cursor.execute("select value from number where value > 4997")
            found += [row async for row in cursor]
            return [value for (value,) in found]

    assert run(main()) == [*range(5000), 4998, 4999]


def test_a_cursor_that_was_closed_gives_no_row_that_was_read(run, table):
    async def main():
        async with sql.aconnect(table) as connection:
            first = await connection.execute("select value from number")
            second = await connection.execute("select value from number")
            await anext(first)
            await anext(second)
            await first.close()
            with pytest.raises(sql.ProgrammingError, match="closed cursor"):
                await anext(first)
        with pytest.raises(sql.ProgrammingError, match="closed database"):
            await anext(second)

    run(main())
