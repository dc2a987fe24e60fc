"""Lists that come item by item, as graphql-core 3.2 completes them."""

from collections.abc import AsyncIterable
from typing import Any

from graphql import (
    ExecutionContext,
    GraphQLResolveInfo,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution.execute import CollectedErrors
from graphql.pyutils import Path, is_iterable

from onecross.graphql._awaiting import Items, item_type

__all__ = ["complete_items", "executor_of", "is_async_iterable"]


def is_async_iterable(value: Any) -> bool:
    """Whether a value is a list that comes item by item; other lists are no such."""
    return not is_iterable(value) and isinstance(value, AsyncIterable)


async def complete_items(
    executor: ExecutionContext,
    value: Any,
    type_: Any,
    lists: int,
    info: GraphQLResolveInfo,
    path: Path,
    _fragment_variables: None,
) -> Items:
    """Complete a list that comes item by item, as graphql-core does, and what its items await."""
    errors = executor.collected_errors.errors
    try:
        completed: Any = executor.complete_value(
            item_type(type_, lists), info.field_nodes, info, path, value
        )
        # graphql-core itself awaits it once, and leaves in the data what is awaited in the items.
        while executor.is_awaitable(completed):
            completed = await completed
    except Exception as error:  # noqa: BLE001 - as graphql-core takes them
        return None, errors, error
    return completed, errors, None


def executor_of(info: GraphQLResolveInfo) -> ExecutionContext:
    """What graphql-core would have made for an execution, by what its resolvers are told."""
    return ExecutionContext(
        info.schema,
        info.fragments,
        info.root_value,
        info.context,
        info.operation,
        info.variable_values,
        default_field_resolver,
        default_type_resolver,
        default_field_resolver,
        CollectedErrors(),
        middleware_manager=None,
        is_awaitable=info.is_awaitable,
    )
