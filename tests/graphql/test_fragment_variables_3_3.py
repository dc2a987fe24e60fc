"""The variables of fragments: given their values by spreads, and what is selected by them."""

from collections.abc import Callable
from typing import Any

import pytest
from graphql import DocumentNode, ExecutionResult, GraphQLSchema, execute_sync, parse
from reference import assert_same_result, build

import onecross
from onecross.graphql import Engine, statistics
from onecross.graphql import execute_sync as execute_by_engine

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


OF_F = "fragment F($c: Boolean = true) on Query"
WITHOUT_VALUE = {
    "included by a literal null": f"{{ ...F(c: null) b }} {OF_F} {{ a @include(if: $c) b }}",
    "skipped by a literal null": f"{{ b ...F(c: null) }} {OF_F} {{ b a @skip(if: $c) }}",
    "skipped for another reason": (
        f"query Q($on: Boolean! = true) {{ ...F(c: null) b }}"
        f" {OF_F} {{ a @skip(if: $on) @include(if: $c) own {{ b @include(if: $c) }} b }}"
    ),
    "far below": (
        f"{{ b own {{ ...F(c: null) }} }} {OF_F} {{ own {{ owns {{ a @skip(if: $c) }} }} }}"
    ),
    "on a spread": (
        f"{{ ...F(c: null) }} {OF_F} {{ ...G @skip(if: $c) }} fragment G on Query {{ a }}"
    ),
    "in place": f"{{ ...F(c: null) }} {OF_F} {{ a ... @include(if: $c) {{ b }} }}",
    "of an outer fragment": (
        f"{{ b ...F(c: null) }} {OF_F} {{ own {{ ...G(d: $c) }} }}"
        " fragment G($d: Boolean = false) on Query { a b @skip(if: $d) }"
    ),
    "without a default": "{ ...F b } fragment F($c: Boolean) on Query { a @include(if: $c) b }",
    "with a default of null": (
        "{ ...F b } fragment F($c: Boolean = null) on Query { a @skip(if: $c) }"
    ),
    "of another type": "{ ...F(c: 1) } fragment F($c: Int = 0) on Query { a @include(if: $c) b }",
    "of the operation": (
        "query Q($on: Boolean) { ...F(c: true) a @include(if: $on) }"
        f" {OF_F} {{ b @include(if: $c) }}"
    ),
    "of the operation, in a fragment": (
        f"query Q($on: Boolean = null) {{ ...F(c: $on) }} {OF_F} {{ a @include(if: $c) b }}"
    ),
}


@pytest.mark.parametrize("query", WITHOUT_VALUE.values(), ids=WITHOUT_VALUE)
def test_null_decides_nothing_but_is_an_error(query: str) -> None:
    called: list[str] = []
    schema = build(SDL, {"Query.a": lambda *_: called.append("a"), "Query.b": lambda *_: 2})
    document, engine = read(query), Engine(schema)
    expected, in_order = execute_sync(schema, document, ROOT), called[:]
    called.clear()
    assert_same_result(engine.execute_document_sync(document, ROOT), expected)
    assert called == in_order
    assert engine.statistics.fallbacks == {"unusual conditions": 1}


GIVEN = (
    "query Q($on: Boolean, $off: Boolean = false) { ...F(c: $on) own { ...G(d: $off) } }"
    f" query Other {{ ...F(c: true) }} {OF_F} {{ a @include(if: $c) own {{ ...G(d: $c) }} }}"
    " fragment G($d: Boolean = false, $e: Boolean = true) on Query"
    " { a @skip(if: $d) b @include(if: $e) }"
)


@pytest.mark.parametrize(
    ("values", "executed"),
    [({}, 1), ({"on": True, "off": True}, 1), ({"on": False}, 1), ({"on": None}, 0)],
)
def test_what_is_given_decides_who_executes(values: dict[str, Any], executed: int) -> None:
    schema, document = build(SDL), read(GIVEN)
    engine = Engine(schema)
    expected = execute_sync(schema, document, ROOT, None, values, "Q")
    assert bool(expected.errors) is (not executed)
    result = engine.execute_document_sync(document, ROOT, None, values, "Q")
    assert_same_result(result, expected)
    assert engine.statistics.executed == executed
    other = engine.execute_document_sync(document, ROOT, operation_name="Other")
    assert_same_result(other, execute_sync(schema, document, ROOT, operation_name="Other"))
    assert engine.statistics.executed == executed + 1


MISSPELT = {
    "in arguments": "{ ...F(c: REDD) } fragment F($c: Color) on Query { paint(in: $c) }",
    "beside conditions": (
        "{ ...F(c: REDD) } fragment F($c: Color, $if: Boolean!) on Query"
        " { paint(in: $c) @include(if: $if) }"
    ),
}


@pytest.mark.parametrize("query", MISSPELT.values(), ids=MISSPELT)
@pytest.mark.parametrize("hide_suggestions", [True, False])
def test_suggestions_are_hidden_where_that_is_asked(query: str, hide_suggestions: bool) -> None:
    schema = build("enum Color { RED } type Query { a: Int own: Query paint(in: Color): Int }")
    document = read(query)
    expected = execute_sync(schema, document, ROOT, hide_suggestions=hide_suggestions)
    assert expected.errors
    assert ("Did you mean" in expected.errors[0].message) is not hide_suggestions
    result = execute_by_engine(schema, document, ROOT, hide_suggestions=hide_suggestions)
    assert_same_result(result, expected)
    assert statistics(schema).executed == 1
