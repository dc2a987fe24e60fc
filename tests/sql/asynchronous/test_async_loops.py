"""Loops that come one after the other, and what one that was closed leaves to the next: nothing."""

import asyncio
import gc
import threading
import weakref

import pytest

import onecross.sql as sql


class Loop(asyncio.SelectorEventLoop):
    """A loop that notes that another thread has told it of something."""

    def __init__(self):
        super().__init__()
        self.is_told = threading.Event()

    def call_soon_threadsafe(self, *arguments, **options):
        # The loop may go on, and be given another event, before this thread does.
        is_told = self.is_told
        handle = super().call_soon_threadsafe(*arguments, **options)
        is_told.set()
        return handle


def kill(task):
    """End a task whose loop was closed, as the collector does, and have asyncio not tell of it."""
    task._log_destroy_pending = False
    task.get_coro().close()


async def open_table(path):
    connection = await sql.aconnect(path, timeout=0)
    async with connection:
        await connection.execute("create table if not exists t (a)")
    return connection


async def numbers(connection):
    return [number for (number,) in await (await connection.execute("select a from t")).fetchall()]


async def close_with_numbers(connection):
    async with connection:
        await connection.execute("insert into t values (2)")
    found = await numbers(connection)
    await connection.close()
    return found


def test_what_ends_between_two_loops_keeps_nobody_waiting(path):
    loop = Loop()
    connection = loop.run_until_complete(open_table(path))
    loop.is_told = threading.Event()
    task = loop.create_task(connection.execute("insert into t values (1)"))
    loop.run_until_complete(asyncio.sleep(0))
    loop.is_told.wait()
    loop.close()
    assert asyncio.run(close_with_numbers(connection)) == [1, 2]
    kill(task)


def test_a_statement_whose_loop_was_closed_is_stopped_by_who_comes_next(path, endless):
    loop = asyncio.new_event_loop()
    connection = loop.run_until_complete(open_table(path))

    async def begin():
        runs = asyncio.Event()

        def tell():
            if not loop.is_closed():
                loop.call_soon_threadsafe(runs.set)

        await connection.set_progress_handler(tell, 1000)
        count = endless + "select count(*) from n"
        tasks = [asyncio.create_task(connection.execute(count)) for _ in range(2)]
        await runs.wait()
        return tasks

    tasks = loop.run_until_complete(begin())
    loop.close()
    assert asyncio.run(close_with_numbers(connection)) == [2]
    for task in tasks:
        kill(task)


def begin_and_close(connection, loop, hold):
    """A task that was in the middle of something when its loop was closed."""

    async def begin():
        begun = asyncio.Event()
        task = asyncio.create_task(hold(begun, asyncio.Event()))
        await begun.wait()
        task._log_destroy_pending = False
        return task

    task = loop.run_until_complete(begin())
    loop.close()
    return task


def hold_block(connection, depth):
    async def hold(begun, never):
        async with connection:
            await connection.execute("insert into t values (1)")
            if depth > 1:
                await hold_block(connection, depth - 1)(begun, never)
            begun.set()
            await never.wait()

    return hold


@pytest.mark.parametrize("depth", [1, 2])
def test_a_block_is_undone_when_its_task_is_collected_after_its_loop_was_closed(path, depth):
    loop = asyncio.new_event_loop()
    connection = loop.run_until_complete(open_table(path))
    told = weakref.ref(begin_and_close(connection, loop, hold_block(connection, depth)))
    gc.collect()
    assert told() is None
    assert asyncio.run(close_with_numbers(connection)) == [2]
    with sql.connect(path) as other:
        assert other.execute("select a from t").fetchall() == [(2,)]
    other.close()


@pytest.mark.parametrize("depth", [1, 2])
def test_a_block_whose_loop_was_closed_is_undone_by_who_comes_next(path, depth):
    loop = asyncio.new_event_loop()
    connection = loop.run_until_complete(open_table(path))
    tasks = [begin_and_close(connection, loop, hold_block(connection, depth))]

    async def go_on():
        async with connection:
            await connection.execute("insert into t values (2)")
            # The collector may kill the former task in the middle of a block of another.
            tasks.clear()
            gc.collect()
            await connection.execute("insert into t values (3)")
        await connection.close()

    asyncio.run(go_on())
    with sql.connect(path) as other:
        assert other.execute("select a from t").fetchall() == [(2,), (3,)]
    other.close()


def test_who_waited_for_a_block_when_the_loop_was_closed_has_no_turn(path):
    loop = asyncio.new_event_loop()
    connection = loop.run_until_complete(open_table(path))
    connection._access.blocks.patience = 3600
    waiting = []

    async def hold(begun, never):
        async with connection:
            waiting.extend(asyncio.create_task(connection.execute("select 1")) for _ in range(3))
            begun.set()
            await asyncio.sleep(0)
            await never.wait()

    holding = begin_and_close(connection, loop, hold)
    holding.get_coro().close()
    assert asyncio.run(close_with_numbers(connection)) == [2]
    for task in waiting:
        kill(task)


@pytest.mark.parametrize("kind", ["cursor", "statement", "connection"])
def test_what_a_task_had_open_is_closed_when_its_loop_was(path, kind):
    before = set(threading.enumerate())
    loop = asyncio.new_event_loop()
    connection = loop.run_until_complete(open_table(path))
    loop.run_until_complete(connection.executescript("insert into t values (1), (1); commit"))

    async def hold(begun, never):
        openings = {
            "cursor": lambda: connection.execute("select a from t"),
            "statement": lambda: connection.prepare("select a from t"),
            "connection": lambda: sql.aconnect(":memory:"),
        }
        async with openings[kind]():
            begun.set()
            await never.wait()

    begin_and_close(connection, loop, hold).get_coro().close()
    assert asyncio.run(close_with_numbers(connection)) == [1, 1, 2]
    for thread in set(threading.enumerate()) - before:
        thread.join()


def test_who_is_killed_as_he_enters_a_block_is_not_in_it(path):
    loop = asyncio.new_event_loop()
    connection = loop.run_until_complete(open_table(path))
    goes_on = threading.Event()

    async def hold(begun, never):
        async def enter():
            async with connection:
                await never.wait()

        # The block is entered by the worker, when it has done what was asked for before.
        waiting = connection.create_function("f", 0, None)
        waiting.send(None)
        connection._access.worker.post(goes_on.wait)
        entering = enter()
        entering.send(None)
        entering.close()
        waiting.close()
        begun.set()

    begin_and_close(connection, loop, hold)
    goes_on.set()
    assert asyncio.run(close_with_numbers(connection)) == [2]
    with sql.connect(path) as other:
        assert other.execute("select a from t").fetchall() == [(2,)]
    other.close()
