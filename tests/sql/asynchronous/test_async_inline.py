"""Statements that are run in the loop's own thread, and those that must not be."""

import asyncio
import threading
from contextlib import suppress

import pytest

import onecross.sql as sql


def run_at_once(coroutine):
    """Run what does not suspend itself, without any loop's help."""
    with pytest.raises(StopIteration) as ended:
        coroutine.send(None)
    return ended.value.value


def test_a_statement_that_reads_makes_neither_future_nor_task_nor_thread(run, table):
    async def main():
        async with sql.aconnect(table) as connection:
            before = connection.statistics
            cursor = run_at_once(
                connection.execute("select name from number where value = ?", (7,))
            )
            assert run_at_once(cursor.fetchone()) == ("n7",)
            assert run_at_once(cursor.fetchone()) is None
            run_at_once(cursor.close())
            after = connection.statistics
            assert after == before._replace(inline=before.inline + 1)

    run(main())


def test_what_takes_more_operations_is_run_anew_by_the_worker(run, table):
    async def main():
        async with sql.aconnect(table, inline_operations=1000) as connection:
            before = connection.statistics
            cursor = await connection.execute("select value from number")
            assert len(await cursor.fetchall()) == 5000
            assert connection.statistics[:2] == (before.inline, before.given_up + 1)

            # It is not tried again at once, and then it is.
            for _ in range(2):
                await connection.execute("select value from number")
            assert connection.statistics.given_up == before.given_up + 2

    run(main())


def test_a_statement_that_ends_soon_again_is_tried_again(run, table):
    text = "select count(*) from number where value < ?"

    async def main():
        async with sql.aconnect(table, inline_operations=1000) as connection:
            for most in (5000, 1, 1, 1):
                await connection.execute(text, (most,))
            return connection.statistics[:2]

    assert run(main()) == (2, 1)


def test_nothing_is_run_in_the_loop_if_so_wished(run, table):
    async def main():
        async with sql.aconnect(table, inline_operations=0) as connection:
            await connection.execute("select 1")
            return connection.statistics[:2]

    assert run(main()) == (0, 0)


@pytest.mark.parametrize("operations", [True, 2**32 * 1000, 10**30])
def test_any_number_of_operations_may_be_run_in_the_loop(run, table, operations):
    async def main():
        async with sql.aconnect(table, inline_operations=operations) as connection:
            await connection.execute("select 1")
            return connection.statistics[:2]

    assert run(main()) == (1, 0)


@pytest.mark.parametrize(
    "text",
    [
        "begin",
        "savepoint s",
        "pragma user_version",
        "pragma user_version = 3",
        "explain select 1",
        "attach ':memory:' as other",
        "insert into t values (1)",
        "with n as (select 1) insert into t select * from n",
        "insert into t values (1) returning a",
        "select * from pragma_optimize",
        "select load_extension('none')",
        "create temp table u (a)",
        "",
        "-- nothing",
    ],
)
def test_what_may_have_effects_is_left_to_the_worker(run, text):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            await connection.execute("create table t (a)")
            await connection.commit()
            before = connection.statistics
            refused = sql.OperationalError if "load_extension" in text else ()
            with suppress(refused):
                await connection.execute(text)
            assert connection.statistics[:2] == before[:2]

    run(main())


def test_a_lock_is_waited_for_by_the_worker(run, path):
    with sql.connect(path) as other:
        other.execute("pragma journal_mode = delete")
        other.execute("create table t (a)")

    async def main():
        async with sql.aconnect(path, timeout=60) as connection:
            other.execute("begin exclusive")
            # The task suspends itself: the loop goes on, and ends the lock.
            waiting = asyncio.create_task(connection.execute("select count(*) from t"))
            while connection.statistics.calls < 2:
                await asyncio.sleep(0)
            assert not waiting.done()
            other.execute("insert into t values (1)")
            other.execute("commit")
            cursor = await waiting
            assert connection.statistics[:2] == (0, 1)
            return await cursor.fetchone()

    assert run(main()) == (1,)
    other.close()


def test_how_long_locks_are_waited_for_stays_as_it_was_set(run):
    async def main():
        async with sql.aconnect(":memory:", timeout=3) as connection:

            async def told():
                await connection.execute("select 1")
                cursor = await connection.execute("pragma busy_timeout")
                return await cursor.fetchone()

            found = [await told()]
            await connection.execute("PRAGMA Busy_Timeout = 1234")
            found += [await told(), await told()]
            await connection.executescript("pragma busy_timeout = 0")
            found.append(await told())
            assert connection.statistics.inline == 4
            return found

    assert run(main()) == [(3000,), (1234,), (1234,), (0,)]


def callers(run, prepare, text, **options):
    """In which threads a callback was called, and how often."""
    threads = []

    async def main():
        async with sql.aconnect(":memory:", **options) as connection:
            await prepare(connection, lambda *_: threads.append(threading.current_thread()))
            before = connection.statistics
            await (await connection.execute(text)).fetchall()
            assert connection.statistics.inline == before.inline

    run(main())
    return threads


async def function(connection, note):
    await connection.create_function("f", 1, lambda value: note() or value)


async def collation(connection, note):
    await connection.create_collation("c", lambda left, right: note() or 0)


async def authorizer(connection, note):
    await connection.set_authorizer(lambda *_: note() or 0)


async def trace(connection, note):
    await connection.set_trace_callback(lambda text: note())


async def progress(connection, note):
    await connection.set_progress_handler(lambda: note() or False, 10)


async def texts(connection, note):
    connection.text_factory = lambda data: note() or data


class Sum:
    note = None

    def step(self, value):
        type(self).note()

    def finalize(self):
        return 1


async def aggregate(connection, note):
    class Noted(Sum):
        pass

    Noted.note = staticmethod(note)
    await connection.create_aggregate("total_of", 1, Noted)


@pytest.mark.parametrize(
    ("prepare", "text", "calls"),
    [
        (function, "select f(column1) from (values (1), (2))", 2),
        (aggregate, "select total_of(column1) from (values (1), (2))", 2),
        (collation, "select 'a' = 'b' collate c", 1),
        (authorizer, "select 1", 1),
        (trace, "select 1", 1),
        (progress, "select count(*) from (values (1), (2), (3), (4), (5), (6), (7))", None),
        (texts, "select 'a'", 1),
    ],
)
def test_python_is_called_back_once_and_by_the_worker(run, prepare, text, calls):
    threads = callers(run, prepare, text)
    assert len(threads) == calls if calls else threads
    assert threading.current_thread() not in threads


def test_a_callback_that_a_statement_does_not_need_hinders_nothing(run):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            await function(connection, lambda: None)
            await connection.execute("select 1")
            assert connection.statistics[:2] == (1, 0)
            await connection.execute("select f(1)")
            assert connection.statistics[:2] == (1, 1)

    run(main())


def test_a_connection_that_another_thread_works_with_is_not_waited_for(run, watched, endless):
    async def main():
        async with sql.aconnect(":memory:") as connection, watched(connection) as watch:
            endless_task = asyncio.create_task(
                connection.execute(endless + "select count(*) from n")
            )
            await watch.runs.wait()
            waiting = asyncio.create_task(connection.execute("select 1"))
            await asyncio.sleep(0)
            assert not waiting.done()
            connection.interrupt()
            with pytest.raises(sql.OperationalError, match="interrupted"):
                await endless_task
            return await (await waiting).fetchone()

    assert run(main()) == (1,)


@pytest.mark.parametrize(("operations", "count_of_turns"), [(10_000, 100), (10**30, 1)])
def test_other_tasks_have_their_turn_beside_one_that_never_waits(run, operations, count_of_turns):
    async def main():
        turns = 0

        async def count():
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        async with sql.aconnect(":memory:", inline_operations=operations) as connection:
            counting = asyncio.create_task(count())
            for _ in range(1000):
                await connection.execute("select 1")
            counting.cancel()
            assert connection.statistics.inline == 1000
        return turns

    assert run(main()) == count_of_turns


def test_what_was_begun_before_is_done_before(run):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            await connection.execute("create table t (a)")
            inserting = asyncio.create_task(connection.execute("insert into t values (1)"))
            await asyncio.sleep(0)
            cursor = await connection.execute("select count(*) from t")
            await inserting
            return await cursor.fetchone()

    assert run(main()) == (1,)
