"""Tasks that are cancelled: their statement is stopped, and no other."""

import asyncio
import threading

import pytest

import onecross.sql as sql


def test_a_statement_stops_when_its_task_is_cancelled(run, watched, endless):
    async def main():
        async with sql.aconnect(":memory:") as connection, watched(connection) as watch:
            task = asyncio.create_task(connection.execute(endless + "select count(*) from n"))
            await watch.runs.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            # Nothing is left of it: the connection can be used in the loop at once.
            before = connection.statistics
            await connection.execute("select 1")
            assert connection.statistics.calls == before.calls

    run(main())


def test_a_statement_that_waits_for_another_is_never_begun(run, watched, endless):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            await connection.execute("create table t (a)")
            await connection.commit()
            async with watched(connection) as watch:
                first = asyncio.create_task(connection.execute(endless + "select count(*) from n"))
                await watch.runs.wait()
                second = asyncio.create_task(connection.execute("insert into t values (2)"))
                third = asyncio.create_task(connection.execute("insert into t values (3)"))
                await asyncio.sleep(0)
                second.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await second
                assert not first.done()
                assert not third.done()
                first.cancel()
                await third
            await connection.commit()
            cursor = await connection.execute("select a from t")
            assert first.cancelled()
            return await cursor.fetchall()

    assert run(main()) == [(3,)]


def test_a_task_that_is_cancelled_late_stops_nobody_else(run, watched):
    create = "create temp table if not exists t (a)"
    count = (
        "with recursive n(i) as (select 1 union all select i + 1 from n limit 3000) "
        "insert into t select count(*) from n"
    )

    async def main():
        async with sql.aconnect(":memory:") as connection, watched(connection) as watch:
            for _ in range(20):
                done = asyncio.create_task(connection.execute(create))
                running = asyncio.create_task(connection.execute(count))
                await watch.runs.wait()
                watch.runs.clear()
                done.cancel()
                await running
            cursor = await connection.execute("select a from t")
            return await cursor.fetchall()

    assert run(main()) == [(3000,)] * 20


def test_a_write_that_is_stopped_changes_nothing(run, watched, endless):
    async def main():
        async with sql.aconnect(":memory:", autocommit=True) as connection:
            await connection.execute("create table t (a)")
            await connection.execute("insert into t values (0)")
            async with watched(connection) as watch:
                task = asyncio.create_task(
                    connection.execute(f"insert into t {endless} select i from n")
                )
                await watch.runs.wait()
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            cursor = await connection.execute("select a from t")
            assert not connection.in_transaction
            return await cursor.fetchall()

    assert run(main()) == [(0,)]


def test_a_write_that_is_stopped_undoes_its_transaction_as_a_deadline_does(run, watched, endless):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            await connection.execute("create table t (a)")
            await connection.commit()

            async def write(watch):
                async with connection:
                    await connection.execute("insert into t values (0)")
                    await connection.execute(f"insert into t {endless} select i from n")

            async with watched(connection) as watch:
                task = asyncio.create_task(write(watch))
                await watch.runs.wait()
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            async with connection:
                await connection.execute("insert into t values (1)")
            cursor = await connection.execute("select a from t")
            return await cursor.fetchall()

    assert run(main()) == [(1,)]


def test_a_read_that_is_stopped_leaves_the_transaction_open(run, watched, endless):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            async with watched(connection) as watch, connection:
                await connection.execute("create table t (a)")
                task = asyncio.create_task(connection.execute(endless + "select count(*) from n"))
                await watch.runs.wait()
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                assert connection.in_transaction
                await connection.execute("insert into t values (1)")
            cursor = await connection.execute("select a from t")
            return await cursor.fetchall()

    assert run(main()) == [(1,)]


def test_a_timeout_is_a_timeout(run, endless):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await connection.execute(endless + "select count(*) from n")
            cursor = await connection.execute("select 1")
            return await cursor.fetchone()

    assert run(main()) == (1,)


def test_a_deadline_is_a_deadline(run, endless):
    async def main():
        async with sql.aconnect(":memory:", deadline=0.05) as connection:
            with pytest.raises(sql.DeadlineError):
                await connection.execute(endless + "select count(*) from n")

    run(main())


def endless_sets(reached):
    """Sets of parameters without an end, and what is called once some of them were asked for."""
    asked = threading.Event()
    loop = asyncio.get_running_loop()

    def sets():
        number = 0
        while True:
            number += 1
            if number == 100:
                loop.call_soon_threadsafe(reached.set)
                asked.wait()
            yield (number,)

    return sets(), asked.set


async def cancel_many(connection, statement):
    """Cancel a call of `executemany` between two of its sets."""
    reached = asyncio.Event()
    sets, go_on = endless_sets(reached)
    task = asyncio.create_task(connection.executemany(statement, sets))
    await reached.wait()
    task.cancel()
    await asyncio.sleep(0)
    go_on()
    with pytest.raises(asyncio.CancelledError):
        await task


async def count(connection):
    (found,) = await (await connection.execute("select count(*) from t")).fetchone()
    return found


INSERTS = ["insert into t values (?)", "insert into t values (?) returning a"]


@pytest.mark.parametrize("insert", INSERTS)
def test_many_statements_of_one_call_are_undone_when_it_is_stopped_between_them(run, insert):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            await connection.execute("create table t (a)")
            await connection.commit()
            await cancel_many(connection, insert)
            assert not connection.in_transaction
            assert await count(connection) == 0
            await connection.execute("insert into t values (0)")
            await cancel_many(connection, insert)
            assert not connection.in_transaction
            return await count(connection)

    assert run(main()) == 0


def test_a_block_in_which_many_statements_were_stopped_is_lost(run):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            await connection.execute("create table t (a)")
            await connection.commit()

            async def go_on():
                async with connection:
                    await cancel_many(connection, "insert into t values (?)")
                    with pytest.raises(sql.OperationalError, match="has ended inside it"):
                        await connection.execute("insert into t values ('goes on')")

            with pytest.raises(sql.OperationalError, match="has ended inside it"):
                await go_on()
            return await count(connection)

    assert run(main()) == 0


def test_many_statements_that_commit_one_by_one_stay_as_far_as_they_came(run):
    async def main():
        async with sql.aconnect(":memory:", autocommit=True) as connection:
            await connection.execute("create table t (a)")
            await cancel_many(connection, "insert into t values (?)")
            assert not connection.in_transaction
            return await count(connection)

    assert run(main()) == 99


def test_a_cursor_whose_read_was_stopped_does_not_pretend_to_be_at_its_end(run, endless):
    async def main():
        loop, runs = asyncio.get_running_loop(), asyncio.Event()

        def seen(number):
            if number == 9999:
                loop.call_soon_threadsafe(runs.set)
            return False

        async with sql.aconnect(":memory:") as connection:
            await connection.create_function("seen", 1, seen)
            cursor = await connection.execute(endless + "select i from n where i < 9000 or seen(i)")
            reading = asyncio.create_task(cursor.fetchall())
            await runs.wait()
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading

            async def fetch_all():
                while True:
                    assert await cursor.fetchone() is not None

            with pytest.raises(sql.OperationalError, match="interrupted"):
                await fetch_all()
            assert await cursor.fetchone() is None

    run(main())


class Gate:
    """A function of SQL that waits where it is called with a number, until it is opened."""

    def __init__(self, closed_at):
        self._closed_at = closed_at
        self._loop = asyncio.get_running_loop()
        self._is_open = threading.Event()
        self.is_reached = asyncio.Event()

    def __call__(self, number):
        if number == self._closed_at:
            self._loop.call_soon_threadsafe(self.is_reached.set)
            self._is_open.wait()
        return number

    async def open_when_cancelled(self, task):
        """Cancel a task as the gate is reached, which is opened then, and wait for its end."""
        await self.is_reached.wait()
        task.cancel()
        await asyncio.sleep(0)
        self._is_open.set()
        with pytest.raises(asyncio.CancelledError):
            await task


def test_fetching_that_is_cancelled_before_its_turn_takes_no_rows(run, endless):
    async def main():
        async with sql.aconnect(":memory:", inline_operations=0) as connection:
            gate = Gate(0)
            await connection.create_function("gate", 1, gate)
            cursor = await connection.execute(endless + "select i from n limit 20000")
            found = await cursor.fetchmany(3)
            other = asyncio.create_task(connection.execute("select gate(0)"))
            await gate.is_reached.wait()
            fetching = asyncio.create_task(cursor.fetchall())
            await asyncio.sleep(0)
            await gate.open_when_cancelled(fetching)
            await other
            return found + await cursor.fetchall()

    assert run(main()) == [(number,) for number in range(1, 20001)]


@pytest.mark.parametrize("size", [None, -1, 15000])
def test_fetching_that_is_stopped_leaves_the_rows_that_were_read(run, endless, size):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            gate = Gate(9999)
            await connection.create_function("gate", 1, gate)
            cursor = await connection.execute(endless + "select gate(i) from n limit 20000")
            found = await cursor.fetchmany(3)
            fetching = cursor.fetchall() if size is None else cursor.fetchmany(size)
            await gate.open_when_cancelled(asyncio.create_task(fetching))
            for _ in range(2):
                with pytest.raises(sql.OperationalError, match="interrupted"):
                    await cursor.fetchall()
            found.append(await cursor.fetchone())

            async def find_others():
                while rows := await cursor.fetchmany(1000):
                    found.extend(rows)

            with pytest.raises(sql.OperationalError, match="interrupted"):
                await find_others()
            assert await cursor.fetchall() == []
            return found

    found = run(main())
    assert len(found) > 9000
    assert found == [(number,) for number in range(1, len(found) + 1)]


def test_who_is_cancelled_twice_waits_until_the_statement_has_ended(run):
    async def main():
        loop = asyncio.get_running_loop()
        begun, ended = asyncio.Event(), threading.Event()

        def slow():
            loop.call_soon_threadsafe(begun.set)
            ended.wait()

        async with sql.aconnect(":memory:") as connection:
            await connection.create_function("slow", 0, slow)
            task = asyncio.create_task(connection.execute("select slow()"))
            await begun.wait()
            for _ in range(3):
                task.cancel()
                await asyncio.sleep(0)
                assert not task.done()
            ended.set()
            with pytest.raises(asyncio.CancelledError):
                await task

    run(main())


def test_a_lock_is_waited_for_no_longer_by_who_is_cancelled(run, path):
    with sql.connect(path) as other:
        other.execute("create table t (a)")

    async def main():
        async with sql.aconnect(path, timeout=3600) as connection:
            other.execute("begin immediate")
            task = asyncio.create_task(connection.execute("insert into t values (1)"))
            while connection.statistics.calls < 2:
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert not connection.in_transaction

    run(main())
    other.close()


def test_a_block_whose_commit_is_cancelled_was_left_all_the_same(run, path):
    async def main():
        async with sql.aconnect(path) as connection:
            loop = asyncio.get_running_loop()
            asked, answered = asyncio.Event(), threading.Event()

            def hook():
                loop.call_soon_threadsafe(asked.set)
                answered.wait()

            async def write():
                async with connection:
                    await connection.execute("create table t (a)")

            await connection.set_commit_hook(hook)
            task = asyncio.create_task(write())
            await asked.wait()
            task.cancel()
            await asyncio.sleep(0)
            answered.set()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert not connection.in_transaction
            await connection.set_commit_hook(None)
            async with connection:
                await connection.execute("insert into t values (1)")

    run(main())


def test_a_connection_whose_opening_is_cancelled_is_closed(run, path):
    async def main():
        before = set(threading.enumerate())
        task = asyncio.create_task(sql.aconnect(path))
        await asyncio.sleep(0)
        (worker,) = set(threading.enumerate()) - before
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        worker.join()

    run(main())
    assert str(path) not in sql._connection._core.open_databases()


def test_a_copy_that_waits_for_a_lock_is_stopped(run, table):
    with sql.connect(table) as other:
        other.execute("pragma journal_mode = delete")

    async def main():
        async with sql.aconnect(":memory:") as source:
            copy = sql.connect(table, timeout=0)
            other.execute("begin exclusive")
            loop, waits = asyncio.get_running_loop(), asyncio.Event()

            def tell(*_numbers):
                loop.call_soon_threadsafe(waits.set)

            task = asyncio.create_task(source.backup(copy, progress=tell, sleep=3600))
            await waits.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            copy.close()

    run(main())
    other.close()


def test_who_is_cancelled_as_he_enters_a_block_is_not_in_it(run, watched, endless):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            async with watched(connection) as watch:
                running = asyncio.create_task(
                    connection.execute(endless + "select count(*) from n")
                )
                await watch.runs.wait()
                entering = asyncio.create_task(connection.__aenter__())
                await asyncio.sleep(0)
                entering.cancel()
                await asyncio.sleep(0)
                running.cancel()
                await asyncio.wait([running, entering])
                assert entering.cancelled()
            await connection.execute("create table t (a)")
            await connection.commit()

    run(main())


@pytest.mark.parametrize("rows", [2, 9000])
def test_a_cursor_is_closed_whoever_is_in_a_block(run, table, rows):
    async def main():
        async with sql.aconnect(table, timeout=0) as connection:
            begun = asyncio.Event()

            async def iterate():
                async with connection.execute(
                    "select a.value from number a, number b limit ?", (rows,)
                ) as cursor:
                    async for _ in cursor:
                        begun.set()
                        await asyncio.Event().wait()

            task = asyncio.create_task(iterate())
            await begun.wait()
            given_up = await connection.execute("select value from number")
            closed = await connection.execute("select value from number")

            async def end():
                await given_up.nextset()
                await closed.close()
                return [row async for row in given_up]

            ending = asyncio.create_task(end())
            async with connection:
                await connection.execute("delete from number")
                task.cancel()
                await asyncio.wait([task])
                assert task.cancelled()
                assert await ending == []

    run(main())


def test_who_is_cancelled_in_a_block_that_was_left_for_him_is_cancelled(run):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            entered = asyncio.Event()

            async def nested():
                async with connection:
                    entered.set()
                    await asyncio.Event().wait()

            async with connection:
                task = asyncio.create_task(nested())
                await entered.wait()
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled()

    run(main())


def test_rows_of_a_query_are_closed_whoever_is_in_a_block(run, table):
    async def main():
        async with sql.aconnect(table, timeout=0) as connection:
            begun = asyncio.Event()

            async def iterate():
                async with connection.query("select a.value from number a, number b") as rows:
                    async for _ in rows:
                        begun.set()
                        await asyncio.Event().wait()

            task = asyncio.create_task(iterate())
            await begun.wait()
            async with connection:
                task.cancel()
                await asyncio.wait([task])
                assert task.cancelled()

    run(main())
