"""How connections end, wanted or not, and what is left of them: nothing."""

import asyncio
import gc
import threading
import warnings
import weakref

import pytest

import onecross.sql as sql
from onecross import _core


def join_others(before):
    for thread in set(threading.enumerate()) - before:
        thread.join()


def test_closing_ends_the_thread_and_what_follows_raises(run, path):
    async def main():
        connection = await sql.aconnect(path)
        cursor = await connection.execute("select 1")
        await connection.close()
        await connection.aclose()
        for use in (
            connection.close,
            connection.commit,
            connection.__aenter__,
            connection.cursor().__await__().__next__,
            cursor.fetchone,
            cursor.fetchall,
            cursor.close,
            lambda: connection.execute("select 1"),
            lambda: cursor.execute("select 1"),
            lambda: connection.prepare("select 1"),
        ):
            with pytest.raises(sql.ProgrammingError, match="closed database"):
                await use()
        for member in ("in_transaction", "total_changes", "autocommit"):
            with pytest.raises(sql.ProgrammingError, match="closed database"):
                getattr(connection, member)
        async with cursor:
            pass

    run(main())


def test_what_was_asked_for_before_is_done_before_the_connection_closes(run, path):
    async def main():
        connection = await sql.aconnect(path, autocommit=True)
        await connection.execute("create table t (a)")
        inserting = [
            asyncio.create_task(connection.execute("insert into t values (1)")) for _ in range(9)
        ]
        await asyncio.sleep(0)
        await connection.close()
        await asyncio.gather(*inserting)

    run(main())
    with sql.connect(path) as connection:
        assert connection.execute("select count(*) from t").fetchone() == (9,)
    connection.close()


def test_what_is_not_committed_is_lost_where_a_block_is_open(run, path):
    async def main():
        async with sql.aconnect(path) as connection:
            await connection.execute("create table t (a)")
            await connection.commit()
            entered = asyncio.Event()

            async def hold():
                async with connection:
                    await connection.execute("insert into t values (1)")
                    entered.set()
                    await asyncio.Event().wait()

            holding = asyncio.create_task(hold())
            await entered.wait()
            waiting = asyncio.create_task(connection.execute("select 1"))
            await asyncio.sleep(0)
        with pytest.raises(sql.ProgrammingError, match="closed database"):
            await waiting
        holding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await holding

    run(main())
    connection = sql.connect(path)
    assert connection.execute("select count(*) from t").fetchone() == (0,)
    connection.close()


def test_a_connection_that_nobody_closed_warns_and_ends(run, path):
    before = set(threading.enumerate())

    async def main():
        connection = await sql.aconnect(path)
        await connection.execute("create table t (a)")

    def forget():
        run(main())
        gc.collect()

    with pytest.warns(ResourceWarning, match="was not closed"):
        forget()
    join_others(before)
    assert str(path) not in _core.open_databases()


def test_a_loop_may_close_with_work_pending(path, endless):
    before = set(threading.enumerate())
    loop = asyncio.new_event_loop()
    connection = loop.run_until_complete(sql.aconnect(path).__aenter__())

    async def begin():
        runs = asyncio.Event()

        def tell():
            if not loop.is_closed():
                loop.call_soon_threadsafe(runs.set)

        await connection.set_progress_handler(tell, 1000)
        task = asyncio.create_task(connection.execute(endless + "select count(*) from n"))
        await runs.wait()
        return task

    task = loop.run_until_complete(begin())
    loop.close()
    connection.interrupt()
    asyncio.run(connection.close())
    join_others(before)
    # The task was killed with its loop, which asyncio tells itself.
    task._log_destroy_pending = False
    task.get_coro().close()
    assert str(path) not in _core.open_databases()


def test_a_connection_may_be_used_by_one_loop_after_the_other(path):
    async def count():
        cursor = await connection.execute("select count(*) from t")
        return await cursor.fetchone()

    connection = asyncio.run(sql.aconnect(path).__aenter__())
    asyncio.run(connection.executescript("create table t (a)").__aenter__())
    assert asyncio.run(count()) == (0,)
    asyncio.run(connection.close())


def test_two_loops_at_once_are_an_error(path, endless):
    async def main():
        async with sql.aconnect(path) as connection:
            loop, runs = asyncio.get_running_loop(), asyncio.Event()

            def tell():
                loop.call_soon_threadsafe(runs.set)

            await connection.set_progress_handler(tell, 1000)
            task = asyncio.create_task(connection.execute(endless + "select count(*) from n"))
            await runs.wait()
            with pytest.raises(RuntimeError, match="two event loops"):
                await asyncio.to_thread(asyncio.run, connection.rollback())
            task.cancel()
            await asyncio.wait([task])

    asyncio.run(main())


def test_a_loop_that_may_not_use_a_connection_closes_it_for_nobody(path):
    async def main():
        async with sql.aconnect(path) as connection:
            goes_on = threading.Event()
            connection._access.worker.post(goes_on.wait)
            task = asyncio.create_task(connection.execute("create table t (a)"))
            await asyncio.sleep(0)
            for end in (connection.close, connection.aclose):
                with pytest.raises(RuntimeError, match="two event loops"):
                    await asyncio.to_thread(asyncio.run, end())
            assert not task.done()
            goes_on.set()
            await task
            await connection.execute("insert into t values (1)")
            await connection.commit()

    asyncio.run(main())
    with sql.connect(path) as other:
        assert other.execute("select a from t").fetchall() == [(1,)]
    other.close()


def test_a_coroutine_that_is_killed_in_a_block_undoes_it(run, path):
    async def main():
        async with sql.aconnect(path) as connection:
            await connection.execute("create table t (a)")
            await connection.commit()
            entered = asyncio.get_running_loop().create_future()

            async def hold():
                async with connection, connection.cursor() as cursor:
                    await cursor.execute("insert into t values (1)")
                    await entered

            holding = hold()
            task = asyncio.create_task(asyncio.sleep(0))
            await task
            waiting = holding.send(None)
            while waiting is not entered:
                if waiting is not None:
                    waiting._asyncio_future_blocking = False
                    await waiting
                waiting = holding.send(None)
            entered._asyncio_future_blocking = False
            holding.close()
            cursor = await connection.execute("select count(*) from t")
            return await cursor.fetchone()

    assert run(main()) == (0,)


def test_a_statement_that_is_never_awaited_is_told_of(run):
    async def main():
        async with sql.aconnect(":memory:") as connection:

            def forget():
                connection.execute("select 1")
                gc.collect()

            with pytest.warns(RuntimeWarning, match="never awaited"):
                forget()

    run(main())


def test_a_coroutine_that_is_killed_closes_its_connection(run, path):
    before = set(threading.enumerate())

    async def main():
        killed = asyncio.get_running_loop().create_future()

        async def hold():
            async with sql.aconnect(path):
                await killed

        holding = hold()
        waiting = holding.send(None)
        while waiting is not killed:
            waiting._asyncio_future_blocking = False
            await waiting
            waiting = holding.send(None)
        killed._asyncio_future_blocking = False
        holding.close()
        join_others(before)

    run(main())
    assert str(path) not in _core.open_databases()


def test_nothing_that_a_call_returned_is_kept(run):
    class Returned:
        pass

    async def main():
        async with sql.aconnect(":memory:") as connection:
            returned = await connection._access.run(Returned)
            told = weakref.ref(returned)
            del returned
            # The worker lets go of it before it waits for another call.
            while told() is not None:
                await asyncio.sleep(0)

    run(main())


def test_a_child_of_a_fork_is_told_to_open_its_own(run_python):
    program = """
import asyncio, os, sys
import onecross.sql as sql

async def main():
    connection = await sql.aconnect(":memory:")
    child = os.fork()
    if child == 0:
        try:
            await connection.execute("select 1")
        except sql.ProgrammingError as error:
            os._exit(7 if "fork" in str(error) else 8)
        os._exit(9)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    await connection.close()

asyncio.run(main())
"""
    done = run_python(program)
    assert (done.stdout, done.returncode) == ("7\n", 0), done.stderr


def test_an_interpreter_ends_though_a_connection_is_open(run_python):
    program = """
import asyncio
import onecross.sql as sql

async def main():
    global connection
    connection = await sql.aconnect(":memory:")
    await connection.execute("select 1")

asyncio.run(main())
print("ends")
"""
    done = run_python(program)
    assert (done.stdout, done.returncode) == ("ends\n", 0), done.stderr


def test_what_needs_asyncio_is_imported_when_it_is_asked_for(run_python):
    program = """
import sys
import onecross.sql
assert "asyncio" not in sys.modules
onecross.sql.AsyncCursor
assert "asyncio" in sys.modules
"""
    assert run_python(program).returncode == 0
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = sql.nothing
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert set(sql.__all__) <= {*dir(sql), "AsyncConnection", "AsyncStatement", "AsyncCursor"}
