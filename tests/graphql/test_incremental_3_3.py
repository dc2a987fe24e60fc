"""Incremental delivery through the executor: handed to graphql-core whole, frame for frame."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import graphql
import pytest
from graphql import (
    GraphQLDeferDirective,
    GraphQLSchema,
    GraphQLStreamDirective,
    experimental_execute_incrementally,
    parse,
    specified_directives,
)
from reference import build

import onecross.graphql
from onecross.graphql import Executor, statistics

SDL = """
  type Item { number: Int! slow: Int broken: Int! inner: Item }
  type Query { item: Item items: [Item!] coming: [Item] plain: Int }
  type Mutation { change: Item }
  type Subscription { tick: Item }
"""


def item(number: int) -> SimpleNamespace:
    return SimpleNamespace(number=number, inner=SimpleNamespace(number=number + 10, inner=None))


async def slowly(source: Any, _info: Any) -> int:
    await asyncio.sleep(0)
    return 3 * source.number


def fail(source: Any, _info: Any) -> int:
    message = f"broken {source.number}"
    raise ValueError(message)


async def come(*_: Any) -> AsyncIterator[Any]:
    for number in range(3):
        await asyncio.sleep(0)
        yield item(number)


def make_schema() -> GraphQLSchema:
    schema = build(
        SDL,
        {
            "Item.slow": slowly,
            "Item.broken": fail,
            "Query.item": lambda *_: item(1),
            "Query.items": lambda *_: [item(number) for number in range(3)],
            "Query.coming": come,
            "Query.plain": lambda *_: 7,
            "Mutation.change": lambda *_: item(2),
        },
    )
    named = schema.to_kwargs()
    named["directives"] = (*specified_directives, GraphQLDeferDirective, GraphQLStreamDirective)
    return GraphQLSchema(**named)


DELIVERED = [
    "{ plain ... @defer { item { number slow } } }",
    '{ item { number ...f @defer(label: "later") } } fragment f on Item { slow inner { number } }',
    "{ items @stream(initialCount: 1) { number slow } plain }",
    "{ coming @stream(initialCount: 1) { number } }",
    "{ item { number ... @defer { broken } } }",
    "{ items @stream { number broken } }",
    "mutation { change { number ... @defer { slow } } }",
    "query ($on: Boolean! = false) { item { number ... @defer(if: $on) { slow } } }",
]


async def frames(execute: Any, schema: GraphQLSchema, query: str, **named: Any) -> list[Any]:
    """The frames of a response, as they come."""
    result = execute(schema, parse(query), **named)
    result = await result if asyncio.iscoroutine(result) or hasattr(result, "__await__") else result
    if not hasattr(result, "initial_result"):
        return [repr(result)]
    told = [repr(result.initial_result)]
    return [*told, *[repr(frame) async for frame in result.subsequent_results]]


@pytest.mark.parametrize("query", DELIVERED)
def test_frames_are_those_of_graphql_core(query: str) -> None:
    schema = make_schema()
    expected = asyncio.run(frames(experimental_execute_incrementally, make_schema(), query))
    named = {"executor_class": Executor}
    assert asyncio.run(frames(experimental_execute_incrementally, schema, query, **named)) == (
        expected
    )
    assert len(expected) > 1 or "$on" in query
    assert statistics(schema).fallbacks == {"incremental delivery": 1}
    assert statistics(schema).executed == 0


def test_what_is_not_delivered_so_is_executed_by_the_plan() -> None:
    schema = make_schema()
    named = {"executor_class": Executor}
    query = "{ item { number slow inner { number } } items { number } }"
    actual = asyncio.run(frames(experimental_execute_incrementally, schema, query, **named))
    expected = asyncio.run(frames(experimental_execute_incrementally, make_schema(), query))
    assert actual == expected
    assert len(expected) == 1
    assert statistics(schema).executed == 1


def test_what_graphql_core_refuses_is_refused() -> None:
    async def refused(execute: Any) -> str:
        try:
            return str(await frames(execute, make_schema(), DELIVERED[0]))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must be the same
            return repr(error)

    expected = asyncio.run(refused(graphql.execute))
    assert asyncio.run(refused(onecross.graphql.execute)) == expected
