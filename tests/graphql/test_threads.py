"""One engine used by many threads at once, and by itself from within."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from graphql import ExecutionResult, parse
from reference import body_of, build, check

from onecross.graphql import Engine, _handover, execute_sync, statistics

THREADS = 8
SDL = """
type Query {
  items(count: Int!): [Item] echo(text: String): String again(depth: Int!): Query n: Int
}
type Item { number: Int text(prefix: String): String next: Item fail: Int }
"""


class Item:
    def __init__(self, number: int) -> None:
        self.number = number

    @property
    def next(self) -> "Item":
        return Item(self.number + 1)

    def text(self, _info: Any, prefix: str = "") -> str:
        return f"{prefix}{self.number}"

    @property
    def fail(self) -> int:
        raise ValueError(str(self.number))


@pytest.fixture
def quick_switches() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("quick_switches")
def test_many_threads_on_one_engine() -> None:
    schema = build(
        SDL,
        {
            "Query.items": lambda _root, _info, count: [Item(number) for number in range(count)],
            "Query.echo": lambda root, info, text=None: f"{root} {info.context} {text}",
        },
    )
    engine = Engine(schema, cache_documents=5)
    barrier = Barrier(THREADS)

    def work(thread: int) -> int:
        barrier.wait()
        for turn in range(60):
            count, more = turn % 7, turn % 2 == 0
            query = (
                "query ($n: Int!, $p: String, $more: Boolean!) { items(count: $n) { number"
                f" text(prefix: $p) next @include(if: $more) {{ number }} }} k{turn % 9}:"
                " echo(text: $p) }"
            )
            variables = {"n": count, "p": f"{thread}-{turn} ", "more": more}
            result = engine.execute_json_sync(query, thread, turn, variables)
            items = [
                {
                    "number": number,
                    "text": f"{thread}-{turn} {number}",
                    **({"next": {"number": number + 1}} if more else {}),
                }
                for number in range(count)
            ]
            echo = f"{thread} {turn} {thread}-{turn} "
            data = {"items": items, f"k{turn % 9}": echo}
            assert bytes(result) == body_of(ExecutionResult(data))
        return thread

    with ThreadPoolExecutor(THREADS) as pool:
        assert sorted(pool.map(work, range(THREADS))) == list(range(THREADS))
    assert engine.statistics.executed == THREADS * 60
    assert engine.statistics.cached_documents <= 5


@pytest.mark.usefixtures("quick_switches")
def test_errors_stay_with_their_thread() -> None:
    engine = Engine(build(SDL, {"Query.items": lambda root, _info, count: [Item(root)] * count}))

    def work(thread: int) -> list[str]:
        messages = []
        for _ in range(50):
            result = engine.execute_sync("{ items(count: 3) { fail number } }", thread)
            messages += [error.message for error in result.errors]
        return messages

    with ThreadPoolExecutor(THREADS) as pool:
        for thread, messages in enumerate(pool.map(work, range(THREADS))):
            assert messages == [str(thread)] * 150


def test_a_resolver_executes_on_the_same_engine() -> None:
    def again(_root: Any, info: Any, depth: int) -> Any:
        inner = "{ n echo }" if depth == 0 else f"{{ again(depth: {depth - 1}) {{ n }} }}"
        result = engine.execute_sync(inner, {"n": depth, "echo": info.path.key})
        body = engine.execute_json_sync(inner, {"n": depth})
        assert body.errors is None
        return {"n": depth + (result.data.get("again") or {"n": 0})["n"]}

    schema = build(SDL, {"Query.again": again})
    engine = Engine(schema)
    query = "{ a: again(depth: 0) { n } b: again(depth: 3) { n } n }"
    assert engine.execute_sync(query, {"n": 7}).data == {"a": {"n": 0}, "b": {"n": 6}, "n": 7}
    assert check(schema, query, {"n": 7}).data["b"] == {"n": 6}


@pytest.mark.parametrize("method", ["execute_sync", "execute_json_sync"])
def test_endless_re_entrance_is_an_error_of_a_field(method: str) -> None:
    def again(_root: Any, _info: Any, depth: int) -> Any:
        result = getattr(engine, method)("{ again(depth: 1) { n } }")
        if result.errors:
            raise result.errors[0].original_error
        return {}

    engine = Engine(build(SDL, {"Query.again": again}))
    for _ in range(2):
        result = getattr(engine, method)("{ again(depth: 1) { n } n }", {"n": 1})
        [error] = result.errors
        assert isinstance(error.original_error, RecursionError)
        assert error.path == ["again"]
    assert engine.execute_sync("{ n }", {"n": 1}).data == {"n": 1}


def test_a_response_nested_too_deeply_is_an_error_of_a_field() -> None:
    names = [f"T{number}" for number in range(200)]
    sdl = "type Query { list: [T0] }" + "".join(
        f" type {name} {{ list: {'[' * 8}T{number + 1}{']' * 8} n: Int }}"
        for number, name in enumerate(names)
    )
    schema = build(sdl + " type T200 { n: Int }")
    nested: Any = {"n": 1}
    for _ in range(180):
        nested = {"list": [[[[[[[[nested]]]]]]]], "n": 2}
    query = "{ list { " + "list { n " * 180 + "n" + " }" * 181 + "}"
    engine = Engine(schema)
    result = engine.execute_sync(query, {"list": [nested]})
    assert [type(error.original_error) for error in result.errors] == [RecursionError]
    place = result.data["list"][0]["list"]
    for _ in range(8):
        place = place[0]
    assert place["n"] == 2
    assert bytes(engine.execute_json_sync(query, {"list": [nested]})).startswith(b'{"data":{"list"')
    assert engine.execute_sync("{ list { n } }", {"list": [nested]}).data == {"list": [{"n": 2}]}


def test_the_depth_is_counted_anew_after_errors() -> None:
    schema = build("type Query { item: Query strict: Int! list: [[Query!]!] }")
    engine = Engine(schema)
    root: Any = {"list": [[{}], [{}]]}
    for _ in range(50):
        root = {"item": root}
    query = "{ " + "item { " * 50 + "list { strict }" + " }" * 51
    for _ in range(100):
        result = engine.execute_sync(query, root)
        assert [error.path[-1] for error in result.errors] == ["strict"]


def test_executions_that_begin_together_share_the_engine_of_the_schema(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    barrier = Barrier(2)
    describe = _handover.describe

    def describe_together(schema: Any) -> Any:
        barrier.wait(timeout=60)
        return describe(schema)

    monkeypatch.setattr(_handover, "describe", describe_together)
    schema = build(SDL)
    document = parse("{ n }")
    with ThreadPoolExecutor(2) as pool:
        results = [pool.submit(execute_sync, schema, document, {"n": n}) for n in range(2)]
    assert [result.result().data for result in results] == [{"n": 0}, {"n": 1}]
    assert statistics(schema).executed == 2
