"""The variables of fragments: given their values by spreads, and what is selected by them."""

from collections.abc import Callable
from typing import Any

import pytest
from graphql import DocumentNode, ExecutionResult, GraphQLSchema, execute_sync, parse
from reference import assert_same_result, build

import onecross
from onecross.graphql import Engine

SDL = "scalar Size type Query { a(size: Size): Int b: Int own: Query owns: [Query] }"
ROOT: dict[str, Any] = {"a": 1, "b": 2}
ROOT["own"] = ROOT
ROOT["owns"] = [ROOT, ROOT]

CHAIN = "\n".join(
    [
        "{ ...F0(size: 0) }",
        *(
            f"fragment F{number}($size: Size = -1, $more: Boolean = true) on Query {{"
            f" a(size: $size) @include(if: $more) own {{ ...F{number + 1}(size: {number}) b }} }}"
            for number in range(12)
        ),
        "fragment F12($more: Boolean = false) on Query { a b @include(if: $more) }",
    ]
)
QUERIES = {
    "nested": CHAIN,
    "in lists": (
        "{ owns { ...F(size: 1, more: true) own { ...F(size: 2) } } ...F(size: 3) }"
        " fragment F($size: Size, $more: Boolean = false) on Query {"
        " a(size: $size) b @skip(if: $more) }"
    ),
    "side by side": (
        "query Q($on: Boolean = true) { own { ...F(size: 1) ...G(size: 2, more: $on) } b }"
        " fragment F($size: Size) on Query { a(size: $size) @include(if: $on) }"
        " fragment G($size: Size, $more: Boolean!) on Query { ...H(size: $size, less: $more) }"
        " fragment H($size: Size, $less: Boolean!) on Query { b @skip(if: $less) c: a }"
    ),
}


def read(query: str) -> DocumentNode:
    return parse(query, experimental_fragment_arguments=True)


def parsed_by(parser: Callable[[Any], Any]) -> GraphQLSchema:
    """The schema whose scalar has that code for literals."""
    schema = build(SDL)
    schema.type_map["Size"].coerce_input_literal = lambda node: parser(node.value)
    return schema


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_spread_has_its_values_parsed_once(query: str) -> None:
    parsed: list[Any] = []
    document = read(query)
    schema = parsed_by(lambda value: parsed.append(value) or value)
    expected, in_order = execute_sync(schema, document, ROOT), parsed[:]
    parsed.clear()
    engine = Engine(schema)
    assert_same_result(engine.execute_document_sync(document, ROOT), expected)
    assert parsed == in_order
    assert engine.statistics.executed == 1


def test_the_calls_for_the_values_of_a_spread_are_counted(crossings: Callable[[], Any]) -> None:
    engine = Engine(build(SDL))
    for query in QUERIES.values():
        document = read(query)
        with crossings() as seen:
            engine.execute_document_sync(document, ROOT)
        with onecross.meter() as meter:
            engine.execute_document_sync(document, ROOT)
        assert meter.calls_out == len(seen.calls_out)


@pytest.mark.parametrize("raised", [KeyboardInterrupt, ValueError, SystemExit])
@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_parser_that_fails_once_has_its_error_reported_or_raised(
    query: str, raised: type[BaseException]
) -> None:
    def outcome(execute: Callable[[GraphQLSchema], ExecutionResult]) -> Any:
        left = iter([raised("no size")])

        def parser(value: Any) -> Any:
            for error in left:
                raise error
            return value

        try:
            return execute(parsed_by(parser)).formatted
        except raised as error:
            return error.args

    document = read(query)
    expected = outcome(lambda schema: execute_sync(schema, document, ROOT))
    assert (expected == ("no size",)) is (raised is not ValueError)
    assert outcome(lambda it: Engine(it).execute_document_sync(document, ROOT)) == expected
