"""The `execute` functions of graphql-core 3.2, with the executor of onecross."""

from collections.abc import AsyncIterator, Callable
from inspect import isawaitable
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionContext,
    ExecutionResult,
    GraphQLFieldResolver,
    GraphQLSchema,
    GraphQLTypeResolver,
)
from graphql import execute as core_execute
from graphql import execute_sync as core_execute_sync
from graphql.execution import MapAsyncIterator, Middleware, create_source_event_stream
from graphql.pyutils import AwaitableOrValue

from onecross.graphql._executor_3_2 import Executor

__all__ = ["execute", "execute_sync", "subscribe"]


def execute(
    schema: GraphQLSchema,
    document: DocumentNode,
    root_value: Any = None,
    context_value: Any = None,
    variable_values: dict[str, Any] | None = None,
    operation_name: str | None = None,
    field_resolver: GraphQLFieldResolver | None = None,
    type_resolver: GraphQLTypeResolver | None = None,
    subscribe_field_resolver: GraphQLFieldResolver | None = None,
    max_coercion_errors: int = 50,
    middleware: Middleware | None = None,
    execution_context_class: type[ExecutionContext] | None = None,
    is_awaitable: Callable[[Any], bool] | None = None,
    hide_suggestions: bool = False,
) -> AwaitableOrValue[ExecutionResult]:
    """Execute an operation as graphql-core's own `execute` does, by a compiled plan.

    Arguments, result and errors are those of `graphql.execute`; see `Executor` for what is left
    to it.
    """
    return core_execute(
        schema,
        document,
        root_value,
        context_value,
        variable_values,
        operation_name,
        field_resolver,
        type_resolver,
        subscribe_field_resolver,
        max_coercion_errors,
        middleware,
        execution_context_class or Executor,
        is_awaitable,
        hide_suggestions,
    )


def execute_sync(
    schema: GraphQLSchema,
    document: DocumentNode,
    root_value: Any = None,
    context_value: Any = None,
    variable_values: dict[str, Any] | None = None,
    operation_name: str | None = None,
    field_resolver: GraphQLFieldResolver | None = None,
    type_resolver: GraphQLTypeResolver | None = None,
    max_coercion_errors: int = 50,
    middleware: Middleware | None = None,
    execution_context_class: type[ExecutionContext] | None = None,
    check_sync: bool = False,
    hide_suggestions: bool = False,
) -> ExecutionResult:
    """Execute an operation as graphql-core's own `execute_sync` does, by a compiled plan.

    Arguments, result and errors are those of `graphql.execute_sync`; see `Executor` for what is
    left to it.
    """
    return core_execute_sync(
        schema,
        document,
        root_value,
        context_value,
        variable_values,
        operation_name,
        field_resolver,
        type_resolver,
        max_coercion_errors,
        middleware,
        execution_context_class or Executor,
        check_sync,
        hide_suggestions,
    )


async def subscribe(
    schema: GraphQLSchema,
    document: DocumentNode,
    root_value: Any = None,
    context_value: Any = None,
    variable_values: dict[str, Any] | None = None,
    operation_name: str | None = None,
    field_resolver: GraphQLFieldResolver | None = None,
    subscribe_field_resolver: GraphQLFieldResolver | None = None,
    max_coercion_errors: int = 50,
    hide_suggestions: bool = False,
) -> AsyncIterator[ExecutionResult] | ExecutionResult:
    """Create a subscription as graphql-core's own `subscribe` does, its events executed by plans.

    Arguments, result and errors are those of `graphql.subscribe`; see `Executor` for what is left
    to it.
    """
    # That of graphql-core takes no class of execution contexts.
    stream = await create_source_event_stream(
        schema,
        document,
        root_value,
        context_value,
        variable_values,
        operation_name,
        subscribe_field_resolver,
        max_coercion_errors,
        hide_suggestions,
    )
    if isinstance(stream, ExecutionResult):
        return stream

    async def respond(payload: Any) -> ExecutionResult:
        result = execute(
            schema,
            document,
            payload,
            context_value,
            variable_values,
            operation_name,
            field_resolver,
            hide_suggestions=hide_suggestions,
        )
        return await result if isawaitable(result) else result

    return MapAsyncIterator(stream, respond)
