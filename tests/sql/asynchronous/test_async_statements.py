"""Statements that are awaited: the answers of the synchronous face, from a loop."""

import asyncio
import threading
from contextvars import ContextVar

import pytest

import onecross.sql as sql


def test_a_connection_is_opened_by_async_with_and_closed_where_it_ends(run, path):
    async def main():
        async with sql.aconnect(path) as connection:
            await connection.execute("create table t (a)")
            await connection.execute("insert into t values (?)", (1,))
            await connection.commit()
        with pytest.raises(sql.ProgrammingError, match="closed database"):
            await connection.execute("select 1")
        async with sql.aconnect(path) as connection:
            cursor = await connection.execute("select a from t")
            return await cursor.fetchall()

    assert run(main()) == [(1,)]


def test_a_connection_may_be_awaited_instead(run):
    async def main():
        connection = await sql.aconnect(":memory:")
        try:
            cursor = await connection.execute("select :a + :b", {"a": 1, "b": 2})
            return await cursor.fetchone()
        finally:
            await connection.close()

    assert run(main()) == (3,)


def test_a_file_that_cannot_be_opened_raises_and_leaves_no_thread(run, tmp_path):
    async def main():
        with pytest.raises(sql.OperationalError, match="unable to open"):
            await sql.aconnect(tmp_path / "none" / "test.db")
        with pytest.raises(ValueError, match="no profile 'x'"):
            await sql.aconnect(":memory:", profile="x")
        with pytest.raises(ValueError, match="0 or more, not -1"):
            sql.aconnect(":memory:", inline_operations=-1)
        for operations in (1.5, None, "3"):
            with pytest.raises(TypeError, match="a whole number, not"):
                sql.aconnect(":memory:", inline_operations=operations)

    before = set(threading.enumerate())
    run(main())
    for thread in set(threading.enumerate()) - before:
        thread.join()


@pytest.mark.parametrize("inline_operations", [0, 50_000])
def test_rows_come_one_by_one_by_size_and_all(run, table, inline_operations):
    async def main():
        async with sql.aconnect(table, inline_operations=inline_operations) as connection:
            cursor = await connection.execute("select value from number where value < 2500")
            found = [await cursor.fetchone(), await cursor.fetchmany()]
            found += [await cursor.fetchmany(0), len(await cursor.fetchmany(2000))]
            assert cursor.rownumber == 2002
            assert cursor.description[0][:2] == ("value", "INTEGER")
            found += [(await cursor.fetchall())[-1], await cursor.fetchall()]
            found += [await cursor.fetchone(), await cursor.fetchmany(5)]
            return found

    assert run(main()) == [(0,), [(1,)], [], 2000, (2499,), [], None, []]


@pytest.mark.parametrize("inline_operations", [0, 50_000, 100_000_000])
def test_iteration_gives_every_row_once(run, table, inline_operations):
    async def main():
        async with (
            sql.aconnect(table, inline_operations=inline_operations) as connection,
            connection.execute("select value from number") as cursor,
        ):
            first = await anext(cursor)
            rest = [row async for row in cursor]
            return [first, *rest]

    assert run(main()) == [(value,) for value in range(5000)]


def test_what_returning_answers_is_there_at_once(run):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            await connection.execute("create table t (a integer primary key)")
            cursor = await connection.executemany(
                "insert into t values (?) returning a * 10", [(1,), (2,)]
            )
            assert cursor.rowcount == 2
            return await cursor.fetchall()

    assert run(main()) == [(10,), (20,)]


def test_a_script_and_a_prepared_statement_run(run):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            await connection.executescript("create table t (a); insert into t values (7), (8);")
            async with connection.prepare("select a from t where a > :least") as statement:
                assert statement.is_read_only
                named = await statement(least=7)
                placed = await statement.execute({"least": 0})
                found = [await named.fetchall(), await placed.fetchall()]
            with pytest.raises(sql.ProgrammingError, match="closed statement"):
                await statement(least=1)
            insert = await connection.prepare("insert into t values (?)")
            assert insert.sql == "insert into t values (?)"
            await insert.executemany([(9,), (10,)])
            with pytest.raises(TypeError, match="not by both"):
                insert(1, a=1)
            late = [insert(11), insert.execute((12,)), insert.executemany([(13,)])]
            await insert.close()
            for use in late:
                with pytest.raises(sql.ProgrammingError, match="closed statement"):
                    await use
            assert connection.total_changes == 4
            return found

    assert run(main()) == [[(8,)], [(7,), (8,)]]


def test_an_error_is_that_of_the_synchronous_face(run, table):
    async def errors_of(connection):
        for text in ("select * from nothing", "select 1,", "select ?", "select abs(-1 << 63)"):
            with pytest.raises(sql.Error) as caught:
                await connection.execute(text)
            yield type(caught.value), str(caught.value)

    async def main():
        async with sql.aconnect(table) as connection:
            return [error async for error in errors_of(connection)]

    found = run(main())
    connection = sql.connect(table)
    for text, (kind, message) in zip(
        ("select * from nothing", "select 1,", "select ?", "select abs(-1 << 63)"),
        found,
        strict=True,
    ):
        with pytest.raises(kind) as caught:
            connection.execute(text)
        assert str(caught.value) == message
    connection.close()


@pytest.mark.parametrize("inline_operations", [0, 50_000])
def test_an_error_in_a_row_comes_behind_the_rows_before(run, inline_operations):
    bad = "values (1), (cast(x'ff' as text)), (2)"

    async def main():
        async with sql.aconnect(":memory:", inline_operations=inline_operations) as connection:
            cursor = await connection.execute(bad)
            found = [await cursor.fetchone()]
            for _ in range(2):
                with pytest.raises(sql.OperationalError, match="Could not decode"):
                    await cursor.fetchone()
            return found

    assert run(main()) == [(1,)]


def test_factories_make_rows_and_texts(run):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            connection.row_factory = lambda cursor, row: (cursor.description[0][0], *row)
            rows = [await (await connection.execute("select 'x' as a")).fetchone()]
            connection.text_factory = lambda data: data.decode().upper()
            rows.append(await (await connection.execute("select 'x' as a")).fetchone())
            cursor = await connection.cursor()
            cursor.row_factory = None
            await cursor.execute("select 'y'")
            return [*rows, await cursor.fetchone()]

    assert run(main()) == [("a", "x"), ("a", "X"), ("Y",)]


def test_a_cursor_that_is_closed_or_has_no_result_says_so(run):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            cursor = await connection.execute("create table t (a)")
            for fetch in (cursor.fetchone, cursor.fetchall, cursor.fetchmany, cursor.nextset):
                with pytest.raises(sql.ProgrammingError, match="selected nothing"):
                    await fetch()
            await cursor.execute("values (1), (2)")
            await cursor.nextset()
            assert await cursor.fetchall() == []
            async with cursor:
                pass
            with pytest.raises(sql.ProgrammingError, match="closed cursor"):
                await cursor.fetchone()
            with pytest.raises(sql.ProgrammingError, match="closed cursor"):
                await cursor.execute("select 1")
            with pytest.raises(sql.ProgrammingError, match="closed cursor"):
                await cursor.__aenter__()

    run(main())


def test_statements_of_several_tasks_run_one_after_the_other(run):
    async def insert(connection, number):
        await connection.execute("insert into t values (?)", (number,))
        cursor = await connection.execute("select count(*) from t")
        return (await cursor.fetchone())[0]

    async def main():
        async with sql.aconnect(":memory:") as connection:
            await connection.execute("create table t (a)")
            counts = await asyncio.gather(*(insert(connection, number) for number in range(50)))
            cursor = await connection.execute("select a from t order by rowid")
            assert await cursor.fetchall() == [(number,) for number in range(50)]
            return counts

    assert run(main()) == sorted(run(main()))


def test_a_task_can_be_made_of_a_statement(run):
    async def main():
        async with sql.aconnect(":memory:") as connection, asyncio.TaskGroup() as group:
            task = group.create_task(connection.execute("select 1"))
            cursor = await task
            return await cursor.fetchone()

    assert run(main()) == (1,)


def test_a_copy_goes_to_another_connection_of_either_kind(run, table, path):
    async def main():
        async with sql.aconnect(table) as source, sql.aconnect(":memory:") as copy:
            told = []
            await source.backup(copy, progress=lambda *numbers: told.append(numbers))
            assert told[-1][1] == 0
            plain = sql.connect(":memory:")
            await copy.backup(plain)
            assert plain.execute("select count(*) from number").fetchone() == (5000,)
            plain.close()
            image = await copy.serialize()
            await copy.execute("drop table number")
            await copy.commit()
            await copy.deserialize(image)
            cursor = await copy.execute("select count(*) from number")
            return await cursor.fetchone()

    assert run(main()) == (5000,)


def test_a_callback_sees_the_context_of_its_task(run):
    name = ContextVar("name")

    async def ask(connection, value):
        name.set(value)
        cursor = await connection.execute("select name()")
        return (await cursor.fetchone())[0]

    async def main():
        async with sql.aconnect(":memory:") as connection:
            await connection.create_function("name", 0, name.get)
            return await asyncio.gather(ask(connection, "a"), ask(connection, "b"))

    assert run(main()) == ["a", "b"]


def test_columns_are_stored_and_read_as_tables(run):
    async def main():
        async with sql.aconnect(":memory:") as connection:
            told = []
            await connection.create(
                "seat",
                {"number": [1, 2], "price": [9.5, 8.0]},
                primary_key="number",
                progress=lambda *numbers: told.append(numbers),
            )
            assert told[-1][0] == 2
            assert await connection.insert("seat", ((n, 1.0) for n in range(3, 6))) == 3
            with pytest.raises(sql.IntegrityError):
                await connection.insert("seat", [(6, 1.0), (1, 1.0)])
            await connection.register("wanted", {"number": [2, 5]})
            text = "select sum(price), count(*) from seat join wanted using (number)"
            cursor = await connection.execute(text)
            found = await cursor.fetchone()
            await cursor.close()
            await connection.unregister("wanted")
            return found

    assert run(main()) == (9.0, 2)
