"""Asynchronous fields of Strawberry: what they answer, and that the user's functions are called."""

import asyncio
import functools
import sys
from itertools import chain
from types import FrameType
from typing import Any

import pytest
import strawberry
from strawberry.dataloader import DataLoader
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission
from strawberry.types import Info

from onecross.graphql import statistics
from onecross.graphql.strawberry import Schema


@strawberry.input
class Order:
    count: int
    note: str | None = strawberry.UNSET


class Signed(BasePermission):
    message = "not signed"

    async def has_permission(self, source: Any, info: Info, **_arguments: Any) -> bool:
        await asyncio.sleep(0)
        return source.name != "1"


class Doubled(FieldExtension):
    async def resolve_async(self, next_: Any, source: Any, info: Info, **arguments: Any) -> Any:
        return 2 * await next_(source, info, **arguments)


async def by_name(root: Any, suffix: str = "!") -> str:
    await asyncio.sleep(0)
    return root.name + suffix


@strawberry.type
class Product:
    name: str

    @strawberry.field
    async def at_once(self) -> str:
        return self.name

    @strawberry.field
    async def priced(self, order: Order, factor: int = 2) -> int:
        return order.count * factor + (order.note is strawberry.UNSET)

    @strawberry.field
    async def told(self, info: Info, me: strawberry.Parent[Any]) -> str:
        await asyncio.sleep(0)
        return f"{info.field_name} {info.path.key} {me.name} {info.context['user']}"

    @strawberry.field
    async def failing(self) -> int | None:
        raise LookupError(self.name)

    @strawberry.field
    async def failing_later(self) -> int:
        await asyncio.sleep(0)
        raise LookupError(self.name)

    @strawberry.field(permission_classes=[Signed])
    async def guarded(self) -> str | None:
        return "secret"

    @strawberry.field(extensions=[Doubled()])
    async def doubled(self) -> int:
        return 4

    @strawberry.field
    async def loaded(self, info: Info) -> int:
        length: int = await info.context["loader"].load(self.name)
        return length

    @strawberry.field
    async def inner(self) -> list["Product"]:
        return [Product(name=f"{self.name}.{number}") for number in range(2)]

    named = strawberry.field(resolver=by_name)


@strawberry.type
class Query:
    @strawberry.field
    async def products(self) -> list[Product | None]:
        return [Product(name=str(number)) for number in range(3)]


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def add(self, name: str) -> Product:
        await asyncio.sleep(0)
        return Product(name=name)


QUERIES = [
    "{ products { name atOnce } }",
    "{ products { priced(order: { count: 3 }) more: priced(order: { count: 1, note: null }) } }",
    "{ products { told alias: told } }",
    "{ products { name failing atOnce } }",
    "{ products { name failingLater atOnce } }",
    "{ products { guarded doubled } }",
    "{ products { loaded inner { loaded inner { loaded atOnce } } } }",
    '{ products { named named2: named(suffix: "?") } }',
    "{ products { priced(order: 1) } }",
    'mutation { a: add(name: "x") { atOnce loaded } b: add(name: "y") { failing named } }',
]


def ask(schema_class: type[strawberry.Schema], query: str) -> tuple[Any, ...]:
    schema = schema_class(Query, mutation=Mutation)
    batches: list[list[str]] = []

    async def load(keys: list[str]) -> list[int]:
        batches.append(keys)
        return [len(key) for key in keys]

    async def run() -> Any:
        return await schema.execute(query, context_value={"user": "u", "loader": DataLoader(load)})

    result = asyncio.run(run())
    errors = [error.formatted for error in result.errors or ()]
    return result.data, errors, batches, schema


@pytest.mark.parametrize("query", QUERIES)
def test_answers_are_those_of_strawberry(query: str, caplog: pytest.LogCaptureFixture) -> None:
    expected, actual = ask(strawberry.Schema, query), ask(Schema, query)
    assert actual[:2] == expected[:2]
    # What comes at once is gone on with at once, so that loads of several levels may be one batch.
    assert sorted(chain.from_iterable(actual[2])) == sorted(chain.from_iterable(expected[2]))
    assert len(actual[2]) <= len(expected[2])
    assert statistics(actual[3]).fallbacks == {}
    assert not [record for record in caplog.records if record.name == "asyncio"]


def test_the_users_function_is_called_without_strawberrys() -> None:
    called = []

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            called.append((frame.f_code.co_name, frame.f_code.co_filename == __file__))

    schema = Schema(Query)

    async def run() -> None:
        await schema.execute("{ products { atOnce } }")
        sys.setprofile(note)
        try:
            await schema.execute("{ products { atOnce } }")
        finally:
            sys.setprofile(None)

    asyncio.run(run())
    assert called.count(("at_once", True)) == 3
    assert ("_async_resolver", False) not in called


def test_a_function_that_only_returns_an_awaitable_is_left_to_strawberry() -> None:
    async def answer(factor: int) -> int:
        return 21 * factor

    @strawberry.type
    class Partial:
        number: int = strawberry.field(
            resolver=functools.wraps(answer)(lambda factor: answer(factor))
        )

    async def run(schema: strawberry.Schema) -> Any:
        return (await schema.execute("{ number(factor: 2) }")).data

    for schema_class in (strawberry.Schema, Schema):
        assert asyncio.run(run(schema_class(Partial))) == {"number": 42}
