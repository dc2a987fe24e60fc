"""Fields with a resolver, and values that are called as if they were one."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, GraphQLString, Undefined
from reference import build, check

SDL = "type Query { item(by: Int = 3, name: String): Item } type Item { text(by: Int): String }"


class Resolver:
    """Resolvers of every form a callable can have."""

    def __call__(self, root: Any, info: Any, **arguments: Any) -> Any:
        return arguments

    def method(self, root: Any, info: Any, by: int = 0, name: str | None = None) -> Any:
        return {"text": f"{by} {name}"}

    @staticmethod
    def static(root: Any, _info: Any, **arguments: Any) -> Any:
        return {"text": repr(arguments)}

    @classmethod
    def of_class(cls, root: Any, info: Any, *, by: int, **rest: Any) -> Any:
        return {"text": f"{cls.__name__} {by} {rest}"}


class Constructed:
    def __init__(self, root: Any, _info: Any, by: int, name: str = "unnamed") -> None:
        self.text = f"{root} {by} {name}"


RESOLVERS: dict[str, Callable[..., Any]] = {
    "function": lambda _root, _info, by, name=None: {"text": f"{by} {name}"},
    "callable object": Resolver(),
    "bound method": Resolver().method,
    "static method": Resolver.static,
    "class method": Resolver.of_class,
    "class": Constructed,
    "partial": partial(Resolver().method, None),
    "builtin": dict,
    "positional only": lambda *positions: {"text": str(len(positions))},
}


@pytest.mark.parametrize("resolver", RESOLVERS.values(), ids=RESOLVERS)
def test_callables_of_every_form(resolver: Callable[..., Any]) -> None:
    schema = build(SDL, {"Query.item": resolver})
    check(schema, '{ a: item { text } b: item(by: 1, name: "n") { text } item(by: null) { text } }')


def test_the_source_of_a_nested_resolver_is_the_value_above() -> None:
    schema = build(
        SDL,
        {
            "Query.item": lambda root, _info, by, name=None: (root, by, name),
            "Item.text": lambda source, info, by=None: f"{source} {info.field_name} {by}",
        },
    )
    result = check(schema, '{ item(by: 7, name: "x") { text(by: 9) } }', "root")
    assert result.data["item"]["text"] == "('root', 7, 'x') text 9"


def test_callable_values_are_called_with_info_and_arguments() -> None:
    class Item:
        def text(self, info: Any, by: int = 5) -> str:
            return f"{info.field_name} {by}"

    root = {"item": lambda info, by, name=None: Item() if by else None}
    check(build(SDL), "{ a: item { text b: text(by: 2) } b: item(by: 0) { text } }", root)


def test_callable_values_of_mappings_and_of_attributes_that_are_no_methods() -> None:
    class Item:
        def __init__(self) -> None:
            self.text = lambda info, **arguments: f"{info.path.key} {arguments}"

    check(build(SDL), "{ item { text(by: 2) } }", {"item": lambda _info, **_arguments: Item()})
    check(build(SDL), "{ item { text } }", {"item": {"text": str.upper}})


def test_values_that_stand_for_null() -> None:
    schema = build("type Query { a: Int b: Int! }", {"Query.a": lambda *_: Undefined})
    check(schema, "{ a }")
    check(schema, "{ a b }", {"b": Undefined})


def test_resolvers_are_called_in_the_order_of_the_document() -> None:
    calls: list[str] = []

    def resolve(_source: Any, info: Any) -> Any:
        calls.append(".".join(map(str, info.path.as_list())))
        return {}

    schema = build(
        "type Query { a: T b: T } type T { c: T d: T }",
        dict.fromkeys(["Query.a", "Query.b", "T.c", "T.d"], resolve),
    )
    check(schema, "{ b { d { __typename } c { d { __typename } } } a { __typename } }")
    assert calls == ["b", "b.d", "b.c", "b.c.d", "a"] * 9


def test_mutations_are_executed_one_after_the_other() -> None:
    calls: list[int] = []

    class Counter:
        def __init__(self) -> None:
            self.number = 0

        def add(self, _info: Any, by: int) -> "Counter":
            calls.append(by)
            self.number += by
            if by < 0:
                message = "less than nothing"
                raise ValueError(message)
            return self

    schema = build(
        "type Query { number: Int } type Mutation { add(by: Int!): Counter }"
        " type Counter { number: Int }"
    )
    query = (
        "mutation { a: add(by: 1) { number } b: add(by: -5) { number } c: add(by: 3) { number } }"
    )
    result = check(schema, query, make_root=Counter)
    assert result.data == {"a": {"number": 1}, "b": None, "c": {"number": -1}}
    assert calls == [1, -5, 3] * 9


def test_thunks_and_subclasses_of_the_schema() -> None:
    class Field(GraphQLField):
        pass

    item = GraphQLObjectType("Item", lambda: {"self": Field(item), "name": Field(GraphQLString)})
    schema = GraphQLSchema(GraphQLObjectType("Query", {"item": Field(item)}))
    check(schema, "{ item { name self { self { name } } } }", {"item": {"self": {"self": {}}}})
