"""Types of Strawberry that a value's class tells: asked once for each class, and rightly."""

from abc import ABC
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import pytest
import strawberry
from reference import check

import onecross
from onecross.graphql import Engine

T = TypeVar("T")


@strawberry.interface
class Shape(ABC):  # noqa: B024 - what counts is its metaclass
    sides: int = 0


@strawberry.type
class Square(Shape):
    sides: int = 4


@strawberry.type
class Triangle(Shape):
    sides: int = 3


@strawberry.type
class Wrapped(Shape, Generic[T]):
    content: T | None = None


@strawberry.type
class Stone:
    weight: int = 1


class PlainSquare(Square):
    """A class of the user's that is no type of its own."""


class Dressed(Square):
    """A class whose instances say what they are called."""

    def __getattr__(self, name: str) -> Any:
        if name == "__as_strawberry_type__":
            return Triangle
        raise AttributeError(name)


@dataclass
class Row:
    """A row of some database that stands for a type."""

    sides: int = 6
    weight: int = 7


Thing = Annotated[Square | Stone | Triangle, strawberry.union("Thing")]


@strawberry.type
class Query:
    shapes: list[Shape]
    things: list[Thing]
    squares: list[Square]


SCHEMA = strawberry.Schema(Query, types=[Square, Triangle, Stone])
QUERY = """{
  shapes { __typename sides }
  things { __typename ... on Shape { sides } ... on Stone { weight } }
  squares { __typename sides }
}"""


def root_of(values: list[Any]) -> Query:
    return Query(shapes=values, things=values, squares=values)


def cast(type_: type, value: Any) -> Any:
    return strawberry.cast(type_, value)


def redefined(value: Any) -> Any:
    value.__strawberry_definition__ = Triangle.__strawberry_definition__
    return value


VALUES: dict[str, Callable[[], list[Any]]] = {
    "squares": lambda: [Square(), Square(sides=5), Square()],
    "squares and triangles": lambda: [Square(), Triangle(), Square(), Triangle()],
    "squares and stones": lambda: [Square(), Stone(), Square(), Stone(weight=3)],
    "a square cast to a triangle": lambda: [Square(), cast(Triangle, Square()), Square()],
    "a cast one first": lambda: [cast(Triangle, Square()), Square(), Square()],
    "a row cast to a square": lambda: [cast(Square, Row()), Row(), cast(Square, Row())],
    "a row cast to each": lambda: [cast(Square, Row()), cast(Triangle, Row()), Row()],
    "a definition of its own": lambda: [Square(), redefined(Square()), Square()],
    "a subclass": lambda: [PlainSquare(), Square(), PlainSquare()],
    "a class with __getattr__": lambda: [Dressed(), Square(), Dressed()],
    "a class of no type": lambda: [Square(), object(), {"sides": 1}, 5],
    "a generic": lambda: [Wrapped(content=1), Square(), Wrapped(content="a")],
}


@pytest.mark.parametrize("make", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("place", ["shapes", "things", "squares"])
def test_answers_are_those_of_strawberry(make: Callable[[], list[Any]], place: str) -> None:
    root = {"shapes": [], "things": [], "squares": []}
    field = QUERY.splitlines()[["shapes", "things", "squares"].index(place) + 1]
    check(SCHEMA, f"{{ {field} }}", make_root=lambda: Query(**{**root, place: make()}))


def test_generics_are_told_apart_by_their_values() -> None:
    @strawberry.type
    class Root:
        shapes: list[Shape]
        numbers: list[Wrapped[int]]
        either: list[Annotated[Wrapped[int] | Wrapped[str], strawberry.union("Either")]]

    schema = strawberry.Schema(Root, types=[Square, Wrapped[str]])
    values: list[Any] = [Wrapped(content=1), Wrapped(content="a"), Square(), Wrapped(content=2)]
    boxes = [values[0], values[1], values[3]]
    root = Root(shapes=values, numbers=boxes, either=boxes)
    check(schema, "{ shapes { __typename } either { __typename } }", root)
    check(schema, "{ numbers { __typename sides } }", root)


def test_an_is_type_of_of_the_users_is_asked_each_time() -> None:
    calls = []

    @strawberry.type
    class Picky(Shape):
        @classmethod
        def is_type_of(cls, value: Any, _info: Any) -> bool:
            calls.append(value)
            return bool(value.sides < 5)

    @strawberry.type
    class Root:
        picky: list[Picky | None]

    schema = strawberry.Schema(Root)
    root: Any = Root(picky=[Picky(), Row(1), Row(7), Row(2)])
    schema.execute_sync("{ picky { sides } }", root_value=root)
    by_strawberry = list(calls)
    calls.clear()
    Engine(schema).execute_sync("{ picky { sides } }", root)
    assert calls == by_strawberry == root.picky
    check(schema, "{ picky { sides } }", root)


class Moody(type(Shape)):
    def __instancecheck__(cls, value: Any) -> bool:
        return value.sides != 3


def test_a_metaclass_with_a_mind_of_its_own() -> None:
    @strawberry.interface
    class Odd(metaclass=Moody):
        sides: int = 0

    @strawberry.type
    class Even(Odd):
        pass

    @strawberry.type
    class Root:
        odd: list[Odd | None]
        even: list[Even | None]

    values = [Even(), Even(sides=3), Row(), Row(3), Even(sides=2)]
    schema = strawberry.Schema(Root, types=[Even])
    root: Any = Root(odd=values, even=values)
    check(schema, "{ odd { sides } }", root)
    check(schema, "{ even { sides } }", root)


@pytest.mark.parametrize("field", ["shapes", "things", "squares"])
def test_more_objects_cost_no_more_crossings(crossings: Callable[[], Any], field: str) -> None:
    engine = Engine(SCHEMA)
    query = f"{{ {field} {{ __typename ... on Shape {{ sides }} }} }}"

    def calls_out(count: int) -> tuple[int, int]:
        other = Square if field == "squares" else Triangle
        root = root_of([Square(), other()] * count)
        engine.execute_json_sync(query, root)
        with onecross.meter() as meter, crossings() as seen:
            assert engine.execute_json_sync(query, root).errors is None
        return meter.calls_out, len(seen.calls_out)

    assert calls_out(100) == calls_out(1)


def test_a_class_changed_within_an_execution_is_asked_again() -> None:
    """The class of the second object becomes another type while the first is read."""

    @strawberry.type
    class Turning(Shape):
        @strawberry.field
        def turn(self) -> int:
            Turning.__as_strawberry_type__ = Triangle
            return self.sides

    @strawberry.type
    class Root:
        shapes: list[Shape]

    schema = strawberry.Schema(Root, types=[Turning, Triangle])

    def root() -> Root:
        if hasattr(Turning, "__as_strawberry_type__"):
            del Turning.__as_strawberry_type__
        return Root(shapes=[Turning(sides=2), Turning(sides=2)])

    query = "{ shapes { __typename ... on Turning { turn } } }"
    result = check(schema, query, make_root=root)
    assert result.data is not None
    assert [shape["__typename"] for shape in result.data["shapes"]] == ["Turning", "Triangle"]


def test_explain_tells_what_is_asked_once_for_each_class() -> None:
    text = Engine(SCHEMA).explain("{ shapes { sides } squares { sides } }")
    assert "attribute shapes, told apart by resolve_type, once for each class  0" in text
    assert "attribute squares, checked by is_type_of, once for each class      0" in text
