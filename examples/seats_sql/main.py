"""Sell the seats of a stadium, with the standard library's sqlite3 and with onecross.

python examples/seats_sql/main.py         90,000 seats, three rounds
python examples/seats_sql/main.py --once  9,000 seats, one round
"""

import argparse
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from random import Random
from statistics import median
from types import ModuleType
from typing import Any, NamedTuple

from seats import ALL, FIND, INSERT, LINES, SELL, STANDS, TABLE, TAKINGS, seats

import onecross.sql


class Step(NamedTuple):
    """A part of the work: how long it took, and what came of it."""

    name: str
    seconds: float
    outcome: Any


def timed(name: str, work: Callable[[], Any]) -> Step:
    """Do a part of the work, in the processor's time."""
    begun = time.process_time()
    outcome = work()
    return Step(name, time.process_time() - begun, outcome)


def sell(module: ModuleType, places: int) -> Iterator[Step]:
    """Fill a stadium, sell every third seat twice, and ask how it went."""
    random = Random(7)
    total = len(STANDS) * LINES * places
    buyers = [(f"buyer {sale}", random.randrange(1, total + 1)) for sale in range(total // 3)]
    wanted = [(random.randrange(1, total + 1),) for _ in range(total // 3)]
    all_seats = list(seats(places))

    with closing(module.connect(":memory:")) as connection:
        cursor = connection.cursor()

        def fill() -> int:
            with connection:
                cursor.execute(TABLE)
                cursor.executemany(INSERT, all_seats)
            return total

        def take_money() -> int:
            with connection:
                return sum(cursor.execute(SELL, sale).rowcount for sale in buyers)

        yield timed("fill the stadium", fill)
        yield timed("sell seats, one by one", take_money)
        yield timed("find seats, one by one", lambda: [find(cursor, key) for key in wanted])
        yield timed("read all seats", lambda: cursor.execute(ALL).fetchall())
        yield timed("count the takings", lambda: cursor.execute(TAKINGS).fetchall())


def find(cursor: Any, key: tuple[int]) -> Any:
    """Find a seat by its number."""
    cursor.execute(FIND, key)
    return cursor.fetchone()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--once", action="store_true", help="few seats, one round")
    is_quick = parser.parse_args().once
    places, rounds = (50, 1) if is_quick else (500, 3)

    times: dict[str, list[tuple[float, float]]] = {}
    for _ in range(rounds):
        for theirs, ours in zip(sell(sqlite3, places), sell(onecross.sql, places), strict=True):
            assert ours.outcome == theirs.outcome, f"{ours.name}: the answers differ"
            times.setdefault(ours.name, []).append((theirs.seconds, ours.seconds))

    print(f"{len(STANDS) * LINES * places:,} seats; milliseconds of the processor, medians")
    for name, rounds_of_both in times.items():
        theirs, ours = (median(column) * 1e3 for column in zip(*rounds_of_both, strict=True))
        print(f"  {name:<24} sqlite3 {theirs:8.1f}   onecross {ours:8.1f}   {ours / theirs:.2f}x")
    for stand, sold, takings in ours_of(onecross.sql, places):
        print(f"  {stand}: {sold:,} seats sold for {takings:,.2f}")


def ours_of(module: ModuleType, places: int) -> list[tuple[str, int, float]]:
    """The takings, stand by stand."""
    *_, last = sell(module, places)
    return list(last.outcome)


if __name__ == "__main__":
    main()
