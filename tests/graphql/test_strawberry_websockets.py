"""Subscriptions over the views of Strawberry: over WebSockets by both protocols, and as streams."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

import django_project
import pytest
import strawberry
from aiohttp import test_utils, web
from fastapi import FastAPI
from litestar import Litestar
from reference import run
from starlette.testclient import TestClient
from strawberry.aiohttp.views import GraphQLView as AiohttpView
from strawberry.asgi import GraphQL as ASGIView
from strawberry.channels import GraphQLWSConsumer
from strawberry.fastapi import GraphQLRouter
from strawberry.litestar import make_graphql_controller

from onecross.graphql import statistics
from onecross.graphql.strawberry import JsonView, Schema

# Strawberry's controller for Litestar is written for a version before.
pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.LitestarDeprecationWarning")

django_project.set_up()


@strawberry.type
class Tick:
    number: int

    @strawberry.field
    def doubled(self) -> int:
        return self.number * 2

    @strawberry.field
    async def later(self) -> int:
        await asyncio.sleep(0)
        return self.number * 3

    @strawberry.field
    def odd(self) -> int | None:
        if self.number % 2:
            return self.number
        message = f"{self.number} is even"
        raise ValueError(message)


@strawberry.type
class Query:
    @strawberry.field
    def tick(self) -> Tick:
        return Tick(number=7)


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self, count: int) -> AsyncGenerator[Tick, None]:
        for number in range(count):
            yield Tick(number=number)

    @strawberry.subscription
    async def failing(self) -> AsyncGenerator[int, None]:
        yield 1
        message = "interrupted"
        raise LookupError(message)


# What is asked, and how many operations that executes.
SUBSCRIPTIONS: list[tuple[dict[str, Any], int]] = [
    ({"query": "subscription { ticks(count: 3) { number doubled later } }"}, 3),
    ({"query": "subscription { ticks(count: 2) { odd } }"}, 2),
    (
        {
            "query": "subscription ($n: Int!) { ticks(count: $n) { __typename } }",
            "variables": {"n": 1},
        },
        1,
    ),
    ({"query": "subscription { failing }"}, 1),
    ({"query": "subscription { unknown }"}, 0),
]
# A client may also ask for these by graphql-transport-ws.
OTHERS: list[tuple[dict[str, Any], int]] = [
    ({"query": "{ tick { number doubled } }"}, 1),
    ({"query": "{ tick { unknown } }"}, 0),
]

# How each protocol calls what a client says, and what ends an operation.
PROTOCOLS = {
    "graphql-transport-ws": ("subscribe", SUBSCRIPTIONS + OTHERS),
    "graphql-ws": ("start", SUBSCRIPTIONS),
}
Talk = Callable[[tuple[type, ...], strawberry.Schema, str, list[Any]], list[Any]]


def is_over(message: dict[str, Any]) -> bool:
    return message["type"] in ("complete", "error")


def starlette_talk(app: Any, protocol: str, requests: list[Any]) -> list[Any]:
    """What a server answers to requests, one after another."""
    heard = []
    with TestClient(app).websocket_connect("/", subprotocols=[protocol]) as socket:
        socket.send_json({"type": "connection_init"})
        heard.append(socket.receive_json())
        for number, request in enumerate(requests):
            type_ = PROTOCOLS[protocol][0]
            socket.send_json({"type": type_, "id": str(number), "payload": request})
            while True:
                heard.append(socket.receive_json())
                if is_over(heard[-1]):
                    break
    return heard


def asgi_talk(front: Any, schema: strawberry.Schema, protocol: str, requests: Any) -> list[Any]:
    view: Any = type("View", (*front, ASGIView), {})
    return starlette_talk(view(schema), protocol, requests)


def fastapi_talk(front: Any, schema: strawberry.Schema, protocol: str, requests: Any) -> list[Any]:
    view: Any = type("View", (*front, GraphQLRouter), {})
    app = FastAPI()
    app.include_router(view(schema, path="/"))
    return starlette_talk(app, protocol, requests)


def litestar_talk(front: Any, schema: strawberry.Schema, protocol: str, requests: Any) -> list[Any]:
    view: Any = type("View", (*front, make_graphql_controller(schema, path="/")), {})
    return starlette_talk(Litestar(route_handlers=[view]), protocol, requests)


def channels_talk(_front: Any, schema: strawberry.Schema, protocol: str, requests: Any) -> Any:
    # It has a consumer of its own for WebSockets, which no `JsonView` has a part in.
    return starlette_talk(GraphQLWSConsumer.as_asgi(schema=schema), protocol, requests)


def aiohttp_talk(front: Any, schema: strawberry.Schema, protocol: str, requests: Any) -> list[Any]:
    view: Any = type("View", (*front, AiohttpView), {})
    heard = []

    async def main() -> None:
        app = web.Application()
        app.router.add_route("*", "/", view(schema, keep_alive=False))
        async with (
            test_utils.TestClient(test_utils.TestServer(app)) as client,
            client.ws_connect("/", protocols=[protocol]) as socket,
        ):
            await socket.send_json({"type": "connection_init"})
            heard.append(await socket.receive_json())
            for number, request in enumerate(requests):
                type_ = PROTOCOLS[protocol][0]
                await socket.send_json({"type": type_, "id": str(number), "payload": request})
                while True:
                    heard.append(await socket.receive_json())
                    if is_over(heard[-1]):
                        break

    run(main())
    return heard


FRAMEWORKS: dict[str, Talk] = {
    "asgi": asgi_talk,
    "fastapi": fastapi_talk,
    "litestar": litestar_talk,
    "channels": channels_talk,
    "aiohttp": aiohttp_talk,
}


@pytest.mark.parametrize("talk", FRAMEWORKS.values(), ids=FRAMEWORKS)
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_events_are_those_of_strawberry(talk: Talk, protocol: str) -> None:
    requests = [request for request, _ in PROTOCOLS[protocol][1]]
    expected = talk((), strawberry.Schema(Query, subscription=Subscription), protocol, requests)
    schema = Schema(Query, subscription=Subscription)
    assert talk((JsonView,), schema, protocol, requests) == expected
    # Each event is an operation by the plan.
    assert statistics(schema).executed == sum(count for _, count in PROTOCOLS[protocol][1])
    assert statistics(schema).fallbacks == {}


@pytest.mark.parametrize(
    ("protocol", "accepted"),
    [
        ("graphql-sse", "text/event-stream"),
        ("multipart-subscription", "multipart/mixed;subscriptionSpec=1.0"),
    ],
)
def test_streams_are_those_of_strawberry(protocol: str, accepted: str) -> None:
    def bodies(front: Any, schema: strawberry.Schema) -> list[bytes]:
        view: Any = type("View", (*front, ASGIView), {})
        client = TestClient(view(schema, subscription_protocols=[protocol]))
        return [
            client.post("/", json=request, headers={"accept": accepted}).content
            for request, _ in SUBSCRIPTIONS
        ]

    expected = bodies((), strawberry.Schema(Query, subscription=Subscription))
    schema = Schema(Query, subscription=Subscription)
    assert bodies((JsonView,), schema) == expected
    assert b'"doubled":4' in expected[0].replace(b": ", b":")
    assert statistics(schema).executed == sum(count for _, count in SUBSCRIPTIONS)
