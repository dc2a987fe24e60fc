"""SQL that is awaited: one row by its key, and every row of a table, against aiosqlite."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import aiosqlite
from measure import Contestant, Settings, Table, Unit, check, compare, medians

import onecross.sql
from cases.rivals import ONECROSS
from cases.sql.items import CREATE, INSERT, SELECT, Item, items
from cases.sql.keys import FIND

AIOSQLITE = "aiosqlite"

Ask = Callable[[Any], Awaitable[Any]]


async def fill(connection: Any, rows: list[Item]) -> None:
    """Make the table with these rows, committed."""
    await connection.execute(CREATE)
    await connection.executemany(INSERT, rows)
    await connection.commit()


def fetch_each(keys: list[tuple[int]]) -> Ask:
    """Find a row for each of the keys, one after the other."""

    async def ask(connection: Any) -> list[Any]:
        fetched = []
        for key in keys:
            async with connection.execute(FIND, key) as cursor:
                fetched.append(await cursor.fetchone())
        return fetched

    return ask


async def iterate(connection: Any) -> Any:
    """Go through the whole table, count its rows, and keep the last one."""
    count, row = 0, None
    async with connection.execute(SELECT) as cursor:
        async for row in cursor:  # noqa: B007 - all but the last are dropped
            count += 1
    return count, row


async def fetch_all(connection: Any) -> list[Any]:
    """Fetch the whole table as a list."""
    async with connection.execute(SELECT) as cursor:
        rows: list[Any] = await cursor.fetchall()
        return rows


def tables(settings: Settings) -> Iterator[Table]:
    """Measure by the clock on the wall, for what is measured is waiting, too."""
    with asyncio.Runner() as runner:
        # Its own `run` has the signal module write the whole answer out, twice.
        run = runner.get_loop().run_until_complete

        def contest(question: str, rows: list[Item], ask: Ask, limit: float | None) -> Table:
            async def opened(opening: Any) -> Any:
                connection = await opening
                await fill(connection, rows)
                return connection

            async def asked(connection: Any) -> Any:
                return await ask(connection)

            connections = {
                ONECROSS: run(opened(onecross.sql.aconnect(":memory:"))),
                AIOSQLITE: run(opened(aiosqlite.connect(":memory:"))),
            }
            contestants = [
                Contestant(
                    name,
                    lambda connection=connection: run(asked(connection)),
                    comparable=lambda answer: answer,
                )
                for name, connection in connections.items()
            ]
            unit = Unit("ns", 1e9 / len(rows))
            check(contestants)
            if settings.once:
                table = Table(question, unit.name, [])
            else:
                figures = medians(contestants, settings.rounds, calls=1)
                goals = {} if limit is None else {AIOSQLITE: limit}
                table = compare(question, contestants, figures, goals, unit)
            for connection in connections.values():
                run(connection.close())
            return table

        few = items(settings.size(full=2_000, small=100))
        many = items(settings.size(full=100_000, small=100))
        keys = [(key,) for key, *_ in few]
        yield contest("awaited, select by key and fetchone", few, fetch_each(keys), 0.15)
        yield contest(f"awaited, iterate, {len(many):,} x 4 columns", many, iterate, 0.25)
        yield contest(f"awaited, fetchall, {len(many):,} x 4 columns", many, fetch_all, None)
