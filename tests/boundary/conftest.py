"""A schema for odd objects, answered by the engine and by the framework it stands in for."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import strawberry
from graphql import ExecutionResult, build_schema, execute_sync, parse

from onecross.graphql import Engine

GRAPHQL_CORE = build_schema("""
    type Query { items: [Item!] }
    type Item { value: Int touch: Int other: Int }
""")


@strawberry.type
class Item:
    value: int | None
    touch: int | None
    other: int | None


@strawberry.type
class Query:
    @strawberry.field
    def items(self: Any) -> list[Item] | None:
        return self["items"]


STRAWBERRY = strawberry.Schema(Query)


def by_graphql_core(query: str, root: Any) -> ExecutionResult:
    return execute_sync(GRAPHQL_CORE, parse(query), root)


def by_strawberry(query: str, root: Any) -> Any:
    return STRAWBERRY.execute_sync(query, root_value=root)


FACES = {"graphql-core": (GRAPHQL_CORE, by_graphql_core), "strawberry": (STRAWBERRY, by_strawberry)}


def body(result: Any) -> bytes:
    answer = {"data": result.data}
    if result.errors:
        answer["errors"] = [error.formatted for error in result.errors]
    return json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.fixture(params=list(FACES))
def answer(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Answers `{ items { value touch other } }` over items made for each answer anew.

    The engine's answer must be the framework's, byte for byte; returns its data.
    """
    schema, execute = FACES[request.param]

    def answer(make_items: Callable[[], Any]) -> Any:
        query = "{ items { value touch other } }"
        engine = Engine(schema)
        for _ in range(2):
            expected = execute(query, {"items": make_items()})
            result = engine.execute_json_sync(query, {"items": make_items()})
            assert bytes(result) == body(expected)
            dicts = engine.execute_sync(query, {"items": make_items()})
            assert dicts.data == expected.data
        assert engine.statistics.executed == 4
        return expected.data["items"]

    return answer
