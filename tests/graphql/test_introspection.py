"""Introspection: the schema told by the engine is the schema told by graphql-core."""

import inspect
from typing import Any

import pytest
import strawberry
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    build_client_schema,
    get_introspection_query,
    introspection_from_schema,
    print_schema,
)
from reference import REFUSED, build, check

SDL = '''
"""The schema"""
schema { query: Root mutation: Change subscription: Watch }
directive @own(a: Int = 3, b: [In!]) repeatable on FIELD | OBJECT
"""Root with é and 😀"""
type Root implements Node & Named { id: ID! name(a: In = {x: 4, y: ["s"]}, b: Color = RED): String
  old: Int @deprecated(reason: "no more") list: [[Node!]!] any: Any url: Url }
interface Node { id: ID! }
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

OPTIONS = [
    {},
    {"descriptions": False},
    {"specified_by_url": True, "directive_is_repeatable": True, "schema_description": True},
    {"input_value_deprecation": True, "one_of": True},
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


@strawberry.input(one_of=True)
class Choice:
    a: strawberry.Maybe[int]
    b: strawberry.Maybe[str]


@strawberry.type(description="Query of Strawberry")
class Query:
    @strawberry.field(deprecation_reason="no more")
    def value(self, by: Choice, number: float = 1.5) -> str | None:
        return None


def test_a_schema_of_strawberry() -> None:
    schema = strawberry.Schema(Query)
    query = get_introspection_query(one_of=True, input_value_deprecation=True)
    result = check(schema, query)
    [choice] = (type_ for type_ in result.data["__schema"]["types"] if type_["name"] == "Choice")
    assert choice["isOneOf"] is True
    check(schema, '{ __type(name: "Choice") { isOneOf inputFields { name type { name } } } }')


def test_errors_within_introspection() -> None:
    def resolve(_source: Any, _info: Any) -> str:
        message = "no description"
        raise ValueError(message)

    schema = build(SDL)
    field = schema.type_map["__Type"].fields["description"]
    original = field.resolve
    field.resolve = resolve
    try:
        check(schema, '{ __type(name: "Int") { name description } }')
    finally:
        field.resolve = original
