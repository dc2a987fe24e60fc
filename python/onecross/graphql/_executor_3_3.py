"""The executor for graphql-core 3.3."""

from collections.abc import Callable, Coroutine
from copy import copy
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLResolveInfo,
    OperationType,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution import Executor as CoreExecutor
from graphql.execution.execute import assume_not_async_iterable, assume_not_awaitable
from graphql.execution.executor import CollectedErrors
from graphql.execution.incremental import IncrementalExecutor
from graphql.pyutils import AwaitableOrValue
from graphql.pyutils import is_awaitable as core_is_awaitable

from onecross._core import Completion
from onecross.graphql._awaiting import Awaiting, Items, wait
from onecross.graphql._handover import (
    Answer,
    Preparation,
    is_usual,
    unless_usual,
    wrapping,
)
from onecross.graphql._items_3_3 import complete_items
from onecross.graphql._json_data import answer

__all__ = ["Executor"]

# The steps that say how an executor comes to be and what becomes of its result.
_OWN_STEPS = frozenset(
    {
        "__init__",
        "build",
        "build_per_event_executor",
        "execute_operation",
        "build_response",
        "finish",
    }
)


class Executor(IncrementalExecutor):
    """Executes operations by compiled plans, wherever graphql-core takes an `executor_class`.

    graphql-core chooses the operation and coerces its variables; the plan does the rest. What the
    engine cannot execute is executed by graphql-core as ever; so is everything when a class that
    extends this one has steps of its own, such as `execute_field` or `build_resolve_info`.

    The schema must not be changed once it has been executed.

    Example:
        ```python
        from graphql import build_schema, graphql_sync, parse, execute_sync
        from onecross.graphql import Executor

        schema = build_schema("type Query { greeting: String }")
        document = parse("{ greeting }")
        result = execute_sync(schema, document, {"greeting": "Hello"}, executor_class=Executor)
        assert result.data == {"greeting": "Hello"}
        ```
    """

    _info_class: type = GraphQLResolveInfo

    def execute_operation(self, serially: bool | None = None) -> AwaitableOrValue[Any]:
        """Execute the operation: by a plan if that can be, by graphql-core otherwise."""
        if self._can_begin(serially) and is_usual(type(self), self._ours(), _OWN_STEPS):
            answered = answer(self.schema, self.operation, self._preparation(serially))
            if answered is not None:
                return self._respond(answered)
        return super().execute_operation(serially)

    def _can_begin(self, serially: bool | None) -> bool:
        """Whether no signal has been given, and none would be looked for between two fields."""
        signal = self.abort_signal
        return signal is None or not (signal.aborted or self._is_serial(serially))

    def _is_serial(self, serially: bool | None) -> bool:
        return self.operation.operation == OperationType.MUTATION if serially is None else serially

    def _respond(self, answered: Answer | Completion) -> AwaitableOrValue[Any]:
        """Make the result of what the engine gave."""
        if isinstance(answered, Answer):
            return self.finish(self._result(*answered))
        if self.abort_signal is None:
            return answered
        return self.with_aborted_execution_error(answered)

    def _result(self, data: Any, errors: list[GraphQLError] | None) -> Any:
        if errors:
            self.collected_errors.errors.extend(errors)
        return self.build_response(data)

    def _awaiting(self) -> Awaiting | None:
        if self.is_awaitable is assume_not_awaitable:
            return None
        tells_async_iterables = self.is_async_iterable is not assume_not_async_iterable
        has_signal = self.abort_signal is not None
        return Awaiting(
            is_awaitable=self.is_awaitable,
            goes_by_class=self.is_awaitable in self._predicates_by_class(),
            is_async_iterable=self.is_async_iterable if tells_async_iterables else None,
            gathers_one=False,
            cancels=True,
            is_one_by_one=False,
            complete_items=self._complete_items,
            settle=self.settle_in_background,
            respond=self._result,
            wrap=self.with_abort_signal if has_signal else wait,
            wraps_coroutines=has_signal,
        )

    @classmethod
    def _predicates_by_class(cls) -> tuple[Callable[[Any], bool], ...]:
        """The predicates whose answer is the same for all instances of a class but generators."""
        return (core_is_awaitable,)

    def _complete_items(self, *arguments: Any) -> Coroutine[Any, Any, Items]:
        # Its errors are told apart from those of the engine.
        executor = copy(self)
        executor.collected_errors = CollectedErrors()
        return complete_items(executor, *arguments)

    @classmethod
    def _ours(cls) -> type[CoreExecutor[Any]]:
        """The class of onecross that this one is or extends."""
        return Executor

    def _preparation(self, serially: bool | None) -> Preparation:
        return Preparation(
            fragments=self.fragment_definitions,
            root_value=self.root_value,
            variable_values=self.variable_values,
            info_class=self._info_class,
            info_tail=self._info_tail(),
            field_resolver=unless_usual(self.field_resolver, default_field_resolver),
            type_resolver=unless_usual(self.type_resolver, default_type_resolver),
            middleware=wrapping(self.middleware_manager),
            hide_suggestions=self.hide_suggestions,
            errors_propagate=self.error_propagation,
            is_serial=self._is_serial(serially),
            awaiting=self._awaiting(),
        )

    def _info_tail(self) -> tuple[Any, ...]:
        """The part of `info` that is the same for all fields."""
        return (
            self.schema,
            self.fragment_definitions,
            self.root_value,
            self.operation,
            self.variable_values,
            self.context_value,
            self.is_awaitable,
            self.abort_signal,
            self.async_helpers,
        )
