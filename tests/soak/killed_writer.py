"""Writes numbered transactions until it is killed, and tells of each when it is committed.

python tests/soak/killed_writer.py <database> <journal mode>
"""

import os
import random
import sys

import onecross.sql

# What a transaction has inserted is deleted that many later, so that pages are used again.
LIFE = 20


def configure(connection, journal_mode):
    """Make the cache small, so that changes are written early, and checkpoints many."""
    cursor = connection.cursor()
    assert cursor.execute(f"pragma journal_mode = {journal_mode}").fetchone() == (journal_mode,)
    cursor.execute("pragma cache_size = 10")
    cursor.execute("pragma wal_autocheckpoint = 30")
    # A killed process loses nothing that it has written, synced or not.
    cursor.execute("pragma synchronous = off")


def rows_of(number):
    """Return the rows that a transaction inserts."""
    chance = random.Random(number)
    return [
        (number * 10 + place, number, chance.randbytes(chance.choice([10, 100, 1_000, 9_000])))
        for place in range(chance.randrange(10))
    ]


def expected(number):
    """Return the rows that are there after a transaction."""
    return [
        (key, of, -key if key % 3 == 0 and of < number else content)
        for older in range(max(number - LIFE + 1, 1), number + 1)
        for key, of, content in rows_of(older)
    ]


def create(path, journal_mode):
    """Make the database as it is before the first transaction."""
    connection = onecross.sql.connect(path)
    configure(connection, journal_mode)
    cursor = connection.cursor()
    cursor.execute("create table done (number)")
    cursor.execute("create table item (id integer primary key, number, content)")
    cursor.execute("create index by_content on item (content, number)")
    cursor.execute("insert into done values (0)")
    connection.commit()
    connection.close()


def write(connection, number):
    cursor = connection.cursor()
    cursor.execute("update done set number = ?", (number,))
    cursor.executemany("insert into item values (?, ?, ?)", rows_of(number))
    cursor.execute("update item set content = -id where id % 3 = 0 and number = ?", (number - 1,))
    cursor.execute("delete from item where number <= ?", (number - LIFE,))
    connection.commit()


def main():
    connection = onecross.sql.connect(sys.argv[1])
    configure(connection, sys.argv[2])
    (number,) = connection.execute("select number from done").fetchone()
    while True:
        os.write(1, b"%d\n" % number)
        number += 1
        write(connection, number)


if __name__ == "__main__":
    main()
