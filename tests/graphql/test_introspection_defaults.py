"""Defaults of arguments and input fields, as introspection writes them."""

from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
)
from reference import build, check

DEFAULTS = r'''
type Query { field(
  int: Int = -3 float: Float = 1.50 large: Float = 1e100 yes: Boolean = true no: Boolean! = false
  text: String = "a\"b\\c\n\u0007é😀" empty: String! = "" block: String = """one
    two""" nothing: String = null number: ID = 12 id: ID = "12" named: ID = "a b"
  color: Color = RED colors: [Color!] = [RED, GREEN] one: [Int] = 4 ints: [[Int]!] = [[1, null], []]
  in: In = {x: 2, y: ["s", null], color: GREEN} any: Any = {a: [1, "x", true]} url: Any = "u"
  none: Int
): String }
enum Color { RED GREEN }
input In { x: Int! = 1 y: [String] color: Color = GREEN self: In }
scalar Any
'''
DEFAULTS_QUERY = """
  { query: __type(name: "Query") { fields { args { name defaultValue } } }
    input: __type(name: "In") { inputFields { name defaultValue } } }
"""


def test_defaults_of_every_kind() -> None:
    check(build(DEFAULTS), DEFAULTS_QUERY)


COLORS = GraphQLEnumType("Color", {"RED": 1, "GREEN": "g"})


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        *((GraphQLInt, value) for value in (0, True, 2.0, "7", 2**40, "x", None, [1])),
        *((GraphQLBoolean, value) for value in (True, 1, 0.0, "x")),
        *((GraphQLString, value) for value in ("a\nb", 1, 1.5, True, [], {})),
        *((GraphQLFloat, value) for value in (1, 1.5, 1e20, "1.5")),
        *((GraphQLID, value) for value in (7, "7", "a")),
        *((COLORS, value) for value in (1, "g", "RED", None)),
        *((GraphQLNonNull(GraphQLInt), value) for value in (1, None)),
        *((GraphQLList(COLORS), value) for value in ([1, "g"], 1, ["RED"])),
        (GraphQLNonNull(COLORS), 1),
    ],
    ids=repr,
)
def test_defaults_that_are_python_objects(type_: Any, value: Any) -> None:
    argument = GraphQLArgument(type_, default_value=value)
    field = GraphQLField(GraphQLString, args={"argument": argument})
    schema = GraphQLSchema(GraphQLObjectType("Query", {"field": field}), assume_valid=True)
    check(schema, '{ __type(name: "Query") { fields { args { defaultValue } } } }')
