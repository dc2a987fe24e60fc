"""Where memory runs out as rows are made there is a `MemoryError`, and the next are right."""

import pytest

# Each allocation of Python's fails in turn. From 3.12 on CPython crashes where there is no memory
# for a function, and generator expressions are functions: how instances of a class are made, which
# is found out with some of them, is then found out before.
EACH_FAILS = """
import _testcapi, dataclasses, functools, gc, sys, typing
import onecross._instances
import onecross.sql

if sys.version_info >= (3, 12):
    onecross._instances.recipe = functools.cache(onecross._instances.recipe)
connection = onecross.sql.connect(":memory:")
connection.execute(
    "create table facts (number integer, name text, data blob, day date, moment datetime, "
    "price decimal, extra json, sold boolean)"
)
row = (2**40, "näme" * 50, b"bytes" * 9, "2026-11-22", "2026-11-22 10:11:12Z", "1.10", "[2]", 1)
connection.executemany(f"insert into facts values ({', '.join('?' * 8)})", [row, (None,) * 8, row])
connection.commit()
columns = "number, name, data, day, moment, price, extra, sold".split(", ")
Plain = dataclasses.make_dataclass("Plain", columns)
Slots = dataclasses.make_dataclass("Slots", columns, slots=True)
Record = typing.NamedTuple("Record", [(name, object) for name in columns])

class Own:
    def __init__(self, **values):
        self.values = values

    def __eq__(self, other):
        return self.values == other.values

forms = {
    "tuples": lambda rows: rows.tuples(),
    "dicts": lambda rows: rows.dicts(),
    "rows": list,
    "plain": lambda rows: rows.to(Plain),
    "slots": lambda rows: rows.to(Slots),
    "record": lambda rows: rows.to(Record),
    "own": lambda rows: rows.to(Own),
    "json": lambda rows: rows.json(blobs="base64"),
    "lines": lambda rows: rows.json_lines(blobs="base64"),
    "parts": lambda rows: [part.tuples() for part in rows.batches(2)],
    "columns": lambda rows: rows.columns,
    "html": lambda rows: rows._repr_html_(),
}
gc.disable()
for name, form in forms.items():
    call = lambda: form(connection.query("select * from facts"))
    expected, failed, answered = call(), 0, 0
    for place in range(2_000):
        answer = None
        _testcapi.set_nomemory(place, place + 1)
        try:
            answer = call()
        except BaseException as error:
            answer = error
        finally:
            _testcapi.remove_mem_hooks()
        if isinstance(answer, MemoryError):
            failed, answered = failed + 1, 0
        elif answer == expected:
            answered += 1
            if answered == 50:
                break
        else:
            print(name, place, repr(answer)[:500])
        answer = None
    if not failed or call() != expected:
        print(name, failed, call())
"""


def test_each_form_is_a_memory_error_or_right(run_python):
    finished = run_python(EACH_FAILS)
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")


# The process may have ever more memory, but not at first.
EXHAUSTED = """
import resource, sys
import onecross.sql

connection = onecross.sql.connect(":memory:")
form, sql = sys.argv[1:]
call = lambda: getattr(connection.query(sql), form)()
connection.query("select 1 as a").tuples()
getattr(connection.query("select 1 as a"), form)()
pages = int(open("/proc/self/statm").read().split()[0])
told = []
for extra in range(0, 200 << 20, 4 << 20):
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + extra, -1))
    try:
        call()
        told.append("made")
    except MemoryError:
        told.append("MemoryError")
    resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
print(*sorted(set(told)))
"""
NUMBERS = "with recursive n(i) as (select 1 union all select i + 1 from n limit 1000000)"
BYTES = "select zeroblob(16000000) as a"


# Where what is left does not even suffice for a small thing, nothing is promised.
@pytest.mark.parametrize(
    ("form", "sql"),
    [
        ("tuples", BYTES),
        ("dicts", BYTES),
        ("arrow", BYTES),
        ("arrow", f"{NUMBERS} select i as a from n"),
    ],
)
def test_rows_that_there_is_no_memory_for(run_python, form, sql):
    finished = run_python(EXHAUSTED, form, sql)
    assert (finished.returncode, finished.stderr) == (0, ""), finished.stdout
    assert finished.stdout == "MemoryError made\n"
