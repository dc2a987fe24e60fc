"""Views that send the bytes of the engine: what a client gets is what Strawberry's views send."""

import gc
import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from io import BytesIO
from typing import Any

import django_project
import pytest
import strawberry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from flask import Flask
from reference import run
from strawberry.django.views import GraphQLView as DjangoView
from strawberry.extensions import MaskErrors, SchemaExtension
from strawberry.flask.views import GraphQLView as FlaskView
from strawberry.schema.config import StrawberryConfig
from strawberry_requests import CONFIG, REQUESTS, Extended, Query, Raw, Reading, make

import onecross
from onecross.graphql import statistics
from onecross.graphql.strawberry import Executor, JsonView, Schema

django_project.set_up()


class JsonDjangoView(JsonView, DjangoView):
    pass


class JsonFlaskView(JsonView, FlaskView):
    pass


Send = Callable[..., tuple[int, str, bytes]]


def django_client(view: type[Any], schema: strawberry.Schema) -> Send:
    """What sends a request to a view of Django."""
    handler = view.as_view(schema=schema, multipart_uploads_enabled=True)
    factory = RequestFactory()

    def send(method: str = "post", **named: Any) -> tuple[int, str, bytes]:
        if "files" in named:
            data = {
                key: SimpleUploadedFile(key, value) if isinstance(value, bytes) else value
                for key, value in named["files"].items()
            }
            request = factory.post("/", data)
        elif method == "post":
            request = factory.post("/", json.dumps(named["body"]), content_type="application/json")
        else:
            request = factory.get("/", named["params"], **named.get("headers", {}))
        response = handler(request)
        return response.status_code, response["content-type"], response.content

    return send


def flask_client(view: type[Any], schema: strawberry.Schema) -> Send:
    """What sends a request to a view of Flask."""
    app = Flask(__name__)
    handler = view.as_view("graphql", schema=schema, multipart_uploads_enabled=True)
    app.add_url_rule("/", view_func=handler)
    client = app.test_client()

    def send(method: str = "post", **named: Any) -> tuple[int, str, bytes]:
        if "files" in named:
            data = {
                key: (BytesIO(value), key) if isinstance(value, bytes) else value
                for key, value in named["files"].items()
            }
            response = client.post("/", data=data, content_type="multipart/form-data")
        elif method == "post":
            response = client.post("/", json=named["body"])
        else:
            headers = {"accept": named.get("headers", {}).get("HTTP_ACCEPT", "application/json")}
            response = client.get("/", query_string=named["params"], headers=headers)
        return response.status_code, response.content_type, response.data

    return send


FRAMEWORKS = {
    "django": (django_client, DjangoView, JsonDjangoView),
    "flask": (flask_client, FlaskView, JsonFlaskView),
}


@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS)
@pytest.mark.parametrize("extensions", [[], [Reading], [MaskErrors]], ids=str)
@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_responses_are_those_of_strawberry(
    framework: Any, extensions: list[Any], request_: dict[str, Any]
) -> None:
    client, view, json_view = framework
    expected = client(view, make(strawberry.Schema, extensions))(**request_)
    for schema in (
        make(Schema, extensions),
        make(strawberry.Schema, extensions, execution_context_class=Executor),
    ):
        send = client(json_view, schema)
        for _warm in range(2):
            assert send(**request_) == expected


@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_text_is_sent_in_utf_8(framework: Any) -> None:
    client, view, json_view = framework
    body = {"query": "query ($name: String!) { items(name: $name) { name } }"}
    body["variables"] = {"name": 'naïve "漢字" \U0001f600 \ud800'}
    _, _, expected = client(view, make(strawberry.Schema, []))(body=body)
    _, _, actual = client(json_view, make(Schema, []))(body=body)
    assert json.loads(actual) == json.loads(expected)
    assert "naïve" in actual.decode()


@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_no_objects_are_made_of_a_response(framework: Any) -> None:
    client, view, json_view = framework
    body = {"query": "{ items(count: 1000) { number weight name } }"}
    written = {}
    for class_ in (view, json_view):
        schema = make(Schema, [Extended])
        send = client(class_, schema)
        send(body=body)
        with onecross.meter() as meter:
            _, _, content = send(body=body)
        assert statistics(schema).executed == 2
        written[class_] = (meter.makes, meter.bytes)
    envelope = len(b'{"data":,"extensions":{"took":1.5,"price":"\\u00e9"}}')
    assert written == {view: (0, 0), json_view: (1, len(content) - envelope)}


# Strawberry leaves coroutines behind when it refuses to wait for them.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_what_would_have_to_be_awaited(framework: Any) -> None:
    client, view, json_view = framework
    body = {"query": "{ items { number } slow }"}

    async def main() -> None:
        # Strawberry asks for a loop before it refuses.
        expected = client(view, make(strawberry.Schema, []))(body=body)
        assert b"failed to complete synchronously" in expected[2]
        assert client(json_view, make(Schema, []))(body=body) == expected

    run(main())
    gc.collect()


def test_what_json_does_not_know_is_left_to_the_encoder_of_the_view() -> None:
    body = {"query": "{ raw items { number } }"}
    expected = django_client(DjangoView, make(strawberry.Schema, []))(body=body)
    assert expected[2].startswith(b'{"data":{"raw":"2.50"')
    assert django_client(JsonDjangoView, make(Schema, []))(body=body) == expected
    # The encoder of Flask's view does not know it either; here that is an error of the field.
    status, _, content = flask_client(JsonFlaskView, make(Schema, []))(body=body)
    assert status == 200
    assert "not JSON serializable" in json.loads(content)["errors"][0]["message"]


@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_what_only_a_plain_view_sends(framework: Any) -> None:
    client, view, json_view = framework
    deep: Any = []
    for _ in range(600):
        deep = [deep]
    query = "{ raw items { number } }"
    for value, message in ((float("nan"), "nan"), (float("-inf"), "inf"), (deep, "nested deeper")):
        scalars = {Raw: strawberry.scalar(name="Raw", serialize=lambda _, value=value: value)}
        config = StrawberryConfig(scalar_map=scalars)
        _, _, plain = client(view, strawberry.Schema(Query, config=config))(body={"query": query})
        status, _, content = client(json_view, Schema(Query, config=config))(body={"query": query})
        assert b"errors" not in plain
        assert status == 200
        answered = json.loads(content)
        assert answered["data"] is None
        assert message in answered["errors"][0]["message"]


class Numbers(DjangoView):
    def encode_json(self, data: object) -> str:
        return json.dumps(data, default=float, separators=(",", ":"))


def test_an_encoder_behind_is_asked_and_one_in_front_gets_plain_data() -> None:
    class Behind(JsonView, Numbers):
        pass

    class InFront(JsonView, DjangoView):
        def encode_json(self, data: object) -> str | bytes:
            assert type(data["data"]) is dict
            return Numbers.encode_json(self, data)

    body = {"query": "{ raw }"}
    expected = django_client(Numbers, make(strawberry.Schema, []))(body=body)
    assert expected[2] == b'{"data":{"raw":2.5}}'
    for view in (Behind, InFront):
        assert django_client(view, make(Schema, []))(body=body) == expected


def test_data_in_another_place_of_the_response() -> None:
    class Elsewhere(DjangoView):
        def process_result(self, request: Any, result: Any) -> Any:
            return {"inner": [{"data": result.data}], "price": Decimal(1)}

    class JsonElsewhere(JsonView, Elsewhere):
        pass

    body = {"query": "{ items { number } price }"}
    expected = django_client(Elsewhere, make(strawberry.Schema, []))(body=body)
    schema = make(Schema, [])
    assert django_client(JsonElsewhere, schema)(body=body) == expected


def test_data_are_a_mapping_for_whoever_reads_them() -> None:
    seen: list[Any] = []

    class Curious(SchemaExtension):
        def on_operation(self) -> Iterator[None]:
            yield
            data = self.execution_context.result.data
            seen.append((bool(data), isinstance(data, Mapping), dict(data), data == dict(data)))
            seen.append((repr(data), len(data), list(data), data.get("none"), "price" in data))
            seen.append(data != {})
            data["added"] = data.pop("price")

    body = {"query": "{ price }"}
    client = django_client(JsonDjangoView, make(Schema, [Curious]))
    assert client(body=body)[2] == b'{"data":{"added":"1.50"}}'
    actual = seen.copy()
    seen.clear()
    django_client(DjangoView, make(strawberry.Schema, [Curious]))(body=body)
    assert actual == seen


def test_a_query_within_a_query_gets_plain_data() -> None:
    inner: list[Any] = []

    @strawberry.type
    class Root:
        @strawberry.field
        def outer(self) -> str:
            inner.append(type(schema.execute_sync("{ price }").data))
            return "outer"

        @strawberry.field
        def price(self) -> int:
            return 1

    schema = Schema(Root)
    send = django_client(JsonDjangoView, schema)
    assert send(body={"query": "{ outer }"})[2] == b'{"data":{"outer":"outer"}}'
    assert inner == [dict]


@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_a_query_of_an_extension_gets_plain_data_and_the_view_its_json(framework: Any) -> None:
    client, _view, json_view = framework
    inner: list[Any] = []

    class Asking(SchemaExtension):
        def on_operation(self) -> Iterator[None]:
            # Those of the schema itself would ask again, without an end.
            if self.execution_context.query != asked_text:
                context = self.execution_context.context
                for asked in (make(Schema, []), self.execution_context.schema):
                    data = asked.execute_sync(asked_text, context_value=context).data
                    inner.append((type(data), data))
            yield

    asked_text = "{ price }"
    expected = [(dict, {"price": "1.50"})] * 2
    for schema in (
        make(Schema, [Asking]),
        make(strawberry.Schema, [Asking], execution_context_class=Executor),
    ):
        send = client(json_view, schema)
        with onecross.meter() as meter:
            assert send(body={"query": "{ items { number } }"})[2].startswith(b'{"data":{"items"')
        assert inner == expected
        assert meter.bytes == len(b'{"items":[{"number":0},{"number":1}]}')
        inner.clear()
        send(body={"query": "mutation { __typename }"})
        assert inner == expected
        inner.clear()


def test_a_document_that_an_extension_finds_is_answered_with_json() -> None:
    class Persisted(SchemaExtension):
        def on_operation(self) -> Iterator[None]:
            self.execution_context.query = "{ items { number } }"
            yield

    send = django_client(JsonDjangoView, make(Schema, [Persisted]))
    with onecross.meter() as meter:
        content = send(body={"extensions": {"persistedQuery": {"sha256Hash": "known"}}})[2]
    assert content == b'{"data":{"items":[{"number":0},{"number":1}]}}'
    assert meter.bytes == len(content) - len(b'{"data":}')


def test_a_query_of_a_mutation_gets_plain_data() -> None:
    inner: list[Any] = []

    @strawberry.type
    class Changing:
        @strawberry.mutation
        def change(self) -> int:
            inner.append(type(schema.execute_sync(both, operation_name="Ask").data))
            return 1

    both = "mutation Change { change } query Ask { price }"
    schema = Schema(Query, Changing, config=CONFIG)
    send = django_client(JsonDjangoView, schema)
    content = send(body={"query": both, "operationName": "Change"})[2]
    assert content == b'{"data":{"change":1}}'
    assert inner == [dict]
