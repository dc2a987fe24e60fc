"""A defect of onecross itself is an `InternalError`: the process and the engine stay usable."""

import gc
import sys
from collections.abc import Callable
from typing import Any

import pytest
from graphql import GraphQLField, GraphQLInt, GraphQLObjectType, GraphQLScalarType, GraphQLSchema

import onecross
from onecross import InternalError, OnecrossError, _core
from onecross.graphql import Engine

ANY = GraphQLScalarType("Any", serialize=lambda value: value)
SCHEMA = GraphQLSchema(
    GraphQLObjectType(
        "Query",
        {
            "any": GraphQLField(ANY),
            "number": GraphQLField(GraphQLInt, resolve=lambda root, info: root["number"]),
        },
    )
)
QUERY = "{ any number }"
ROOT = {"any": {"a": [1]}, "number": 1}
BODY = b'{"data":{"any":{"a":[1]},"number":1}}'

EXECUTIONS: dict[str, Callable[[Engine], Any]] = {
    "json": lambda engine: engine.execute_json_sync(QUERY, ROOT),
    "dicts": lambda engine: engine.execute_sync(QUERY, ROOT),
}


def check_usable(engine: Engine) -> None:
    assert bytes(engine.execute_json_sync(QUERY, ROOT)) == BODY
    assert engine.execute_sync(QUERY, ROOT).data == ROOT
    engine.clear_cache()
    assert bytes(engine.execute_json_sync(QUERY, ROOT)) == BODY
    assert engine.statistics.cached_documents == 1


@pytest.mark.parametrize("execute", EXECUTIONS.values(), ids=EXECUTIONS)
@pytest.mark.parametrize("place", ["prepare", "resolve", "leaf"])
def test_a_panic_in_an_execution(place: str, execute: Callable[[Engine], Any]) -> None:
    engine = Engine(SCHEMA)
    for _ in range(3):
        engine.clear_cache()
        _core._inject_panic(place)
        with pytest.raises(InternalError, match="a defect in onecross") as caught:
            execute(engine)
        assert isinstance(caught.value, OnecrossError)
        assert isinstance(caught.value, RuntimeError)
        check_usable(engine)


def test_a_panic_while_a_meter_is_on() -> None:
    engine = Engine(SCHEMA)
    with onecross.meter() as meter:
        _core._inject_panic("leaf")
        with pytest.raises(InternalError):
            engine.execute_json_sync(QUERY, ROOT)
        check_usable(engine)
    assert meter.crossings > 0


def test_a_panic_in_an_execution_within_an_execution_is_the_error_of_a_field() -> None:
    engine = Engine(SCHEMA)

    class Nested(dict[str, Any]):
        def __missing__(self, key: str) -> Any:
            _core._inject_panic("leaf")
            return engine.execute_sync(QUERY, ROOT)

    result = engine.execute_sync("{ number }", Nested())
    assert isinstance(result.errors[0].original_error, InternalError)
    check_usable(engine)


def test_a_panic_while_a_buffer_is_exported() -> None:
    engine = Engine(SCHEMA)
    result = engine.execute_json_sync(QUERY, ROOT)
    _core._inject_panic("export")
    with pytest.raises(InternalError):
        memoryview(result)
    assert bytes(memoryview(result)) == bytes(result) == BODY


def test_a_panic_while_a_document_is_explained() -> None:
    engine = Engine(SCHEMA)
    _core._inject_panic("prepare")
    with pytest.raises(InternalError):
        engine.explain(QUERY)
    assert "any" in engine.explain(QUERY)


def test_a_panic_while_an_engine_goes_is_told_where_nobody_can_catch_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    engine, other = Engine(SCHEMA), Engine(SCHEMA)
    check_usable(engine)
    _core._inject_panic("destroy")
    del engine
    gc.collect()
    assert [unraisable.exc_type for unraisable in told] == [InternalError]
    check_usable(other)
