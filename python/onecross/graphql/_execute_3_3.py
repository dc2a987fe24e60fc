"""The `execute` functions of graphql-core 3.3, with the executor of onecross."""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from typing import Any, TypeGuard

from graphql import (
    DocumentNode,
    ExecutionHooks,
    ExecutionResult,
    GraphQLFieldResolver,
    GraphQLSchema,
    GraphQLTypeResolver,
    MiddlewareManager,
)
from graphql import execute as core_execute
from graphql import execute_sync as core_execute_sync
from graphql import subscribe as core_subscribe
from graphql.execution import Executor as CoreExecutor
from graphql.execution import Middleware
from graphql.pyutils import AbortSignal, AwaitableOrValue

from onecross.graphql._executor_3_3 import Executor

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
    enable_early_execution: bool = False,
    middleware: Middleware | None = None,
    executor_class: type[CoreExecutor[Any]] | None = None,
    is_awaitable: Callable[[Any], TypeGuard[Awaitable[Any]]] | None = None,
    is_async_iterable: Callable[[Any], TypeGuard[AsyncIterable[Any]]] | None = None,
    hide_suggestions: bool = False,
    abort_signal: AbortSignal | None = None,
    hooks: ExecutionHooks | None = None,
    **custom_context_args: Any,
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
        enable_early_execution,
        middleware,
        executor_class or Executor,
        is_awaitable,
        is_async_iterable,
        hide_suggestions,
        abort_signal,
        hooks,
        **custom_context_args,
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
    executor_class: type[CoreExecutor[Any]] | None = None,
    check_sync: bool = False,
    hide_suggestions: bool = False,
    abort_signal: AbortSignal | None = None,
    hooks: ExecutionHooks | None = None,
) -> ExecutionResult:
    """Execute an operation as graphql-core's own `execute_sync` does, by a compiled plan.

    Arguments, result and errors are those of `graphql.execute_sync`; see `Executor` for what is
    left to it.

    Example:
        ```python
        from graphql import build_schema, parse
        from onecross.graphql import execute_sync

        schema = build_schema("type Query { greeting: String }")
        result = execute_sync(schema, parse("{ greeting }"), {"greeting": "Hello"})
        assert result.data == {"greeting": "Hello"}
        ```
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
        executor_class or Executor,
        check_sync,
        hide_suggestions,
        abort_signal,
        hooks,
    )


def subscribe(
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
    enable_early_execution: bool = False,
    executor_class: type[CoreExecutor[Any]] | None = None,
    middleware: MiddlewareManager | None = None,
    hide_suggestions: bool = False,
    **custom_context_args: Any,
) -> AwaitableOrValue[AsyncIterator[ExecutionResult] | ExecutionResult]:
    """Create a subscription as graphql-core's own `subscribe` does, its events executed by plans.

    Arguments, result and errors are those of `graphql.subscribe`; see `Executor` for what is left
    to it.

    Example:
        ```python
        import asyncio

        from graphql import build_schema, parse
        from onecross.graphql import subscribe

        schema = build_schema("type Query { now: Int } type Subscription { tick: Int }")

        async def ticks(root, info):
            for number in range(2):
                yield {"tick": number}

        async def main():
            document = parse("subscription { tick }")
            events = subscribe(schema, document, subscribe_field_resolver=ticks)
            return [event.data async for event in events]

        assert asyncio.run(main()) == [{"tick": 0}, {"tick": 1}]
        ```
    """
    return core_subscribe(
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
        enable_early_execution,
        executor_class or Executor,
        middleware,
        hide_suggestions,
        **custom_context_args,
    )
