"""What the engine leaves to graphql-core, whole: same answer, and counted with its reason."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from graphql import (
    GraphQLDeferDirective,
    GraphQLSchema,
    GraphQLStreamDirective,
    execute_sync,
    parse,
    specified_directives,
)
from reference import assert_same_json, assert_same_result, build, check

import onecross
from onecross.graphql import Engine

SDL = """
type Query { a: Int b: [Int] later: Int item: Item }
type Item { slow: Int a: Int }
type Subscription { tick: Int }
"""


def test_subscriptions_are_executed_as_one_event() -> None:
    schema = build(SDL)
    check(schema, "subscription { tick }", {"tick": 3})
    check(schema, "subscription S { tick } query Q { a }", {"a": 3}, operation_name="Q")


class Awaitable:
    def __await__(self) -> Iterator[int]:
        yield 1

    def __repr__(self) -> str:
        return "<awaitable>"


def test_awaitables_are_values_where_nothing_is_awaited() -> None:
    root = {"a": Awaitable(), "b": [1, Awaitable()], "item": Awaitable()}
    check(build(SDL, {"Item.slow": lambda *_: Awaitable()}), "{ a b item { a slow } }", root)


def test_incremental_delivery() -> None:
    schema = GraphQLSchema(build(SDL).query_type, directives=DIRECTIVES)
    engine, root = Engine(schema), {"a": 1, "b": [1]}
    for query in ("{ ... @defer { a } }", "{ b @stream }"):
        for execute in (engine.execute_sync, engine.execute_json_sync, of_reference(schema)):
            with pytest.raises(RuntimeError, match="failed to complete synchronously"):
                execute(query, root)
    assert engine.statistics.fallbacks == {"incremental delivery": 4}


def of_reference(schema: GraphQLSchema) -> Callable[..., Any]:
    return lambda query, root: execute_sync(schema, parse(query), root)


def test_fragment_variables() -> None:
    document = parse(
        "{ ...f(x: 3) } fragment f($x: Int = 1) on Query { echo(x: $x) }",
        experimental_fragment_arguments=True,
    )
    schema = build("type Query { echo(x: Int): Int }", {"Query.echo": lambda _r, _i, x: x})
    engine = Engine(schema)
    expected = execute_sync(schema, document)
    assert expected.data == {"echo": 3}
    assert_same_result(engine.execute_document_sync(document), expected)
    assert engine.statistics.fallbacks == {}


def test_an_operation_without_a_root_type() -> None:
    schema = build("type Query { a: Int }")
    document = parse("mutation { b }")
    engine = Engine(schema)
    assert_same_result(engine.execute_document_sync(document), execute_sync(schema, document))
    assert engine.statistics.fallbacks == {}


DIRECTIVES = [*specified_directives, GraphQLDeferDirective, GraphQLStreamDirective]


def test_reasons_are_counted_apart_and_by_the_meter() -> None:
    engine = Engine(GraphQLSchema(build(SDL).query_type, directives=DIRECTIVES))
    with onecross.meter() as meter:
        engine.execute_sync("{ b @stream(if: false) }")
        engine.execute_document_sync(parse("{ a @skip(if: 1) }"))
        engine.execute_json_sync("{ b @stream(if: false) }")
        engine.execute_sync("{ a }")
    assert engine.statistics.fallbacks == {"incremental delivery": 2, "unusual conditions": 1}
    assert engine.statistics.executed == 1
    assert meter.fallbacks == 3


def test_explain_says_what_is_left_to_graphql_core() -> None:
    engine = Engine(GraphQLSchema(build(SDL).query_type, directives=DIRECTIVES))
    explained = engine.explain("{ b @stream(if: false) }")
    assert "left to graphql-core, whole (incremental delivery)" in explained
    assert engine.statistics.fallbacks == {}


def test_a_fallback_whose_answer_has_no_form_in_json_is_told_to_the_caller() -> None:
    query_type = build("scalar Any type Query { tick: Any }").query_type
    engine = Engine(GraphQLSchema(query_type, directives=DIRECTIVES))
    query = "{ ... @defer(if: false) { tick } }"
    with pytest.raises(onecross.EncodingError, match=r"the data .* set is not JSON serializable"):
        engine.execute_json_sync(query, {"tick": {1}})
    expected = execute_sync(GraphQLSchema(query_type), parse("{ tick }"), {"tick": [1]})
    assert_same_json(engine.execute_json_sync(query, {"tick": [1]}), expected, False)


def test_what_is_left_to_graphql_core_is_written_by_the_caller_s_encoder_too() -> None:
    schema = build("scalar Any type Query { list: [Any] }")
    engine = Engine(GraphQLSchema(schema.query_type, directives=DIRECTIVES), default=str)
    root = {"list": [Decimal("9.90"), {"at": Decimal(1)}]}
    result = engine.execute_json_sync("{ list @stream(if: false) }", root)
    assert sum(engine.statistics.fallbacks.values()) == 1
    assert bytes(result) == b'{"data":{"list":["9.90",{"at":"1"}]}}'
