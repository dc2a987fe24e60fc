"""Requests: which operation is executed, and what refuses a request altogether."""

from typing import Any

import pytest
from graphql import (
    ExecutionResult,
    GraphQLError,
    NoSchemaIntrospectionCustomRule,
    Source,
    SourceLocation,
    execute_sync,
    graphql_sync,
    parse,
    validate,
    version_info,
)
from reference import REFUSED, assert_same_json, assert_same_result, build, check

from onecross.graphql import Engine, statistics

SCHEMA = build("type Query { a: Int t: Query } type Mutation { b: Int }")
SEVERAL = "query First { a } query Second { x: a } mutation Third { b }"
ROOT = {"a": 1, "b": 2}


@pytest.mark.parametrize("name", ["First", "Second", "Third"])
def test_the_named_operation_is_executed(name: str) -> None:
    check(SCHEMA, SEVERAL, ROOT, operation_name=name)


CONDITIONS = (
    "query A($x: Boolean!) { a @include(if: $x) t { ...F } }"
    " query B($y: Boolean!) { t { a @skip(if: $y) ...F } ...G }"
    " query C($x: Boolean!, $y: Boolean!) { x: a @skip(if: $x) ...G t { ...F } }"
    " query D { a t { ...F } }"
    " fragment F on Query { a }"
    " fragment G on Query { y: a @include(if: $y) }"
)


@pytest.mark.parametrize("name", "ABCD")
@pytest.mark.parametrize("value", [True, False])
def test_conditions_of_one_operation_are_none_of_another_s(name: str, value: bool) -> None:
    variables = {"x": value, "y": not value}
    check(SCHEMA, CONDITIONS, ROOT, variables=variables, operation_name=name)
    assumed = {"A": "$x = true", "B": "$y = true", "C": "$x = true, $y = true", "D": ""}[name]
    explained = Engine(SCHEMA).explain(CONDITIONS, operation_name=name)
    assert explained.partition("assuming ")[2].strip() == assumed


def test_the_only_operation_needs_no_name() -> None:
    check(SCHEMA, "query Only { a }", ROOT)
    check(SCHEMA, "mutation { b }", ROOT)
    check(SCHEMA, "{ a }", ROOT)


@pytest.mark.parametrize("name", [None, "Fourth", "", "first", "\ud800", 7])
def test_no_operation_can_be_chosen(name: Any) -> None:
    check(SCHEMA, SEVERAL, ROOT, operation_name=name, route=REFUSED)


def test_a_document_without_operations() -> None:
    document = parse("fragment f on Query { a }")
    engine = Engine(SCHEMA)
    for name in (None, "f"):
        expected = execute_sync(SCHEMA, document, ROOT, operation_name=name)
        actual = engine.execute_document_sync(document, ROOT, None, None, name)
        assert_same_result(actual, expected)


REFUSED_QUERIES = [
    *(
        "",
        " ",
        "#",
        "{",
        "}",
        "{ a",
        "{ a }}",
        "{ 1 }",
        "query ($) { a }",
        "\x00",
        '{ a(x: "',
        "{ é }",
    ),
    *("{ a } { a }", "{ unknown }", "{ a { b } }", "{ t }", "{ a @unknown }", "{ ...f }"),
    "query ($x: Int) { a }",
    "fragment f on Query { a }",
    "type T { a: Int }",
    "{ a } type T { a: Int }",
    "{ ...f } fragment f on Query { ...f }",
    "{ a\n  unknown # comment\n\n  other }",
    "{ a" + " { t" * 250,
    "{ é😀\ud800 }",
    # Before 3.3, such an operation is found out when it is executed.
    *(["subscription { a }"] if version_info >= (3, 3) else []),
]


@pytest.mark.parametrize("query", REFUSED_QUERIES, ids=lambda query: ascii(query[:40]))
def test_what_is_wrong_with_a_document_refuses_the_request(query: str) -> None:
    result = check(SCHEMA, query, ROOT, route=REFUSED)
    assert result.data is None
    assert result.errors


def test_a_refused_request_has_no_data() -> None:
    result = Engine(SCHEMA).execute_json_sync("{ unknown }")
    assert bytes(result).startswith(b'{"errors":[{"message":"Cannot query field')
    assert result.is_request_error
    # That is told apart from data that became null.
    schema = build("type Query { a: Int! }")
    executed = Engine(schema).execute_json_sync("{ a }", {})
    assert bytes(executed).startswith(b'{"data":null,"errors":[')
    assert not executed.is_request_error


def test_own_rules_of_validation() -> None:
    query = "{ __schema { queryType { name } } }"
    engine = Engine(SCHEMA, validation_rules=[NoSchemaIntrospectionCustomRule])
    errors = validate(SCHEMA, parse(query), [NoSchemaIntrospectionCustomRule])
    expected = ExecutionResult(errors=errors)
    assert expected.errors
    for _ in range(2):
        assert_same_result(engine.execute_sync(query), expected)
        assert_same_json(engine.execute_json_sync(query), expected, True)
    # The other rules are not asked then, as in graphql-core.
    assert engine.execute_sync("{ a @unknown }", ROOT).data == {"a": 1}
    assert Engine(SCHEMA, validation_rules=[]).execute_sync("{ a @unknown }", ROOT).data == {"a": 1}


def test_sources() -> None:
    source = Source("{ a t { a } }", "request.graphql", SourceLocation(10, 3))
    check(SCHEMA, source, {"a": "wrong", "t": {"a": 2}})
    check(SCHEMA, Source("{ unknown }", "request.graphql"), route=REFUSED)


def test_sources_of_the_same_text_keep_their_own_names() -> None:
    engine = Engine(SCHEMA)
    text = "{ a }"
    for source in (text, Source(text, "one"), Source(text, "two"), Source(text), text):
        expected = graphql_sync(SCHEMA, source, {"a": "wrong"})
        assert_same_result(engine.execute_sync(source, {"a": "wrong"}), expected)


def test_texts_that_differ_only_in_surrogates_are_different_texts() -> None:
    schema = build("type Query { echo(s: String): String }", {"Query.echo": lambda _r, _i, s: s})
    engine = Engine(schema)
    # The parser takes a surrogate pair for the character it stands for.
    for text in ("\ud83d\ude00", "\ud83d\ude01", "\ufffd\ufffd", "\U0001f600"):
        query = f'{{ echo(s: "{text}") }}'
        expected = graphql_sync(schema, query)
        assert expected.data == {"echo": text}
        assert_same_result(engine.execute_sync(query), expected)
        assert_same_json(engine.execute_json_sync(query), expected, False)


def test_line_ends_and_white_space_in_locations() -> None:
    check(SCHEMA, "\ufeff{\r\n\ta,,\r  t {\n a }\n}", {"a": "wrong", "t": {"a": "wrong"}})


@pytest.mark.parametrize("query", [None, 5, b"{ a }", ["{ a }"]])
def test_what_is_no_document_is_refused_by_type(query: Any) -> None:
    engine = Engine(SCHEMA)
    for execute in (engine.execute_sync, engine.execute_json_sync, engine.explain):
        with pytest.raises(TypeError):
            execute(query)


def test_what_is_no_schema_is_refused_by_type() -> None:
    for schema in (None, "type Query { a: Int }", object(), parse("{ a }")):
        class_ = type(schema)
        told = f"onecross needs .* not {class_.__module__}.{class_.__qualname__}$"
        for taking in (Engine, statistics):
            with pytest.raises(TypeError, match=told):
                taking(schema)


def test_a_schema_that_is_not_valid_is_refused() -> None:
    with pytest.raises(TypeError, match="Query root type must be provided"):
        Engine(build("type T { a: Int }"))


def test_explain_raises_the_first_error() -> None:
    engine = Engine(SCHEMA)
    for query, name in (("{", None), ("{ unknown }", None), (SEVERAL, None), (SEVERAL, "Fourth")):
        expected = graphql_sync(SCHEMA, query, operation_name=name).errors[0]
        with pytest.raises(GraphQLError) as caught:
            engine.explain(query, name)
        assert caught.value == expected


def test_options_of_the_parser() -> None:
    engine = Engine(SCHEMA, parse_options={"max_tokens": 4})
    assert engine.execute_sync("{ a }", ROOT).data == {"a": 1}
    for _ in range(2):
        [error] = engine.execute_sync("{ a b: a }", ROOT).errors
        with pytest.raises(GraphQLError) as expected:
            parse("{ a b: a }", max_tokens=4)
        assert error == expected.value
    assert Engine(SCHEMA).execute_sync("{ a b: a }", ROOT).data == {"a": 1, "b": 1}
