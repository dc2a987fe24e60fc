"""Memory that runs out in the middle of an execution is a `MemoryError`, told without a crash."""

from textwrap import indent

import pytest

# Every allocation of the interpreter's fails from the first to the last, one execution after
# another.
EACH_FAILS = """
import _testcapi

expected = read(execute(query, root))
failed, others = 0, []

def told(result):
    if not result.errors:
        return read(result) == expected
    return all(
        isinstance(error.original_error, MemoryError) for error in result.errors
    )

for place in range(300):
    answer = None
    _testcapi.set_nomemory(place, place + 1)
    try:
        answer = execute(query, root)
    except BaseException as error:
        answer = error
    finally:
        _testcapi.remove_mem_hooks()
    if isinstance(answer, BaseException):
        failed += isinstance(answer, MemoryError)
        if not isinstance(answer, MemoryError):
            others.append((place, repr(answer)))
    elif not told(answer):
        others.append((place, read(answer)))
print(failed > 0, others, read(execute(query, root)) == expected)
"""

PLAIN = """
import sys
from types import SimpleNamespace
from graphql import build_schema
from onecross.graphql import Engine

engine = Engine(build_schema(\'\'\'
    scalar Any
    type Query { number: Int text: String texts: [String] items: [Item] any: Any }
    type Item { name: String number: Int float: Float }
\'\'\'))
item = SimpleNamespace(name="näme" * 100, number=10**6, float=1.5)
root = SimpleNamespace(number=5, text="text", texts=["a", "b" * 5_000], items=[item] * 10)
root.any = {"a": [1, 2.5]}
query = "{ number text texts items { name number float } any }"
execute = getattr(engine, sys.argv[1])
read = bytes if sys.argv[1] == "execute_json_sync" else lambda result: result.formatted
"""


@pytest.mark.parametrize("form", ["execute_json_sync", "execute_sync"])
def test_an_allocation_that_fails_is_a_memory_error(run_python, form: str) -> None:
    finished = run_python(PLAIN + EACH_FAILS, form)
    assert (finished.returncode, finished.stderr) == (0, ""), finished.stdout
    assert finished.stdout == "True [] True\n"


# Making an `info`, its path and its nodes asks for memory in many more places. What graphql-core
# has to say is known before: where memory runs out in its code, some interpreters crash of it.
WITH_INFO = """
from graphql import build_schema, parse
from onecross._core import GraphQLEngine
from onecross.graphql._describe import describe
from onecross.graphql._line import LineRuntime

class Root:
    def number(self, info, x):
        return x

schema, root = build_schema("type Query { number(x: Int): Int }"), Root()
query, runtime = "{ number(x: 5) }", LineRuntime(schema, None)
document = parse(query)
operation = document.definitions[0]
values = runtime.variable_values(operation, {})
tail = runtime.info_tail(document, operation, values, root, None, None)
runtime.variable_values = lambda *_: values
runtime.argument_values = lambda *_: {"x": 5}
runtime.info_tail = lambda *_: tail
engine = GraphQLEngine(describe(schema), runtime, None, 1, 10**6)


def execute(query, root):
    return engine.execute_json(query, root, None, None, None, None)

read = bytes
"""


def test_it_is_one_where_a_resolver_is_called_too(run_python) -> None:
    finished = run_python(WITH_INFO + EACH_FAILS)
    assert (finished.returncode, finished.stdout) == (0, "True [] True\n"), finished.stderr


# A coroutine takes its first step under a task that stands in for the one that is current.
AWAITED = """
import asyncio
from graphql import build_schema, parse
from onecross.graphql import Engine
from onecross.graphql._line import LineRuntime

schema = build_schema("type Query { number: Int slow: Int }")
query, lost, the_frameworks = "{ number slow }", [], ()
read = lambda result: result.formatted

async def number(info):
    return 5

root, runtime = {"number": number, "slow": number}, LineRuntime(schema, None)
document = parse(query)
operation = document.definitions[0]
values = runtime.variable_values(operation, {})
tail = runtime.info_tail(document, operation, values, root, None, None)
LineRuntime.variable_values = lambda *_: values
LineRuntime.info_tail = lambda *_: tail
engine = Engine(schema)

def execute(query, root):
    task, asked = asyncio.current_task(), engine.execute(query, root)
    try:
        asked.send(None)
    except StopIteration as stopped:
        return stopped.value
    finally:
        if asyncio.current_task() is not task:
            lost.append(asyncio.current_task())
            asyncio.tasks._enter_task(asyncio.get_running_loop(), task)

async def main():
"""


def test_it_is_one_where_coroutines_are_begun_too(run_python) -> None:
    finished = run_python(
        f"{AWAITED}{indent(EACH_FAILS, '    ')}\nasyncio.run(main())\nprint(lost)"
    )
    assert finished.stdout == "True [] True\n[]\n", finished.stderr


DESCRIBING = """
import _testcapi
from graphql import build_schema
from onecross._core import GraphQLEngine
from onecross.graphql._describe import describe
from onecross.graphql._line import LineRuntime

schema = build_schema("enum Size { SMALL LARGE } type Query { size: Size own: Query number: Int }")
runtime, told = LineRuntime(schema, None), set()
# What is asked of it by name has its name made once, the first time.
GraphQLEngine(describe(schema), runtime, None, 1, 1)
for place in range(2_000):
    description = describe(schema)
    _testcapi.set_nomemory(place, place + 1)
    try:
        GraphQLEngine(description, runtime, None, 1, 1)
    except BaseException as error:
        told.add(error)
    finally:
        _testcapi.remove_mem_hooks()

def reason(error):
    return reason(error.__cause__) if error.__cause__ else type(error).__name__

print(sorted(set(map(reason, told))))
"""


def test_it_is_one_where_a_schema_is_read_too(run_python) -> None:
    finished = run_python(DESCRIBING)
    assert (finished.returncode, finished.stdout) == (0, "['MemoryError']\n"), finished.stderr


# What else the public classes are asked, beside executing.
ASKING = """
import _testcapi
from graphql import build_schema, parse
import onecross
from onecross.graphql import Engine

engine = Engine(build_schema("type Query { number(of: Int): Int text: String }"))
query = "query Q($if: Boolean!, $of: Int) { number(of: $of) @include(if: $if) text }"
for number in range(300):
    engine.execute_json_sync("{ text }")
    engine.execute_document_sync(parse("{ text @skip(if: 1) }"))
result, meter = engine.execute_json_sync("{ text }", {"text": 300 * "text"}), onecross.meter()

def metered(meter):
    with meter:
        engine.execute_sync("{ text }")

for number in range(400):
    metered(meter)

def refused(call, *arguments):
    try:
        call(*arguments)
    except (RuntimeError, TypeError) as error:
        return str(error)

calls = {
    "explain": lambda: engine.explain(query),
    "statistics": lambda: tuple(engine.statistics)[:3],
    "repr of a result": lambda: repr(result),
    "repr of a meter": lambda: repr(meter)[:6],
    "str of a meter": lambda: str(meter)[:10],
    "counts": lambda: meter.crossings > 300,
    "metered": lambda: metered(onecross.meter()),
    "no query": lambda: refused(engine.execute_json_sync, 5),
    "no query to explain": lambda: refused(engine.explain, 5),
    "no meter that is on": lambda: refused(meter.__exit__),
}
for name, call in calls.items():
    expected, kinds = call(), set()
    for place in range(100):
        _testcapi.set_nomemory(place, place + 1)
        try:
            answer = call()
        except BaseException as error:
            answer = type(error).__name__
        finally:
            _testcapi.remove_mem_hooks()
        kinds.add("as ever" if answer == expected else str(answer))
    print(name, "-", *sorted(kinds))
"""


def test_it_is_one_whatever_is_asked(run_python) -> None:
    finished = run_python(ASKING)
    assert (finished.returncode, finished.stderr) == (0, "")
    told = dict(line.split(" - ") for line in finished.stdout.splitlines())
    assert len(told) == 10
    # CPython itself may lose an error that memory runs out for.
    assert {kinds.replace("SystemError ", "") for kinds in told.values()} == {"MemoryError as ever"}
