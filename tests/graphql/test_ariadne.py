"""Schemas of Ariadne: aliases, converted names, enums, scalars and type resolvers."""

import enum
from collections import UserDict
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from ariadne import (
    EnumType,
    InterfaceType,
    MutationType,
    ObjectType,
    QueryType,
    ScalarType,
    UnionType,
    make_executable_schema,
    resolve_to,
)
from graphql import GraphQLSchema, default_field_resolver
from reference import check

import onecross
from onecross.graphql import Engine

TYPE_DEFINITIONS = """
  scalar Date
  enum Role { ADMIN USER GUEST }
  enum Level { LOW HIGH }
  interface Named { fullName: String }
  union Found = User | Stone
  input Filter { maxCount: Int, ofRole: Role }
  type User implements Named {
    id: ID
    fullName: String
    shout(atEnd: String): String
    city: String
    street: Street
    deep: Int
    role: Role
    level: Level
    bornOn: Date
    friends(firstOnly: Boolean = false): [User]
  }
  type Street { longName: String }
  type Stone { weight: Int }
  type Query {
    users(by: Filter): [User]
    found: [Found]
    named: [Named]
    roles(ofRole: Role! = USER): [Role]
    on(day: Date!): Date
  }
  type Mutation { rename(newName: String!): String }
"""


class Role(enum.Enum):
    ADMIN = "a"
    USER = "u"
    GUEST = "g"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


query, mutation, user, dates = QueryType(), MutationType(), ObjectType("User"), ScalarType("Date")
user.set_alias("city", "home.address.city")
user.set_alias("deep", "home.depth")
dates.set_serializer(lambda value: value.isoformat())
dates.set_value_parser(date.fromisoformat)


@query.field("users")
@query.field("found")
@query.field("named")
def resolve_values(root: Any, _info: Any, by: Any = None) -> Any:
    return root["values"][: by and by.get("max_count")]


@query.field("roles")
def resolve_roles(_root: Any, _info: Any, of_role: Role) -> list[Any]:
    return [of_role, Role.ADMIN, Role.GUEST]


@query.field("on")
def resolve_on(_root: Any, _info: Any, day: date) -> date:
    return day.replace(year=day.year + 1)


@mutation.field("rename")
def resolve_rename(_root: Any, _info: Any, new_name: str) -> str:
    return new_name.upper()


def type_of(value: Any, *_: Any) -> str:
    return "Stone" if isinstance(value, SimpleNamespace) and hasattr(value, "weight") else "User"


SCHEMA = make_executable_schema(
    TYPE_DEFINITIONS,
    *(query, mutation, user, dates),
    *(EnumType("Role", Role), EnumType("Level", Level)),
    *(UnionType("Found", type_of), InterfaceType("Named", type_of)),
    convert_names_case=True,
)


class Person:
    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)

    def shout(self, info: Any, at_end: str | None = None) -> str:
        return f"{info.field_name} {vars(self).get('id')}{at_end}"

    @property
    def long_name(self) -> str:
        return "a property"


def home(city: Any, depth: Any = 3) -> dict[str, Any]:
    return {"home": {"address": SimpleNamespace(city=city), "depth": depth}}


def fields_of(**changes: Any) -> dict[str, Any]:
    return {"id": 1, "full_name": "Ada", **home("London"), "role": Role.USER, **changes}


VALUES = {
    "dicts": lambda: [fields_of(), fields_of(full_name=None, level=Level.HIGH), {}],
    "objects": lambda: [Person(**fields_of(level=1)), Person(**fields_of(born_on=date(1, 2, 3)))],
    "mappings": lambda: [UserDict(fields_of()), UserDict(home(UserDict(city="Rome")))],
    "paths that end": lambda: [home(None), {"home": None}, {"home": {"address": 5}}, Person()],
    "paths by other classes": lambda: [
        Person(home=SimpleNamespace(address={"city": "Oslo"}, depth="x")),
        {"home": Person(address=Person(city="Bonn"), depth=4)},
        Person(home={"address": Person(city="Lyon")}),
    ],
    "functions": lambda: [
        {"shout": lambda info, at_end="": f"{info.field_name}{at_end}", "full_name": len},
        home(lambda info: f"{info.path.as_list()}", lambda _info: 1 // 0),
        Person(full_name=lambda _info: "called", street=Person()),
    ],
    "enums": lambda: [
        *(fields_of(role=role) for role in (Role.ADMIN, "a", "ADMIN", None, 1, Role.GUEST)),
        *(fields_of(level=level) for level in (Level.LOW, 2, 3, True, 1.0, "LOW", Level.HIGH)),
    ],
    "nothing of the kind": lambda: [1, "text", object(), [1]],
}

QUERIES = [
    "{ users { id fullName city deep } }",
    '{ users { role level bornOn shout a: shout(atEnd: "!") } }',
    "{ users { street { longName } friends { id } f: friends(firstOnly: true) { id } } }",
    "{ users(by: {maxCount: 1, ofRole: ADMIN}) { fullName } }",
    "{ found { __typename ... on User { city } } named { __typename fullName } }",
]


@pytest.mark.parametrize("make", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("text", QUERIES)
def test_answers_are_those_of_graphql_core(make: Callable[[], Any], text: str) -> None:
    check(SCHEMA, text, make_root=lambda: {"values": make()})


def test_arguments_enums_and_scalars() -> None:
    check(SCHEMA, '{ roles a: roles(ofRole: ADMIN) on(day: "2024-02-03") }')
    check(SCHEMA, "query ($day: Date!) { on(day: $day) }", variables={"day": "2020-01-01"})
    check(SCHEMA, 'mutation { rename(newName: "x") }')


def test_the_default_resolver_named_outright() -> None:
    own = QueryType()
    own.set_field("one", default_field_resolver)
    own.set_field("two", default_field_resolver)
    schema = make_executable_schema("type Query { one: Int two(by: Int = 2): Int }", own)
    check(schema, "{ one two }", {"one": 1, "two": lambda _info, by: by})
    assert "key or attribute one" in Engine(schema).explain("{ one }")


def test_a_resolver_that_calls_itself_an_alias() -> None:
    def resolve(root: Any, _info: Any) -> str:
        return f"{root} by code"

    resolve._ariadne_alias_resolver = True
    own = QueryType()
    own.set_field("text", resolve)
    schema = make_executable_schema("type Query { text: String }", own)
    assert check(schema, "{ text }", "root").data == {"text": "root by code"}


def calls_out(schema: GraphQLSchema, text: str, values: list[Any]) -> int:
    engine = Engine(schema)
    engine.execute_json_sync(text, {"values": values})
    with onecross.meter() as meter:
        assert engine.execute_json_sync(text, {"values": values}).errors is None
    return meter.calls_out


@pytest.mark.parametrize("kind", [Person, dict])
def test_aliases_and_enums_cost_no_crossing(kind: Callable[..., Any]) -> None:
    text = "{ users { id fullName city deep role level } }"
    values = [kind(**fields_of(level=Level.LOW)), kind(**fields_of(level=2))]
    few, many = calls_out(SCHEMA, text, values), calls_out(SCHEMA, text, values * 100)
    assert few == many


def test_explain_tells_aliases() -> None:
    own = ObjectType("Query")
    own.set_field("a", resolve_to("b.c"))
    schema = make_executable_schema(
        "type Query { a: Int longName: Int plain: Int }", own, convert_names_case=True
    )
    lines = Engine(schema).explain("{ a longName plain }").splitlines()[2:]
    assert [line.split(maxsplit=2)[2] for line in lines] == [
        "alias b.c               0",
        "alias long_name         0",
        "key or attribute plain  0",
    ]
