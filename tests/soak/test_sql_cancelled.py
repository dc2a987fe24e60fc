"""Tasks that are cancelled, and loops that are killed, at random moments, over and over."""

import asyncio
import gc
import random
import sqlite3
import threading

import pytest
import uvloop

import onecross.sql as sql
from onecross import _core

ROUNDS = 400
TASKS = 8
ACCOUNTS = 10
TOTAL = 1000

LONG = (
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) "
    "select sum(i) from n"
)


async def transfer(connection, choose):
    """Move an amount within a block: the total must never change."""
    source, target = choose.sample(range(ACCOUNTS), 2)
    async with connection:
        await connection.execute("update account set amount = amount - 1 where id = ?", (source,))
        if choose.random() < 0.2:
            async with connection:
                await connection.execute("insert into note values (?)", (source,))
        await connection.execute(LONG, (choose.choice([10, 1000, 100_000]),))
        await connection.execute("update account set amount = amount + 1 where id = ?", (target,))


async def look(connection, choose):
    """See the total by one statement, which no transaction of another task may be part of."""
    cursor = await connection.execute("select sum(amount) from account")
    assert await cursor.fetchone() == (TOTAL,)


async def read(connection, choose):
    """Go through rows, and stop somewhere."""
    last = choose.randrange(6000)
    async with connection.execute("select value from number") as cursor:
        async for (value,) in cursor:
            if value == last:
                return


async def run_long(connection, choose):
    """Take long, and answer right."""
    size = choose.choice([10, 1000, 100_000, 1_000_000])
    cursor = await connection.execute(LONG, (size,))
    assert await cursor.fetchone() == (size * (size + 1) // 2,)


async def write_much(connection, choose):
    """Write what may be stopped in the middle."""
    async with connection:
        await connection.executemany(
            "insert into note values (?)", ((number,) for number in range(choose.randrange(3000)))
        )


WORK = [transfer, transfer, look, read, run_long, write_much]


async def cancel_at_random(tasks, choose):
    """Cancel some after so many turns of the loop as chance has it."""
    while not all(task.done() for task in tasks):
        for _ in range(choose.randrange(40)):
            await asyncio.sleep(0)
        choose.choice(tasks).cancel()
        if choose.random() < 0.3:
            await asyncio.wait(tasks, timeout=choose.random() / 500)


async def play(connection, choose):
    """One round: what was not cancelled must have come to its end."""
    tasks = [
        asyncio.create_task(choose.choice(WORK)(connection, random.Random(choose.random())))
        for _ in range(TASKS)
    ]
    await cancel_at_random(tasks, choose)
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        assert outcome is None or isinstance(outcome, asyncio.CancelledError), repr(outcome)
    assert not connection.in_transaction
    await look(connection, choose)


def prepare(path):
    with sql.connect(path) as connection:
        connection.execute("create table account (id integer primary key, amount integer)")
        connection.execute("create table note (text)")
        connection.execute("create table number (value integer primary key)")
        amounts = [(place, TOTAL // ACCOUNTS) for place in range(ACCOUNTS)]
        connection.executemany("insert into account values (?, ?)", amounts)
        connection.executemany("insert into number values (?)", ((n,) for n in range(5000)))
    connection.close()


@pytest.mark.parametrize("inline_operations", [0, 5000, 50_000])
@pytest.mark.parametrize(
    "loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"]
)
def test_tasks_cancelled_at_random_moments_leave_what_is_right(tmp_path, loop, inline_operations):
    path = tmp_path / "accounts.db"
    prepare(path)
    threads = threading.active_count()
    choose = random.Random(inline_operations)

    async def main():
        async with sql.aconnect(
            path, timeout=600, inline_operations=inline_operations
        ) as connection:
            for _ in range(ROUNDS):
                await play(connection, choose)
            return connection.statistics

    with asyncio.Runner(loop_factory=loop) as runner:
        statistics = runner.run(main())
    assert (statistics.inline > 0) == (inline_operations > 0)
    assert threading.active_count() == threads
    verify(path)


def test_loops_killed_at_random_moments_leave_what_is_right(tmp_path):
    path = tmp_path / "accounts.db"
    prepare(path)
    threads = set(threading.enumerate())
    for seed in range(ROUNDS // 4):
        choose = random.Random(seed)

        async def main(choose=choose):
            # Nobody closes it: it ends with the last of the tasks, which the loop cancels.
            connection = await sql.aconnect(path, timeout=600)
            for _ in range(TASKS):
                task = asyncio.create_task(choose.choice(WORK)(connection, choose))
                task.add_done_callback(lambda task: task.cancelled() or task.exception())
            for _ in range(choose.randrange(60)):
                await asyncio.sleep(0)

        def forget(main=main):
            asyncio.run(main())
            # What a task was cancelled with may know itself, by its traceback.
            gc.collect()

        with pytest.warns(ResourceWarning, match="was not closed"):
            forget()
        for thread in set(threading.enumerate()) - threads:
            thread.join()
    assert str(path) not in _core.open_databases()
    verify(path)


def verify(path):
    """Ask another copy of SQLite, when ours has closed the file."""
    other = sqlite3.connect(path)
    assert other.execute("pragma integrity_check").fetchone() == ("ok",)
    assert other.execute("select sum(amount) from account").fetchone() == (TOTAL,)
    other.close()
