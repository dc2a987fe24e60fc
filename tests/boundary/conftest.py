"""Odd objects answered by the engine and its framework, and what many calls leave behind."""

import gc
import json
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

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


class Delta(NamedTuple):
    """What many calls left behind."""

    references: list[int]
    blocks_per_call: float


@pytest.fixture
def reference_delta() -> Callable[..., Delta]:
    """Calls something a thousand times and says which references and memory it kept.

    Where no blocks are counted, as under valgrind, few calls tell of references what many would.
    """

    def measure(call: Callable[[], object], *inputs: object) -> Delta:
        times = 1_000 if sys.getallocatedblocks() else 20
        for _ in range(times // 5):
            call()
        gc.collect()
        before = [sys.getrefcount(each) for each in inputs]
        blocks = sys.getallocatedblocks()
        for _ in range(times):
            call()
        gc.collect()
        kept = sys.getallocatedblocks() - blocks
        after = [sys.getrefcount(each) for each in inputs]
        references = [now - then for now, then in zip(after, before, strict=True)]
        return Delta(references, kept / times)

    return measure
