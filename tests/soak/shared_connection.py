"""One connection, eight threads, 100,000 queries: counts what came back.

python tests/soak/shared_connection.py [sqlite3 | onecross.sql | onecross.sql.sqlite3]
"""

import importlib
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

THREADS = 8
QUERIES = 100_000
RIGHT = "right"
ROWS = [(number, number * number, number / 3, f"Zeile nümber {number}") for number in range(10)]

# All threads run the same texts, so that they meet at the cached statements.
ALL = "select id, square, third, name from numbers order by id"
BY_KEY = "select id, square, third, name from numbers where id = ?"
WRITE = "insert into written values (?, ?)"
WRITTEN = "select count(*), max(number) from written where thread = ?"


def connect(driver: Any) -> Any:
    """Connect to a database in memory, for any thread, and fill it."""
    # That any thread may use a connection is the rule of onecross.sql; sqlite3 has to be told.
    is_sqlite3 = driver.__name__.endswith("sqlite3")
    connection = driver.connect(":memory:", **({"check_same_thread": False} if is_sqlite3 else {}))
    connection.execute("create table numbers (id integer primary key, square, third, name)")
    connection.execute("create table written (thread, number)")
    connection.executemany("insert into numbers values (?, ?, ?, ?)", ROWS)
    connection.commit()
    return connection


def fetch_all(connection: Any, thread: int, number: int) -> bool:
    return connection.execute(ALL).fetchall() == ROWS


def iterate(connection: Any, thread: int, number: int) -> bool:
    cursor = connection.cursor()
    cursor.execute(ALL)
    return [cursor.fetchone(), *cursor.fetchmany(3), *cursor] == ROWS


def look_up(connection: Any, thread: int, number: int) -> bool:
    row = ROWS[(thread + number) % len(ROWS)]
    cursor = connection.execute(BY_KEY, row[:1])
    return [column[0] for column in cursor.description] == ["id", "square", "third", "name"] and (
        cursor.fetchall() == [row]
    )


def write(connection: Any, thread: int, number: int) -> bool:
    return connection.execute(WRITE, (thread, number)).rowcount == 1


QUERY_KINDS: list[Callable[[Any, int, int], bool]] = [
    fetch_all,
    look_up,
    iterate,
    look_up,
    write,
]


def count_answers(connection: Any, queries: int = QUERIES) -> Counter[str]:
    """Let all threads query at once; return how many answers were right, and what the rest were."""
    together = threading.Barrier(THREADS)

    def work(thread: int) -> Counter[str]:
        answers: Counter[str] = Counter()
        together.wait(60)
        for number in range(queries // THREADS):
            query = QUERY_KINDS[number % len(QUERY_KINDS)]
            try:
                is_right = query(connection, thread, number)
            except Exception as error:  # noqa: BLE001 - no answer is right if it is an error
                answers[f"{query.__name__}: {type(error).__name__}: {error}"] += 1
            else:
                answers[RIGHT if is_right else f"{query.__name__}: wrong"] += 1
        return answers

    with ThreadPoolExecutor(THREADS) as pool:
        counts = sum(pool.map(work, range(THREADS)), Counter[str]())

    numbers = [n for n in range(queries // THREADS) if QUERY_KINDS[n % len(QUERY_KINDS)] is write]
    for thread in range(THREADS):
        if connection.execute(WRITTEN, (thread,)).fetchone() != (len(numbers), numbers[-1]):
            counts["what was written: wrong"] += 1
    return counts


def main() -> int:
    driver = importlib.import_module(sys.argv[1] if len(sys.argv) > 1 else "onecross.sql")
    counts = count_answers(connect(driver))
    print(f"{driver.__name__}, Python {sys.version.split()[0]}: {THREADS} threads, one connection")
    for answer, count in counts.most_common():
        print(f"{count:>9,}  {answer}")
    return 0 if counts.keys() == {RIGHT} else 1


if __name__ == "__main__":
    sys.exit(main())
