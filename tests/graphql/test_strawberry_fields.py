"""Fields of Strawberry: basic ones read as attributes, the others by their resolvers."""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

import pytest
import strawberry
from reference import REFUSED, check
from strawberry.extensions import FieldExtension
from strawberry.types import Info


@strawberry.enum
class Color(Enum):
    RED = "r"
    CRIMSON = "r"  # noqa: PIE796 - an alias
    GREEN = "g"


@strawberry.enum
class Level(Enum):
    LOW = 1
    HIGH = strawberry.enum_value(2, name="TOP", deprecation_reason="no more")


@strawberry.input
class Point:
    x: int
    y: float = 2.5
    near: "list[Point] | None" = None


@strawberry.type
class Item:
    name: str
    long_name: str | None = None
    color: Color = Color.RED
    level: Level | None = None
    ratio: float = 1.0
    secret: strawberry.Private[Any] = None
    renamed: int = strawberry.field(name="other", default=3)
    children: "list[Item]" = strawberry.field(default_factory=list)

    @strawberry.field
    def text(self, prefix: str = "-") -> str:
        return f"{prefix}{self.name}{self.secret or ''}"

    @strawberry.field
    def parent_name(self, root: Any, info: Info) -> str:
        return f"{root.name} {info.field_name} {info.python_name}"

    @strawberry.field
    @staticmethod
    def of_nothing() -> int:
        return 7

    @property
    def hidden(self) -> int:
        return 1


def resolve_item(root: Any, info: Info, point: Point | None = None) -> Item | None:
    return None if point is None else Item(name=f"{point}", secret=f" of {root}")


@strawberry.type
class Query:
    item: Item | None = strawberry.field(resolver=resolve_item)

    @strawberry.field
    def items(self, count: int, color: Color = Color.GREEN) -> list[Item]:
        made = [Item(name=f"item {number}", color=color) for number in range(count)]
        made.append(Item(name="last", level=Level.HIGH, children=list(made)))
        return made

    @strawberry.field
    def echo(
        self,
        values: list[int | None],
        maybe: strawberry.Maybe[int | None],
        unset: int | None = strawberry.UNSET,
        renamed: Annotated[str, strawberry.argument(name="as")] = "x",
    ) -> str:
        return f"{values} {maybe} {unset} {renamed}"

    @strawberry.field
    def fail(self) -> int:
        message = "failed"
        raise ValueError(message)


SCHEMA = strawberry.Schema(Query)

QUERIES = [
    "{ items(count: 3) { name longName color level ratio other } }",
    '{ items(count: 2, color: RED) { a: text b: text(prefix: "+") parentName ofNothing } }',
    "{ items(count: 1) { ...i children { ...i } } } fragment i on Item { name __typename color }",
    "{ item { name } other: item(point: {x: 1, near: [{x: 2, y: 3}]}) { name text } }",
    '{ echo(values: [1, null]) b: echo(values: [], maybe: null, unset: null, as: "y") }',
    "{ c: echo(values: 1, maybe: 4, unset: 5) fail after: __typename }",
]


@pytest.mark.parametrize("query", QUERIES)
def test_queries(query: str) -> None:
    check(SCHEMA, query, "root")


def test_variables() -> None:
    query = """
      query ($count: Int!, $color: Color, $point: Point, $more: Boolean! = true) {
        items(count: $count, color: $color) { color children @include(if: $more) { name } }
        item(point: $point) { name }
      }
    """
    check(SCHEMA, query, variables={"count": 2})
    given = {"count": 1, "color": "RED", "point": {"x": 1, "near": [{"x": 2}]}, "more": False}
    check(SCHEMA, query, variables=given)
    check(SCHEMA, query, variables={"count": 1, "color": None})
    for wrong in ({}, {"count": "x"}, {"count": 1, "color": "BLUE"}, {"count": 1, "point": {}}):
        check(SCHEMA, query, variables=wrong, route=REFUSED)


def test_objects_that_are_not_of_the_class() -> None:
    @dataclass
    class Other:
        name: Any = "other"
        long_name: Any = 3
        color: Any = "g"

    @strawberry.type
    class Root:
        items: list[Item | None]

    schema = strawberry.Schema(Root)
    items = [Other(), Item(name="a"), None, {"name": "dict"}, Other(color=Color.RED), object()]
    check(schema, "{ items { name longName color ratio } }", {"items": items})
    root = Root(items=[*items, Item(name=None), Item(name="a", color="nothing")])
    check(schema, "{ items { name longName color } }", root)
    check(schema, "{ items { longName color } }", root)


def test_another_way_to_read_attributes() -> None:
    config = strawberry.schema.config.StrawberryConfig(
        default_resolver=lambda source, name: f"{name} of {type(source).__name__}"
    )

    @strawberry.type
    class Root:
        some_text: str = "unread"

    result = check(strawberry.Schema(Root, config=config), "{ someText }", Root())
    assert result.data == {"someText": "some_text of Root"}


def test_names_as_they_are_written() -> None:
    @strawberry.type
    class Root:
        some_text: str = "text"

    config = strawberry.schema.config.StrawberryConfig(auto_camel_case=False)
    check(strawberry.Schema(Root, config=config), "{ some_text }", Root())


class Shout(FieldExtension):
    def resolve(self, next_: Any, source: Any, info: Info, **kwargs: Any) -> Any:
        return f"{next_(source, info, **kwargs)}!".upper()


def test_extensions_of_fields() -> None:
    @strawberry.type
    class Root:
        text: str = strawberry.field(extensions=[Shout()])

        @strawberry.field(extensions=[Shout(), Shout()])
        def more(self, text: str) -> str:
            return text

    schema = strawberry.Schema(Root)
    result = check(schema, '{ text more(text: "more") }', Root(text="loud"))
    assert result.data == {"text": "LOUD!", "more": "MORE!!"}


def test_permissions() -> None:
    class Allowed(strawberry.BasePermission):
        message = "not allowed"
        error_extensions = {"code": "FORBIDDEN"}  # noqa: RUF012 - as users write it

        def has_permission(self, source: Any, info: Info, **kwargs: Any) -> bool:
            return info.context == "admin"

    @strawberry.type
    class Root:
        plain: int = 1
        guarded: int | None = strawberry.field(default=2, permission_classes=[Allowed])

        @strawberry.field(permission_classes=[Allowed])
        def strict(self) -> int:
            return 3

    schema = strawberry.Schema(Root)
    check(schema, "{ plain guarded }", Root(), context="admin")
    result = check(schema, "{ plain guarded }", Root(), context="guest")
    assert result.errors[0].extensions == {"code": "FORBIDDEN"}
    assert check(schema, "{ plain strict }", Root(), context="guest").data is None


def test_mutations_and_their_inputs() -> None:
    @strawberry.type
    class Mutation:
        @strawberry.mutation
        def move(self, by: Point) -> list[float]:
            by.x += 1
            return [by.x, by.y]

    schema = strawberry.Schema(Query, mutation=Mutation)
    check(schema, "mutation { a: move(by: {x: 1}) b: move(by: {x: 1, y: 0}) }")
    query = "mutation ($p: Point!) { a: move(by: $p) b: move(by: $p) }"
    check(schema, query, variables={"p": {"x": 5, "y": 1}})
