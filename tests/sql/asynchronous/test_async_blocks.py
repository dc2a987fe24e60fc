"""Blocks of `async with connection:`: transactions, savepoints, and whose they are."""

import asyncio
import gc

import pytest

import onecross.sql as sql
from onecross.sql._asynchronous import block


async def insert_and_fail(connection, number):
    async with connection:
        await connection.execute("insert into t values (?)", (number,))
        raise LookupError


async def numbers(connection):
    return [number for (number,) in await (await connection.execute("select a from t")).fetchall()]


def with_table(run, work, **options):
    async def main():
        async with sql.aconnect(":memory:", **options) as connection:
            await connection.execute("create table t (a)")
            await connection.commit()
            return await work(connection)

    return run(main())


def test_a_block_commits_and_an_exception_undoes_it(run):
    async def work(connection):
        async with connection:
            await connection.execute("insert into t values (1)")
            with pytest.raises(LookupError):
                await insert_and_fail(connection, 2)
            async with connection:
                await connection.execute("insert into t values (3)")
        assert not connection.in_transaction
        with pytest.raises(LookupError):
            await insert_and_fail(connection, 4)
        return await numbers(connection)

    assert with_table(run, work) == [1, 3]


def test_a_block_that_only_reads_needs_no_worker(run):
    async def work(connection):
        before = connection.statistics
        async with connection:
            await connection.execute("select 1")
        await connection.commit()
        await connection.rollback()
        assert connection.statistics.calls == before.calls

    with_table(run, work)


def test_a_statement_of_another_task_waits_until_the_block_is_left(run):
    async def work(connection):
        async def insert(number):
            await connection.execute("insert into t values (?)", (number,))
            await connection.commit()

        entered, go_on = asyncio.Event(), asyncio.Event()

        async def hold():
            async with connection:
                await connection.execute("insert into t values (2)")
                entered.set()
                await go_on.wait()
                raise LookupError

        holding = asyncio.create_task(hold())
        await entered.wait()
        outsiders = [asyncio.create_task(insert(number)) for number in (3, 4)]
        reading = asyncio.create_task(numbers(connection))
        for _ in range(10):
            await asyncio.sleep(0)
        assert not any(task.done() for task in (*outsiders, reading))
        go_on.set()
        with pytest.raises(LookupError):
            await holding
        await asyncio.gather(*outsiders)
        assert 2 not in await reading
        return await numbers(connection)

    assert with_table(run, work) == [3, 4]


def test_blocks_of_several_tasks_follow_each_other(run):
    async def work(connection):
        async def add():
            async with connection:
                last = max(await numbers(connection), default=0)
                await asyncio.sleep(0)
                await connection.execute("insert into t values (?)", (last + 1,))

        await asyncio.gather(*(add() for _ in range(10)))
        return await numbers(connection)

    assert with_table(run, work) == list(range(1, 11))


def test_tasks_that_are_begun_in_a_block_are_part_of_it(run):
    async def work(connection):
        async def nested(number):
            async with connection:
                await connection.execute("insert into t values (?)", (number,))
                await asyncio.sleep(0)
                if number % 2:
                    raise LookupError

        async with connection:
            found = await asyncio.gather(
                *(nested(number) for number in range(6)), return_exceptions=True
            )
            assert [type(error) for error in found[1::2]] == [LookupError] * 3
        return await numbers(connection)

    assert with_table(run, work) == [0, 2, 4]


def test_a_block_of_another_task_is_waited_for_as_long_as_a_lock(run):
    async def work(connection):
        entered, go_on = asyncio.Event(), asyncio.Event()

        async def hold():
            async with connection:
                entered.set()
                await go_on.wait()

        holding = asyncio.create_task(hold())
        await entered.wait()
        for use in (connection.execute("select 1"), connection.commit(), connection.__aenter__()):
            with pytest.raises(sql.OperationalError, match="transaction of another task"):
                await use
        go_on.set()
        await holding
        return await numbers(connection)

    assert with_table(run, work, timeout=0.01) == []


def test_a_task_that_outlives_the_block_it_was_begun_in_is_no_part_of_it(run):
    async def work(connection):
        go_on = asyncio.Event()

        async def late():
            await go_on.wait()
            await connection.execute("insert into t values (1)")

        async with connection:
            task = asyncio.create_task(late())

        async def hold():
            async with connection:
                go_on.set()
                for _ in range(10):
                    await asyncio.sleep(0)
                return task.done()

        assert await asyncio.create_task(hold()) is False
        await task
        await connection.rollback()
        return await numbers(connection)

    assert with_table(run, work) == []


def test_a_block_that_is_left_undoes_what_others_have_open_within_it(run):
    async def work(connection):
        entered, go_on = asyncio.Event(), asyncio.Event()

        async def nested():
            async with connection:
                await connection.execute("insert into t values (2)")
                entered.set()
                await go_on.wait()

        async with connection:
            await connection.execute("insert into t values (1)")
            task = asyncio.create_task(nested())
            await entered.wait()
        go_on.set()
        with pytest.raises(sql.ProgrammingError, match="was not entered, or was left before"):
            await task
        return await numbers(connection)

    assert with_table(run, work) == [1]


def test_blocks_of_two_connections_may_cross_each_other(run):
    async def work(connection):
        async with sql.aconnect(":memory:") as other:
            await connection.__aenter__()
            await other.__aenter__()
            await connection.execute("insert into t values (1)")
            await connection.__aexit__(None, None, None)
            await other.execute("create table u (a)")
            await other.__aexit__(None, None, None)
            async with connection:
                await connection.execute("insert into t values (2)")
            assert not other.in_transaction
        return await numbers(connection)

    assert with_table(run, work) == [1, 2]


def count_blocks():
    gc.collect()
    return sum(type(it) is block.Block for it in gc.get_objects())


@pytest.mark.parametrize("order", ["crosswise", "hand over hand"])
def test_blocks_that_were_left_are_not_kept(run, order):
    async def work(connection):
        async with sql.aconnect(":memory:") as other:
            before = count_blocks()
            if order == "crosswise":
                for _ in range(20):
                    await connection.__aenter__()
                    await other.__aenter__()
                    await connection.__aexit__(None, None, None)
                    await other.__aexit__(None, None, None)
                assert count_blocks() == before
            else:
                await connection.__aenter__()
                for _ in range(20):
                    await other.__aenter__()
                    await connection.__aexit__(None, None, None)
                    await connection.__aenter__()
                    await other.__aexit__(None, None, None)
                assert count_blocks() <= before + 2
                await connection.__aexit__(None, None, None)

    with_table(run, work)


def test_who_leaves_a_block_that_was_left_for_him_leaves_no_other(run):
    async def work(connection):
        entered, go_on = asyncio.Event(), asyncio.Event()

        async def nested():
            await connection.__aenter__()
            entered.set()
            await go_on.wait()
            async with sql.aconnect(":memory:") as other, other:
                pass
            with pytest.raises(sql.ProgrammingError, match="was left before"):
                await connection.__aexit__(None, None, None)

        async with connection:
            await connection.execute("insert into t values (1)")
            async with connection:
                task = asyncio.create_task(nested())
                await entered.wait()
            go_on.set()
            await task
            await connection.execute("insert into t values (2)")
        return await numbers(connection)

    assert with_table(run, work) == [1, 2]


def test_a_task_that_outlives_its_savepoint_is_still_part_of_the_block_around_it(run):
    async def work(connection):
        go_on = asyncio.Event()

        async def late():
            await go_on.wait()
            await connection.execute("insert into t values (1)")

        async with connection:
            async with connection:
                task = asyncio.create_task(late())
                await asyncio.sleep(0)
            go_on.set()
            await task
        return await numbers(connection)

    assert with_table(run, work, timeout=0) == [1]


def test_a_block_may_be_left_in_another_context_as_a_fixture_does(run):
    async def work(connection):
        await asyncio.create_task(connection.__aenter__())
        await asyncio.create_task(connection.__aexit__(None, None, None))
        return await numbers(connection)

    assert with_table(run, work) == []


def test_commit_within_a_block_is_refused(run):
    async def work(connection):
        async with connection:
            with pytest.raises(sql.ProgrammingError, match=r"commit\(\) was called"):
                await connection.commit()

    with_table(run, work)


def test_autocommit_can_be_set(run):
    async def work(connection):
        assert (connection.autocommit, connection.isolation_level) == (False, "IMMEDIATE")
        await connection.set_autocommit(True)
        assert connection.autocommit
        await connection.execute("insert into t values (1)")
        await connection.rollback()
        return await numbers(connection)

    assert with_table(run, work) == [1]


def test_who_comes_first_has_the_first_turn(run):
    async def work(connection):
        entered, go_on = asyncio.Event(), asyncio.Event()

        async def write(number):
            await connection.execute("insert into t values (?)", (number,))

        async def enter(number):
            async with connection:
                await write(number)
                entered.set()
                await go_on.wait()

        async def enter_often():
            for number in range(10, 20):
                await enter(number)

        tasks = [asyncio.create_task(enter_often())]
        await entered.wait()
        for number, use in enumerate((enter, write, write, enter, write)):
            tasks.append(asyncio.create_task(use(number)))
            await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(*tasks)
        return await numbers(connection)

    assert with_table(run, work, autocommit=True) == [10, 0, 1, 2, 3, 4, *range(11, 20)]


def test_savepoints_of_tasks_in_one_block_come_in_turn_and_outsiders_behind_them(run):
    async def work(connection):
        entered, leave, go_on = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def nested(*given):
            for number in given:
                async with connection:
                    await connection.execute("insert into t values (?)", (number,))
                    entered.set()
                    await leave.wait()

        async def outside():
            await go_on.wait()
            await nested(20)

        outsider = asyncio.create_task(outside())
        async with connection:
            tasks = [asyncio.create_task(nested(*range(10, 15)))]
            await entered.wait()
            go_on.set()
            await asyncio.sleep(0)
            for number in range(3):
                tasks.append(asyncio.create_task(nested(number)))
                await asyncio.sleep(0)
            leave.set()
            await asyncio.gather(*tasks)
        await outsider
        return await numbers(connection)

    assert with_table(run, work) == [10, 0, 1, 2, 11, 12, 13, 14, 20]


def test_who_is_cancelled_as_his_turn_comes_gives_it_to_the_next(run):
    async def work(connection):
        entered, go_on = asyncio.Event(), asyncio.Event()

        async def hold():
            async with connection:
                entered.set()
                await go_on.wait()
            # It is the turn of the first one now, who has not gone on yet.
            cancelled[0].cancel()

        holding = asyncio.create_task(hold())
        await entered.wait()
        cancelled = [asyncio.create_task(connection.__aenter__()) for _ in range(2)]
        waiting = asyncio.create_task(numbers(connection))
        await asyncio.sleep(0)
        cancelled[1].cancel()
        go_on.set()
        await holding
        assert await waiting == []
        assert all(task.cancelled() for task in cancelled)

    with_table(run, work)


def test_who_waited_in_vain_is_told_what_the_others_did(run, monkeypatch):
    clocks = []

    def clock(_patience):
        clocks.append(asyncio.timeout(None))
        return clocks[-1]

    async def work(connection):
        monkeypatch.setattr(block, "timeout", clock)

        async def hold(entered, go_on):
            async with connection:
                entered.set()
                await go_on.wait()

        first, second, go_on = asyncio.Event(), asyncio.Event(), asyncio.Event()
        holding = [asyncio.create_task(hold(first, go_on))]
        await first.wait()
        last = asyncio.Event()
        holding.append(asyncio.create_task(hold(second, last)))
        await asyncio.sleep(0)
        vain = asyncio.create_task(connection.execute("select 1"))
        await asyncio.sleep(0)
        go_on.set()
        await second.wait()
        clocks[1].reschedule(0)
        with pytest.raises(sql.OperationalError, match=r"others took their turn: 1 block"):
            await vain
        last.set()
        await asyncio.gather(*holding)

    with_table(run, work)
