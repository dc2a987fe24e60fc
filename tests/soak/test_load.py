"""One engine, many threads: every answer is right, and nothing is left over."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from graphql import build_schema

import onecross
from onecross.graphql import Engine

THREADS = 8
SCHEMA = build_schema("""
    type Query { number: Int double(of: Int!): Int rows(count: Int!): [Row] }
    type Row { number: Int text: String }
""")


class Row:
    def __init__(self, number):
        self.number = number
        self.kept = f"Zeile nümber {number}"

    @property
    def text(self):
        return self.kept


class Root:
    number = 7

    def double(self, info, of):
        return 2 * of

    def rows(self, info, count):
        return [Row(number) for number in range(count)]


@pytest.fixture(autouse=True)
def _hasty_switching():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)


def in_threads(work):
    """Runs the same work in all threads at once; the first error is raised."""
    together = threading.Barrier(THREADS)

    def begin(number):
        together.wait(60)
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begin, range(THREADS)))


def rows(count):
    items = ",".join(f'{{"number":{n},"text":"Zeile nümber {n}"}}' for n in range(count))
    return f'{{"data":{{"rows":[{items}]}}}}'.encode()


def test_one_document_in_all_threads(rounds):
    engine = Engine(SCHEMA)
    query = "query Rows($count: Int!) { rows(count: $count) { number text } }"

    def work(thread):
        for n in range(20):
            count = 10 * thread + n
            result = engine.execute_json_sync(query, Root(), None, {"count": count})
            assert bytes(result) == rows(count)

    for _ in rounds():
        in_threads(work)
    assert engine.statistics.cached_documents == 1
    assert engine.statistics.fallbacks == {}


def test_new_documents_in_all_threads(rounds):
    engine = Engine(SCHEMA, cache_documents=10)

    def work(thread, number):
        for n in range(10):
            name = f"a{number}_{thread % 2}_{n}"
            result = engine.execute_json_sync(f"{{ {name}: double(of: {n}) }}", Root())
            assert bytes(result) == f'{{"data":{{"{name}":{2 * n}}}}}'.encode()
            if n == 5:
                engine.clear_cache()

    for number in rounds():
        in_threads(partial(work, number=number))
    assert engine.statistics.cached_documents <= 10


def test_executions_within_executions_in_all_threads(rounds):
    engine = Engine(SCHEMA)

    class Nesting(Root):
        def double(self, info, of):
            if of == 0:
                return 0
            query = "query Inner($n: Int!) { double(of: $n) }"
            result = engine.execute_sync(query, self, None, {"n": of - 1})
            return result.data["double"] + 2

    def work(thread):
        for n in range(5):
            result = engine.execute_json_sync(f"{{ double(of: {n}) }}", Nesting())
            assert bytes(result) == f'{{"data":{{"double":{2 * n}}}}}'.encode()

    for _ in rounds():
        in_threads(work)


def test_meters_in_all_threads(rounds):
    engine = Engine(SCHEMA)

    def work(thread):
        for _ in range(10):
            with onecross.meter() as meter:
                for _ in range(thread):
                    engine.execute_json_sync("{ number }", Root())
            assert meter.calls_in == thread
            assert meter.reads == thread

    for _ in rounds():
        in_threads(work)


def test_errors_in_all_threads(rounds):
    engine = Engine(SCHEMA)

    class Failing(Root):
        def __init__(self, thread):
            self.thread = thread

        def double(self, info, of):
            raise ValueError(f"thread {self.thread}")

    def work(thread):
        for _ in range(10):
            result = engine.execute_json_sync("{ number double(of: 1) }", Failing(thread))
            (error,) = result.errors
            assert error.message == f"thread {thread}"
            assert bytes(result).startswith(b'{"data":{"number":7,"double":null},"errors":')

    for _ in rounds():
        in_threads(work)


def test_engines_come_and_go_in_all_threads(rounds):
    def work(thread):
        for n in range(5):
            engine = Engine(SCHEMA)
            for _ in range(2):
                result = engine.execute_json_sync(f"{{ double(of: {n}) }}", Root())
                assert bytes(result) == f'{{"data":{{"double":{2 * n}}}}}'.encode()

    for _ in rounds():
        in_threads(work)


def test_scalars_classes_and_refusals_in_all_threads(rounds):
    schema = build_schema(
        "scalar Any type Query { any(of: Any): Any row: Row } type Row { n: Any }"
    )
    scalar = schema.type_map["Any"]
    scalar.serialize = scalar.coerce_output_value = lambda value: {"told": value}
    engine = Engine(schema)
    query = "query Q($of: Any!) { any(of: $of) row { n } }"

    def work(thread):
        for n in range(10):
            row = type(f"Row{n}", (), {"__slots__": ("n",)})()
            row.n = [thread, n]
            root = {"any": lambda info, of: of, "row": row}
            result = engine.execute_json_sync(query, root, None, {"of": n})
            told = f'{{"any":{{"told":{n}}},"row":{{"n":{{"told":[{thread},{n}]}}}}}}'
            assert bytes(result) == f'{{"data":{told}}}'.encode()
            assert engine.execute_json_sync(query, root, None, {"on": n}).is_request_error

    for _ in rounds():
        in_threads(work)
