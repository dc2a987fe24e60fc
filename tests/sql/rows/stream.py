"""Reads many rows in one way, and prints by how many bytes the peak of what is resident has risen.

Run in a process of its own, in which nothing else has had a peak: `stream.py way rows width size`.
"""

import asyncio
import re
import sys
from pathlib import Path

import onecross.sql as sql

COUNT = """
    with recursive number(id) as (select 1 union all select id + 1 from number where id < ?)
    select id, id / 4.0 as share, printf('%0*d', ?, id) as name from number
"""
FEW = 3000


def iterate(rows, size):
    return sum(row[0] for row in rows)


def part_by_part(rows, size):
    return sum(int(part.column("id").sum()) for part in rows.batches(size))


async def iterate_awaiting(rows, size):
    total = 0
    async for row in rows:
        total += row[0]
    return total


async def part_by_part_awaiting(rows, size):
    total = 0
    async for part in rows.batches(size):
        total += int(part.column("id").sum())
    return total


async def rows_of_a_cursor(cursor, size):
    return await iterate_awaiting(cursor.rows(), size)


WAYS = {
    way.__name__: way
    for way in (iterate, part_by_part, iterate_awaiting, part_by_part_awaiting, rows_of_a_cursor)
}


def read(way, rows, width, size):
    """The sum of the first column."""
    if way in (iterate, part_by_part):
        connection = sql.connect(":memory:")
        total = way(connection.query(COUNT, (rows, width)), size)
        connection.close()
        return total

    async def main():
        async with sql.aconnect(":memory:") as connection:
            ask = connection.execute if way is rows_of_a_cursor else connection.query
            return await way(await ask(COUNT, (rows, width)), size)

    return asyncio.run(main())


def peak_bytes():
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024


def main(way, rows, width, size):
    read(way, FEW, width, size)
    before = peak_bytes()
    assert read(way, rows, width, size) == rows * (rows + 1) // 2
    print(peak_bytes() - before)


if __name__ == "__main__":
    main(WAYS[sys.argv[1]], *map(int, sys.argv[2:]))
