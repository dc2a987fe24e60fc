"""Views of graphene-django that send the bytes of the engine: a client gets what it would get."""

import json
from collections.abc import Callable
from typing import Any

import django_project
import graphene
import pytest
from django.test import RequestFactory
from graphql import ExecutionContext
from http_requests import COMMON

import onecross
from onecross.graphql import Executor, statistics
from onecross.graphql.graphene_django import JsonView

django_project.set_up()

from graphene_django.views import GraphQLView  # noqa: E402 - Django must be set up before


class Raw(graphene.Scalar):
    """Anything, as it is."""

    @staticmethod
    def serialize(value: Any) -> Any:
        return value


class Item(graphene.ObjectType):
    number = graphene.Int(required=True)
    name = graphene.String()
    broken = graphene.Int()

    def resolve_broken(root: Any, _info: Any) -> int:  # noqa: N805
        message = f"broken {root.number}"
        raise ValueError(message)


class Query(graphene.ObjectType):
    items = graphene.List(
        graphene.NonNull(Item), count=graphene.Int(default_value=2), name=graphene.String()
    )
    needed = graphene.Int(required=True)
    raw = Raw()

    def resolve_items(root: Any, _info: Any, count: int, name: str = "Ada") -> Any:  # noqa: N805
        return [Item(number=number, name=name) for number in range(count)]

    def resolve_raw(root: Any, _info: Any) -> Any:  # noqa: N805
        return {1, 2}


class Change(graphene.Mutation):
    number = graphene.Int()

    def mutate(root: Any, _info: Any) -> "Change":  # noqa: N805
        return Change(number=1)


class Mutation(graphene.ObjectType):
    change = Change.Field()


Send = Callable[[dict[str, Any]], tuple[int, str, bytes]]


def make_schema() -> graphene.Schema:
    return graphene.Schema(Query, Mutation)


def client(front: tuple[type, ...], schema: graphene.Schema, **named: Any) -> Send:
    """What sends a request to a view."""
    class_: Any = type("View", (*front, GraphQLView), {})
    view = class_.as_view(schema=schema, **named)
    factory = RequestFactory()

    def send(request_: dict[str, Any]) -> tuple[int, str, bytes]:
        if "params" in request_:
            request = factory.get("/", request_["params"])
        else:
            path, content = request_.get("path", "/"), json.dumps(request_["body"])
            request = factory.post(path, content, content_type="application/json")
        response = view(request)
        return response.status_code, response["content-type"], response.content

    return send


REQUESTS: dict[str, dict[str, Any]] = {
    **COMMON,
    "no object": {"body": [1]},
    "mutation": {"body": {"query": "mutation { change { number } }"}},
    "get": {"params": {"query": "{ items { number } }"}},
    "get a mutation": {"params": {"query": "mutation { change { number } }"}},
    "pretty": {"path": "/?pretty=1", "body": {"query": "{ items { number } }"}},
    "introspection": {"body": {"query": "{ __schema { types { name fields { name } } } }"}},
}


@pytest.mark.parametrize("named", [{}, {"pretty": True}, {"graphiql": True}], ids=str)
@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_responses_are_those_of_graphene_django(
    request_: dict[str, Any], named: dict[str, Any]
) -> None:
    expected = client((), make_schema(), **named)(request_)
    assert client((JsonView,), make_schema(), **named)(request_) == expected


def test_batches_are_those_of_graphene_django() -> None:
    body = [{"id": 1, "query": "{ items { name } }"}, {"query": "{ no }"}, {"query": "{ needed }"}]
    schema = make_schema()
    expected = client((), make_schema(), batch=True)({"body": body})
    with onecross.meter() as meter:
        assert client((JsonView,), schema, batch=True)({"body": body}) == expected
    assert meter.bytes == len(b'{"items":[{"name":"Ada"},{"name":"Ada"}]}') + len("null")
    assert statistics(schema.graphql_schema).executed == 2


def test_no_objects_are_made_of_a_response() -> None:
    schema = make_schema()
    with onecross.meter() as meter:
        _, _, content = client((JsonView,), schema)(
            {"body": {"query": "{ items(count: 1000) { number name } }"}}
        )
    assert statistics(schema.graphql_schema).executed == 1
    assert meter.bytes == len(content) - len(b'{"data":}')


def test_text_is_sent_in_utf_8() -> None:
    body = {"query": '{ items(name: "naïve 漢字") { name } }'}
    _, _, content = client((JsonView,), make_schema())({"body": body})
    assert json.loads(content) == json.loads(client((), make_schema())({"body": body})[2])
    assert "naïve" in content.decode()


def test_what_json_does_not_know_is_for_the_encoder_of_the_view() -> None:
    class Encoding:
        def json_encode(self, request: Any, d: Any, pretty: bool = False) -> str:
            return json.dumps(d, default=list, separators=(",", ":"))

    body = {"query": "{ raw }"}
    _, _, content = client((JsonView,), make_schema())({"body": body})
    assert "not JSON serializable" in json.loads(content)["errors"][0]["message"]
    for front in ((JsonView, Encoding), (Encoding, JsonView)):
        _, _, content = client(front, make_schema())({"body": body})
        assert content == b'{"data":{"raw":[1,2]}}'


def test_an_execution_context_class_of_ones_own_is_taken() -> None:
    class Steps(Executor):
        def execute_field(self, *arguments: Any) -> Any:
            return "own"

    body = {"query": "{ raw items { number } }"}
    for class_, raw in ((ExecutionContext, None), (Steps, "own")):
        schema = make_schema()
        send = client((JsonView,), schema, execution_context_class=class_)
        if raw is None:
            with pytest.raises(TypeError, match="not JSON serializable"):
                send({"body": body})
        else:
            assert json.loads(send({"body": body})[2])["data"] == {"raw": raw, "items": raw}
        assert statistics(schema.graphql_schema).executed == 0
