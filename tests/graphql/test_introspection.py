"""Introspection: the schema told by the engine is the schema told by graphql-core."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInt,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    build_client_schema,
    get_introspection_query,
    graphql_sync,
    introspection_from_schema,
    parse,
    print_schema,
    version_info,
)
from graphql import execute_sync as core_execute_sync
from reference import REFUSED, build, check, facts_of

import onecross
from onecross.graphql import Engine, execute_sync

SDL = '''
"""The schema"""
schema { query: Root mutation: Change subscription: Watch }
directive @own(a: Int = 3, b: [In!]) repeatable on FIELD | OBJECT
"""Root with é and 😀"""
type Root implements Node & Named & Aged { id: ID! age: Int
  name(a: In = {x: 4, y: ["s"]}, b: Color = RED): String
  old: Int @deprecated(reason: "no more") list: [[Node!]!] any: Any url: Url }
interface Node { id: ID! }
interface Aged implements Named { "in years" age: Int name(a: In, b: Color): String }
interface Named { name(a: In, b: Color): String }
type Change { set(to: Float! = 1.5, gone: Int @deprecated): Boolean! }
type Watch { tick: Int }
union Any = Root | Change
enum Color { "red" RED GREEN @deprecated(reason: "") BLUE @deprecated }
input In { x: Int! = 1 y: [String] old: Int @deprecated self: In }
input Choice @oneOf { a: Int b: String }
scalar Url @specifiedBy(url: "https://example.org/url")
extend type Change { choose(by: Choice): Int }
'''

ONE_OF = "one_of" if version_info >= (3, 3) else "input_object_one_of"

OPTIONS = [
    {},
    {"descriptions": False},
    {"specified_by_url": True, "directive_is_repeatable": True, "schema_description": True},
    {"input_value_deprecation": True, ONE_OF: True},
]


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: "+".join(options) or "plain")
def test_the_whole_schema(options: dict[str, bool]) -> None:
    schema = build(SDL)
    result = check(schema, get_introspection_query(**options))
    assert result.errors is None
    names = inspect.signature(get_introspection_query).parameters
    unset = {name: False for name in names if name not in ("descriptions", "type_depth")}
    expected = introspection_from_schema(schema, **{**unset, **options})
    assert result.data == expected


def test_a_client_can_be_built_from_it() -> None:
    schema = build(SDL)
    query = get_introspection_query(
        specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True
    )
    client = build_client_schema(check(schema, query).data)
    assert "union Any = Root | Change" in print_schema(client)


def test_types_by_name() -> None:
    schema = build(SDL)
    query = """
      query ($name: String!, $old: Boolean) {
        __type(name: $name) { kind name fields(includeDeprecated: $old) { name isDeprecated }
          enumValues(includeDeprecated: $old) { name deprecationReason } isOneOf
          possibleTypes { name } interfaces { name } inputFields { name defaultValue } }
        again: __type(name: "Int") { __typename description ofType { name } }
        __typename
      }
    """
    for name in ("Root", "Node", "Any", "Color", "In", "Choice", "Url", "Missing", "__Type", "é"):
        for old in (True, False, None):
            check(schema, query, variables={"name": name, "old": old})


def test_introspection_beside_fields_and_in_fragments() -> None:
    schema = build(SDL)
    query = """
      { ...s id __schema { ...k } s: __schema { types @include(if: false) { name } } }
      fragment s on Root { __schema { queryType { n: name fields { type { ...t } } } } }
      fragment k on __Schema { mutationType { name __typename } directives { name locations } }
      fragment t on __Type { kind ofType { kind ofType { kind ofType { name } } } }
    """
    check(schema, query, {"id": 3})


def test_introspection_is_of_the_query_type_alone() -> None:
    for field in ("__schema { queryType { name } }", '__type(name: "Int") { name }'):
        check(build(SDL), f"mutation {{ {field} }}", route=REFUSED)


def test_names_of_introspection_used_by_the_schema() -> None:
    fields = {"__own": GraphQLField(GraphQLString)}
    query = GraphQLObjectType("Query", {**fields, "a": GraphQLField(GraphQLString)})
    schema = GraphQLSchema(query, assume_valid=True)
    check(schema, "{ __own a __typename __schema { queryType { name } } }", {"__own": 1, "a": 2})


@contextmanager
def replaced(field: GraphQLField, resolver: Any) -> Iterator[None]:
    """Puts a resolver in the place of graphql-core's, which all schemas share."""
    original = field.resolve
    field.resolve = resolver
    try:
        yield
    finally:
        field.resolve = original


def test_errors_within_introspection() -> None:
    def resolve(_source: Any, _info: Any) -> str:
        message = "no description"
        raise ValueError(message)

    schema = build(SDL)
    field = schema.type_map["__Type"].fields["description"]
    with replaced(field, resolve):
        check(schema, '{ __type(name: "Int") { name description } }')


class Titled(GraphQLObjectType):
    """A type whose description is made up when it is asked for."""

    @property
    def description(self) -> Any:
        return f"This is {self.name}."

    @description.setter
    def description(self, text: Any) -> None:
        pass


class OwnField(GraphQLField):
    @property
    def deprecation_reason(self) -> Any:
        return "made up"

    @deprecation_reason.setter
    def deprecation_reason(self, text: Any) -> None:
        pass


class OwnArgument(GraphQLArgument):
    pass


class OwnScalar(GraphQLScalarType):
    def __getattr__(self, name: str) -> Any:
        if name == "of_type":
            message = "no type in it"
            raise ValueError(message)
        raise AttributeError(name)


def test_classes_of_ones_own() -> None:
    own = OwnScalar("Own")
    query = Titled(
        "Query",
        {
            "a": GraphQLField(own, args={"b": OwnArgument(GraphQLInt), "c": GraphQLArgument(own)}),
            "d": OwnField(GraphQLNonNull(own)),
        },
    )
    schema = GraphQLSchema(query, types=[Titled("Other", {"a": GraphQLField(GraphQLInt)})])
    result = check(schema, get_introspection_query())
    assert [error.path[-1] for error in result.errors] == ["ofType"] * len(result.errors)
    check(schema, "{ __schema { types { kind name description fields { name } } } }")


def test_values_that_no_schema_would_give() -> None:
    class Pair(NamedTuple):
        name: str
        field: Any

    field = GraphQLField(GraphQLString, description="one")
    broken = SimpleNamespace(description=ValueError("no description"), type=None)
    rows = [
        ["in a list", field],
        Pair("named", field),
        ("alone",),
        ("none", None),
        (7, field, "more"),
        (None, field),
        ("broken", broken),
        ("last", field),
        {0: "dict", 1: field},
        "text",
    ]
    schema = build(SDL)
    fields = schema.type_map["__Type"].fields["fields"]
    with replaced(fields, lambda _type, _info, **_arguments: rows):
        told = ("name", "description", "isDeprecated", "type { kind name }", "args { name }")
        for selection in told:
            check(schema, f'{{ __type(name: "Root") {{ fields {{ {selection} }} }} }}')


@pytest.mark.parametrize("place", ["kind", "name", "fields", "possibleTypes", "ofType"])
def test_a_resolver_put_around_another(place: str) -> None:
    schema = build(SDL)
    field = schema.type_map["__Type"].fields[place]
    original: Any = field.resolve
    seen: list[Any] = []

    @wraps(original)
    def around(source: Any, info: Any, **arguments: Any) -> Any:
        seen.append(info.path.as_list())
        return original(source, info, **arguments)

    with replaced(field, around):
        check(schema, get_introspection_query())
    assert seen
    assert seen == seen[: len(seen) // 9] * 9, "each of nine executions asks as often"


def test_a_resolver_put_in_place_later() -> None:
    schema = build(SDL)
    query = '{ __type(name: "Int") { kind name description ofType { name } fields { name } } }'
    document = parse(query)
    for place in ("kind", "name", "description", "ofType", "fields"):
        field = schema.type_map["__Type"].fields[place]
        assert execute_sync(schema, document).data == core_execute_sync(schema, document).data
        with replaced(field, lambda *_arguments, **_keywords: None):
            expected = core_execute_sync(schema, document)
            actual = execute_sync(schema, document)
        assert actual.data == expected.data
        assert facts_of(actual.errors) == facts_of(expected.errors)


def test_middleware_sees_introspection() -> None:
    schema, document = build(SDL), parse('{ __type(name: "Root") { name fields { name } } }')

    def upper(next_: Any, source: Any, info: Any, **arguments: Any) -> Any:
        value = next_(source, info, **arguments)
        return value.upper() if isinstance(value, str) else value

    expected = core_execute_sync(schema, document, middleware=[upper])
    assert execute_sync(schema, document, middleware=[upper]).data == expected.data
    assert expected.data["__type"]["name"] == "ROOT"


def test_what_changes_shows() -> None:
    schema = build(SDL)
    query = '{ __type(name: "Root") { description fields { name description isDeprecated } } }'
    engine = Engine(schema)
    root = schema.type_map["Root"]
    for text in ("first", "second", None):
        root.description = text
        root.fields["id"].description = text
        root.fields["id"].deprecation_reason = text
        assert engine.execute_sync(query) == graphql_sync(schema, query)


@pytest.mark.parametrize(
    ("selection", "each"),
    [
        ("kind name description specifiedByURL ofType { name }", 0),
        ("fields { name description isDeprecated deprecationReason type { kind } }", 1),
        ("interfaces { name } possibleTypes { name } enumValues { name } inputFields { name }", 4),
        ("fields(includeDeprecated: true) { args { name type { kind } } }", 2),
    ],
)
def test_types_cost_as_few_crossings_as_can_be(
    crossings: Callable[[], Any], selection: str, each: int
) -> None:
    def calls_out(count: int) -> int:
        types = "".join(f"type T{number} {{ a: Int }}" for number in range(count))
        engine = Engine(build(f"type Query {{ a: Int }} {types}"))
        query = f"{{ __schema {{ types {{ {selection} }} }} }}"
        engine.execute_json_sync(query)
        with onecross.meter() as meter, crossings() as seen:
            engine.execute_json_sync(query)
        assert meter.calls_out == len(seen.calls_out), seen.calls_out
        return meter.calls_out

    assert calls_out(101) - calls_out(1) == 100 * each
