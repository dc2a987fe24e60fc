"""Asynchronous views that send the bytes of the engine: a client gets what Strawberry's send."""

import json
from collections.abc import Callable, Iterator
from inspect import isawaitable
from typing import Any, NamedTuple

import aiohttp
import django_project
import pytest
import strawberry
from aiohttp import test_utils, web
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import AsyncRequestFactory
from fastapi import FastAPI
from litestar import Litestar
from reference import run
from starlette.testclient import TestClient
from strawberry.aiohttp.views import GraphQLView as AiohttpView
from strawberry.asgi import GraphQL as ASGIView
from strawberry.channels import GraphQLHTTPConsumer as ChannelsView
from strawberry.django.views import AsyncGraphQLView as DjangoView
from strawberry.extensions import MaskErrors, SchemaExtension
from strawberry.fastapi import GraphQLRouter as FastAPIView
from strawberry.file_uploads import Upload
from strawberry.litestar import make_graphql_controller
from strawberry_requests import CONFIG, REQUESTS, Extended, Query, Reading

import onecross
from onecross.graphql import statistics
from onecross.graphql.strawberry import Executor, JsonView, Schema

# Strawberry's controller for Litestar is written for a version before.
pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.LitestarDeprecationWarning")

django_project.set_up()


class Sent(NamedTuple):
    """What a client got."""

    status: int
    headers: dict[str, str]
    body: bytes


Send = Callable[..., Sent]


def sent(status: int, headers: Any, body: bytes) -> Sent:
    """What a client got, but for the time of day."""
    named = {name.lower(): value for name, value in headers.items()}
    named.pop("date", None)
    return Sent(status, named, body)


def starlette_client(app: Any) -> Send:
    """What sends requests to any application of ASGI."""
    client = TestClient(app)

    def send(method: str = "post", **named: Any) -> Sent:
        if "files" in named:
            parts = named["files"]
            files = {key: (key, part) for key, part in parts.items() if isinstance(part, bytes)}
            data = {key: part for key, part in parts.items() if isinstance(part, str)}
            response = client.post("/", data=data, files=files)
        elif method == "post":
            response = client.post("/", json=named["body"])
        else:
            accepted = named.get("headers", {}).get("HTTP_ACCEPT", "application/json")
            response = client.get("/", params=named["params"], headers={"accept": accepted})
        return sent(response.status_code, response.headers, response.content)

    return send


def asgi_client(front: tuple[type, ...], schema: strawberry.Schema) -> Send:
    view: Any = type("View", (*front, ASGIView), {})
    return starlette_client(view(schema, multipart_uploads_enabled=True))


def fastapi_client(front: tuple[type, ...], schema: strawberry.Schema) -> Send:
    view: Any = type("View", (*front, FastAPIView), {})
    app = FastAPI()
    app.include_router(view(schema, path="/", multipart_uploads_enabled=True))
    return starlette_client(app)


def litestar_client(front: tuple[type, ...], schema: strawberry.Schema) -> Send:
    controller = make_graphql_controller(schema, path="/", multipart_uploads_enabled=True)
    view: Any = type("View", (*front, controller), {})
    return starlette_client(Litestar(route_handlers=[view]))


def channels_client(front: tuple[type, ...], schema: strawberry.Schema) -> Send:
    view: Any = type("View", (*front, ChannelsView), {})
    return starlette_client(view.as_asgi(schema=schema, multipart_uploads_enabled=True))


def django_client(front: tuple[type, ...], schema: strawberry.Schema) -> Send:
    view: Any = type("View", (*front, DjangoView), {})
    handler = view.as_view(schema=schema, multipart_uploads_enabled=True)
    factory = AsyncRequestFactory()

    def send(method: str = "post", **named: Any) -> Sent:
        if "files" in named:
            data = {
                key: SimpleUploadedFile(key, value) if isinstance(value, bytes) else value
                for key, value in named["files"].items()
            }
            request = factory.post("/", data)
        elif method == "post":
            request = factory.post("/", json.dumps(named["body"]), content_type="application/json")
        else:
            accepted = named.get("headers", {}).get("HTTP_ACCEPT", "application/json")
            request = factory.get("/", named["params"], headers={"accept": accepted})
        response = run(handler(request))
        return sent(response.status_code, response, response.content)

    return send


def aiohttp_client(front: tuple[type, ...], schema: strawberry.Schema) -> Send:
    view: Any = type("View", (*front, AiohttpView), {})

    async def main(method: str, named: dict[str, Any]) -> Sent:
        app = web.Application()
        app.router.add_route("*", "/", view(schema, multipart_uploads_enabled=True))
        async with test_utils.TestClient(test_utils.TestServer(app)) as client:
            if "files" in named:
                form = aiohttp.FormData()
                for key, value in named["files"].items():
                    filename = key if isinstance(value, bytes) else None
                    form.add_field(key, value, filename=filename)
                response = await client.post("/", data=form)
            elif method == "post":
                response = await client.post("/", json=named["body"])
            else:
                accepted = named.get("headers", {}).get("HTTP_ACCEPT", "application/json")
                headers = {"accept": accepted}
                response = await client.get("/", params=named["params"], headers=headers)
            return sent(response.status, response.headers, await response.read())

    def send(method: str = "post", **named: Any) -> Sent:
        return run(main(method, named))

    return send


FRAMEWORKS = {
    "asgi": asgi_client,
    "fastapi": fastapi_client,
    "litestar": litestar_client,
    "channels": channels_client,
    "django": django_client,
    "aiohttp": aiohttp_client,
}


async def when_there(value: Any) -> Any:
    """A value, that frameworks for asynchronous code give later."""
    return await value if isawaitable(value) else value


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def read(self, file: Upload) -> str:
        contents = await when_there(file.read())
        await when_there(file.close())
        return contents.decode()


def make(class_: type[strawberry.Schema], extensions: list[Any], **named: Any) -> strawberry.Schema:
    return class_(Query, Mutation, config=CONFIG, extensions=extensions, **named)


@pytest.mark.parametrize("client", FRAMEWORKS.values(), ids=FRAMEWORKS)
@pytest.mark.parametrize("extensions", [[], [Reading], [MaskErrors]], ids=str)
def test_responses_are_those_of_strawberry(client: Any, extensions: list[Any]) -> None:
    expecting = client((), make(strawberry.Schema, extensions))
    sending = [
        client((JsonView,), make(Schema, extensions)),
        client((JsonView,), make(strawberry.Schema, extensions, execution_context_class=Executor)),
    ]
    for name, request in REQUESTS.items():
        expected = expecting(**request)
        for send in sending:
            assert (name, send(**request)) == (name, expected)


@pytest.mark.parametrize("client", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_no_objects_are_made_of_a_response(client: Any) -> None:
    body = {"query": "{ items(count: 1000) { number weight name } }"}
    written = []
    for front in ((), (JsonView,)):
        schema = make(Schema, [Extended])
        send = client(front, schema)
        with onecross.meter() as meter:
            content = send(body=body).body
        assert statistics(schema).executed == 1
        written.append((meter.makes, meter.bytes))
    envelope = len(b'{"data":,"extensions":{"took":1.5,"price":"\\u00e9"}}')
    assert written == [(0, 0), (1, len(content) - envelope)]


@pytest.mark.parametrize("client", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_an_encoder_in_front_gets_plain_data(client: Any) -> None:
    class Encoding:
        def encode_json(self, data: Any) -> bytes:
            assert type(data["data"]) is dict
            return b"encoded"

    front = type("Front", (Encoding, JsonView), {})
    assert client((front,), make(Schema, []))(body={"query": "{ price }"}).body == b"encoded"


@pytest.mark.parametrize("client", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_a_query_of_an_extension_gets_plain_data_and_the_view_its_json(client: Any) -> None:
    inner: list[Any] = []

    class Asking(SchemaExtension):
        async def on_operation(self) -> Any:
            if self.execution_context.query != "{ price }":
                result = await self.execution_context.schema.execute("{ price }")
                inner.append((type(result.data), result.data))
            yield

    send = client((JsonView,), make(Schema, [Asking]))
    with onecross.meter() as meter:
        assert send(body={"query": "{ items { number } }"}).status == 200
    assert inner == [(dict, {"price": "1.50"})]
    assert meter.bytes == len(b'{"items":[{"number":0},{"number":1}]}')


def test_a_wish_ends_with_its_request() -> None:
    kept: list[Any] = []

    class FailingOnce(SchemaExtension):
        def on_operation(self) -> Iterator[None]:
            if not kept:
                message = "before anything is executed"
                raise LookupError(message)
            yield

    class Keeping(JsonView, DjangoView):
        async def dispatch(self, request: Any, *arguments: Any, **named: Any) -> Any:
            kept.append(await super().dispatch(request, *arguments, **named))
            kept.append(await self.schema.execute("{ price }"))
            return kept[0]

    body = json.dumps({"query": "{ price }"})
    request = AsyncRequestFactory().post("/", body, content_type="application/json")
    view = Keeping.as_view(schema=make(Schema, [FailingOnce]))
    assert b"before anything" in run(view(request)).content
    assert type(kept[1].data) is dict
