"""The executor in graphql-core's place: the same answers, from `execute` and from frameworks."""

import asyncio
import gc
import weakref
from collections.abc import Callable
from typing import Any

import ariadne
import graphql
import pytest
from graphql import GraphQLError, GraphQLSchema, parse
from reference import assert_same_result, build, run

from onecross.graphql import Engine, Executor, execute, execute_sync, statistics

SDL = """
  interface Named { name: String }
  type Person implements Named { name: String age: Int! friends: [Person!] }
  type Query { me: Person named: Named people: [Person] slow(by: Int = 1): Int }
  type Mutation { first: Int! second: Int }
"""
ROOT = {
    "me": {"name": "Ada", "age": 36, "friends": [{"name": "Bob", "age": 1}, {"age": None}]},
    "named": {"__typename": "Person", "name": "Eve"},
    "people": [{"name": "Ada", "age": 36}, None, {"age": None}],
    "slow": lambda _info, by: by,
}
QUERY = (
    "query Q($by: Int) { me { name friends { age } } named { name } people { age } slow(by: $by) }"
)


def exclaim(next_: Callable[..., Any], source: Any, info: Any, **arguments: Any) -> Any:
    value = next_(source, info, **arguments)
    return f"{value}!" if isinstance(value, str) else value


OPTIONS: dict[str, dict[str, Any]] = {
    "none": {},
    "middleware": {"middleware": [exclaim]},
    "field_resolver": {"field_resolver": lambda source, info: source.get(info.field_name)},
    "type_resolver": {"type_resolver": lambda *_: "Person"},
    "hide_suggestions": {"hide_suggestions": True},
    "max_coercion_errors": {"max_coercion_errors": 1, "variable_values": {"by": "no"}},
    "unknown operation": {"operation_name": "Other"},
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_options_of_graphql_core(options: dict[str, Any]) -> None:
    schema, document = build(SDL), parse(QUERY)
    root = {**ROOT, "slow": 3} if "field_resolver" in options else ROOT
    given = {"variable_values": {"by": 2}, **options}
    expected = graphql.execute_sync(build(SDL), document, root, **given)
    for _ in range(2):
        assert_same_result(execute_sync(schema, document, root, **given), expected)
        assert_same_result(execute(schema, document, root, **given), expected)
    if "operation_name" not in options and expected.data is not None:
        assert statistics(schema).executed == 4


def test_middleware_has_a_say_in_the_names_of_types() -> None:
    schema, document = build(SDL), parse("{ __typename me { __typename } named { __typename } }")
    expected = graphql.execute_sync(build(SDL), document, ROOT, middleware=[exclaim])
    assert expected.data == {
        "__typename": "Query!",
        "me": {"__typename": "Person!"},
        "named": {"__typename": "Person!"},
    }
    assert_same_result(execute_sync(schema, document, ROOT, middleware=[exclaim]), expected)
    plain = graphql.execute_sync(build(SDL), document, ROOT)
    assert_same_result(execute_sync(schema, document, ROOT), plain)
    assert statistics(schema) == (2, {}, 1, 0)


async def later(value: Any) -> Any:
    await asyncio.sleep(0)
    if isinstance(value, Exception):
        raise value
    return value


AWAITED: dict[str, Callable[[], dict[str, Any]]] = {
    "a field": lambda: {"me": later(ROOT["me"]), "people": []},
    "items": lambda: {"people": [later({"age": 1}), {"age": later(2)}, later(None)]},
    "failing items": lambda: {"people": [later({"age": None}), {"age": later(ValueError("no"))}]},
    "a list": lambda: {"people": later([{"age": later(1)}, {"age": 2}])},
    "nothing": lambda: {"people": [{"age": 1}]},
    "what cannot be null": lambda: {"me": {"friends": [{"age": later(1)}, {"age": later(None)}]}},
}


@pytest.mark.parametrize("make_root", AWAITED.values(), ids=AWAITED)
def test_what_is_awaitable_is_awaited(make_root: Callable[[], dict[str, Any]]) -> None:
    async def answered(by: Callable[..., Any], schema: GraphQLSchema) -> Any:
        result = by(schema, parse("{ me { friends { age } } people { age } }"), make_root())
        return await result if graphql.pyutils.is_awaitable(result) else result

    schema = build(SDL)
    expected = run(answered(graphql.execute, build(SDL)))
    assert_same_result(run(answered(execute, schema)), expected)
    assert statistics(schema).executed == 1


@pytest.mark.parametrize("first", [1, None, ValueError("no")], ids=["value", "null", "error"])
def test_mutations_wait_for_each_other(first: Any) -> None:
    async def answered(by: Callable[..., Any]) -> tuple[Any, list[str]]:
        seen: list[str] = []

        async def one(_info: Any) -> Any:
            seen.append("begun")
            value = await later(first)
            seen.append("ended")
            return value

        root = {"first": one, "second": lambda _info: seen.append("second") or 2}
        return await by(build(SDL), parse("mutation { first second }"), root), seen

    expected, in_order = run(answered(graphql.execute))
    actual, ours = run(answered(execute))
    assert_same_result(actual, expected)
    assert ours == in_order


def test_a_class_with_steps_of_its_own_is_left_to_graphql_core() -> None:
    class Own(Executor):
        def build_resolve_info(self, *arguments: Any) -> Any:
            infos.append(arguments)
            return super().build_resolve_info(*arguments)

    class Kept(Executor):
        """Has nothing of its own."""

    infos: list[Any] = []
    schema, document = build(SDL), parse("{ me { name } }")
    name = "executor_class" if graphql.version_info >= (3, 3) else "execution_context_class"
    for executor_class, executed in ((Own, 0), (Kept, 1)):
        result = graphql.execute_sync(schema, document, ROOT, **{name: executor_class})
        assert result.data == {"me": {"name": "Ada"}}
        assert statistics(schema).executed == executed
    assert len(infos) == 2


def test_a_resolver_that_is_replaced_between_executions() -> None:
    schema, document = build(SDL), parse("{ me { name } }")
    field = schema.type_map["Person"].fields["name"]
    for resolver in (None, lambda *_: "first", lambda *_: "second", None):
        field.resolve = resolver
        expected = graphql.execute_sync(schema, document, ROOT)
        assert_same_result(execute_sync(schema, document, ROOT), expected)


def test_documents_and_schemas_are_not_kept_alive() -> None:
    schema, document = build(SDL), parse("{ me { name } }")
    execute_sync(schema, document, ROOT)
    assert statistics(schema).cached_documents == 1
    gone = weakref.ref(document.definitions[0])
    del document
    gc.collect()
    assert gone() is None
    assert statistics(schema).cached_documents == 0
    gone = weakref.ref(schema)
    del schema
    gc.collect()
    assert gone() is None


def test_an_interrupt_among_the_items_that_are_left_reaches_the_caller() -> None:
    def is_awaitable(value: Any) -> bool:
        if value == 2:
            raise KeyboardInterrupt
        return False

    def outcome(by: Callable[..., Any]) -> Any:
        root = {"numbers": iter([1, None, 2, 3])}
        try:
            return by(build(sdl), parse("{ numbers }"), root, is_awaitable=is_awaitable).formatted
        except KeyboardInterrupt:
            return "interrupted"

    sdl = "type Query { numbers: [Int!] }"
    expected = outcome(graphql.execute)
    assert (expected == "interrupted") is (graphql.version_info >= (3, 3))
    assert outcome(execute) == expected


def test_no_schema_and_no_document() -> None:
    schema = build(SDL)
    for arguments in ((None, parse("{ me { name } }")), (object(), parse("{ me { name } }"))):
        for by in (execute_sync, graphql.execute_sync):
            with pytest.raises((TypeError, AttributeError)):
                by(*arguments)
    for operation in ("subscription { me }", "query A { me { name } } query B { me { name } }"):
        document = parse(operation)
        expected = graphql.execute_sync(schema, document)
        assert isinstance(expected.errors[0], GraphQLError)
        assert_same_result(execute_sync(schema, document), expected)


def test_ariadne_takes_the_executor() -> None:
    query_type = ariadne.QueryType()
    query_type.set_field("greeting", lambda _source, _info, name: f"Hello, {name}!")
    schema = ariadne.make_executable_schema(
        "type Query { greeting(name: String!): String }", query_type
    )
    data = {
        "query": "query Q($name: String!) { greeting(name: $name) }",
        "variables": {"name": "A"},
    }
    expected = ariadne.graphql_sync(schema, data)
    assert ariadne.graphql_sync(schema, data, execution_context_class=Executor) == expected
    answer = ariadne.graphql(schema, data, execution_context_class=Executor)
    assert run(answer) == expected
    assert statistics(schema).executed == 2


def test_what_the_statistics_of_executors_count() -> None:
    schema = build(SDL)
    document: Any = parse("query One { slow } query Other { me { name } }")
    for name in ("One", "Other", "One"):
        execute_sync(schema, document, ROOT, operation_name=name)
    Engine(schema).execute_sync("{ slow }", ROOT)
    assert statistics(schema) == (3, {}, 2, 0)
    del document
    gc.collect()
    assert statistics(schema) == (3, {}, 0, 0)
