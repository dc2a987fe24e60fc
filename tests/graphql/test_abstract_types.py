"""Interfaces and unions: which object type a value is of, and what is wrong when there is none."""

from collections import UserDict
from typing import Any

import pytest
from graphql import GraphQLObjectType, GraphQLSchema
from reference import build, check

SDL = """
type Query { pet: Pet pets: [Pet!] any: [Any] strict: Cat named: Named }
interface Named { name: String }
interface Pet implements Named { name: String friend: Pet }
type Cat implements Pet & Named { name: String friend: Pet meows: Boolean! }
type Dog implements Pet & Named { name: String friend: Pet barks: Int }
type Stone { weight: Float }
union Any = Cat | Stone
"""
QUERY = """
{
  pet { ...names }
  pets { __typename ...names ... on Dog { barks } ...cat }
  any { ... on Stone { weight __typename } ... on Named { name } ...cat }
  named { name ... on Pet { friend { friend { name } name } } ... on Any { ...cat } }
}
fragment names on Pet { type: __typename name friend { __typename name } }
fragment cat on Cat { meows name }
"""


class Cat:
    __typename = "Cat"
    name, meows, friend, weight = "Tom", True, None, 4


class Dog:
    name, barks, friend, weight = "Rex", 2, Cat(), None


class Kitten(Cat):
    """Says what it is by its parent."""


CAT = {"__typename": "Cat", "name": "Mia", "meows": False, "friend": Cat()}
STONE = {"__typename": "Stone", "weight": 2}


class NamedDog(Dog):
    __typename = "Dog"


def root_of(*values: Any) -> dict[str, Any]:
    first = values[0] if values else None
    return {"pet": first, "pets": values, "any": [*values, None], "named": first}


def by_type_of(schema: GraphQLSchema) -> GraphQLSchema:
    for name, kind in {"Cat": Cat, "Dog": Dog}.items():
        type_ = schema.type_map[name]
        assert isinstance(type_, GraphQLObjectType)
        type_.is_type_of = lambda value, _info, kind=kind: isinstance(value, kind)
    return schema


def test_types_named_by_their_values() -> None:
    values = [Cat(), Kitten(), CAT, NamedDog(), UserDict(CAT)]
    check(build(SDL), QUERY, root_of(*values, *values))
    check(build(SDL), "{ any { __typename ... on Cat { name } } }", {"any": [STONE, CAT, None]})


def test_types_found_by_is_type_of() -> None:
    for values in ([Dog(), Cat(), Dog(), Kitten()], [CAT, Dog()], [Kitten(), STONE]):
        check(by_type_of(build(SDL)), QUERY, root_of(*values))


@pytest.mark.parametrize("value", [Dog(), CAT, None, 7, "text"], ids=lambda value: str(type(value)))
def test_objects_that_is_type_of_does_not_accept(value: Any) -> None:
    query = "{ strict { name } pets { name } after: __typename }"
    check(by_type_of(build(SDL)), query, {"strict": value, "pets": [Cat(), Cat()]})


def failing(*_: Any) -> Any:
    message = "cannot tell"
    raise ValueError(message)


RESOLVE_TYPES: dict[str, Any] = {
    "name": lambda value, _info, _type: "Cat" if isinstance(value, Cat) else "Dog",
    "by the type": lambda _value, info, type_: info.schema.get_possible_types(type_)[0].name,
    "null": lambda *_: None,
    "unknown": lambda *_: "Unicorn",
    "no object": lambda *_: "Named",
    "scalar": lambda *_: "Int",
    "impossible": lambda *_: "Query",
    "type itself": lambda _value, info, _type: info.schema.get_type("Cat"),
    "number": lambda *_: 7,
    "text subclass": lambda *_: type("Text", (str,), {})("Cat"),
    "surrogate": lambda *_: "Cat\ud800",
    "empty": lambda *_: "",
    "error": failing,
    "returned error": lambda *_: ValueError("returned"),
}


@pytest.mark.parametrize("resolve_type", RESOLVE_TYPES.values(), ids=RESOLVE_TYPES)
@pytest.mark.parametrize("checked", [True, False])
def test_types_named_by_the_schema(resolve_type: Any, checked: bool) -> None:
    schema = by_type_of(build(SDL)) if checked else build(SDL)
    for name in ("Named", "Pet", "Any"):
        schema.type_map[name].resolve_type = resolve_type
    check(schema, QUERY, root_of(Cat(), Dog(), Kitten()))
    check(schema, QUERY, root_of())


@pytest.mark.parametrize("answer", [1, [], "", "text", None, ValueError("no")], ids=repr)
def test_answers_of_is_type_of(answer: Any) -> None:
    schema = build(SDL)
    schema.type_map["Cat"].is_type_of = lambda *_: answer
    check(schema, QUERY, root_of(Cat(), CAT))
    check(schema, QUERY, root_of(Dog()))
    check(schema, "{ strict { name meows } }", {"strict": Cat()})


def test_an_error_in_is_type_of() -> None:
    schema = by_type_of(build(SDL))
    schema.type_map["Cat"].is_type_of = failing
    check(schema, QUERY, root_of(Dog(), Cat()))
    check(schema, "{ strict { name meows } }", {"strict": Cat()})


@pytest.mark.parametrize("typename", [None, "", 7, "Unicorn", "Stone", "Pet", "Int"])
def test_names_that_lead_nowhere(typename: Any) -> None:
    value = {"__typename": typename, "name": "?", "meows": True, "weight": 1}
    check(build(SDL), QUERY, root_of(value))
    check(by_type_of(build(SDL)), QUERY, root_of(Cat(), value))


def test_what_resolve_type_sees() -> None:
    seen: list[Any] = []

    def resolve_type(value: Any, info: Any, type_: Any) -> str:
        place = (info.path.as_list(), info.field_name, info.parent_type.name, info.return_type)
        seen.append((value, *place, type_.name, len(info.field_nodes)))
        return "Cat"

    schema = build(SDL)
    for name in ("Pet", "Any"):
        schema.type_map[name].resolve_type = resolve_type
    schema.type_map["Cat"].is_type_of = lambda value, info: bool(
        resolve_type(value, info, info.parent_type)
    )
    cat = Cat()
    check(
        schema, "{ pets { name } pets { friend { name } } any { __typename } }", root_of(cat, cat)
    )
    each = len(seen) // 9
    assert seen == seen[:each] * 9
    assert each == 8
