"""Ariadne's ASGI application over asynchronous resolvers sends the bytes of the engine, too."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from ariadne import ObjectType, QueryType, make_executable_schema
from ariadne.asgi import GraphQL
from ariadne.asgi.handlers import GraphQLHTTPHandler
from graphql import GraphQLSchema
from starlette.testclient import TestClient

from onecross.graphql import Executor, statistics
from onecross.graphql._json_data import JsonData
from onecross.graphql.ariadne import JsonHandler

TYPE_DEFINITIONS = """
  type Item { number: Int! later: String broken: Int inner: [Item!] }
  type Query { items(count: Int! = 2): [Item!] slow: [Item] fatal: Int! }
"""
QUERIES = [
    "{ items { number later } }",
    "{ slow { number inner { later } } items { later } }",
    "{ items { broken later } }",
]


def make_schema() -> GraphQLSchema:
    query, item = QueryType(), ObjectType("Item")

    @query.field("items")
    def items(*_: Any, count: int) -> list[Any]:
        return [SimpleNamespace(number=number) for number in range(count)]

    @query.field("slow")
    async def slow(*_: Any) -> list[Any]:
        await asyncio.sleep(0)
        return [SimpleNamespace(number=5), None]

    @query.field("fatal")
    async def fatal(*_: Any) -> int:
        message = "fatal"
        raise ValueError(message)

    @item.field("later")
    async def later(source: Any, _info: Any) -> str:
        await asyncio.sleep(0)
        return f"later {source.number}"

    @item.field("broken")
    async def broken(source: Any, _info: Any) -> int:
        await asyncio.sleep(0)
        message = f"broken {source.number}"
        raise ValueError(message)

    @item.field("inner")
    async def inner(source: Any, _info: Any) -> list[Any]:
        return [SimpleNamespace(number=source.number + 1)]

    return make_executable_schema(TYPE_DEFINITIONS, query, item)


@pytest.mark.parametrize("query", [*QUERIES, "{ items { later } fatal }"])
def test_responses_are_those_of_ariadne(query: str) -> None:
    seen: list[Any] = []

    class Seeing(GraphQLHTTPHandler):
        async def execute_graphql_query(self, request: Any, data: Any, **named: Any) -> Any:
            success, result = await super().execute_graphql_query(request, data, **named)
            seen.append(result["data"])
            return success, result

    handler: Any = type("Handler", (JsonHandler, Seeing), {})
    schema = make_schema()
    app = GraphQL(schema, http_handler=handler(), execution_context_class=Executor)
    answer = TestClient(app).post("/", json={"query": query})
    expected = TestClient(GraphQL(make_schema())).post("/", json={"query": query})
    assert answer.content == expected.content
    assert answer.status_code == expected.status_code
    assert [type(data) for data in seen] == [JsonData if query in QUERIES else type(None)]
    assert statistics(schema).executed == 1
