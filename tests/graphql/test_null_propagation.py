"""Null where none may be: the nearest place that may be null takes it."""

from itertools import product
from typing import Any

import pytest
from graphql import version_info
from reference import build, check

WRAPPED = ["[T]", "[T]!", "[T!]", "[T!]!", "[[T]]", "[[T!]]", "[[T]!]", "[[T!]!]!", "[[[T!]!]]!"]


@pytest.mark.parametrize("wrapped", WRAPPED)
def test_null_in_lists_of_leaves(wrapped: str) -> None:
    depth = wrapped.count("[")
    schema = build(f"type Query {{ before: Int list: {wrapped.replace('T', 'Int')} after: Int }}")
    for value in (None, [], [1, None, 2], [None], "x", ["x", 1], [1, ValueError("no")], [[None]]):
        nested: Any = value
        for _ in range(depth - 1):
            nested = [[1], nested, None]
        check(schema, "{ before list after }", {"before": 1, "list": nested, "after": 2})
        check(schema, "{ before list after }", {"list": value})


@pytest.mark.parametrize("wrapped", WRAPPED)
def test_null_in_lists_of_objects(wrapped: str) -> None:
    schema = build(
        f"type Query {{ items: {wrapped.replace('T', 'Item')} }}"
        " type Item { a: Int strict: Int! inner: Inner! } type Inner { a: Int! }"
    )
    good = {"a": 1, "strict": 2, "inner": {"a": 3}}
    bad: list[Any] = [None, {}, {"strict": None}, {**good, "inner": {}}, ValueError("no"), 7]
    for value in bad:
        nested: Any = [good, value, good]
        for _ in range(wrapped.count("[") - 1):
            nested = [[good], nested, nested]
        query = "{ items { a strict inner { a } } after: __typename }"
        check(schema, query, {"items": nested})


@pytest.mark.parametrize("marks", list(product(["-", "!"], repeat=4)), ids="".join)
def test_chains_of_objects(marks: tuple[str, ...]) -> None:
    first, second, third, last = (mark.strip("-") for mark in marks)
    schema = build(
        f"type Query {{ a: A{first} other: Int }} type A {{ n: Int b: B{second} m: Int }}"
        f" type B {{ n: Int c: C{third} m: Int }} type C {{ n: Int d: Int{last} m: Int }}"
    )
    whole = {"n": 1, "m": 2, "b": {"n": 3, "m": 4, "c": {"n": 5, "m": 6, "d": 7}}}
    for end in (7, None, "x", ValueError("no")):
        root = {"a": {**whole, "b": {**whole["b"], "c": {"n": 5, "d": end, "m": "y"}}}}
        query = "{ other a { n b { n c { n d m } m } m } again: a { b { c { m d } } } }"
        check(schema, query, root)
    check(schema, "{ a { n b { n } } }", {"a": {"n": "x", "b": None}})
    check(schema, "{ a { n } }", {})


def test_null_reaches_the_root() -> None:
    schema = build("type Query { a: Int strict: Int! b: Int }")
    result = check(schema, "{ a strict b }", {"a": "wrong", "b": "wrong too"})
    assert result.data is None
    assert [error.path for error in result.errors] == [["a"], ["strict"]]


def test_the_error_of_the_first_field_stops_its_siblings() -> None:
    calls: list[str] = []

    def resolve(_source: Any, info: Any) -> Any:
        calls.append(info.path.key)

    schema = build(
        "type Query { item: Item last: Int } type Item { a: Int b: Int! c: Int }",
        dict.fromkeys(["Item.a", "Item.b", "Item.c", "Query.last"], resolve),
    )
    check(schema, "{ item { a b c b2: b } last }", {"item": {}})
    assert calls == ["a", "b", "last"] * 9


def test_errors_below_a_place_that_became_null_stay() -> None:
    schema = build("type Query { items: [Item!] } type Item { a: Int b: Int! }")
    items = [{"a": "x", "b": 1}, {"a": "y", "b": None}, {"a": "z", "b": 2}]
    result = check(schema, "{ items { a b } }", {"items": items})
    assert result.data == {"items": None}
    assert [error.path for error in result.errors] == [
        *(["items", 0, "a"], ["items", 1, "a"], ["items", 1, "b"])
    ]


def test_long_lists_before_what_fails() -> None:
    schema = build("type Query { rows: [[Int!]!] } ")
    rows = [list(range(1000)) for _ in range(50)]
    check(schema, "{ rows }", {"rows": rows})
    check(schema, "{ rows after: __typename }", {"rows": [*rows, [1, None]]})


def test_error_propagation_switched_off_where_graphql_core_knows_of_that() -> None:
    schema = build(
        "directive @experimental_disableErrorPropagation on QUERY type Query { a: Int! b: Int }"
    )
    query = "query @experimental_disableErrorPropagation { a b }"
    result = check(schema, query, {"b": 1})
    assert result.data == ({"a": None, "b": 1} if version_info >= (3, 3) else None)
