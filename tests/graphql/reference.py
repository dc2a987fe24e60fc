"""The reference: a request answered by graphql-core and by the engine, and the answers compared."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    build_schema,
    graphql_sync,
    version_info,
)

from onecross.graphql import Engine, JsonResult

if TYPE_CHECKING:
    import strawberry

# The name by which this line of graphql-core calls the code of a scalar or an enum.
LEAF_METHOD = "coerce_output_value" if version_info >= (3, 3) else "serialize"

# Where a request goes; any other text is the reason why it is left to graphql-core.
ENGINE = "the engine"
REFUSED = "nowhere: it is not executed"


class Request(NamedTuple):
    """What is asked of a schema."""

    query: Any
    root_value: Any = None
    context_value: Any = None
    variable_values: dict[str, Any] | None = None
    operation_name: str | None = None


def build(sdl: str, resolvers: dict[str, Callable[..., Any]] | None = None) -> GraphQLSchema:
    """Build a schema whose fields, named `Type.field`, have those resolvers."""
    schema = build_schema(sdl)
    for place, resolver in (resolvers or {}).items():
        type_name, field_name = place.split(".")
        schema.type_map[type_name].fields[field_name].resolve = resolver
    return schema


def check(
    schema: "GraphQLSchema | strawberry.Schema",
    query: Any,
    root: Any = None,
    *,
    make_root: Callable[[], Any] | None = None,
    context: Any = None,
    variables: dict[str, Any] | None = None,
    operation_name: str | None = None,
    route: str = ENGINE,
) -> ExecutionResult:
    """Assert that the engine answers as graphql-core does, in both forms, plan cold and warm.

    Args:
        schema: The schema.
        query: The document.
        root: The root value.
        make_root: Makes the root value of each execution, where one cannot serve several.
        context: The context value.
        variables: The values of the variables.
        operation_name: The name of the operation.
        route: Where the request must go, so that no fallback can hide a defect.

    Returns:
        The reference's answer, for what a test wants to see with its own eyes.
    """

    def request() -> Request:
        root_value = root if make_root is None else make_root()
        return Request(query, root_value, context, variables, operation_name)

    expected = answer_of_reference(schema, request())
    engine = Engine(schema)
    for number in range(4):
        if number % 2 == 0:
            engine.clear_cache()
        assert_same_result(engine.execute_sync(*request()), expected)
        if number % 2 == 0:
            engine.clear_cache()
        assert_same_json(engine.execute_json_sync(*request()), expected, route == REFUSED)
    assert_route(engine, route, 8)
    return expected


def answer_of_reference(
    schema: "GraphQLSchema | strawberry.Schema", request: Request
) -> ExecutionResult:
    """Have a request answered by graphql-core, or by Strawberry where the schema is its own."""
    if isinstance(schema, GraphQLSchema):
        return graphql_sync(schema, **{"source": request.query, **keywords(request)})
    result = schema.execute_sync(request.query, **keywords(request))
    return ExecutionResult(result.data, result.errors, result.extensions or None)


def keywords(request: Request) -> dict[str, Any]:
    """All of a request but the document."""
    return {name: value for name, value in request._asdict().items() if name != "query"}


def assert_route(engine: Engine, route: str, count: int) -> None:
    """Assert that all requests to an engine went the same way."""
    statistics = engine.statistics
    executed = count if route == ENGINE else 0
    fallbacks = {} if route in (ENGINE, REFUSED) else {route: count}
    assert (statistics.executed, statistics.fallbacks) == (executed, fallbacks)


def assert_same_result(actual: ExecutionResult, expected: ExecutionResult) -> None:
    """Assert that two results are equal, in the order of keys and the types of leaves too."""
    assert type(actual) is ExecutionResult
    assert exactly(actual.data) == exactly(expected.data)
    assert_same_errors(actual.errors, expected.errors)
    assert (actual.extensions or None) == (expected.extensions or None)


def assert_same_json(actual: JsonResult, expected: ExecutionResult, is_request_error: bool) -> None:
    """Assert that a response is the JSON of a result."""
    assert bytes(actual) == body_of(expected, is_request_error)
    assert_same_errors(actual.errors, expected.errors)
    assert (actual.extensions or None) == (expected.extensions or None)
    assert actual.is_request_error is is_request_error


def body_of(result: ExecutionResult, is_request_error: bool = False) -> bytes:
    """The JSON of a result, as the standard library writes it."""
    body: dict[str, Any] = {} if is_request_error else {"data": result.data}
    if result.errors:
        body["errors"] = [error.formatted for error in result.errors]
    if result.extensions:
        body["extensions"] = result.extensions
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def exactly(value: Any) -> Any:
    """A value made comparable with what `==` overlooks: types, order of keys, `-0.0`, errors."""
    if isinstance(value, dict):
        return (type(value), [(key, exactly(item)) for key, item in value.items()])
    if isinstance(value, list | tuple):
        return (type(value), [exactly(item) for item in value])
    if isinstance(value, float):
        return (type(value), repr(value))
    if isinstance(value, BaseException):
        # Each execution has made its own.
        return (type(value), exactly(value.args))
    return (type(value), value)


def assert_same_errors(
    actual: list[GraphQLError] | None, expected: list[GraphQLError] | None
) -> None:
    """Assert that the same errors occurred, in the same order."""
    assert facts_of(actual) == facts_of(expected)


def facts_of(errors: list[GraphQLError] | None) -> Any:
    """All that a user can see of errors."""
    return errors and [
        {
            "type": type(error),
            "shown": str(error),
            "formatted": exactly(error.formatted),
            "locations": error.locations,
            "positions": error.positions,
            "source": error.source and error.source.name,
            "nodes": error.nodes,
            "extensions": error.extensions,
            "original": type(error.original_error),
            "arguments": repr(getattr(error.original_error, "args", None)),
            "cause": type(error.__cause__),
        }
        for error in errors
    ]


def run(answer: Awaitable[Any]) -> Any:
    """Await an answer in a loop of its own, that is nobody's current loop before or after."""

    async def awaited() -> Any:
        return await answer

    with closing(asyncio.new_event_loop()) as loop:
        try:
            return loop.run_until_complete(awaited())
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
