"""Blocks that are entered while others are being left, and what is in the file then."""

import asyncio
import contextlib
import sqlite3
import threading

import pytest

import onecross.sql as sql


def in_file(path):
    """What another connection reads, which is what was committed."""
    with contextlib.closing(sqlite3.connect(path)) as other:
        return [number for (number,) in other.execute("select a from t order by a")]


async def insert(connection, number):
    await connection.execute("insert into t values (?)", (number,))


async def insert_in_block(connection, number):
    async with connection:
        await insert(connection, number)


@pytest.fixture(params=[False, True], ids=["transactions", "autocommit"])
def with_table(run, path, request):
    """Runs what is done with a connection, and then that it can be used as before."""

    async def main(work):
        async with sql.aconnect(path, autocommit=request.param) as connection:
            await connection.execute("create table t (a primary key)")
            await connection.commit()
            await work(connection)
            assert not connection.in_transaction
            await insert_in_block(connection, 99)
            assert not connection.in_transaction
            assert in_file(path)[-1] == 99
            await connection.commit()

    return lambda work: run(main(work))


def test_a_block_that_is_entered_as_the_one_around_it_is_left_is_its_own(with_table, path):
    async def work(connection):
        async with asyncio.TaskGroup() as tasks, connection:
            await insert(connection, 1)
            tasks.create_task(insert_in_block(connection, 2))

    with_table(work)
    assert in_file(path) == [1, 2, 99]


def test_a_block_is_kept_that_is_left_just_before_the_one_around_it(with_table, path):
    async def work(connection):
        inserted = asyncio.Event()

        async def nested():
            async with connection:
                await insert(connection, 2)
                inserted.set()

        async with connection:
            await insert(connection, 1)
            task = asyncio.create_task(nested())
            await inserted.wait()
        await task

    with_table(work)
    assert in_file(path) == [1, 2, 99]


def test_a_block_whose_end_is_cancelled_takes_none_with_it(with_table, path):
    async def work(connection):
        async def cancel_and_insert():
            leaving.cancel()
            await insert_in_block(connection, 2)

        async def begin():
            async with connection:
                await insert(connection, 1)
                nested.append(asyncio.create_task(cancel_and_insert()))

        nested = []
        leaving = asyncio.create_task(begin())
        await asyncio.wait([leaving])
        assert leaving.cancelled()
        await asyncio.gather(*nested)

    with_table(work)
    assert in_file(path) == [1, 2, 99]


def test_a_block_that_cannot_be_committed_takes_none_with_it(with_table, path):
    async def work(connection):
        await connection.execute("pragma foreign_keys = on")
        await connection.execute("create table u (a references t deferrable initially deferred)")
        await connection.commit()

        async def begin():
            async with connection:
                await insert(connection, 1)
                await connection.execute("insert into u values (7)")
                nested.append(asyncio.create_task(insert_in_block(connection, 2)))

        nested = []
        with pytest.raises(sql.IntegrityError):
            await begin()
        await asyncio.gather(*nested)

    with_table(work)
    assert in_file(path) == [2, 99]


def test_who_is_cancelled_as_he_enters_a_block_that_was_left_leaves_no_other(with_table, path):
    async def work(connection):
        goes_on, leave = threading.Event(), asyncio.Event()

        async def follow():
            async with connection:
                await insert(connection, 2)
                await leave.wait()

        async def cancel():
            entering.cancel()
            await asyncio.sleep(0)
            goes_on.set()

        async with connection:
            await insert(connection, 1)
            # The worker enters the block, leaves the one around it and enters the next behind this.
            connection._access.worker.post(goes_on.wait)
            entering = asyncio.create_task(connection.__aenter__())
            await asyncio.sleep(0)
            following = asyncio.create_task(follow())
            cancelling = asyncio.create_task(cancel())
        await asyncio.wait([entering, cancelling])
        assert entering.cancelled()
        leave.set()
        await following

    with_table(work)
    assert in_file(path) == [1, 2, 99]


def test_nothing_runs_in_a_block_that_was_left_with_the_one_around_it(with_table, path):
    async def work(connection):
        entered, go_on = asyncio.Event(), asyncio.Event()

        async def nested():
            async with connection:
                await insert(connection, 2)
                entered.set()
                await go_on.wait()
                for use in (
                    insert(connection, 3),
                    connection.execute("select 1"),
                    connection.query("select 1").tuples(),
                    insert_in_block(connection, 4),
                    connection.commit(),
                ):
                    with pytest.raises(sql.ProgrammingError, match="with one around it"):
                        await use

        async with connection:
            await insert(connection, 1)
            # As it is within another, what follows could become part of that.
            async with connection:
                task = asyncio.create_task(nested())
                await entered.wait()
            go_on.set()
            with pytest.raises(sql.ProgrammingError, match="was left before"):
                await task

    with_table(work)
    assert in_file(path) == [1, 99]


def test_who_waits_in_a_block_that_is_left_with_the_one_around_it_is_told(with_table, path):
    async def work(connection):
        entered = asyncio.Event()

        async def hold():
            async with connection:
                entered.set()
                await asyncio.Event().wait()

        async def nested():
            async with connection:
                await insert(connection, 2)
                holding.append(asyncio.create_task(hold()))
                await entered.wait()
                waits.set()
                await insert(connection, 3)

        holding, waits = [], asyncio.Event()
        async with connection:
            async with connection:
                task = asyncio.create_task(nested())
                await waits.wait()
            with pytest.raises(sql.ProgrammingError, match="was left before") as told:
                await task
            assert "with one around it" in str(told.value.__context__)
            await insert(connection, 1)
        holding[0].cancel()
        await asyncio.wait(holding)

    with_table(work)
    assert in_file(path) == [1, 99]


def test_a_task_goes_on_once_it_has_left_the_block_that_was_undone(with_table, path):
    async def work(connection):
        entered, go_on = asyncio.Event(), asyncio.Event()

        async def nested():
            with contextlib.suppress(sql.ProgrammingError):
                async with connection:
                    entered.set()
                    await go_on.wait()
            await insert(connection, 2)
            await connection.commit()

        async with connection:
            await insert(connection, 1)
            task = asyncio.create_task(nested())
            await entered.wait()
        go_on.set()
        await task

    with_table(work)
    assert in_file(path) == [1, 2, 99]


def test_a_block_that_another_loop_keeps_from_being_committed_is_undone(with_table, path):
    async def work(connection):
        cursor = await connection.execute("select 1")
        goes_on, closing = threading.Event(), []

        async def begin():
            async with connection:
                await insert(connection, 1)
                connection._access.worker.post(goes_on.wait)
                asked = connection.statistics.calls
                closing.append(asyncio.create_task(asyncio.to_thread(asyncio.run, cursor.close())))
                while connection.statistics.calls == asked:
                    await asyncio.sleep(0)

        with pytest.raises(RuntimeError, match="two event loops"):
            await begin()
        goes_on.set()
        await asyncio.gather(*closing)
        # It is refused within a block, and behind what undoes this one.
        await connection.rollback()

    with_table(work)
    assert in_file(path) == [99]
