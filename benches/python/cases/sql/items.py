"""The table that is asked: an integer key, an integer, a real and a text of eight characters."""

from random import Random

from cases.sql.drivers import Database

CREATE = "create table item (id integer primary key, amount integer, price real, name text)"
INSERT = "insert into item values (?, ?, ?, ?)"
SELECT = "select id, amount, price, name from item order by id"

Item = tuple[int, int, float, str]


def items(count: int) -> list[Item]:
    """Make so many rows; the keys begin at one and leave none out."""
    random = Random(5)
    return [
        (key, random.randrange(10_000), random.random(), f"{random.randrange(16**8):08x}")
        for key in range(1, count + 1)
    ]


def create(database: Database) -> None:
    """Make the table, empty, committed."""
    database.begin()
    database.cursor.execute(CREATE)
    database.commit()


def fill(database: Database, rows: list[Item]) -> None:
    """Make the table with these rows, committed."""
    create(database)
    database.begin()
    database.cursor.executemany(INSERT, rows)
    database.commit()
