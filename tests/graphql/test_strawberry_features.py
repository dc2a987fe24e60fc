"""What Strawberry offers beyond fields and types: one schema, under Strawberry's class and ours."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import pytest
import strawberry
from opentelemetry import trace
from reference import run
from strawberry import UNSET, Maybe, relay
from strawberry.dataloader import DataLoader
from strawberry.directive import DirectiveLocation, DirectiveValue
from strawberry.extensions import MaskErrors
from strawberry.extensions.tracing import (
    ApolloTracingExtension,
    ApolloTracingExtensionSync,
    OpenTelemetryExtension,
    OpenTelemetryExtensionSync,
)
from strawberry.field_extensions import InputMutationExtension
from strawberry.permission import BasePermission, PermissionExtension
from strawberry.relay.types import NodeType
from strawberry.types import Info

from onecross.graphql import statistics
from onecross.graphql.strawberry import FederationSchema, Schema

T = TypeVar("T")


@dataclass
class LostError(Exception):
    what: str


class GrownError(LostError):
    pass


@strawberry.type
class Lost:
    what: str


class FindsSome(strawberry.ExceptionHandler[LostError, Lost]):
    """Takes what is lost, but declines what is hopeless."""

    def handle(self, exception: LostError, *, field: Any, info: Info) -> Lost | None:
        return None if exception.what == "hopeless" else Lost(what=f"{field.name} {exception.what}")


class FindsLater(strawberry.ExceptionHandler[LostError, Lost]):
    """The same, later."""

    async def handle(self, exception: LostError, *, field: Any, info: Info) -> Lost | None:
        await asyncio.sleep(0)
        return None if exception.what == "hopeless" else Lost(what=f"later {exception.what}")


@strawberry.type
class Pair(Generic[T]):
    first: T
    second: T | None = None

    @strawberry.field
    def both(self) -> list[T]:
        return [self.first] if self.second is None else [self.first, self.second]


@strawberry.type
class Leaf:
    number: int


@strawberry.type
class Twig:
    name: str
    leaves: list[Leaf]


Grown = Annotated[Pair[Leaf] | Pair[Twig] | Lost, strawberry.union("Grown")]


@strawberry.input
class Change:
    name: Maybe[str]
    note: Maybe[str | None]
    plain: str | None = UNSET


@strawberry.type
class Fruit(relay.Node):
    code: relay.NodeID[int]
    weight: float

    @classmethod
    def resolve_nodes(
        cls, *, info: Info, node_ids: Iterable[str], required: bool = False
    ) -> list["Fruit | None"]:
        return [cls(code=int(code), weight=0.5) if int(code) < 9 else None for code in node_ids]


@strawberry.type
class Crate(relay.Node):
    """Its nodes come later."""

    label: relay.NodeID[str]

    @classmethod
    async def resolve_nodes(
        cls, *, info: Info, node_ids: Iterable[str], required: bool = False
    ) -> list["Crate"]:
        await asyncio.sleep(0)
        return [cls(label=label) for label in node_ids]


@strawberry.type
class Counted(relay.ListConnection[NodeType]):
    """A connection that tells how many there are."""

    total: int = 0

    @classmethod
    def resolve_connection(cls, nodes: Any, **named: Any) -> Any:
        connection = super().resolve_connection(list(nodes), **named)
        connection.total = len(connection.edges)
        return connection


class Signed(BasePermission):
    message = "not signed"
    error_extensions = {"code": "UNSIGNED"}  # noqa: RUF012 - as Strawberry has it

    def has_permission(self, source: Any, info: Info, **_arguments: Any) -> bool:
        return False


def fruits() -> list[Fruit]:
    return [Fruit(code=number, weight=number / 2) for number in range(6)]


@strawberry.type
class Query:
    @strawberry.field
    def grown(self, what: str) -> Grown:
        if what == "leaves":
            return Pair(first=Leaf(number=1), second=Leaf(number=2))
        if what == "twigs":
            return Pair(first=Twig(name="t", leaves=[Leaf(number=3)]))
        if what == "cast":
            return strawberry.cast(Pair[Twig], Pair(first=Twig(name="c", leaves=[])))
        raise (LostError if what != "grown" else GrownError)(what)

    @strawberry.field
    def texts(self) -> Pair[str]:
        return Pair(first="a", second="b")

    @strawberry.field
    def changed(self, by: Change, direct: Maybe[int | None] = None) -> str:
        return repr((by.name, by.note, by.plain, direct))

    @strawberry.field
    def selected(self, info: Info, depth: int = 1) -> Twig:
        facts = (info.selected_fields, info.field_name, info.python_name, info.path.key)
        return Twig(name=repr(facts), leaves=[Leaf(number=depth)])

    @strawberry.field
    def secret(self) -> str | None:
        message = "the password is swordfish"
        raise ValueError(message)

    @strawberry.field
    def shown(self) -> str | None:
        message = "nothing to hide"
        raise LookupError(message)

    @strawberry.field(extensions=[PermissionExtension([Signed()], fail_silently=True)])
    def silent(self) -> list[str]:
        return ["never seen"]

    @strawberry.field(permission_classes=[Signed])
    def signed(self) -> str | None:
        return "never seen"


@strawberry.type
class AsyncQuery(Query):
    @strawberry.field
    async def slow_grown(self, what: str) -> Grown:
        await asyncio.sleep(0)
        raise LostError(what)

    @strawberry.field
    async def slow_selected(self, info: Info) -> Twig:
        await asyncio.sleep(0)
        return Twig(name=repr(info.selected_fields), leaves=[])

    @strawberry.field
    async def loaded(self, info: Info, key: int) -> str:
        text: str = await info.context["loader"].load(key)
        return text


def with_relay(base: type) -> type:
    """A root with the fields of Relay, which Strawberry takes into one schema only."""

    @strawberry.type(name="Query")
    class WithRelay(base):
        node: relay.Node = relay.node()
        nodes: list[relay.Node | None] = relay.node()

        @relay.connection(relay.ListConnection[Fruit])
        def fruits(self, heavier: float = 0) -> list[Fruit]:
            return [fruit for fruit in fruits() if fruit.weight >= heavier]

        @relay.connection(Counted[Fruit])
        def counted(self) -> Iterable[Fruit]:
            return iter(fruits())

        if base is AsyncQuery:

            @relay.connection(relay.ListConnection[Fruit])
            async def slow_fruits(self) -> AsyncIterable[Fruit]:
                for fruit in fruits():
                    await asyncio.sleep(0)
                    yield fruit

    return WithRelay


@strawberry.type
class Mutation:
    @strawberry.mutation(extensions=[InputMutationExtension()])
    def grow(self, name: str, count: int = 1) -> Twig:
        return Twig(name=name, leaves=[Leaf(number=number) for number in range(count)])


@strawberry.directive(locations=[DirectiveLocation.FIELD])
def twice(value: DirectiveValue[str], between: str = "") -> str:
    return f"{value}{between}{value}"


@strawberry.directive(locations=[DirectiveLocation.FIELD])
async def later(value: DirectiveValue[str]) -> str:
    await asyncio.sleep(0)
    return f"later {value}"


PAGE = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
EDGES = "edges { cursor node { id weight } }"
FRUIT, CRATE, NONE = (relay.to_base64(*pair) for pair in (("Fruit", 3), ("Crate", "a"), ("No", 1)))

QUERIES: list[tuple[str, dict[str, Any] | None]] = [
    (f"{{ fruits(first: 2, heavier: 0.5) {{ {EDGES} {PAGE} }} }}", None),
    (f"{{ fruits(last: 2) {{ {EDGES} {PAGE} }} }}", None),
    (f'{{ fruits(first: 2, after: "YXJyYXljb25uZWN0aW9uOjE=") {{ {EDGES} {PAGE} }} }}', None),
    (f'{{ fruits(before: "YXJyYXljb25uZWN0aW9uOjI=") {{ {EDGES} {PAGE} }} }}', None),
    ('{ fruits(first: -1) { edges { cursor } } wrong: fruits(after: "?") { __typename } }', None),
    ("{ fruits(first: 1000) { __typename } }", None),
    (f"{{ counted(first: 3) {{ total {EDGES} }} }}", None),
    (f'{{ node(id: "{FRUIT}") {{ id __typename ... on Fruit {{ weight }} }} }}', None),
    (f'{{ nodes(ids: ["{FRUIT}", "{FRUIT}"]) {{ id ... on Fruit {{ weight }} }} }}', None),
    (f'{{ node(id: "{NONE}") {{ id }} }}', None),
    ('{ a: grown(what: "leaves") { ...g } b: grown(what: "twigs") { ...g } }' + """
      fragment g on Grown { __typename
        ... on LeafPair { both { number } second { number } }
        ... on TwigPair { first { name leaves { number } } second { name } }
        ... on Lost { what } }""", None),
    ('{ grown(what: "cast") { __typename ... on TwigPair { both { name } } } }', None),
    ("{ texts { first second both __typename } }", None),
    ('{ grown(what: "here") { ... on Lost { what } } }', None),
    ('{ a: grown(what: "grown") { __typename ... on Lost { what } } }', None),
    ('{ grown(what: "hopeless") { ... on Lost { what } } }', None),
    ("{ changed(by: {}) }", None),
    ('{ changed(by: {name: "n", note: null, plain: null}, direct: null) }', None),
    ("{ changed(by: {name: null}) }", None),
    ("query ($by: Change!, $d: Int) { changed(by: $by, direct: $d) }", {"by": {"note": None}}),
    ("query ($by: Change!, $d: Int) { changed(by: $by, direct: $d) }", {"by": {}, "d": 3}),
    ("""query ($on: Boolean! = true, $n: Int) { again: selected(depth: $n) {
      name ...f @include(if: $on) ... on Twig @skip(if: $on) { name } } }
      fragment f on Twig { leaves { number @twice } }""", {"n": 2}),
    ("{ secret shown }", None),
    ("{ silent signed texts { first } }", None),
    ("{ texts { first @twice second @twice(between: \"-\") } }", None),
    ('mutation { grow(input: {name: "x", count: 2}) { name leaves { number } } }', None),
    ("mutation { grow(input: {}) { name } }", None),
]  # fmt: skip

LATER: list[tuple[str, dict[str, Any] | None]] = [
    (f"{{ slowFruits(first: 2) {{ {EDGES} {PAGE} }} fruits(last: 1) {{ {EDGES} }} }}", None),
    (f'{{ nodes(ids: ["{FRUIT}", "{CRATE}"]) {{ id __typename }} }}', None),
    ('{ slowGrown(what: "here") { ... on Lost { what } } }', None),
    ('{ slowGrown(what: "hopeless") { ... on Lost { what } } }', None),
    ("{ slowSelected { name } }", None),
    ("{ a: loaded(key: 1) b: loaded(key: 2) texts { first } again: loaded(key: 1) }", None),
    ("{ texts { first @later second @twice @later } }", None),
]


def facts(result: Any) -> Any:
    errors = [error.formatted for error in result.errors or ()]
    return result.data, errors, result.extensions


OPTIONS: dict[str, Any] = {"mutation": Mutation, "types": [Fruit, Crate], "directives": [twice]}


@pytest.mark.parametrize(("query", "variables"), QUERIES)
def test_answers_are_those_of_strawberry(query: str, variables: Any) -> None:
    named = {**OPTIONS, "exception_handlers": [FindsSome()]}
    schema = Schema(with_relay(Query), **named)
    expected = facts(strawberry.Schema(with_relay(Query), **named).execute_sync(query, variables))
    for _ in range(2):
        assert facts(schema.execute_sync(query, variables)) == expected
    assert statistics(schema).fallbacks == {}


@pytest.mark.parametrize(("query", "variables"), [*QUERIES, *LATER])
@pytest.mark.parametrize("handler", [FindsSome, FindsLater])
def test_asynchronous_answers_are_those_of_strawberry(
    query: str, variables: Any, handler: type
) -> None:
    named = {**OPTIONS, "directives": [twice, later], "exception_handlers": [handler()]}
    if handler is FindsLater and "slowGrown" not in query:
        # A handler that takes its time is for fields that do.
        named["exception_handlers"] = []

    async def answer(schema: strawberry.Schema) -> Any:
        batches: list[list[int]] = []

        async def load(keys: list[int]) -> list[str]:
            batches.append(keys)
            return [f"value of {key}" for key in keys]

        context = {"loader": DataLoader(load)}
        result = await schema.execute(query, variables, context_value=context)
        return facts(result), batches

    schema = Schema(with_relay(AsyncQuery), **named)
    expected = run(answer(strawberry.Schema(with_relay(AsyncQuery), **named)))
    for _ in range(2):
        assert run(answer(schema)) == expected
    assert statistics(schema).fallbacks == {}


class Recorder(trace.TracerProvider, trace.Tracer):
    """Notes the spans that it is asked for, and what is said of them."""

    def __init__(self) -> None:
        self.noted: list[Any] = []

    def get_tracer(self, *_arguments: Any, **_named: Any) -> trace.Tracer:
        return self

    def start_span(self, name: str, *_arguments: Any, **_named: Any) -> trace.Span:
        return NotedSpan(name, self.noted)

    @contextmanager
    def start_as_current_span(self, name: str, *_arguments: Any, **_named: Any) -> Any:
        span = NotedSpan(name, self.noted)
        yield span
        span.end()


class NotedSpan(trace.NonRecordingSpan):
    def __init__(self, name: str, noted: list[Any]) -> None:
        super().__init__(trace.INVALID_SPAN_CONTEXT)
        self.name, self.noted = name, noted
        noted.append(("began", name))

    def set_attribute(self, key: str, value: Any) -> None:
        self.noted.append((self.name, key, str(value)))

    def end(self, end_time: int | None = None) -> None:
        self.noted.append(("ended", self.name))


TRACED = '{ grown(what: "leaves") { ... on LeafPair { both { number } } } fruits { __typename } }'


@pytest.mark.parametrize("is_sync", [True, False])
def test_spans_are_those_of_strawberry(is_sync: bool) -> None:
    def spans(class_: type[strawberry.Schema]) -> list[Any]:
        recorder = Recorder()
        extension = OpenTelemetryExtensionSync if is_sync else OpenTelemetryExtension
        extensions = [lambda: extension(tracer_provider=recorder)]
        schema = class_(with_relay(Query), extensions=extensions, **OPTIONS)
        for _ in range(2):
            if is_sync:
                schema.execute_sync(TRACED)
            else:
                run(schema.execute(TRACED))
        return recorder.noted

    expected = spans(strawberry.Schema)
    assert ("began", "GraphQL Resolving: grown") in expected
    assert spans(Schema) == expected


@pytest.mark.parametrize("is_sync", [True, False])
def test_traces_are_those_of_strawberry_but_for_the_time(is_sync: bool) -> None:
    def traced(class_: type[strawberry.Schema]) -> str:
        extension = ApolloTracingExtensionSync if is_sync else ApolloTracingExtension
        schema = class_(with_relay(Query), extensions=[extension], **OPTIONS)
        result = schema.execute_sync(TRACED) if is_sync else run(schema.execute(TRACED))
        timeless = re.sub(r"'(start|end)Time': '[^']*'", "", repr(facts(result)))
        return re.sub(r"'(startOffset|duration)': \d+", "", timeless)

    expected = traced(strawberry.Schema)
    assert "'fieldName': 'grown'" in expected or "'field_name': 'grown'" in expected
    assert traced(Schema) == expected


@pytest.mark.parametrize("visible", [True, False])
def test_errors_are_masked_as_strawberry_masks_them(visible: bool) -> None:
    def should_mask(error: Any) -> bool:
        return not (visible and isinstance(error.original_error, LookupError))

    extensions = [lambda: MaskErrors(should_mask_error=should_mask, error_message="masked")]
    answers = []
    for class_ in (strawberry.Schema, Schema):
        schema = class_(with_relay(Query), extensions=extensions, **OPTIONS)
        query = "{ secret shown texts { first } signed }"
        answers.append([facts(schema.execute_sync(query)), facts(run(schema.execute(query)))])
    assert answers[0] == answers[1]
    assert "swordfish" not in repr(answers)
    assert ("nothing to hide" in repr(answers)) is visible


@pytest.mark.parametrize("is_late", [True, False])
def test_entities_are_those_of_strawberry(is_late: bool) -> None:
    @strawberry.federation.type(keys=["id"])
    class Product:
        id: strawberry.ID
        weight: float | None = strawberry.federation.field(external=True, default=None)

        @strawberry.federation.field(requires=["weight"])
        def heavy(self) -> bool:
            return bool(self.weight and self.weight > 1)

    @strawberry.federation.type(keys=["name"])
    class Shop:
        name: str

        if is_late:

            @classmethod
            async def resolve_reference(cls, info: Info, name: str) -> "Shop":
                await asyncio.sleep(0)
                return cls(name=f"{name} {info.field_name}")

        else:

            @classmethod
            def resolve_reference(cls, info: Info, name: str) -> "Shop | None":
                return None if name == "none" else cls(name=f"{name} {info.field_name}")

    query = """query ($of: [_Any!]!) { _entities(representations: $of) { __typename
      ... on Product { id heavy } ... on Shop { name } } _service { sdl } }"""

    async def answer(class_: type[strawberry.federation.Schema]) -> Any:
        of = [
            {"__typename": "Product", "id": "1", "weight": 2},
            {"__typename": "Shop", "name": "s"},
            {"__typename": "Shop", "name": "none"},
            {"__typename": "Product", "id": "2"},
        ]
        schema = class_(types=[Product, Shop])
        return facts(await schema.execute(query, {"of": of}))

    assert run(answer(FederationSchema)) == run(answer(strawberry.federation.Schema))


def test_generic_subscriptions_and_handlers_of_their_errors() -> None:
    @strawberry.type
    class Subscription:
        @strawberry.subscription
        async def pairs(self, count: int) -> AsyncGenerator[Pair[Leaf], None]:
            for number in range(count):
                yield Pair(first=Leaf(number=number))
            raise LostError(str(count))

    async def events(class_: type[strawberry.Schema]) -> tuple[list[Any], Any]:
        handlers = [FindsSome()]
        schema = class_(
            with_relay(Query),
            subscription=Subscription,
            exception_handlers=handlers,
            types=[Fruit, Crate],
        )
        heard = []
        stream = await schema.subscribe("subscription { pairs(count: 2) { both { number } } }")
        try:
            async for event in stream:
                data, errors, _ = facts(event)
                heard.append((data, errors))
        except LostError as error:
            heard.append(repr(error))
        return heard, schema

    expected, _ = run(events(strawberry.Schema))
    actual, schema = run(events(Schema))
    assert actual == expected
    assert statistics(schema).executed == 2
