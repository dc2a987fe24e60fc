"""The stand-ins for Strawberry's schema and executor: every answer is Strawberry's own."""

import asyncio
import contextlib
import dataclasses
import gc
import weakref
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import strawberry
from graphql import GraphQLError, NoSchemaIntrospectionCustomRule
from reference import assert_same_errors, exactly, run
from strawberry.directive import DirectiveLocation, DirectiveValue
from strawberry.extensions import (
    AddValidationRules,
    DisableIntrospection,
    MaskErrors,
    MaxTokensLimiter,
    ParserCache,
    QueryDepthLimiter,
    SchemaExtension,
    ValidationCache,
)
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.graphql import OperationType
from strawberry_features import (
    CONFIG,
    QUERIES,
    TYPES,
    AsyncQuery,
    MissingHandler,
    Mutation,
    Query,
    Subscription,
    shout,
    with_relay,
)

from onecross.graphql import statistics
from onecross.graphql.strawberry import Executor, FederationSchema, Schema

FEATURES: dict[str, Any] = {
    "mutation": Mutation,
    "subscription": Subscription,
    "types": TYPES,
    "config": CONFIG,
    "exception_handlers": [MissingHandler()],
}


class Resolving(SchemaExtension):
    """Wraps every resolver, and tells how many it wrapped."""

    def __init__(self) -> None:
        self.count = 0

    def resolve(self, next_: Any, source: Any, info: Any, *args: Any, **named: Any) -> Any:
        self.count += 1
        return next_(source, info, *args, **named)

    def get_results(self) -> dict[str, Any]:
        return {"wrapped": self.count}


class Watching(SchemaExtension):
    """Tells what it sees of the execution context at each stage."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def note(self, stage: str) -> None:
        context = self.execution_context
        facts = (
            context.graphql_document is not None,
            context.pre_execution_errors and len(context.pre_execution_errors),
            context.pre_execution_errors == [],
            context.result is not None,
            len(context.validation_rules),
        )
        self.seen.append((stage, facts))

    def on_operation(self) -> Iterator[None]:
        self.note("before operation")
        yield
        self.note("after operation")

    def on_parse(self) -> Iterator[None]:
        self.note("before parsing")
        yield
        self.note("after parsing")

    def on_validate(self) -> Iterator[None]:
        self.note("before validation")
        yield
        self.note("after validation")

    def on_execute(self) -> Iterator[None]:
        self.note("before execution")
        yield
        self.note("after execution")

    def get_results(self) -> dict[str, Any]:
        return {"seen": list(self.seen)}


class Plain(SchemaExtension):
    """Has hooks that are no generators."""

    def on_operation(self) -> None:
        self.execution_context.extensions_results["plain"] = True

    def on_execute(self) -> None:
        self.execution_context.context["executed"] = True


EXTENSIONS: dict[str, list[Any]] = {
    "none": [],
    "watching": [Watching],
    "two that watch": [Watching, Plain, Watching],
    "resolving": [Resolving, Watching],
    "masking": [MaskErrors],
    "caches": [ParserCache, ValidationCache],
    "limits": [lambda: QueryDepthLimiter(max_depth=2), lambda: MaxTokensLimiter(60)],
    "introspection": [DisableIntrospection],
    "rules": [lambda: AddValidationRules([NoSchemaIntrospectionCustomRule])],
}


class Told:
    """Keeps what a schema is told of errors."""

    told: list[list[str]]

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        self.told.append([str(error) for error in errors])


class Reference(Told, strawberry.Schema):
    pass


class StandIn(Told, Schema):
    pass


def schemas(query: type, **named: Any) -> tuple[Reference, list[Any]]:
    """Strawberry's schema, and those that are to do the same."""
    named |= FEATURES
    reference = Reference(with_relay(query), **named)
    with_executor = Reference(with_relay(query), execution_context_class=Executor, **named)
    stand_ins = [with_executor, StandIn(with_relay(query), **named)]
    for schema in (reference, *stand_ins):
        schema.told = []
    return reference, stand_ins


def answered(schema: Any, query: str, variables: Any, name: str | None) -> ExecutionResult | str:
    """The synchronous answer, or what was raised instead."""
    try:
        return schema.execute_sync(
            query, variables, {"allowed": True}, operation_name=name, operation_extensions={"a": 1}
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, it must be the same
        return repr(error)


async def answered_later(
    schema: Any, query: str, variables: Any, name: str | None
) -> ExecutionResult | str:
    """The asynchronous answer, or what was raised instead."""
    try:
        return await schema.execute(
            query, variables, {"allowed": True}, operation_name=name, operation_extensions={"a": 1}
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, it must be the same
        return repr(error)


def assert_same(actual: ExecutionResult | str, expected: ExecutionResult | str) -> None:
    assert type(actual) is type(expected)
    if isinstance(expected, str):
        assert actual == expected
        return
    assert isinstance(actual, ExecutionResult)
    assert exactly(actual.data) == exactly(expected.data)
    assert_same_errors(actual.errors, expected.errors)
    assert exactly(actual.extensions) == exactly(expected.extensions)


def assert_executed(schema: Any) -> None:
    """Assert that the engine executed everything."""
    executed, fallbacks, *_cached = statistics(schema)
    assert executed > 10
    assert not fallbacks


@pytest.mark.parametrize("extensions", EXTENSIONS.values(), ids=EXTENSIONS)
def test_synchronous_answers_are_those_of_strawberry(extensions: list[Any]) -> None:
    reference, stand_ins = schemas(Query, extensions=extensions)
    for query, variables in [*QUERIES, *QUERIES]:
        expected = answered(reference, query, variables, None)
        for schema in stand_ins:
            assert_same(answered(schema, query, variables, None), expected)
    for schema in stand_ins:
        assert schema.told == reference.told
        assert_executed(schema)


@pytest.mark.parametrize("extensions", EXTENSIONS.values(), ids=EXTENSIONS)
def test_asynchronous_answers_are_those_of_strawberry(extensions: list[Any]) -> None:
    async def main() -> None:
        reference, stand_ins = schemas(AsyncQuery, extensions=extensions)
        slow = '{ slow { name greeting } none: slow(name: "nobody") { name } slowAndLoud }'
        for query, variables in [(slow, None), *QUERIES, (slow, None), *QUERIES]:
            expected = await answered_later(reference, query, variables, None)
            for schema in stand_ins:
                assert_same(await answered_later(schema, query, variables, None), expected)
        for schema in stand_ins:
            assert schema.told == reference.told
            assert_executed(schema)

    run(main())


@pytest.mark.parametrize(
    "query",
    [
        "subscription { people(count: 3) { name greeting broken } }",
        "subscription { failing }",
        "subscription { people(count: nonsense) { name } }",
        "subscription { nobody }",
        "{ page { count } }",
        'mutation { rename(name: "x") { name } }',
    ],
)
def test_streams_are_those_of_strawberry(query: str) -> None:
    async def events(schema: Any) -> list[Any]:
        stream = await schema.stream(query, context_value={"allowed": True})
        return [event async for event in stream]

    async def main() -> None:
        reference, stand_ins = schemas(AsyncQuery, extensions=[Watching])
        for _again in range(2):
            expected = await events(reference)
            for schema in stand_ins:
                actual = await events(schema)
                assert len(actual) == len(expected)
                for one, other in zip(actual, expected, strict=True):
                    assert_same(one, other)
        for schema in stand_ins:
            assert schema.told == reference.told
            assert statistics(schema).fallbacks == {}

    run(main())


def test_directives_of_operations() -> None:
    reference, stand_ins = schemas(Query, directives=[shout])
    query = '{ loud(text: "a") @shout reversed(text: "b") @shout(mark: "?") price }'
    expected = answered(reference, query, None, None)
    assert expected.data["loud"] == "A!"
    for schema in stand_ins:
        assert_same(answered(schema, query, None, None), expected)


# Strawberry leaves coroutines behind when it refuses to wait for them.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
def test_what_cannot_wait_is_refused_as_strawberry_refuses_it() -> None:
    async def main() -> None:
        # Strawberry asks for the loop, which a synchronous call in a task has.
        reference, stand_ins = schemas(AsyncQuery)
        expected = answered(reference, "{ slow { name } price }", None, None)
        assert "synchronously" in str(expected.errors)
        for schema in stand_ins:
            assert_same(answered(schema, "{ slow { name } price }", None, None), expected)

    run(main())
    gc.collect()


def test_types_of_operations_that_are_not_allowed() -> None:
    reference, stand_ins = schemas(Query)
    for schema in (reference, *stand_ins):
        with pytest.raises(InvalidOperationTypeError):
            schema.execute_sync(
                'mutation { rename(name: "x") { name } }',
                allowed_operation_types=[OperationType.QUERY],
            )


def test_an_executor_with_steps_of_its_own_executes_by_them() -> None:
    built: list[str] = []

    class Own(Executor):
        def build_resolve_info(self, *arguments: Any) -> Any:
            info = super().build_resolve_info(*arguments)
            built.append(info.field_name)
            return info

    class Mine(Executor):
        """Has nothing of its own that matters."""

        mark = 1

    own = Schema(Query, execution_context_class=Own, types=TYPES, config=CONFIG)
    assert own.execute_sync("{ page { count } }").data == {"page": {"count": 1}}
    assert built == ["page", "count"]
    assert statistics(own).executed == 0
    mine = Schema(Query, execution_context_class=Mine, types=TYPES, config=CONFIG)
    assert mine.execute_sync("{ page { count } }").data == {"page": {"count": 1}}
    assert statistics(mine).executed == 1


def test_a_schema_of_a_federation() -> None:
    @strawberry.federation.type(keys=["id"])
    class Book:
        id: strawberry.ID
        title: str = "Emma"

        @classmethod
        def resolve_reference(cls, id: strawberry.ID) -> "Book":  # noqa: A002 - the name of its key
            return cls(id=id)

    query = """query ($of: [_Any!]!) {
      _service { sdl } _entities(representations: $of) { ... on Book { id title } } }"""

    def variables() -> dict[str, Any]:
        # Strawberry takes them apart.
        return {"of": [{"__typename": "Book", "id": "1"}, {"__typename": "Nothing"}]}

    reference = strawberry.federation.Schema(types=[Book])
    schema = FederationSchema(types=[Book])
    expected = answered(reference, query, variables(), None)
    assert_same(answered(schema, query, variables(), None), expected)
    assert statistics(schema).executed == 1


def test_fields_of_a_mutation_wait_for_each_other() -> None:
    log: list[str] = []

    @strawberry.type
    class Slow:
        @strawberry.mutation
        async def step(self, name: str) -> str:
            log.append(f"begin {name}")
            await asyncio.sleep(0)
            log.append(f"end {name}")
            return name

    for class_ in (strawberry.Schema, Schema):
        schema = class_(Query, Slow, types=TYPES, config=CONFIG)
        result = run(schema.execute('mutation { a: step(name: "a") b: step(name: "b") }'))
        assert result.data == {"a": "a", "b": "b"}
        assert log == ["begin a", "end a", "begin b", "end b"]
        log.clear()
    assert statistics(schema).executed == 1


def test_a_directive_that_graphql_core_has_plans_for() -> None:
    @strawberry.directive(name="stream", locations=[DirectiveLocation.FIELD])
    def own(value: DirectiveValue[str]) -> str:
        return value

    reference, stand_ins = schemas(Query, directives=[own])
    expected = answered(reference, "{ price }", None, None)
    assert "experimental" in str(expected)
    for schema in stand_ins:
        assert_same(answered(schema, "{ price }", None, None), expected)


def test_incremental_delivery_is_strawberrys() -> None:
    config = dataclasses.replace(CONFIG, enable_experimental_incremental_execution=True)
    reference = strawberry.Schema(Query, types=TYPES, config=config)
    schema = Schema(Query, types=TYPES, config=config)

    async def main(schema: strawberry.Schema) -> Any:
        stream = await schema.stream("{ price ... @defer { page { count } } }")
        return [repr(frame) async for frame in stream]

    expected = run(main(reference))
    assert len(expected) == 2
    assert run(main(schema)) == expected
    assert statistics(schema).fallbacks == {"incremental delivery": 1}


def test_a_schema_is_gone_with_its_last_user_though_its_extensions_refer_to_it() -> None:
    def used(class_: type[Any], **named: Any) -> weakref.ref[Any]:
        class Referring(SchemaExtension):
            def on_operation(self) -> Iterator[None]:
                assert schema
                yield

            async def on_execute(self) -> AsyncIterator[None]:
                assert schema
                yield

        schema = class_(
            AsyncQuery, types=TYPES, config=CONFIG, extensions=[Referring, Watching], **named
        )
        schema.told = []
        for query in ("{ slow { name } price }", "{ price }", "{ unknown }", "{"):
            run(schema.execute(query))
        assert statistics(schema).executed == 2
        return weakref.ref(schema)

    kept = [used(StandIn), used(Reference, execution_context_class=Executor)]
    gc.collect()
    assert [schema() for schema in kept] == [None, None]


def leave_out(self: Any) -> Iterator[None]:
    if self is None:
        yield


def yield_twice(self: Any) -> Iterator[None]:
    yield
    yield


def swallow(self: Any) -> Iterator[None]:
    with contextlib.suppress(LookupError, StopIteration):
        yield


def stop(self: Any) -> Iterator[None]:
    yield
    raise StopIteration


@pytest.mark.parametrize("hook", [leave_out, yield_twice, swallow, stop])
@pytest.mark.parametrize("error", [None, LookupError("within"), StopIteration("within")], ids=repr)
def test_hooks_that_misbehave(hook: Any, error: Exception | None) -> None:
    class Failing(SchemaExtension):
        def on_parse(self) -> Iterator[None]:
            if error is not None:
                raise error
            yield

    own = type("Own", (SchemaExtension,), {"on_operation": hook})
    for extensions in ([own, Failing], [own], [Watching, own, Failing]):
        reference, stand_ins = schemas(Query, extensions=extensions)
        expected = answered(reference, "{ price }", None, None)
        for schema in stand_ins:
            assert_same(answered(schema, "{ price }", None, None), expected)
            assert schema.told == reference.told
