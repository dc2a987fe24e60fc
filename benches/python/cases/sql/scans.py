"""Many rows with one call: stored from tuples, and fetched as tuples."""

from collections.abc import Iterator
from typing import Any

from measure import Settings, Table

from cases.sql.contest import Task, contest, holds
from cases.sql.drivers import APSW, Database
from cases.sql.items import INSERT, SELECT, Item, create, fill, items
from cases.sql.keys import new_transaction


def store_all(database: Database, rows: list[Item]) -> None:
    """Store all rows by one statement."""
    database.cursor.executemany(INSERT, rows)


def fetch_all(database: Database) -> list[Any]:
    """Fetch the whole table as a list."""
    database.cursor.execute(SELECT)
    rows: list[Any] = database.cursor.fetchall()
    return rows


def iterate(database: Database) -> Any:
    """Go through the whole table and keep its last row."""
    row = None
    database.cursor.execute(SELECT)
    for row in database.cursor:  # noqa: B007 - all but the last are dropped, as they are counted
        pass
    return row


def all_iterated(database: Database, rows: list[Item]) -> None:
    """Assert that iteration has seen these rows."""
    database.cursor.execute(SELECT)
    assert list(database.cursor) == rows, f"{database.cursor!r} has iterated other rows"


def tables(settings: Settings) -> Iterator[Table]:
    """Measure 100,000 rows of four columns, stored within one open transaction."""
    rows = items(settings.size(full=100_000, small=100))
    count = len(rows)
    insert = Task(
        create,
        lambda database: store_all(database, rows),
        new_transaction,
        lambda database: holds(database, SELECT, rows),
    )
    fetch = Task(lambda database: fill(database, rows), fetch_all)
    go_through = Task(
        lambda database: fill(database, rows),
        iterate,
        verify=lambda database: all_iterated(database, rows),
    )
    for question, task, limit in (
        (f"executemany, {count:,} tuples", insert, 0.70),
        (f"fetchall, {count:,} x 4 columns", fetch, 0.80),
        (f"iterate, {count:,} x 4 columns", go_through, 0.90),
    ):
        yield from contest(question, task, settings, operations=count, goals={APSW: limit})
