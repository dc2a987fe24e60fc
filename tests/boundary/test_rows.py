"""Fields side by side are read at one go, whatever stands beside them and in whatever objects."""

import json
from dataclasses import dataclass, make_dataclass
from itertools import chain, permutations
from types import SimpleNamespace
from typing import Any

import pytest
import strawberry
from graphql import build_schema, default_field_resolver, execute_sync, parse

from onecross.graphql import Engine

SCHEMA = build_schema("""
    type Query { near: [Point!] far: [Point!] }
    type Point { a: Int b: String c: Float d: Boolean e: [Int] point: Point }
""")


@dataclass(slots=True)
class Slots:
    a: Any
    b: Any
    c: Any
    d: Any
    e: Any
    point: Any = None


def as_dict(*values: Any) -> Any:
    return dict(zip("abcde", values, strict=True))


def as_reversed_dict(*values: Any) -> Any:
    return dict(reversed(as_dict(*values).items()))


def as_instance(*values: Any) -> Any:
    return SimpleNamespace(**as_dict(*values), point=None)


def check(query: str, **lists: Any) -> None:
    """The engine's two answers are graphql-core's, the second time too."""
    engine = Engine(SCHEMA)
    expected = execute_sync(SCHEMA, parse(query), lists)
    errors = [error.formatted for error in expected.errors or ()]
    for _ in range(2):
        body = json.loads(bytes(engine.execute_json_sync(query, lists)))
        assert (body["data"], body.get("errors", [])) == (expected.data, errors)
        result = engine.execute_sync(query, lists)
        assert result.data == expected.data
        assert [error.formatted for error in result.errors or ()] == errors


def rows(make: Any, count: int = 4) -> list[Any]:
    return [make(n, f"text {n}", n / 3, n % 2 == 0, [n, None]) for n in range(count)]


MAKERS = [as_dict, as_reversed_dict, as_instance, Slots]


@pytest.mark.parametrize("first", MAKERS)
@pytest.mark.parametrize("second", MAKERS)
def test_objects_of_two_classes_alternate(first: Any, second: Any) -> None:
    mixed = list(chain.from_iterable(zip(rows(first), rows(second), strict=True)))
    check("{ near { a b c d e } far { e d c } }", near=mixed, far=rows(second))


def test_more_classes_than_are_remembered() -> None:
    classes = [make_dataclass(f"Class{n}", "abcde", slots=n % 2 == 0) for n in range(12)]
    made = [row for class_ in classes for row in rows(class_, 2)]
    check("{ near { a b c d e } }", near=made * 2)


@pytest.mark.parametrize("make", MAKERS)
def test_one_first_field_stands_beside_others_elsewhere(make: Any) -> None:
    check(
        "{ near { ...first b c } far { ...first d e } } fragment first on Point { a }",
        near=rows(make),
        far=rows(make),
    )


@pytest.mark.parametrize("make", MAKERS)
def test_a_name_of_the_type_and_an_object_stand_between(make: Any) -> None:
    made = rows(make)
    for row, inner in zip(made, rows(make)[::-1], strict=True):
        if isinstance(row, dict):
            row["point"] = inner
        else:
            row.point = inner
    check("{ near { a __typename b point { c a } d other: a e } }", near=made)


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("place", range(5))
def test_a_value_that_is_not_written_as_it_stands(make: Any, place: int) -> None:
    for odd in (None, 2**40, "7", float("nan"), True, object()):
        values = [1, "b", 0.5, False, [1]]
        values[place] = odd
        check("{ near { a b c d e } }", near=[*rows(make), make(*values), *rows(make)])


def test_keys_that_are_missing_or_elsewhere() -> None:
    orders = [as_dict(1, "b", 0.5, True, [2]) for _ in range(4)]
    del orders[1]["b"]
    del orders[2]["a"]
    orders[3]["z"] = orders[3].pop("c")
    shuffled = [dict(pairs) for pairs in permutations(orders[0].items(), 5)]
    check("{ near { a b c d e } }", near=[*orders, *shuffled[::7]])


class Bag(dict):
    """Has keys, and a slot beside them."""

    __slots__ = ("a",)


@strawberry.type
class Item:
    a: str
    b: str
    c: str


@strawberry.type
class Query:
    items: list[Item]


@pytest.mark.parametrize("selection", ["a b c", "b a c", "b c a"])
def test_keys_of_an_object_stand_beside_its_attribute(selection: str) -> None:
    schema = strawberry.Schema(Query)
    for name in ("b", "c"):
        # Strawberry reads attributes, graphql-core a mapping's keys.
        schema._schema.type_map["Item"].fields[name].resolve = default_field_resolver
    root = SimpleNamespace(items=[Bag(b=f"b{n}", c=f"c{n}") for n in range(4)])
    for item in root.items:
        item.a = item["b"].upper()
    query = f"{{ items {{ {selection} }} }}"
    expected = schema.execute_sync(query, root_value=root)
    assert expected.data["items"][3] == {"a": "B3", "b": "b3", "c": "c3"}
    engine = Engine(schema)
    for _ in range(2):
        assert json.loads(bytes(engine.execute_json_sync(query, root))) == {"data": expected.data}
        assert engine.execute_sync(query, root).data == expected.data
