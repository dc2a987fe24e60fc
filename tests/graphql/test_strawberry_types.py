"""Types of Strawberry: interfaces, unions, generics, scalars."""

import datetime
import decimal
import uuid
from enum import Enum
from typing import Annotated, Any, Generic, NewType, TypeVar

import strawberry
from reference import check

T = TypeVar("T")


@strawberry.interface
class Named:
    name: str

    @strawberry.field
    def loud(self) -> str:
        return self.name.upper()


@strawberry.type
class Cat(Named):
    lives: int = 9


@strawberry.type
class Dog(Named):
    tricks: list[str] = strawberry.field(default_factory=list)


@strawberry.type
class Stone:
    weight: float = 1.5


@strawberry.type
class Edge(Generic[T]):
    node: T
    cursor: strawberry.ID = strawberry.ID("1")


@strawberry.type
class Connection(Generic[T]):
    edges: list[Edge[T]]


@strawberry.type
class Query:
    pets: list[Named]
    things: list[Annotated[Cat | Stone, strawberry.union("Thing")]]
    numbers: Connection[int]
    cats: Connection[Cat]
    either: Edge[Cat] | Edge[Dog] | None = None


SCHEMA = strawberry.Schema(Query, types=[Cat, Dog])
TOM, REX = Cat(name="Tom"), Dog(name="Rex", tricks=["sit", "é"])


def root_of(**changes: Any) -> Query:
    values: dict[str, Any] = {
        "pets": [TOM, REX, TOM],
        "things": [TOM, Stone(), Stone(weight=2)],
        "numbers": Connection(edges=[Edge(node=1), Edge(node=2, cursor=strawberry.ID("é"))]),
        "cats": Connection(edges=[Edge(node=TOM)]),
    }
    return Query(**{**values, **changes})


QUERY = """
{
  pets { __typename name loud ... on Cat { lives } ... on Dog { tricks } }
  things { __typename ... on Stone { weight } ... on Named { name } ... on Cat { lives } }
  numbers { edges { node cursor } __typename }
  cats { edges { node { name lives } __typename } }
  either { ... on CatEdge { node { name } } ... on DogEdge { cursor node { tricks } } }
}
"""


def test_interfaces_unions_and_generics() -> None:
    check(SCHEMA, QUERY, root_of())
    check(SCHEMA, QUERY, root_of(either=Edge(node=REX)))
    check(SCHEMA, QUERY, root_of(either=Edge(node=TOM)))


def test_objects_that_are_of_no_possible_type() -> None:
    for wrong in (Stone(), REX, object(), {"name": "dict"}, None):
        check(SCHEMA, "{ pets { name __typename } }", root_of(pets=[TOM, wrong]))
        check(SCHEMA, "{ things { __typename } }", root_of(things=[TOM, wrong]))
        check(SCHEMA, "{ cats { edges { node { name } } } }", root_of(cats=wrong))
        check(SCHEMA, "{ either { __typename } }", root_of(either=wrong))


def test_is_type_of_of_the_user() -> None:
    @strawberry.type
    class Shape:
        sides: int

        @classmethod
        def is_type_of(cls, obj: Any, _info: Any) -> bool:
            return getattr(obj, "sides", 0) > 2

    class Foreign:
        def __init__(self, sides: int) -> None:
            self.sides = sides

    @strawberry.type
    class Root:
        shapes: list[Shape | None]

    schema = strawberry.Schema(Root)
    shapes = [Shape(sides=3), Foreign(4), Foreign(1), None]
    check(schema, "{ shapes { sides } }", Root(shapes=shapes))


Reversed = NewType("Reversed", str)


@strawberry.type
class Scalars:
    date: datetime.date | None = datetime.date(2026, 11, 21)
    at: datetime.datetime = datetime.datetime(2026, 11, 21, 1, 2, 3, tzinfo=datetime.UTC)
    time: datetime.time | None = datetime.time(1, 2)
    amount: decimal.Decimal = decimal.Decimal("1.50")
    key: uuid.UUID = uuid.UUID(int=5)
    id: strawberry.ID = strawberry.ID("7")
    json: strawberry.scalars.JSON = strawberry.field(
        default_factory=lambda: {"b": [1, 2.5, None], "a": {"é": True}}
    )
    encoded: strawberry.scalars.Base64 = strawberry.scalars.Base64(b"bytes")
    reversed: Reversed | None = Reversed("abc")
    nothing: None = None


SCALARS = strawberry.Schema(
    Scalars,
    config=strawberry.schema.config.StrawberryConfig(
        scalar_map={
            Reversed: strawberry.scalar(name="Reversed", serialize=lambda value: value[::-1])
        }
    ),
)
ALL = "{ date at time amount key id json encoded reversed nothing }"


def test_scalars() -> None:
    check(SCALARS, ALL, Scalars())
    for name in ("date", "time", "reversed", "amount", "key", "json", "at"):
        for wrong in (None, 5, [], "text", {}):
            check(SCALARS, f"{{ id {name} }}", Scalars(**{name: wrong}))


def test_enums_with_aliases_and_values_of_all_sorts() -> None:
    @strawberry.enum
    class Sort(Enum):
        ONE = 1
        UNO = 1  # noqa: PIE796 - an alias
        LIST = [1]  # noqa: RUF012 - a value that cannot be hashed
        TEXT = "text"
        NAMED = strawberry.enum_value("value", name="other_name")

    @strawberry.type
    class Root:
        sorts: list[Sort | None]

        @strawberry.field
        def echo(self, sort: Sort) -> str:
            return repr(sort)

    schema = strawberry.Schema(Root)
    values = [*Sort, Sort.UNO, 1, 1.0, True, "text", "TEXT", [1], "value", "other_name", None, 7]
    check(schema, "{ sorts }", Root(sorts=values))
    check(schema, "{ a: echo(sort: ONE) b: echo(sort: LIST) c: echo(sort: other_name) }")


def test_lazy_types_and_cycles() -> None:
    @strawberry.type
    class Node:
        value: int
        next: Annotated["Node", strawberry.lazy("test_strawberry_types")] | None = None

    globals()["Node"] = Node
    try:

        @strawberry.type
        class Root:
            first: Node

        schema = strawberry.Schema(Root)
        root = Root(first=Node(value=1, next=Node(value=2)))
        check(schema, "{ first { value next { value next { value } } } }", root)
    finally:
        del globals()["Node"]
