"""The micro workload by which vibesql's Python bindings were judged, measured as it ought to be.

Table, rows and statements are its own. Parameters are bound everywhere, a change is committed
within the time, each round begins with the same rows, and what it stored is looked at afterwards.
"""

from collections.abc import Iterator
from random import Random
from typing import Any

from measure import Settings, Table

from cases.sql.contest import Task, contest, holds
from cases.sql.drivers import Database
from cases.sql.keys import execute_each

CREATE = """create table test_table (
    id integer primary key, name varchar(20) not null, value integer not null
)"""
INSERT = "insert into test_table values (?, ?, ?)"
UPDATE = "update test_table set value = value + 1 where id = ?"
DELETE = "delete from test_table where id = ?"
SELECT = "select * from test_table where id < ?"
COUNT = "select count(*) from test_table"
ALL = "select * from test_table order by id"

Rows = list[tuple[Any, ...]]


def create(database: Database) -> None:
    """Make the table."""
    database.cursor.execute(CREATE)


def refill(database: Database, rows: Rows) -> None:
    """Store these rows and no others."""
    database.begin()
    database.cursor.execute("delete from test_table")
    database.cursor.executemany(INSERT, rows)
    database.commit()


def change_each(database: Database, sql: str, parameters: Rows) -> None:
    """Execute a statement for each of the parameters, and commit."""
    database.begin()
    execute_each(database, sql, parameters)
    database.commit()


def ask(database: Database, sql: str, parameters: tuple[Any, ...]) -> list[Any]:
    """Fetch the whole answer to a query."""
    database.cursor.execute(sql, parameters)
    rows: list[Any] = database.cursor.fetchall()
    return rows


def tables(settings: Settings) -> Iterator[Table]:
    """Measure the five statements on 1,000 rows, the last two by their query."""
    random = Random(42)
    count = settings.size(full=1_000, small=50)
    rows: Rows = [(key, f"name_{key % 100}", random.randint(1, 1000)) for key in range(count)]
    keys: Rows = [(key,) for key in range(count)]
    more: Rows = [(key, name, value + 1) for key, name, value in rows]

    def changing(sql: str, parameters: Rows, before: Rows, after: Rows) -> Task:
        return Task(
            create,
            lambda database: change_each(database, sql, parameters),
            lambda database: refill(database, before),
            lambda database: holds(database, ALL, after),
        )

    def asking(sql: str, parameters: tuple[Any, ...]) -> Task:
        return Task(
            create,
            lambda database: ask(database, sql, parameters),
            lambda database: refill(database, rows),
            lambda database: holds(database, ALL, rows),
        )

    for name, task in (
        ("INSERT", changing(INSERT, rows, [], rows)),
        ("UPDATE", changing(UPDATE, keys, rows, more)),
        ("DELETE", changing(DELETE, keys, rows, [])),
    ):
        question = f"vibesql, {name} {count:,} rows and commit, each"
        yield from contest(question, task, settings, operations=count)
    for name, task in (
        (f"SELECT {count // 10} of {count:,} rows", asking(SELECT, (count // 10,))),
        (f"COUNT {count:,} rows", asking(COUNT, ())),
    ):
        yield from contest(f"vibesql, {name}", task, settings, calls=settings.size(100, 1))
