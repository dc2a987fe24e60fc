"""Strawberry's own executor, with the plans of onecross."""

from collections.abc import Callable
from typing import Any

from graphql.execution import Executor as CoreExecutor
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.schema.schema import (
    StrawberryGraphQLCoreExecutionContext,
    _OperationContextAwareGraphQLResolveInfo,
)

from onecross.graphql._executor_3_3 import Executor as PlanExecutor

__all__ = ["INFO_CLASS", "Executor"]

INFO_CLASS = _OperationContextAwareGraphQLResolveInfo


class Executor(PlanExecutor, StrawberryGraphQLCoreExecutionContext):
    """Executes operations by compiled plans, as the `execution_context_class` of a schema.

    Strawberry parses, validates and runs its extensions as ever; the plan does the rest, for
    queries, mutations and the events of subscriptions. What the engine cannot execute is executed
    by Strawberry's own executor; so is everything when a class that extends this one has steps of
    its own, such as `execute_field` or `build_resolve_info`.

    Example:
        ```python
        import strawberry
        from onecross.graphql.strawberry import Executor

        @strawberry.type
        class Query:
            greeting: str = "Hello"

        schema = strawberry.Schema(Query, execution_context_class=Executor)
        assert schema.execute_sync("{ greeting }", root_value=Query()).data == {"greeting": "Hello"}
        ```
    """

    _info_class = INFO_CLASS

    @classmethod
    def _ours(cls) -> type[CoreExecutor[Any]]:
        return Executor

    @classmethod
    def _predicates_by_class(cls) -> tuple[Callable[[Any], bool], ...]:
        return (*super()._predicates_by_class(), optimized_is_awaitable)

    def _info_tail(self) -> tuple[Any, ...]:
        """The part of `info` that is the same for all fields, with Strawberry's own additions."""
        schema, fragments, root_value, operation, _variables, *rest = super()._info_tail()
        variables = self.variable_values.coerced
        shared = (schema, fragments, root_value, operation, variables, *rest)
        return (*shared, self.operation_extensions)
