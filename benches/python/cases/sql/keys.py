"""One row at a time, by its key: what is left of a call when the engine has little to do."""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from measure import Settings, Table

from cases.sql.contest import Task, contest, holds
from cases.sql.drivers import APSW, STANDARD, Database
from cases.sql.items import INSERT, SELECT, Item, create, fill, items

UPDATE = "update item set amount = ?, price = ? where id = ?"
DELETE = "delete from item where id = ?"
FIND = "select id, amount, price, name from item where id = ?"
ECHO = "select ?"

WRITING = {APSW: 0.67, STANDARD: 0.40}


def execute_each(database: Database, sql: str, parameters: Sequence[tuple[Any, ...]]) -> None:
    """Execute a statement for each of the parameters."""
    execute = database.cursor.execute
    for values in parameters:
        execute(sql, values)


def fetch_each(database: Database, sql: str, parameters: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Execute a query for each of the parameters and fetch its row."""
    execute = database.cursor.execute
    fetch = database.cursor.fetchone
    fetched = []
    for values in parameters:
        execute(sql, values)
        fetched.append(fetch())
    return fetched


def new_transaction(database: Database) -> None:
    """Take back what was changed, and be ready to change it again."""
    database.rollback()
    database.begin()


def writing(
    sql: str,
    prepare: Callable[[Database], None],
    parameters: Sequence[tuple[Any, ...]],
    after: list[Item],
) -> Task:
    """Change each row within one open transaction."""
    return Task(
        prepare,
        lambda database: execute_each(database, sql, parameters),
        new_transaction,
        lambda database: holds(database, SELECT, after),
    )


def tables(settings: Settings) -> Iterator[Table]:
    """Measure changes, then queries, by ascending keys, then by keys in a random order.

    In a random order SQLite itself takes up to two thirds longer, and the binding matters the less:
    the goals are for ascending keys.
    """
    rows = items(settings.size(full=10_000, small=100))
    count = len(rows)

    def filled(database: Database) -> None:
        fill(database, rows)

    def by_key(order: list[Item]) -> Iterator[tuple[str, Task, dict[str, float]]]:
        changes = [(amount + 1, price / 2, key) for key, amount, price, _ in order]
        changed = [(key, amount + 1, price / 2, name) for key, amount, price, name in rows]
        keys = [(key,) for key, *_ in order]
        yield "update by key", writing(UPDATE, filled, changes, changed), WRITING
        yield "delete by key", writing(DELETE, filled, keys, []), WRITING
        find = Task(filled, lambda database: fetch_each(database, FIND, keys))
        yield "select by key, execute and fetchone", find, {APSW: 0.75}

    def measure(question: str, task: Task, goals: dict[str, float]) -> Iterator[Table]:
        return contest(question, task, settings, operations=count, goals=goals)

    yield from measure("insert by key", writing(INSERT, create, rows, rows), WRITING)
    for question, task, goals in by_key(rows):
        yield from measure(question, task, goals)
    values = [(key,) for key, *_ in rows]
    echo = Task(create, lambda database: fetch_each(database, ECHO, values))
    yield from measure("select ?, execute and fetchone", echo, {APSW: 0.65})
    for question, task, _ in by_key(Random(249).sample(rows, count)):
        yield from measure(f"{question}, in a random order", task, {})
