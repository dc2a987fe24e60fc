"""`Engine.execute` and `Engine.execute_json`, to be awaited."""

import asyncio
import gc
import json
import warnings
from collections.abc import AsyncIterator, Iterator
from random import Random
from typing import Any

import graphql
import pytest
from awaited import answer as awaited_answer
from awaited import as_far_as, awaited_schema, random_operation
from graphql import GraphQLError, build_schema, parse, validate

from onecross.graphql import Engine, JsonResult

# graphql-core itself leaves some coroutines where an error made them useless.
left_by_graphql_core = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
told_of_what_is_left = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def coroutines_that_are_left() -> Iterator[None]:
    """Coroutines that nobody awaits go before another test is told of them."""
    yield
    gc.collect()


SCHEMA = build_schema("""
    type Query { text: String texts: [String!] grid: [[Int]!] any: [Any] sure: Int! inner: Query }
    type Mutation { first: Int second: Int sure: Int! }
    union Any = Query
""")


async def later(value: Any) -> Any:
    await asyncio.sleep(0)
    if isinstance(value, Exception):
        raise value
    return value


async def one_by_one(*values: Any) -> AsyncIterator[Any]:
    for value in values:
        yield await later(value)


async def ask(engine: Engine, query: str, root: Any, **named: Any) -> Any:
    """The answer, which is the same in both forms."""
    written = await engine.execute_json(query, root(), **named)
    assert isinstance(written, JsonResult)
    body = json.loads(bytes(written))
    result = await engine.execute(query, root(), **named)
    assert body.get("data") == result.data
    errors = [error.formatted for error in result.errors or ()]
    assert body.get("errors", []) == errors
    assert [error.formatted for error in written.errors or ()] == errors
    return result


def answer(query: str, root: Any) -> Any:
    return asyncio.run(ask(Engine(SCHEMA), query, root))


def places(errors: list[GraphQLError] | None) -> set[tuple[Any, ...]]:
    return {tuple(error.path or ()) for error in errors or ()}


@left_by_graphql_core
@told_of_what_is_left
@pytest.mark.usefixtures("coroutines_that_are_left")
@pytest.mark.parametrize("checks_types", [False, True])
def test_random_operations_are_answered_as_by_graphql_core(*, checks_types: bool) -> None:
    async def check() -> int:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
        compared = 0
        for seed in range(60):
            schema = awaited_schema(seed, checks_types=checks_types)
            operation = random_operation(Random(seed))
            if validate(schema, parse(operation)):
                continue
            expected = await awaited_answer(graphql.execute, schema, operation)
            engine = Engine(schema)
            written = await engine.execute_json(operation)
            result = await engine.execute(operation)
            told = f"seed {seed}: {operation}"
            assert json.loads(bytes(written)).get("data") == result.data, told
            assert as_far_as(expected, (result.data, []))[0] == expected[0], told
            assert places(written.errors) == places(result.errors), told
            assert engine.statistics.fallbacks == {}
            compared += 1
        return compared

    assert asyncio.run(check()) > 40


def test_what_is_there_is_answered_without_a_turn_of_the_loop() -> None:
    request = Engine(SCHEMA).execute_json("{ text }", {"text": "here"})
    with pytest.raises(StopIteration) as stopped:
        request.send(None)
    assert bytes(stopped.value.value) == b'{"data":{"text":"here"}}'


def test_holes_within_what_came_are_filled_in_json() -> None:
    def root() -> Any:
        inner = {"texts": lambda _: later(["a", later("b")]), "grid": [[1, later(2)], later([3])]}
        return {"text": lambda _: later("é"), "inner": lambda _: later(inner)}

    result = answer("{ text inner { texts grid } inner2: inner { texts } }", root)
    assert result.data["inner"] == {"texts": ["a", "b"], "grid": [[1, 2], [3]]}
    assert result.data["inner2"] == {"texts": ["a", "b"]}


def test_null_swallows_what_is_awaited_beside_it() -> None:
    def root() -> Any:
        inner = {"sure": lambda _: later(ValueError("lost")), "text": lambda _: later("beside")}
        return {"text": lambda _: later("kept"), "inner": inner}

    result = answer("{ text inner { sure text } }", root)
    assert result.data == {"text": "kept", "inner": None}
    assert places(result.errors) == {("inner", "sure")}


def test_an_error_at_the_root_leaves_no_data() -> None:
    result = answer("{ text sure }", lambda: {"sure": lambda _: later(None), "text": "there"})
    assert result.data is None
    assert places(result.errors) == {("sure",)}


def test_lists_may_come_item_by_item() -> None:
    def root() -> Any:
        return {
            "texts": lambda _: one_by_one("a", "b"),
            "grid": [one_by_one(1, 2), later([3])],
            "inner": {"texts": lambda _: one_by_one("a", ValueError("lost"))},
        }

    result = answer("{ texts grid inner { texts } }", root)
    assert result.data == {"texts": ["a", "b"], "grid": [[1, 2], [3]], "inner": {"texts": None}}
    assert places(result.errors) == {("inner", "texts")}


def test_the_fields_of_a_mutation_wait_for_each_other() -> None:
    began = []

    def field(name: str, value: int) -> Any:
        async def resolve(_info: Any) -> int:
            began.append(name)
            await asyncio.sleep(0)
            began.append(f"{name} done")
            return value

        return resolve

    root = {name: field(name, number) for number, name in enumerate(["first", "second", "sure"])}
    engine = Engine(SCHEMA)
    query = "mutation { first second sure }"
    result = asyncio.run(engine.execute_json(query, root))
    assert bytes(result) == b'{"data":{"first":0,"second":1,"sure":2}}'
    assert began == ["first", "first done", "second", "second done", "sure", "sure done"]


def test_a_request_that_is_not_executed_is_told_at_once() -> None:
    for query in ("{ unknown }", "{", "query A { text } query B { text }"):
        result = answer(query, dict)
        assert result.data is None
        assert len(result.errors) == 1


def test_an_answer_that_nobody_awaits_leaves_nothing_behind() -> None:
    async def run() -> None:
        engine = Engine(SCHEMA)
        request = engine.execute("{ text texts }", {"text": lambda _: later("never")})
        request.close()
        begun = asyncio.ensure_future(engine.execute("{ text }", {"text": lambda _: later("x")}))
        await asyncio.sleep(0)
        begun.cancel()
        with pytest.raises(asyncio.CancelledError):
            await begun

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        asyncio.run(run())
        gc.collect()


def test_without_a_loop_there_is_an_error_and_no_warning() -> None:
    request = Engine(SCHEMA).execute("{ text }", {"text": lambda _: later("never")})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(RuntimeError, match="no running event loop of asyncio"):
            request.send(None)
        gc.collect()


def test_what_json_does_not_know_goes_to_the_encoder_where_it_came_later() -> None:
    schema = build_schema("scalar Raw type Query { raw: Raw }")
    root = {"raw": lambda _: later({"a": 1j})}
    result = asyncio.run(Engine(schema, default=str).execute_json("{ raw }", root))
    assert bytes(result) == b'{"data":{"raw":{"a":"1j"}}}'
    refused = asyncio.run(Engine(schema).execute_json("{ raw }", root))
    assert json.loads(bytes(refused))["errors"][0]["path"] == ["raw"]
