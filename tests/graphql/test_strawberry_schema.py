"""Schemas of Strawberry: their errors, their rules, and what is left to Strawberry whole."""

import asyncio
import gc
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import strawberry
from graphql import ExecutionResult, GraphQLError
from reference import ENGINE, REFUSED, assert_same_errors, assert_same_result, body_of, check
from strawberry.dataloader import DataLoader
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types import ExecutionContext, Info

from onecross.graphql import Engine
from onecross.graphql.strawberry import Executor, Schema


@strawberry.type
class Item:
    number: int | None

    @strawberry.field
    def fail(self) -> int | None:
        message = f"secret {self.number}"
        raise ValueError(message)

    @strawberry.field
    async def slow(self) -> int:
        return 1


@strawberry.type
class Query:
    items: list[Item] = strawberry.field(default_factory=lambda: [Item(number=1), Item(number=2)])
    nested: "Query | None" = None


ROOT = Query()
FAILING = "{ items { number fail } }"


class LoudSchema(strawberry.Schema):
    """Keeps what it is told of errors."""

    told: list[list[GraphQLError]]

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        self.told.append(errors)


REPORTED = [
    (FAILING, None, None),
    ("{ items { unknown } }", None, None),
    ("{ items {", None, None),
    (
        "query ($n: Int!) { items { number @skip(if: true) } a: __type(name: $n) { name } }",
        {},
        None,
    ),
    ("query ($n: String!) { __type(name: $n) { name } }", {}, None),
    ("query A { nested { nested { __typename } } }", None, "A"),
]


@pytest.mark.parametrize(("query", "variables", "name"), REPORTED, ids=str)
def test_errors_are_reported_to_the_schema_as_often_as_strawberry_does(
    query: str, variables: Any, name: str | None
) -> None:
    schema = LoudSchema(Query)
    schema.told = []
    schema.execute_sync(query, variables, root_value=ROOT, operation_name=name)
    expected = [[error.message for error in errors] for errors in schema.told]
    engine = Engine(schema)
    for execute in (engine.execute_sync, engine.execute_json_sync):
        schema.told = []
        execute(query, ROOT, None, variables, name)
        assert [[error.message for error in errors] for errors in schema.told] == expected


def test_errors_are_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    engine = Engine(strawberry.Schema(Query))
    with caplog.at_level(logging.ERROR, logger="strawberry.execution"):
        engine.execute_json_sync(FAILING, ROOT)
    assert [str(record.exc_info[1]) for record in caplog.records] == ["secret 1", "secret 2"]


def test_the_context_of_an_execution_is_the_one_that_was_given() -> None:
    @strawberry.type
    class Root:
        @strawberry.field
        def who(self, info: Info) -> str:
            return f"{info.context['user']} {info.root_value} {info.operation_extensions}"

    check(strawberry.Schema(Root), "{ who }", context={"user": "é"})


@pytest.fixture
def event_loop() -> Iterator[None]:
    """A loop that is current, which Strawberry needs to give up what it cannot await."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        yield
        # Strawberry cancels what it gives up before it has begun, hence the warnings.
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".* was never awaited", RuntimeWarning)
            loop.run_until_complete(asyncio.sleep(0))
            gc.collect()
    finally:
        asyncio.set_event_loop(None)
        loop.close()


@pytest.mark.usefixtures("event_loop")
def test_asynchronous_resolvers() -> None:
    schema, root = strawberry.Schema(Query), Query(items=[])
    check(schema, "{ items { slow } }", root)
    check(schema, "{ items { number } }", ROOT)
    expected = schema.execute_sync("{ items { slow } }", root_value=ROOT)
    assert "failed to complete synchronously" in str(expected.errors)
    engine = Engine(schema)
    assert_same_errors(engine.execute_sync("{ items { slow } }", ROOT).errors, expected.errors)
    result = engine.execute_json_sync("{ items { slow } }", ROOT)
    assert bytes(result) == body_of(ExecutionResult(errors=expected.errors), True)


@pytest.mark.usefixtures("event_loop")
def test_a_data_loader_needs_an_event_loop() -> None:
    async def load(keys: list[int]) -> list[int]:
        return keys

    calls: list[str] = []

    @strawberry.type
    class Root:
        @strawberry.field
        def loaded(self) -> int:
            async def wait() -> int:
                return await DataLoader(load).load(1)

            calls.append("loaded")
            return wait()

        @strawberry.field
        def after(self) -> int:
            calls.append("after")
            return 1

    schema = strawberry.Schema(Root)
    expected = schema.execute_sync("{ loaded after }")
    engine = Engine(schema)
    for execute in (engine.execute_sync, engine.execute_json_sync):
        assert_same_errors(execute("{ loaded after }").errors, expected.errors)
    assert calls == ["loaded", "after"] * 3


def test_another_class_of_executors() -> None:
    class Own(StrawberryGraphQLCoreExecutionContext):
        """Could change any stage."""

    schema = strawberry.Schema(Query, execution_context_class=Own)
    check(schema, "{ items { number } }", ROOT, route="execution context class")


@pytest.mark.parametrize("query", ["{ items { number } }", FAILING, "{ nested { unknown } }", "{"])
def test_the_executor_of_onecross_is_no_reason_to_execute_by_strawberry(query: str) -> None:
    class Own(Executor):
        def build_resolve_info(self, *arguments: Any) -> Any:
            return super().build_resolve_info(*arguments)

    plain = strawberry.Schema(Query)
    expected = plain.execute_sync(query, root_value=ROOT)
    route = ENGINE if expected.data else REFUSED
    for schema in (
        Schema(Query),
        strawberry.Schema(Query, execution_context_class=Executor),
    ):
        actual = check(schema, query, ROOT, route=route)
        assert_same_result(actual, ExecutionResult(expected.data, expected.errors))
    schema = strawberry.Schema(Query, execution_context_class=Own)
    engine = Engine(schema)
    engine.execute_sync(query, ROOT)
    assert engine.statistics.fallbacks == {"execution context class": 1}


def test_rules_of_strawberry() -> None:
    @strawberry.input(one_of=True)
    class Choice:
        a: strawberry.Maybe[int]
        b: strawberry.Maybe[str]

    @strawberry.type
    class Root:
        @strawberry.field
        def choose(self, by: Choice) -> str:
            return repr(by)

        @strawberry.field
        def maybe(self, value: strawberry.Maybe[int] = None) -> str:
            return repr(value)

    schema = strawberry.Schema(Root)
    check(schema, '{ a: choose(by: {a: 1}) b: choose(by: {b: "x"}) c: maybe d: maybe(value: 1) }')
    for query in (
        "{ choose(by: {}) }",
        "{ choose(by: {a: 1, b: null}) }",
        "{ maybe(value: null) }",
    ):
        check(schema, query, route=REFUSED)


def test_suggestions_are_hidden_where_the_schema_hides_them() -> None:
    config = strawberry.schema.config.StrawberryConfig(disable_field_suggestions=True)
    for schema in (strawberry.Schema(Query, config=config), strawberry.Schema(Query)):
        engine = Engine(schema)
        expected = schema.execute_sync("{ item { number } }")
        actual = engine.execute_sync("{ item { number } }")
        assert_same_result(actual, type(actual)(expected.data, expected.errors))


def test_selected_fields() -> None:
    seen: list[Any] = []

    @strawberry.type
    class Root:
        @strawberry.field
        def item(self, info: Info, by: int = 1) -> Item:
            path, raw = info.path.as_list(), info._raw_info
            seen.append((info.selected_fields, path, info.variable_values, info.return_type))
            seen.append((info.operation.name.value, info.query, info.schema is schema, raw._fields))
            return Item(number=by)

    schema = strawberry.Schema(Root)
    query = """query Q($n: Int!, $no: Boolean! = false) {
      a: item(by: $n) { x: number ...f @skip(if: $no) ... on Item { number @include(if: $no) } }
    } fragment f on Item { number }"""
    check(schema, query, Root(), variables={"n": 3})
    assert len(seen) == 18
    assert seen == seen[:2] * 9
