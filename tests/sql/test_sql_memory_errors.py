"""Where memory runs out there is a `MemoryError`, and the connection answers as ever afterwards."""

import pytest

FACES = ["onecross.sql", "onecross.sql.sqlite3"]

# Each allocation of Python's fails in turn.
EACH_FAILS = """
import _testcapi, gc, importlib, sys

driver = importlib.import_module(sys.argv[1])
connection = driver.connect(":memory:")
connection.execute("create table item (a, b)")
connection.executemany("insert into item values (?, ?)", [(n, f"text {n}") for n in range(5)])
connection.commit()
big, names = 2**40 + 1, {"a": 2**40, "b": "text" * 50}
cursor = connection.cursor()
numbers = iter(range(10**9))

class Conforming:
    def __conform__(self, protocol):
        return big

conforming = Conforming()

def refused(call, *arguments):
    try:
        call(*arguments)
    except (driver.Error, TypeError, ValueError, OverflowError) as error:
        return str(error)

def inserted():
    connection.executemany("insert into item values (?, ?)", [(big, 2.5), (b"b", None)] * 3)
    rows = connection.execute("select count(*) from item").fetchall()
    connection.rollback()
    return rows

def connected():
    other = driver.connect(":memory:")
    rows = other.execute("select 5").fetchall()
    other.close()
    return rows

calls = {
    "execute": lambda: connection.execute("select ?, ?", (big, "text" * 50)).fetchall(),
    "names": lambda: connection.execute("select :a, :b", names).fetchall(),
    "list": lambda: connection.execute("select ?, ?", [2.5, b"bytes"]).fetchone(),
    "prepare": lambda: connection.execute(f"select 5 -- {next(numbers)}").fetchall(),
    "description": lambda: connection.execute(f"select 5 as a /* {next(numbers)} */").description,
    "iterate": lambda: list(cursor.execute("select a, b from item")),
    "fetch many": lambda: cursor.execute("select a, b from item").fetchmany(3),
    "executemany": inserted,
    "executescript": lambda: (cursor.executescript("select 1; select 2"), cursor.rowcount)[1],
    "adapt": lambda: connection.execute("select ?", (conforming,)).fetchall(),
    "blob": lambda: connection.execute("select ?", (bytearray(b"bytes"),)).fetchall(),
    "non-ascii": lambda: connection.execute("select ?, 'ä'", ("näme" * 20,)).fetchall(),
    "commit": connection.commit,
    "connect": connected,
    "rowcount": lambda: cursor.execute("update item set a = a").rowcount,
    "syntax": lambda: refused(connection.execute, "select from"),
    "count": lambda: refused(connection.execute, "select ?", ()),
    "kind": lambda: refused(connection.execute, "select ?", (calls,)),
    "too wide": lambda: refused(connection.execute, "select ?", (2**64,)),
    "no text": lambda: refused(connection.execute, 5),
    "closed": lambda: refused(closed.execute, "select 1"),
}
closed = connection.cursor()
closed.close()

for name, call in calls.items():
    for _ in range(3):
        expected = call()
    kinds, others = set(), set()
    for place in range(int(sys.argv[2])):
        connection.rollback()
        answer = None
        _testcapi.set_nomemory(place, place + 1)
        try:
            answer = call()
        except BaseException as error:
            answer = error
        finally:
            _testcapi.remove_mem_hooks()
        if isinstance(answer, MemoryError):
            kinds.add("MemoryError")
        elif answer == expected:
            kinds.add("as ever")
        else:
            others.add(repr(answer))
    connection.rollback()
    print(name, "-", *sorted(kinds), *sorted(others))
    assert call() == expected, name
"""


@pytest.mark.parametrize("face", FACES)
def test_an_allocation_that_fails_is_a_memory_error(run_python, face):
    finished = run_python(EACH_FAILS, face, "120")
    assert (finished.returncode, finished.stderr) == (0, ""), finished.stdout
    for line in finished.stdout.splitlines():
        name, told = line.split(" - ")
        assert told.removeprefix("MemoryError ") == "as ever", name


# The process may have ever more memory, but not at first.
EXHAUSTED = """
import importlib, resource, sys

driver = importlib.import_module(sys.argv[1])
connection = driver.connect(":memory:")
connection.execute("select length(?), 1", ("text",)).fetchall()
size = 16 << 20
query, big = {
    "ascii text": lambda: ("select ? is null", "a" * size),
    "text": lambda: ("select ? is null", "ä" * (size // 2)),
    "bytes": lambda: ("select ? is null", bytes(size)),
    "bytearray": lambda: ("select ? is null", bytearray(size)),
    "view": lambda: ("select ? is null", memoryview(bytearray(2 * size))[:size]),
    "statement": lambda: ("select 1 --" + "a" * size, None),
    "statement in UTF-8": lambda: ("select 1 --" + "ä" * (size // 2), None),
    "result": lambda: ("select zeroblob(16000000), zeroblob(16000000)", None),
}[sys.argv[2]]()

def run():
    return connection.execute(query, () if big is None else (big,)).fetchall()

pages = int(open("/proc/self/statm").read().split()[0])
told = set()
for extra in range(0, 12 * size, size // 2):
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + extra, -1))
    try:
        run()
        told.add("answered")
    except MemoryError:
        told.add("MemoryError")
    assert connection.execute("select 5").fetchall() == [(5,)]
print(*sorted(told))
"""


# ASCII and bytes are bound where they lie.
NOT_COPIED = ["ascii text", "bytes"]
COPIED = ["text", "bytearray", "view", "statement", "statement in UTF-8", "result"]


@pytest.mark.parametrize("what", [*NOT_COPIED, *COPIED])
def test_what_memory_has_no_room_for_is_a_memory_error(run_python, what):
    finished = run_python(EXHAUSTED, "onecross.sql.sqlite3", what)
    expected = "answered\n" if what in NOT_COPIED else "MemoryError answered\n"
    assert (finished.returncode, finished.stdout) == (0, expected), finished.stderr
