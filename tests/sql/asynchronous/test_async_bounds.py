"""Results of any size in bounded memory: what is read ahead is counted."""

import asyncio

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
