"""Results of any size in bounded memory: what is read ahead is counted."""

import asyncio
import sys
import weakref

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


def test_a_row_is_awaited_once_and_then_let_go_of(run):
    class Made:
        def __init__(self, cursor, row):
            (self.value,) = row

    async def main():
        async with sql.aconnect(":memory:") as connection:
            connection.row_factory = Made
            cursor = await connection.execute("values (1), (2), (3), (4)")
            assert (await asyncio.wait_for(anext(cursor), 60)).value == 1
            waiting = anext(cursor)
            row = await waiting
            assert row.value == 2
            with pytest.raises(RuntimeError, match="awaited before"):
                await waiting
            anext(cursor)
            told = weakref.ref(row)
            del row, waiting
            assert told() is None
            assert [row.value async for row in cursor] == [4]
            with pytest.raises(StopAsyncIteration):
                await anext(cursor)

    run(main())


@pytest.mark.parametrize("trace", [sys.settrace, sys.setprofile])
def test_rows_come_while_the_interpreter_is_traced(run, table, trace):
    async def main():
        async with sql.aconnect(table) as connection:
            cursor = await connection.execute("select value from number where value < 100")
            return [value async for (value,) in cursor]

    trace(lambda *_event: None)
    try:
        assert run(main()) == list(range(100))
    finally:
        trace(None)


def test_an_error_of_a_factory_is_raised_where_its_row_is_awaited(run):
    def factory(cursor, row):
        if row == (2,):
            raise LookupError
        return row

    async def main():
        async with sql.aconnect(":memory:") as connection:
            connection.row_factory = factory
            cursor = await connection.execute("values (1), (2), (3)")
            assert await anext(cursor) == (1,)
            with pytest.raises(LookupError):
                await anext(cursor)
            assert await anext(cursor) == (3,)

    run(main())


@pytest.mark.parametrize("number", [1, 2, 3000, 3001])
def test_an_error_comes_behind_all_rows_before_it(run, endless, number):
    def fail_at(value):
        if value == number:
            raise LookupError
        return value

    async def main():
        async with sql.aconnect(":memory:") as connection:
            await connection.create_function("fail_at", 1, fail_at)
            found = []

            async def find():
                async with connection.execute(endless + "select fail_at(i) from n") as cursor:
                    async for (value,) in cursor:
                        found.append(value)

            with pytest.raises(LookupError):
                await find()
            return found

    assert run(main()) == list(range(1, number))
