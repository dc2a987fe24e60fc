"""Ariadne's applications that send the bytes of the engine: a client gets what Ariadne sends."""

import json
from collections.abc import AsyncGenerator, Callable
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from ariadne import (
    MutationType,
    ObjectType,
    QueryType,
    ScalarType,
    SubscriptionType,
    make_executable_schema,
    upload_scalar,
)
from ariadne.asgi import GraphQL as ASGIApplication
from ariadne.asgi.handlers import (
    GraphQLHTTPHandler,
    GraphQLTransportWSHandler,
    GraphQLWSHandler,
)
from ariadne.types import BaseProxyRootValue, Extension
from ariadne.wsgi import GraphQL as WSGIApplication
from graphql import GraphQLSchema
from http_requests import COMMON
from starlette.testclient import TestClient

import onecross
from onecross.graphql import Executor, statistics
from onecross.graphql.ariadne import JsonApplication, JsonHandler

TYPE_DEFINITIONS = """
  scalar Upload
  scalar Price
  type Item { number: Int! weight: Float! name: String broken: Int price: Price }
  type Query { items(count: Int! = 2, name: String): [Item!]! needed: Int! }
  type Mutation { read(file: Upload!): String change: Item }
  type Subscription { counting(to: Int!): Item }
"""


def item(number: int, name: str | None = "Ada") -> SimpleNamespace:
    return SimpleNamespace(number=number, weight=number / 3, name=name, price=Decimal("1.50"))


def make_schema() -> GraphQLSchema:
    query, mutation, item_type = QueryType(), MutationType(), ObjectType("Item")
    subscription = SubscriptionType()

    @query.field("items")
    def items(_root: Any, _info: Any, count: int, name: str | None = "Ada") -> list[Any]:
        return [item(number, name) for number in range(count)]

    @query.field("needed")
    def needed(*_: Any) -> int:
        message = "needed"
        raise ValueError(message)

    @item_type.field("broken")
    def broken(root: Any, _info: Any) -> int:
        message = f"broken {root.number}"
        raise ValueError(message)

    @mutation.field("read")
    def read(_root: Any, _info: Any, file: Any) -> str:
        with getattr(file, "file", None) or file.file_object as opened:
            contents: bytes = opened.read()
        return contents.decode()

    @mutation.field("change")
    def change(*_: Any) -> Any:
        return item(1)

    @subscription.source("counting")
    async def counting(_root: Any, _info: Any, to: int) -> AsyncGenerator[Any, None]:
        for number in range(to):
            yield item(number)

    @subscription.field("counting")
    def counted(event: Any, _info: Any, to: int) -> Any:
        return event

    price = ScalarType("Price", serializer=str)
    types = [query, mutation, subscription, item_type, price, upload_scalar]
    return make_executable_schema(TYPE_DEFINITIONS, *types)


class Sent(NamedTuple):
    """What a client got."""

    status: int
    type: str
    body: bytes


Send = Callable[..., Sent]


def asgi_client(json_: bool, schema: GraphQLSchema, extensions: Any = None, **named: Any) -> Send:
    handler_class: Any = GraphQLHTTPHandler
    if json_:
        handler_class = type("Handler", (JsonHandler, GraphQLHTTPHandler), {})
        named["execution_context_class"] = Executor
    handler = handler_class(extensions=extensions)
    app = ASGIApplication(schema, http_handler=handler, execute_get_queries=True, **named)
    client = TestClient(app)

    def send(body: Any = None, params: Any = None, file: bytes | None = None) -> Sent:
        if file is not None:
            data = {"operations": json.dumps(body), "map": json.dumps({"f": ["variables.file"]})}
            response = client.post("/", data=data, files={"f": ("f", file)})
        elif params is not None:
            response = client.get("/", params=params)
        else:
            response = client.post("/", json=body)
        assert response.headers["content-length"] == str(len(response.content))
        return Sent(response.status_code, response.headers["content-type"], response.content)

    return send


def wsgi_client(json_: bool, schema: GraphQLSchema, extensions: Any = None, **named: Any) -> Send:
    class_: Any = WSGIApplication
    if json_:
        class_ = type("Application", (JsonApplication, WSGIApplication), {})
        named["execution_context_class"] = Executor
    app = class_(schema, extensions=extensions, execute_get_queries=True, **named)

    def send(body: Any = None, params: Any = None, file: bytes | None = None) -> Sent:
        begun: list[Any] = []
        environ: dict[str, Any] = {"REQUEST_METHOD": "POST", "QUERY_STRING": ""}
        if params is not None:
            text = "&".join(f"{key}={value}" for key, value in params.items())
            environ.update(REQUEST_METHOD="GET", QUERY_STRING=text)
        else:
            type_, content = "application/json", json.dumps(body).encode()
            if file is not None:
                type_, content = multipart(body, file)
            environ.update(CONTENT_TYPE=type_, CONTENT_LENGTH=str(len(content)))
            environ["wsgi.input"] = BytesIO(content)
        parts = app(environ, lambda status, headers: begun.append((status, dict(headers))))
        [(status, headers)] = begun
        return Sent(int(status.split()[0]), headers["Content-Type"], b"".join(parts))

    return send


def multipart(body: Any, file: bytes) -> tuple[str, bytes]:
    """A request with a file, as browsers send it."""
    fields = {"operations": json.dumps(body), "map": json.dumps({"f": ["variables.file"]})}
    lines = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    lines.append('--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n')
    return "multipart/form-data; boundary=b", "".join(lines).encode() + file + b"\r\n--b--\r\n"


CLIENTS = {"asgi": asgi_client, "wsgi": wsgi_client}

REQUESTS: dict[str, dict[str, Any]] = {
    **COMMON,
    "data": {"body": {"query": "{ items { number weight name price } }"}},
    "no object": {"body": [1]},
    "no text": {"body": {"query": 1}},
    "mutation": {"body": {"query": "mutation { change { number name } }"}},
    "get": {"params": {"query": "{items{number}}"}},
    "get a mutation": {"params": {"query": "mutation{change{number}}"}},
    "introspection": {"body": {"query": "{ __schema { types { name fields { name } } } }"}},
    "upload": {
        "body": {
            "query": "mutation ($file: Upload!) { read(file: $file) }",
            "variables": {"file": None},
        },
        "file": b"contents",
    },
}


class Timing(Extension):
    """Adds to the answer."""

    def format(self, context: Any) -> dict[str, Any]:
        return {"took": 1.5}


@pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)
@pytest.mark.parametrize("extensions", [None, [Timing]], ids=["plain", "extended"])
@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_responses_are_those_of_ariadne(
    client: Any, extensions: Any, request_: dict[str, Any]
) -> None:
    expected = client(False, make_schema(), extensions)(**request_)
    actual = client(True, make_schema(), extensions)(**request_)
    assert actual[:2] == expected[:2]
    if expected.type.startswith("application/json"):
        # Members are in the same order; Ariadne's WSGI writes spaces between them.
        assert json.loads(actual.body, object_pairs_hook=list) == json.loads(
            expected.body, object_pairs_hook=list
        )
    else:
        assert actual.body == expected.body


@pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)
def test_no_objects_are_made_of_a_response(client: Any) -> None:
    schema = make_schema()
    send = client(True, schema, [Timing])
    with onecross.meter() as meter:
        sent = send({"query": "{ items(count: 1000) { number weight name price } }"})
    assert statistics(schema).executed == 1
    assert meter.bytes == len(sent.body) - len(b'{"data":,"extensions":{"took":1.5}}')


@pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)
def test_text_is_sent_in_utf_8(client: Any) -> None:
    body = {"query": "query ($name: String) { items(name: $name) { name } }"}
    body["variables"] = {"name": 'naïve "漢字" \U0001f600'}
    sent = client(True, make_schema())(body)
    assert json.loads(sent.body) == json.loads(client(False, make_schema())(body).body)
    assert "naïve" in sent.body.decode()


@pytest.mark.parametrize("front", [JsonHandler, JsonApplication])
def test_what_json_does_not_know_is_for_the_encoder(front: type) -> None:
    schema = make_executable_schema(
        TYPE_DEFINITIONS, ScalarType("Price", serializer=lambda price: price)
    )

    class Pricing:
        def encode_json(self, value: object) -> str:
            return json.dumps(value, default=str)

    query = {"query": "{ items { price } }"}
    root = {"items": [item(1)]}
    answers = []
    for encoding in ((), (Pricing,)):
        behind = GraphQLHTTPHandler if front is JsonHandler else WSGIApplication
        class_: Any = type("Front", (*encoding, front, behind), {})
        if front is JsonHandler:
            app: Any = ASGIApplication(
                schema,
                http_handler=class_(),
                execution_context_class=Executor,
                root_value=root,
            )
            answers.append(TestClient(app).post("/", json=query).json())
        else:
            app = class_(schema, execution_context_class=Executor, root_value=root)
            content = json.dumps(query).encode()
            environ = {
                "REQUEST_METHOD": "POST",
                "CONTENT_TYPE": "application/json",
                "CONTENT_LENGTH": str(len(content)),
                "wsgi.input": BytesIO(content),
            }
            answers.append(json.loads(b"".join(app(environ, lambda *_: None))))
    without, with_encoder = answers
    assert without["data"] == {"items": [{"price": None}]}
    assert "not JSON serializable" in without["errors"][0]["message"]
    assert with_encoder == {"data": {"items": [{"price": "1.50"}]}}


@pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)
def test_a_root_value_that_updates_the_result_finds_the_data(client: Any) -> None:
    class Masking(BaseProxyRootValue):
        def update_result(self, result: Any) -> Any:
            _success, response = result
            if name == "masked":
                for found in response["data"]["items"]:
                    found["name"] = name
            return False, {**response, "more": True}

    body = {"query": "{ items { name } }"}
    for name in ("masked", "Ada"):
        expected, actual = (
            client(json_, make_schema(), root_value=Masking({}))(body) for json_ in (False, True)
        )
        assert json.loads(actual.body) == json.loads(expected.body)
        assert actual.status == expected.status
        assert name.encode() in actual.body


def test_what_a_handler_behind_says_of_a_response_stays() -> None:
    class Marked(GraphQLHTTPHandler):
        async def create_json_response(self, request: Any, result: Any, success: bool) -> Any:
            response = await super().create_json_response(request, result, success)
            response.headers["x-mark"] = "yes"
            return response

    handler: Any = type("Handler", (JsonHandler, Marked), {})
    app = ASGIApplication(make_schema(), http_handler=handler(), execution_context_class=Executor)
    response = TestClient(app).post("/", json={"query": "{ items { number } }"})
    assert response.headers["x-mark"] == "yes"
    assert response.content == b'{"data":{"items":[{"number":0},{"number":1}]}}'


@pytest.mark.parametrize(
    ("protocol", "asking", "ends_a_query", "handler"),
    [
        ("graphql-transport-ws", "subscribe", "complete", GraphQLTransportWSHandler),
        ("graphql-ws", "start", "data", GraphQLWSHandler),
    ],
)
def test_operations_over_websockets_are_those_of_ariadne(
    protocol: str, asking: str, ends_a_query: str, handler: Any
) -> None:
    def talk(json_: bool) -> list[Any]:
        class_: Any = GraphQLHTTPHandler
        options: Any = {}
        if json_:
            class_ = type("Handler", (JsonHandler, GraphQLHTTPHandler), {})
            options = {"execution_context_class": Executor}
        app = ASGIApplication(
            make_schema(), http_handler=class_(), websocket_handler=handler(), **options
        )
        heard = []
        with TestClient(app).websocket_connect("/", subprotocols=[protocol]) as socket:
            socket.send_json({"type": "connection_init"})
            heard.append(socket.receive_json())
            for number, (query, end) in enumerate(
                [
                    ("subscription { counting(to: 3) { number name } }", "complete"),
                    ("{ items { number } }", ends_a_query),
                ]
            ):
                payload = {"query": query}
                socket.send_json({"type": asking, "id": str(number), "payload": payload})
                heard.append(socket.receive_json())
                while heard[-1]["type"] != end:
                    heard.append(socket.receive_json())
        return heard

    assert talk(True) == talk(False)
