"""One schema with what Strawberry offers, for whoever makes schemas of it."""

import enum
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Generic, NewType, TypeVar

import strawberry
from strawberry import relay
from strawberry.directive import DirectiveLocation, DirectiveValue
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info

T = TypeVar("T")
Reversed = NewType("Reversed", str)


@strawberry.enum
class Colour(enum.Enum):
    RED = "red"
    GREEN = strawberry.enum_value("green", deprecation_reason="too green")


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Person(Named):
    age: int
    secret: strawberry.Private[str] = "s"

    @strawberry.field
    def greeting(self, polite: bool = False) -> str:
        return f"Dear {self.name}" if polite else f"Hi {self.name}"

    @strawberry.field
    def broken(self) -> int | None:
        message = f"broken {self.name}"
        raise ValueError(message)


@strawberry.type
class Robot(Named):
    colour: Colour | None


Being = Annotated[Person | Robot, strawberry.union("Being")]


@strawberry.type
class Page(Generic[T]):
    items: list[T]
    count: int


@strawberry.input
class Filter:
    name: str | None = strawberry.UNSET
    colours: list[Colour] | None = None
    maybe: strawberry.Maybe[int | None]


@strawberry.input(one_of=True)
class Choice:
    number: strawberry.Maybe[int]
    text: strawberry.Maybe[str]


@strawberry.type
class Fruit(relay.Node):
    code: relay.NodeID[int]
    weight: float

    @classmethod
    def resolve_nodes(
        cls, *, info: Info, node_ids: Iterable[str], required: bool = False
    ) -> list["Fruit"]:
        return [cls(code=int(number), weight=1.5) for number in node_ids]


class IsAllowed(BasePermission):
    message = "not allowed"

    def has_permission(self, source: Any, info: Info, **_arguments: Any) -> bool:
        return bool(info.context and info.context.get("allowed"))


class Upper(FieldExtension):
    def resolve(self, next_: Callable[..., Any], source: Any, info: Info, **named: Any) -> Any:
        return str(next_(source, info, **named)).upper()

    async def resolve_async(
        self, next_: Callable[..., Any], source: Any, info: Info, **named: Any
    ) -> Any:
        return str(await next_(source, info, **named)).upper()


class OwnInfo(Info):
    @property
    def doubled(self) -> str:
        return self.field_name * 2


@strawberry.type
class NotFound:
    what: str


@dataclass
class MissingError(Exception):
    what: str


def beings() -> list[Person | Robot]:
    return [Person(name="Ada", age=36), Robot(name="R2", colour=Colour.GREEN)]


@strawberry.type
class Query:
    @strawberry.field
    def beings(self) -> list[Being]:
        return beings()

    @strawberry.field
    def named(self) -> list[Named]:
        return beings()

    @strawberry.field
    def page(self, first: int = 1) -> Page[Person]:
        people = [Person(name=f"P{number}", age=number) for number in range(first)]
        return Page(items=people, count=len(people))

    @strawberry.field
    def filtered(self, by: Filter) -> str:
        return repr((by.name, by.colours, by.maybe))

    @strawberry.field
    def choose(self, by: Choice) -> str:
        return repr(by)

    @strawberry.field(permission_classes=[IsAllowed])
    def guarded(self) -> str | None:
        return "treasure"

    @strawberry.field(extensions=[Upper()])
    def loud(self, text: str) -> str:
        return text

    @strawberry.field
    def reversed(self, text: Reversed) -> Reversed:
        return text

    @strawberry.field
    def price(self) -> Decimal:
        return Decimal("1.50")

    @strawberry.field
    def day(self) -> date:
        return date(2026, 11, 21)

    @strawberry.field
    def about(self, info: OwnInfo, by: int = 1) -> str:
        selected, raw = repr(info.selected_fields), info._raw_info
        facts = (info.doubled, info.variable_values, info.input_extensions, selected, by)
        return repr((*facts, type(raw).__name__, raw.variable_values, raw.is_awaitable(by)))

    @strawberry.field
    def found(self, what: str) -> Person | NotFound:
        if what != "Ada":
            raise MissingError(what)
        return Person(name=what, age=36)


@strawberry.type
class AsyncQuery(Query):
    @strawberry.field
    async def slow(self, name: str = "Ada") -> Person | None:
        if name == "nobody":
            message = "nobody is here"
            raise LookupError(message)
        return Person(name=name, age=1)

    @strawberry.field(extensions=[Upper()])
    async def slow_and_loud(self) -> str:
        return "loud"


def with_relay(base: type) -> type:
    """A root with the fields of Relay, which Strawberry takes into one schema only."""

    @strawberry.type(name="Query")
    class WithRelay(base):
        node: relay.Node = relay.node()

        @relay.connection(relay.ListConnection[Fruit])
        def fruits(self) -> list[Fruit]:
            return [Fruit(code=number, weight=number / 2) for number in range(5)]

    return WithRelay


@strawberry.type
class Mutation:
    @strawberry.mutation
    def rename(self, name: str) -> Person:
        return Person(name=name, age=1)

    @strawberry.mutation
    def fail(self) -> Person:
        message = "no"
        raise RuntimeError(message)


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def people(self, count: int = 2) -> AsyncGenerator[Person, None]:
        for number in range(count):
            yield Person(name=f"S{number}", age=number)

    @strawberry.subscription
    async def failing(self) -> AsyncGenerator[int, None]:
        yield 1
        message = "interrupted"
        raise ValueError(message)


@strawberry.directive(locations=[DirectiveLocation.FIELD])
def shout(value: DirectiveValue[str], mark: str = "!") -> str:
    return f"{value}{mark}"


class MissingHandler(strawberry.ExceptionHandler[MissingError, NotFound]):
    def handle(self, exception: MissingError, *, field: Any, info: Info) -> NotFound:
        return NotFound(what=exception.what)


CONFIG = StrawberryConfig(
    info_class=OwnInfo,
    scalar_map={
        Reversed: strawberry.scalar(
            name="Reversed", serialize=lambda text: text[::-1], parse_value=lambda text: text[::-1]
        )
    },
)
TYPES = [Person, Robot]

QUERIES: list[tuple[str, dict[str, Any] | None]] = [
    ("{ beings { __typename ... on Person { name age greeting } ... on Robot { colour } } }", None),
    ("{ named { name ... on Person { age polite: greeting(polite: true) broken } } }", None),
    ("query ($n: Int!) { page(first: $n) { count items { name age } } }", {"n": 3}),
    ("query ($n: Int!) { page(first: $n) { count } }", {"n": "three"}),
    ("{ filtered(by: {}) }", None),
    ('{ filtered(by: {name: "x", colours: [RED, GREEN], maybe: null}) }', None),
    ("query ($by: Filter!) { filtered(by: $by) }", {"by": {"name": None, "maybe": 3}}),
    ("{ a: choose(by: {number: 1}) }", None),
    ('{ choose(by: {number: 1, text: "x"}) }', None),
    ("{ guarded }", None),
    ('{ loud(text: "quiet") }', None),
    ('{ reversed(text: "stressed") price day }', None),
    ("query Q($n: Int! = 4) { a: about(by: $n) ...f } fragment f on Query { about }", None),
    ('{ a: found(what: "Ada") { ... on Person { name } } found(what: "x") { __typename } }', None),
    ("{ fruits(first: 2) { pageInfo { hasNextPage endCursor } edges { node { weight } } } }", None),
    ("{ fruits { edges { cursor node { id } } } }", None),
    ('{ node(id: "RnJ1aXQ6Mw==") { id __typename ... on Fruit { weight } } }', None),
    ('{ node(id: "nonsense") { id } }', None),
    ("query A { page { count } } query B { price }", None),
    (
        'mutation { a: rename(name: "x") { name } fail { name } b: rename(name: "y") { name } }',
        None,
    ),
    ('mutation { rename(name: "x") { name greeting broken } }', None),
    ('{ __schema { queryType { name } } __type(name: "Robot") { fields { name } } }', None),
    ("{ unknown }", None),
    ("{ page { ", None),
    ("subscription { people { name } }", None),
]
