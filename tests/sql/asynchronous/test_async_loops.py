"""Loops that come one after the other, and what one that was closed leaves to the next: nothing."""

import asyncio
import threading

import onecross.sql as sql


class Loop(asyncio.SelectorEventLoop):
    """A loop that notes that another thread has told it of something."""

    def __init__(self):
        super().__init__()
        self.is_told = threading.Event()

    def call_soon_threadsafe(self, *arguments, **options):
        handle = super().call_soon_threadsafe(*arguments, **options)
        self.is_told.set()
        return handle


def kill(task):
    """End a task whose loop was closed, as the collector does, and have asyncio not tell of it."""
    task._log_destroy_pending = False
    task.get_coro().close()


async def open_table(path):
    connection = await sql.aconnect(path, timeout=3600)
    async with connection:
        await connection.execute("create table if not exists t (a)")
    return connection


async def insert(connection, number):
    async with connection:
        await connection.execute("insert into t values (?)", (number,))


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
    loop.is_told.clear()
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
