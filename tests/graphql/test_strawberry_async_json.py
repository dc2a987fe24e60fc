"""Asynchronous views over asynchronous resolvers: the bytes of the engine, there as well."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import strawberry
from strawberry.dataloader import DataLoader
from strawberry.extensions import MaskErrors, SchemaExtension
from strawberry.schema.config import StrawberryConfig
from test_strawberry_async_views import FRAMEWORKS

from onecross.graphql import statistics
from onecross.graphql._json_data import JsonData
from onecross.graphql.strawberry import Executor, JsonView, Schema

# Strawberry's controller for Litestar is written for a version before.
pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.LitestarDeprecationWarning")


async def load(keys: list[int]) -> list[str]:
    await asyncio.sleep(0)
    return [f"value of {key}" for key in keys]


@strawberry.type
class Item:
    number: int

    @strawberry.field
    def name(self) -> str:
        return f"item {self.number}"

    @strawberry.field
    async def at_once(self) -> int:
        return self.number * 2

    @strawberry.field
    async def later(self) -> str:
        await asyncio.sleep(0)
        return f"later {self.number}"

    @strawberry.field
    async def needed(self) -> int:
        await asyncio.sleep(0)
        if self.number == 1:
            message = f"needed {self.number}"
            raise LookupError(message)
        return self.number

    @strawberry.field
    async def broken(self) -> int | None:
        await asyncio.sleep(0)
        message = f"broken {self.number}"
        raise ValueError(message)

    @strawberry.field
    async def inner(self) -> list["Item"]:
        await asyncio.sleep(0)
        return [Item(number=self.number * 10 + place) for place in range(2)]

    @strawberry.field
    async def loaded(self, info: strawberry.Info) -> str:
        context = info.context
        loaders = context if isinstance(context, dict) else context.__dict__
        loader = loaders.setdefault("loader", DataLoader(load))
        text: str = await loader.load(self.number)
        return text


@strawberry.type
class Query:
    @strawberry.field
    def items(self, count: int = 2) -> list[Item | None]:
        return [Item(number=number) for number in range(count)]

    @strawberry.field
    async def slow_items(self) -> list[Item]:
        await asyncio.sleep(0)
        return [Item(number=number) for number in range(3)]

    @strawberry.field
    async def fatal(self) -> int:
        await asyncio.sleep(0)
        message = "fatal"
        raise ValueError(message)


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def change(self, number: int) -> Item:
        await asyncio.sleep(0)
        return Item(number=number)


QUERIES = [
    "{ items { number atOnce } }",
    "{ items { name later atOnce number } slowItems { number later } }",
    "{ slowItems { inner { number inner { later name } } } }",
    "{ items(count: 3) { number needed } }",
    "{ items { broken later } }",
    "{ items { later } fatal }",
    "{ items { loaded inner { loaded } } }",
    "mutation { a: change(number: 1) { later } b: change(number: 2) { number broken } }",
]
SEEN: list[Any] = []


class Seeing(SchemaExtension):
    """Notes what the data are, without a look at them."""

    def on_operation(self) -> Iterator[None]:
        yield
        result = self.execution_context.result
        SEEN.append(result.data)


def make(class_: type[strawberry.Schema], extensions: list[Any], **named: Any) -> strawberry.Schema:
    config = StrawberryConfig(batching_config={"max_operations": 10})
    return class_(Query, Mutation, extensions=extensions, config=config, **named)


@pytest.mark.parametrize("client", FRAMEWORKS.values(), ids=FRAMEWORKS)
@pytest.mark.parametrize("extensions", [[], [MaskErrors]], ids=["plain", "masking"])
@pytest.mark.parametrize("is_batch", [False, True])
def test_responses_are_those_of_strawberry(client: Any, extensions: Any, is_batch: bool) -> None:
    bodies: list[Any] = [{"query": query} for query in QUERIES]
    if is_batch:
        bodies = [bodies, [*reversed(bodies)]]
    expecting = client((), make(strawberry.Schema, extensions))
    sending = [
        client((JsonView,), make(Schema, extensions)),
        client((JsonView,), make(strawberry.Schema, extensions, execution_context_class=Executor)),
    ]
    for body in bodies:
        expected = expecting(body=body)
        for send in sending:
            assert send(body=body) == expected


@pytest.mark.parametrize("client", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_the_data_are_json_whatever_is_awaited(client: Any) -> None:
    schema = make(Schema, [Seeing])
    send = client((JsonView,), schema)
    for query in QUERIES:
        SEEN.clear()
        content = send(body={"query": query}).body
        [data] = SEEN
        if "fatal" not in query:
            assert type(data) is JsonData
            assert data.json is not None
            assert data.json in content
        else:
            assert type(data) is not JsonData
    assert statistics(schema).fallbacks == {}
