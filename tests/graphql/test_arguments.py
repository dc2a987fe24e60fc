"""Arguments: variables, defaults, names in Python, input objects, and what is wrong with them."""

from enum import Enum
from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    execute_sync,
    parse,
)
from reference import REFUSED, assert_same_result, build, check

from onecross.graphql import Engine

SDL = """
type Query {
  echo(a: Int, b: String = "b", c: [Int!] = [1, 2], d: Point, e: Color = RED, f: ID): String
  required(a: Int!): String
  items: [Item]
}
type Item { echo(a: Int, d: Point = {x: 4}): String }
input Point { x: Int! y: Int = 2 near: [Point] }
input Choice @oneOf { x: Int y: String }
enum Color { RED GREEN }
extend type Query { choose(by: Choice): String }
"""


def echo(_source: Any, _info: Any, **arguments: Any) -> str:
    return repr(arguments)


SCHEMA = build(
    SDL,
    dict.fromkeys(["Query.echo", "Query.required", "Query.choose", "Item.echo"], echo),
)

LITERALS = [
    "{ echo }",
    "{ echo(a: 1) b: echo(a: null, b: null, c: null, d: null, e: null, f: null) }",
    '{ echo(a: -0, b: "\\u00e9\\n\\u{1F600}", c: [], e: GREEN, f: "x") b: echo(f: 4) }',
    "{ echo(c: 5) b: echo(c: [5]) }",
    "{ echo(d: {x: 1}) b: echo(d: {y: null, x: 1, near: [{x: 3}, null]}) }",
    '{ choose(by: {x: 1}) b: choose(by: {y: "s"}) }',
    '{ echo(b: """\n  block\n    text\n  """) }',
]

DECLARED = "query ($a: Int, $b: String, $c: [Int!], $d: Point, $e: Color, $f: ID)"
VARIABLES: list[dict[str, Any]] = [
    {},
    {"a": 1, "b": "x", "c": [3], "d": {"x": 1}, "e": "GREEN", "f": 7},
    {"a": None, "b": None, "c": None, "d": None, "e": None, "f": None},
    {"c": 5, "d": {"x": 1, "near": {"x": 2}}, "unknown": 1},
    {"a": 1.0, "b": "\ud800", "f": "é"},
]

WRONG_VARIABLES: list[dict[str, Any]] = [
    {"a": "1"},
    {"a": 2**31},
    {"a": True},
    {"b": 1},
    {"c": [1, None]},
    {"d": {}},
    {"d": {"x": 1, "z": 2}},
    {"e": "BLUE", "a": []},
    {"f": 1.5},
    {"d": {"x": "1", "near": [{"x": "2"}] * 60}},
]


@pytest.mark.parametrize("query", LITERALS)
def test_literals(query: str) -> None:
    check(SCHEMA, query)


@pytest.mark.parametrize("variables", VARIABLES, ids=repr)
def test_variables(variables: dict[str, Any]) -> None:
    query = DECLARED + " { echo(a: $a, b: $b, c: $c, d: $d, e: $e, f: $f) }"
    check(SCHEMA, query, variables=variables)
    check(SCHEMA, query.replace("$a: Int,", "$a: Int = 9,"), variables=variables)
    inner = "query ($a: Int, $x: Int! = 8) { echo(c: [$x, 1], d: {x: $x, y: $a, near: [{x: $x}]}) }"
    check(SCHEMA, inner, variables={"a": variables.get("a")})


@pytest.mark.parametrize("variables", WRONG_VARIABLES, ids=lambda variables: repr(variables)[:40])
def test_wrong_variables_refuse_the_request(variables: dict[str, Any]) -> None:
    result = check(SCHEMA, DECLARED + "{ echo(a: $a) }", variables=variables, route=REFUSED)
    assert result.errors


def test_a_missing_variable_refuses_the_request_where_it_is_required() -> None:
    query = "query ($a: Int!) { required(a: $a) }"
    check(SCHEMA, query, variables={}, route=REFUSED)
    check(SCHEMA, query, variables={"a": None}, route=REFUSED)
    check(SCHEMA, query, variables={"a": 1})


def test_a_null_variable_where_a_default_made_it_valid_is_an_error_of_its_field() -> None:
    query = "query ($a: Int = 1) { required(a: $a) items { __typename } }"
    check(SCHEMA, query, {"items": []}, variables={})
    result = check(SCHEMA, query, {"items": []}, variables={"a": None})
    assert result.errors[0].path == ["required"]


@pytest.mark.parametrize(
    "query",
    [
        "{ required }",
        '{ required(a: "1") items { echo } }',
        "{ required(a: null) }",
        "query ($a: Int) { required(a: $a) }",
        "{ echo(a: {x: 1}, unknown: 2) b: echo(unknown: 2) }",
        "{ echo(d: {z: 1}) items { echo(d: {}) } }",
        "{ items { echo(a: $missing) } choose(by: {}) c: choose(by: {x: 1, y: null}) }",
    ],
)
def test_documents_that_were_not_validated(query: str) -> None:
    document, root = parse(query), {"items": [{}, {}]}
    engine = Engine(SCHEMA)
    expected = execute_sync(SCHEMA, document, root)
    assert_same_result(engine.execute_document_sync(document, root), expected)
    assert engine.statistics.executed == 1


def test_what_a_resolver_does_to_its_arguments_is_forgotten() -> None:
    def hostile(_source: Any, _info: Any, **arguments: Any) -> str:
        seen = repr(arguments)
        arguments.get("c", []).append(99)
        arguments.get("d", {}).update(x=99, near=[])
        arguments.clear()
        return seen

    schema = build(SDL, {"Query.echo": hostile, "Item.echo": hostile})
    literals = (
        "{ a: echo(c: [5], d: {x: 1}) b: echo(c: [5], d: {x: 1})"
        " items { c: echo(d: {x: 5}) d: echo(d: {x: 6}) } }"
    )
    result = check(schema, literals, {"items": [{}, {}, {}]})
    assert result.data["items"][2] == result.data["items"][0]
    assert "99" not in str(result.data)
    # What a variable holds is shared by all resolvers of a request, in graphql-core too.
    variables = "query ($d: Point) { echo(c: [], d: $d) items { echo(d: $d) } }"
    check(schema, variables, {"items": [{}, {}]}, variables={"d": {"x": 1}})


def test_names_and_types_in_python() -> None:
    class Color(Enum):
        RED = "r"
        GREEN = "g"

    point = GraphQLInputObjectType(
        "Point",
        {
            "theX": GraphQLInputField(GraphQLInt, out_name="x"),
            "theY": GraphQLInputField(GraphQLInt, default_value=3, out_name="y"),
        },
        out_type=lambda fields: tuple(sorted(fields.items())),
    )
    arguments = {
        "thePoint": GraphQLArgument(point, out_name="point"),
        "points": GraphQLArgument(GraphQLList(GraphQLNonNull(point)), default_value=[{}]),
        "theColor": GraphQLArgument(GraphQLEnumType("Color", Color), out_name="color"),
    }
    field = GraphQLField(GraphQLString, args=arguments, resolve=echo)
    schema = GraphQLSchema(GraphQLObjectType("Query", {"echo": field}))
    check(schema, "{ echo a: echo(thePoint: {theX: 1}, points: {}, theColor: GREEN) }")
    query = "query ($c: Color, $p: Point) { echo(theColor: $c, thePoint: $p, points: [$p]) }"
    check(schema, query.replace("[$p]", "[]"), variables={"c": "RED", "p": {"theX": 1}})


def test_a_scalar_whose_code_answers_differently_each_time() -> None:
    def schema_with_a_ticket() -> GraphQLSchema:
        numbers = iter(range(1000))
        ticket = GraphQLScalarType(
            "Ticket",
            parse_value=lambda _value: next(numbers),
            parse_literal=lambda _node, _variables=None: next(numbers),
        )
        echoes = GraphQLField(
            GraphQLInt, args={"of": GraphQLArgument(ticket)}, resolve=lambda _s, _i, of: of
        )
        item = GraphQLObjectType("Item", {"number": echoes})
        return GraphQLSchema(GraphQLObjectType("Query", {"items": GraphQLField(GraphQLList(item))}))

    document = parse("{ items { number(of: 1) } }")
    root = {"items": [{}, {}, {}]}
    expected = execute_sync(schema_with_a_ticket(), document, root)
    assert expected.data == {"items": [{"number": 0}, {"number": 1}, {"number": 2}]}
    actual = Engine(schema_with_a_ticket()).execute_document_sync(document, root)
    assert_same_result(actual, expected)


def test_an_enum_whose_code_answers_differently_each_time() -> None:
    def schema_with_a_lottery() -> GraphQLSchema:
        numbers = iter(range(1000))
        lottery = GraphQLEnumType("Lottery", {"DRAW": 1})
        for name in ("coerce_input_literal", "parse_literal"):
            setattr(lottery, name, lambda *_: next(numbers))
        echoes = GraphQLField(
            GraphQLInt, args={"of": GraphQLArgument(lottery)}, resolve=lambda _s, _i, of: of
        )
        item = GraphQLObjectType("Item", {"number": echoes})
        return GraphQLSchema(GraphQLObjectType("Query", {"items": GraphQLField(GraphQLList(item))}))

    document = parse("{ items { number(of: DRAW) } }")
    root = {"items": [{}, {}, {}]}
    expected = execute_sync(schema_with_a_lottery(), document, root)
    assert expected.data == {"items": [{"number": 0}, {"number": 1}, {"number": 2}]}
    actual = Engine(schema_with_a_lottery()).execute_document_sync(document, root)
    assert_same_result(actual, expected)
