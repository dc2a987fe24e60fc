"""The executor for graphql-core 3.2."""

from collections.abc import Coroutine
from copy import copy
from importlib import import_module
from typing import Any

from graphql import (
    ExecutionContext,
    GraphQLError,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution.execute import CollectedErrors, assume_not_awaitable
from graphql.pyutils import AwaitableOrValue
from graphql.pyutils import is_awaitable as core_is_awaitable

from onecross.graphql._awaiting import Awaiting, Items, settle, wait
from onecross.graphql._handover import (
    Answer,
    Preparation,
    is_usual,
    unless_usual,
    wrapping,
)
from onecross.graphql._items_3_2 import complete_items, is_async_iterable
from onecross.graphql._json_data import answer

__all__ = ["Executor"]

# The steps that say how an executor comes to be and what becomes of its result.
_OWN_STEPS = frozenset({"__init__", "build", "execute_operation", "build_response"})


# graphql-core has this function twice.
_NOTHING_IS_AWAITABLE = (
    assume_not_awaitable,
    import_module("graphql.graphql").assume_not_awaitable,
)


class Executor(ExecutionContext):
    """Executes operations by plans, wherever graphql-core takes an `execution_context_class`.

    graphql-core chooses the operation and coerces its variables; the plan does the rest. What the
    engine cannot execute is executed by graphql-core as ever; so is everything when a class that
    extends this one has steps of its own, such as `execute_field` or `build_resolve_info`.

    The schema must not be changed once it has been executed.
    """

    def execute_operation(
        self, operation: OperationDefinitionNode, root_value: Any
    ) -> AwaitableOrValue[Any] | None:
        """Execute the operation: by a plan if that can be, by graphql-core otherwise."""
        if is_usual(type(self), Executor, _OWN_STEPS):
            preparation = self._preparation(operation, root_value)
            answered = answer(self.schema, operation, preparation)
            if answered is not None:
                return self._data(*answered) if isinstance(answered, Answer) else answered
        return super().execute_operation(operation, root_value)

    def _data(self, data: Any, errors: list[GraphQLError] | None) -> Any:
        if errors:
            self.collected_errors.errors.extend(errors)
        return data

    def _awaiting(self) -> Awaiting | None:
        if self.is_awaitable in _NOTHING_IS_AWAITABLE:
            return None
        return Awaiting(
            is_awaitable=self.is_awaitable,
            goes_by_class=self.is_awaitable is core_is_awaitable,
            is_async_iterable=is_async_iterable,
            gathers_one=True,
            cancels=False,
            is_one_by_one=True,
            complete_items=self._complete_items,
            settle=settle,
            respond=self._data,
            wrap=wait,
        )

    def _complete_items(self, *arguments: Any) -> Coroutine[Any, Any, Items]:
        # Its errors are told apart from those of the engine.
        executor = copy(self)
        executor.collected_errors = CollectedErrors()
        return complete_items(executor, *arguments)

    def _preparation(self, operation: OperationDefinitionNode, root_value: Any) -> Preparation:
        info_tail = (
            self.schema,
            self.fragments,
            self.root_value,
            operation,
            self.variable_values,
            self.context_value,
            self.is_awaitable,
        )
        return Preparation(
            fragments=self.fragments,
            root_value=root_value,
            variable_values=self.variable_values,
            info_class=GraphQLResolveInfo,
            info_tail=info_tail,
            field_resolver=unless_usual(self.field_resolver, default_field_resolver),
            type_resolver=unless_usual(self.type_resolver, default_type_resolver),
            middleware=wrapping(self.middleware_manager),
            hide_suggestions=False,
            errors_propagate=True,
            is_serial=False,
            awaiting=self._awaiting(),
        )
