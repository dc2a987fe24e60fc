"""Subscriptions on either line of graphql-core: each event is executed by the plan."""

import asyncio
from collections.abc import AsyncIterator
from inspect import isawaitable
from types import SimpleNamespace
from typing import Any

import graphql
import pytest
from graphql import GraphQLSchema, parse
from reference import assert_same_result, build

import onecross.graphql
from onecross.graphql import statistics

SDL = """
  type Event { number: Int! name: String broken: Int later: Int friends: [Event!] }
  type Query { event: Event }
  type Subscription { events(count: Int! = 2): Event failing: Event refused: Event nothing: Int }
"""


async def slowly(source: Any, _info: Any) -> int:
    await asyncio.sleep(0)
    return 3 * source.number


def fail(source: Any, _info: Any) -> int:
    message = f"broken {source.number}"
    raise ValueError(message)


async def events(_root: Any, info: Any, count: int = 2) -> AsyncIterator[Any]:
    for number in range(count):
        friend = SimpleNamespace(number=number + 10)
        yield {info.field_name: SimpleNamespace(number=number, name="Ada", friends=[friend])}
    if info.field_name == "failing":
        message = "interrupted"
        raise LookupError(message)


async def refuse(_root: Any, _info: Any) -> None:
    message = "refused"
    raise LookupError(message)


def make_schema() -> GraphQLSchema:
    schema = build(SDL, {"Event.later": slowly, "Event.broken": fail})
    fields = schema.subscription_type.fields
    for name, source in (("events", events), ("failing", events), ("refused", refuse)):
        fields[name].subscribe = source
    fields["nothing"].subscribe = lambda *_: 5
    return schema


QUERIES: dict[str, tuple[str, int]] = {
    "plain": ("subscription { events { number name } }", 2),
    "awaited": ("subscription { events(count: 3) { number later friends { later } } }", 3),
    "errors": ("subscription { events { broken friends { name number } } }", 2),
    "variables": ("subscription ($n: Int!) { events(count: $n) { __typename } }", 3),
    "failing": ("subscription { failing { number } }", 2),
    "refused": ("subscription { refused { number } }", 0),
    "no stream": ("subscription { nothing }", 0),
    "unknown": ("subscription { unknown }", 0),
    "wrong variables": ("subscription ($n: Int!, $m: Int!) { events(count: $n) { number } }", 0),
}


async def heard(subscribe: Any, schema: GraphQLSchema, query: str, **named: Any) -> list[Any]:
    """What a subscriber hears: each event, and how it ended."""
    told: list[Any] = []
    try:
        stream = subscribe(schema, parse(query), variable_values={"n": 3}, **named)
        stream = await stream if isawaitable(stream) else stream
        if not isinstance(stream, AsyncIterator):
            return [stream]
        async for event in stream:
            assert event is not None
            told.append(event)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must be the same
        told.append(repr(error))
    return told


def assert_same_events(actual: list[Any], expected: list[Any]) -> None:
    assert len(actual) == len(expected)
    for one, other in zip(actual, expected, strict=True):
        if isinstance(other, str):
            assert one == other
        else:
            assert_same_result(one, other)


@pytest.mark.parametrize(("query", "executed"), QUERIES.values(), ids=QUERIES)
def test_events_are_those_of_graphql_core(query: str, executed: int) -> None:
    schema = make_schema()
    expected = asyncio.run(heard(graphql.subscribe, make_schema(), query))
    assert_same_events(asyncio.run(heard(onecross.graphql.subscribe, schema, query)), expected)
    assert statistics(schema).executed == executed
    assert statistics(schema).fallbacks == {}


def test_options_of_graphql_core() -> None:
    def resolve(source: Any, info: Any, **_arguments: Any) -> Any:
        found = source.get(info.field_name) if isinstance(source, dict) else "resolved"
        return 7 if info.field_name == "number" else found

    options = {"field_resolver": resolve, "subscribe_field_resolver": events}
    query = "subscription { events { number name } }"
    answers = [
        asyncio.run(heard(subscribe, build(SDL), query, **options))
        for subscribe in (onecross.graphql.subscribe, graphql.subscribe)
    ]
    assert_same_events(*answers)
    assert answers[0][0].data == {"events": {"number": 7, "name": "resolved"}}


def test_a_stream_that_is_left_is_closed() -> None:
    closed: list[str] = []

    async def endless(*_: Any, **_arguments: Any) -> AsyncIterator[Any]:
        try:
            while True:
                yield {"events": SimpleNamespace(number=1)}
        finally:
            closed.append("source")

    async def main() -> None:
        schema = make_schema()
        schema.subscription_type.fields["events"].subscribe = endless
        stream: Any = onecross.graphql.subscribe(schema, parse(QUERIES["plain"][0]))
        stream = await stream if isawaitable(stream) else stream
        assert (await anext(stream)).data["events"]["number"] == 1
        await stream.aclose()

    asyncio.run(main())
    assert closed == ["source"]
