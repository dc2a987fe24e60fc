"""Many rows stored at once, of columns and of objects, and committed."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import adbc_driver_sqlite.dbapi as adbc
import numpy
import pyarrow
from measure import Contestant, Settings, Table, measure

import onecross.sql
from cases.sql.columns_out import ADBC, NAMES, TUPLES, Databases, Seat
from cases.sql.items import INSERT, SELECT, Item, items

EMPTY = "delete from item"


class Store:
    """A table that is filled, and emptied again before the next time."""

    def __init__(self, connection: Any, rows: list[Item]) -> None:
        self.connection = connection
        self.rows = rows
        self.empty()

    def empty(self) -> None:
        """Delete all rows."""
        cursor = self.connection.cursor()
        cursor.execute(EMPTY)
        self.connection.commit()
        cursor.close()

    def verify(self) -> None:
        """Assert that the rows are stored."""
        cursor = self.connection.cursor()
        cursor.execute(SELECT)
        stored = [tuple(row) for row in cursor.fetchall()]
        cursor.close()
        assert stored == self.rows, f"{self.connection!r} has stored other rows"

    def contestant(self, name: str, fill: Callable[[], object]) -> Contestant:
        """Someone who fills the table."""

        def answer() -> bool:
            fill()
            self.connection.commit()
            return True

        return Contestant(name, answer, self.empty, comparable=bool, verify=self.verify)


def contestants_of_columns(databases: Databases, rows: list[Item]) -> list[Contestant]:
    """Those that store columns."""
    arrow = pyarrow.Table.from_pylist([dict(zip(NAMES, row, strict=True)) for row in rows])
    arrays = {name: arrow[name].to_numpy() for name in NAMES}
    mixed = {**arrays, "name": arrow["name"]}
    lists = arrow.to_pydict()
    theirs = Store(adbc.connect(databases.copy("adbc")), rows)

    def by_adbc() -> None:
        with theirs.connection.cursor() as cursor:
            cursor.adbc_ingest("item", arrow, mode="append")

    given = {
        "onecross, Arrow": arrow,
        "onecross, NumPy and Arrow texts": mixed,
        "onecross, NumPy with objects": {**arrays, "name": numpy.array(lists["name"], object)},
        "onecross, lists": lists,
    }
    entered = []
    for name, data in given.items():
        ours = Store(onecross.sql.connect(databases.copy(name)), rows)
        entered.append(
            ours.contestant(name, lambda it=ours, data=data: it.connection.insert("item", data))
        )
    tuples = Store(onecross.sql.connect(databases.copy("tuples")), rows)
    return [
        *entered,
        theirs.contestant(ADBC, by_adbc),
        tuples.contestant(TUPLES, lambda: tuples.connection.executemany(INSERT, rows)),
    ]


def contestants_of_rows(databases: Databases, rows: list[Item]) -> list[Contestant]:
    """Those that store rows, beside the binding of each tuple."""
    tuples = Store(onecross.sql.connect(databases.copy("tuples")), rows)
    given = {
        "onecross, instances": [Seat(*row) for row in rows],
        "onecross, dicts": [dict(zip(NAMES, row, strict=True)) for row in rows],
        "onecross, insert of tuples": rows,
    }
    entered = []
    for name, data in given.items():
        ours = Store(onecross.sql.connect(databases.copy(name)), rows)
        entered.append(
            ours.contestant(name, lambda it=ours, data=data: it.connection.insert("item", data))
        )
    binds = tuples.contestant(TUPLES, lambda: tuples.connection.executemany(INSERT, rows))
    return [entered[0], binds, *entered[1:]]


def tables(settings: Settings) -> Iterator[Table]:
    """Measure 100,000 rows of four columns, in processor time."""
    count = settings.size(full=100_000, small=100)
    rows = items(count)
    questions: list[
        tuple[str, Callable[[Databases, list[Item]], list[Contestant]], dict[str, float]]
    ] = [
        ("stored columns", contestants_of_columns, {ADBC: 0.55}),
        ("stored rows", contestants_of_rows, {TUPLES: 1.2}),
    ]
    for question, contestants, goals in questions:
        with TemporaryDirectory() as folder:
            entered = contestants(Databases(Path(folder), 0), rows)
            yield measure(
                f"{question}, {count:,} x 4 columns",
                entered,
                settings,
                goals=goals,
                clock=time.process_time,
            )
