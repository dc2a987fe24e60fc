"""Rows that are cancelled, closed, shared and dropped: nothing is lost unnoticed, or stays."""

import asyncio
import contextlib
import contextvars
import dataclasses
import gc
import threading
import weakref

import pytest

import onecross.sql as sql


@dataclasses.dataclass
class Number:
    i: int


FORMS = {
    **{name: getattr(sql.AsyncRows, name) for name in ("tuples", "dicts", "numpy", "json", "one")},
    "arrow": sql.AsyncRows.arrow,
    "instances": lambda rows: rows.to(Number),
    "lists": lambda rows: rows.to(tuple),
}


async def cancelled(task):
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_form_that_is_cancelled_stops_its_statement_and_no_other(run, watched, endless, form):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            async with watched(connection) as watch:
                rows = connection.query(endless + "select i from n where i > 1000000000")
                task = asyncio.create_task(form(rows))
                await watch.runs.wait()
                waiting = asyncio.create_task(connection.query("select 1").scalar())
                await cancelled(task)
                assert await waiting == 1
            before = connection.statistics.calls
            assert await connection.query("select 2").scalar() == 2
            assert connection.statistics.calls == before

    run(main())


@pytest.mark.parametrize("form", [FORMS["tuples"], FORMS["instances"]], ids=["tuples", "instances"])
def test_a_form_that_is_cancelled_amid_its_rows_takes_them_with_it(run, watched, endless, form):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            async with watched(connection) as watch:
                rows = connection.query(endless + "select i from n")
                task = asyncio.create_task(form(rows))
                for _ in range(20):
                    await watch.runs.wait()
                    watch.runs.clear()
                await cancelled(task)
            with pytest.raises(sql.ProgrammingError, match="read already"):
                await rows.tuples()
            # No statement stands at a row of it any more.
            await connection.execute("vacuum")

    run(main())


def test_iteration_that_is_cancelled_does_not_pretend_to_be_at_its_end(run, endless):
    async def main():
        loop, runs = asyncio.get_running_loop(), asyncio.Event()

        def seen(number):
            if number == 9999:
                loop.call_soon_threadsafe(runs.set)
            return False

        async with sql.aconnect(":memory:") as connection:
            await connection.create_function("seen", 1, seen)
            rows = connection.query(endless + "select i from n where i <= 1500 or seen(i)")
            fetched = 0

            async def fetch():
                nonlocal fetched
                async for (number,) in rows:
                    fetched += 1
                    assert number == fetched

            task = asyncio.create_task(fetch())
            await runs.wait()
            await cancelled(task)
            with pytest.raises(sql.OperationalError, match="interrupted"):
                await fetch()
            assert fetched == 1500
            with pytest.raises(StopAsyncIteration):
                await anext(rows)

    run(main())


def test_what_was_never_begun_can_be_asked_for_again(run, watched, endless):
    async def main():
        async with sql.aconnect(":memory:", inline_operations=0) as connection:
            await connection.execute("create table t (a)")
            await connection.commit()
            async with watched(connection) as watch:
                first = asyncio.create_task(connection.query(endless + "select i from n").json())
                await watch.runs.wait()
                rows = connection.query("insert into t values (1) returning a")
                second = asyncio.create_task(rows.tuples())
                await asyncio.sleep(0)
                await cancelled(second)
                await cancelled(first)
            assert await rows.tuples() == [(1,)]

    run(main())


@pytest.mark.parametrize("operations", [0, 50_000])
def test_rows_are_read_once(run, operations):
    async def main():
        async with sql.aconnect(":memory:", inline_operations=operations) as connection:
            rows = await connection.query("values (1), (2)")
            assert len(await rows.tuples()) == 2
            for again in (rows.tuples, rows.json, lambda: rows.to(tuple)):
                with pytest.raises(sql.ProgrammingError, match="read already"):
                    await again()
            for again in (rows.__aiter__, lambda: rows.batches(2)):
                with pytest.raises(sql.ProgrammingError, match="read already"):
                    again()
            with pytest.raises(StopAsyncIteration):
                await anext(rows)
            with pytest.raises(ValueError, match="at least one row"):
                connection.query("select 1").batches(0)

    with contextlib.ExitStack() as stack:
        stack.enter_context(pytest.warns(RuntimeWarning, match="never run"))
        run(main())


def test_two_tasks_do_not_read_the_same_rows(run, watched, endless):
    async def main():
        async with sql.aconnect(":memory:") as connection, watched(connection) as watch:
            rows = connection.query(endless + "select i from n where i > 1000000000")
            task = asyncio.create_task(rows.tuples())
            await watch.runs.wait()
            for use in (rows.tuples, lambda: rows.to(tuple), lambda: rows.__anext__()):
                with pytest.raises(RuntimeError, match="being read by another"):
                    await use()
            # Who closes them waits.
            closing = asyncio.create_task(rows.close())
            await asyncio.sleep(0)
            assert not closing.done()
            await cancelled(task)
            await closing

    run(main())


@pytest.mark.parametrize("operations", [0, 50_000])
def test_rows_of_a_connection_that_was_closed_raise(run, operations):
    async def main():
        async with sql.aconnect(":memory:", inline_operations=operations) as connection:
            rows = await connection.query("values (1), (2), (3)")
            begun = connection.query("values (1), (2), (3)")
            assert await anext(begun) == (1,)
            not_run = connection.query("select 1")
            cursor = await connection.execute("select 1")
            parts = (await connection.query("values (1), (2)")).batches(1)
            part = await anext(parts)
        for use in (
            rows.tuples,
            lambda: rows.to(tuple),
            begun.__anext__,
            not_run.tuples,
            not_run.__await__().__next__,
        ):
            with pytest.raises(sql.ProgrammingError, match="closed database"):
                await use()
        for use in (lambda: connection.query("select 1"), cursor.rows):
            with pytest.raises(sql.ProgrammingError, match="closed database"):
                use()
        # A part is in memory.
        assert part.tuples() == [(1,)]
        await rows.aclose()
        async with contextlib.aclosing(not_run):
            pass

    run(main())


def test_closing_ends_the_statement_wherever_it_stands(run, table):
    async def main():
        async with sql.aconnect(table, autocommit=True, inline_operations=0) as connection:
            for take in (0, 1, 2000):
                async with connection.query("select value from number") as rows:
                    for _ in range(take):
                        await anext(rows)
                    with pytest.raises(sql.OperationalError, match="SQL statements in progress"):
                        await connection.execute("vacuum")
                await connection.execute("vacuum")
                with pytest.raises(sql.ProgrammingError, match="read already"):
                    await rows.tuples()
            closed = connection.query("insert into number values (-1, '')")
            await closed.close()
            with pytest.raises(sql.ProgrammingError, match="read already"):
                await closed.tuples()
            assert await connection.query("select min(value) from number").scalar() == 0

    run(main())


def test_rows_that_are_dropped_let_go_of_their_statement(run, table):
    async def main():
        async with sql.aconnect(table, autocommit=True, inline_operations=0) as connection:
            rows = connection.query("select value from number")
            await anext(rows)
            gone = weakref.ref(rows)
            del rows
            gc.collect()
            assert gone() is None
            await connection.execute("vacuum")

    run(main())


def test_a_generator_that_is_closed_amid_its_rows_closes_them(run, table):
    async def main():
        async with sql.aconnect(table, autocommit=True, inline_operations=0) as connection:
            kept = connection.query("select value from number")

            async def values():
                async with kept as rows:
                    async for (value,) in rows:
                        yield value

            generator = values()
            assert await anext(generator) == 0
            await generator.aclose()
            await connection.execute("vacuum")
            with pytest.raises(sql.ProgrammingError, match="read already"):
                await kept.tuples()

    run(main())


def test_who_leaves_his_block_leaves_the_rows_to_it(run, path):
    async def main():
        async with sql.aconnect(path, timeout=0.01) as connection:
            entered, left = asyncio.Event(), asyncio.Event()

            async def hold():
                async with connection:
                    await connection.execute("create table t (a)")
                    entered.set()
                    await left.wait()

            holding = asyncio.create_task(hold())
            await entered.wait()
            with pytest.raises(sql.OperationalError, match="transaction of another task"):
                await connection.query("select 1").tuples()
            left.set()
            await holding
            assert await connection.query("select count(*) from t").scalar() == 0

    run(main())


def test_a_thread_that_waits_is_the_workers(run, table):
    async def main():
        threads = set()

        def note(_text):
            threads.add(threading.current_thread().name)

        async with sql.aconnect(table) as connection:
            await connection.set_trace_callback(note)
            await connection.query("select * from number").arrow()
            await connection.set_trace_callback(None)
        assert threads == {"onecross.sql"}

    run(main())


@pytest.mark.parametrize(("operations", "count"), [(0, 5000), (1000, 9)])
@pytest.mark.parametrize("form", ["tuples", "instances"])
def test_who_closes_rows_waits_until_another_has_read_them(run, table, operations, count, form):
    async def main():
        async with sql.aconnect(table, inline_operations=operations) as connection:
            rows = connection.query("select value as i from number limit ?", (count,))
            reading = asyncio.create_task(FORMS[form](rows))
            await asyncio.sleep(0)
            assert not reading.done()
            await rows.close()
            assert reading.done()
            return len(await reading)

    assert run(main()) == count


def test_rows_are_closed_by_who_is_in_the_block_that_their_reader_waits_for(run, table):
    async def main():
        async with sql.aconnect(table, inline_operations=0) as connection:
            connection._access.blocks.patience = None
            rows = connection.query("select value from number")
            async with connection:
                outside = contextvars.Context()
                reading = asyncio.create_task(rows.tuples(), context=outside)
                await asyncio.sleep(0)
                await rows.close()
            with pytest.raises(sql.ProgrammingError, match="read already"):
                await reading

    run(main())


def test_who_waits_to_close_rows_need_not_do_so_once_their_connection_is_closed(run, table):
    async def main():
        connection = await sql.aconnect(table, inline_operations=0)
        goes_on = threading.Event()
        connection._access.worker.post(goes_on.wait)
        rows = connection.query("select value from number")
        reading = asyncio.create_task(anext(rows))
        await asyncio.sleep(0)
        closing = [asyncio.create_task(rows.aclose()), asyncio.create_task(connection.close())]
        await asyncio.sleep(0)
        goes_on.set()
        assert await reading == (0,)
        await asyncio.gather(*closing)

    run(main())
