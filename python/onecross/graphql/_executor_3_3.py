"""The executor for graphql-core 3.3."""

from asyncio import CancelledError
from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLResolveInfo,
    OperationType,
    Undefined,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution import Executor as CoreExecutor
from graphql.execution.collect_fields import FieldDetails, collect_fields
from graphql.execution.execute import assume_not_async_iterable, assume_not_awaitable
from graphql.execution.executor import invalid_return_type_error
from graphql.execution.incremental import IncrementalExecutor
from graphql.pyutils import AwaitableOrValue, Path, gather_with_cancel
from graphql.pyutils import is_awaitable as core_is_awaitable

from onecross.graphql._handover import (
    Answer,
    Awaiting,
    Preparation,
    hand_over,
    is_usual,
    unless_usual,
    wrapping,
)
from onecross.graphql._later import Gathering, Later, Waiting, at_once, fail, fill
from onecross.graphql._stepping import Stepping, stepping

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


_GATHERING = Gathering(gather_with_cancel, is_for_one=False)


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
    _hand_over = staticmethod(hand_over)

    def execute_operation(self, serially: bool | None = None) -> AwaitableOrValue[Any]:
        """Execute the operation: by a plan if that can be, by graphql-core otherwise."""
        if self._can_begin(serially) and is_usual(type(self), self._ours(), _OWN_STEPS):
            preparation = self._preparation(serially)
            try:
                answer = self._hand_over(self.schema, self.operation, preparation)
            except CancelledError as error:
                return fail(error)
            if answer is not None:
                return self._respond(answer)
        return super().execute_operation(serially)

    def _can_begin(self, serially: bool | None) -> bool:
        """Whether no signal has been given, and none would be looked for between two fields."""
        signal = self.abort_signal
        return signal is None or not (signal.aborted or self._is_serial(serially))

    def _is_serial(self, serially: bool | None) -> bool:
        return self.operation.operation == OperationType.MUTATION if serially is None else serially

    def _respond(self, answer: Answer) -> AwaitableOrValue[Any]:
        """Make the result of what the engine gave; what it left is still to be completed."""
        if answer.errors:
            self.collected_errors.errors.extend(answer.errors)
        if answer.later is None:
            return self._finish_at_once(answer)
        kept, abandoned = answer.later
        nulled = self.collected_errors._error_positions  # noqa: SLF001 - it tells errors without
        nulled.update(later.path for later in abandoned if isinstance(later, Later))
        if abandoned:
            self.settle_in_background(
                [later.coroutine if isinstance(later, Later) else later for later in abandoned]
            )
        if not any(place and place[0] for place in kept):
            return self._finish_at_once(answer)
        if self.abort_signal is None:
            return Waiting(
                self._finish(answer, kept), [place[0] for place in kept if place and place[0]]
            )
        return self.with_aborted_execution_error(self._finish(answer, kept))

    def _finish_at_once(self, answer: Answer) -> AwaitableOrValue[Any]:
        result = self.finish(self.build_response(answer.data))
        return at_once(result) if answer.has_begun else result

    async def _finish(self, answer: Answer, kept: list[tuple[Any, ...] | None]) -> Any:
        """Complete what is awaited, then what a serial execution has not begun yet."""
        data: dict[str, Any] | None = answer.data
        try:
            if not await fill(kept, self.collected_errors.add, _GATHERING):
                data = None
            elif data is not None:
                await self._execute_the_rest(data, answer.begun)
        except GraphQLError as error:
            self.collected_errors.add(error, None)
            data = None
        return self.build_response(data)

    async def _execute_the_rest(self, data: dict[str, Any], begun: int) -> None:
        """Execute the fields of the root that waited for the first ones, one after another."""
        root_type = self.schema.get_root_type(self.operation.operation)
        assert root_type is not None
        collected = collect_fields(
            self.schema,
            self.fragments,
            self.variable_values,
            root_type,
            self.operation,
            self.hide_suggestions,
        )
        known = [
            (name, details)
            for name, details in collected.grouped_field_set.items()
            if self.schema.get_field(root_type, details[0].node.name.value) is not None
        ]
        for name, details in known[begun:]:
            path = Path(None, name, root_type.name)
            result = self.execute_field(root_type, self.root_value, details, path, None)
            if self.is_awaitable(result):
                result = await result
            if result is not Undefined:
                data[name] = result

    def _awaiting(self) -> Awaiting | None:
        if self.is_awaitable is assume_not_awaitable:
            return None
        tells_async_iterables = self.is_async_iterable is not assume_not_async_iterable
        return Awaiting(
            is_awaitable=self.is_awaitable,
            goes_by_class=self.is_awaitable in self._predicates_by_class(),
            is_async_iterable=self.is_async_iterable if tells_async_iterables else None,
            gathers_one=_GATHERING.is_for_one,
            cancels=True,
            stepping=self._stepping(),
            complete=self._complete_later,
        )

    def _stepping(self) -> Stepping | None:
        is_mutation = self.operation.operation is OperationType.MUTATION
        return None if is_mutation or self.abort_signal is not None else stepping()

    @classmethod
    def _predicates_by_class(cls) -> tuple[Callable[[Any], bool], ...]:
        """The predicates whose answer is the same for all instances of a class but generators."""
        return (core_is_awaitable,)

    def _complete_later(
        self,
        kind: str,
        value: Any,
        awaited: Any,
        type_: Any,
        definition: Any,
        info: GraphQLResolveInfo[Any],
        path: Path,
        fragment_variables: list[Any] | None,
    ) -> Later:
        """Complete a value, or a value whose type or items are awaited."""
        nodes = info.field_nodes
        details = [
            FieldDetails(node, None, variables)
            for node, variables in zip(
                nodes, fragment_variables or [None] * len(nodes), strict=True
            )
        ]
        if kind == "value":
            completed = self.complete_awaitable_value(type_, details, info, path, value, None)
        else:
            completed = self._complete_known(
                kind, value, awaited, type_, definition, details, info, path
            )
        return Later(completed, path)

    async def _complete_known(
        self,
        kind: str,
        value: Any,
        awaited: Any,
        type_: Any,
        definition: Any,
        details: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
    ) -> Any:
        completed: Any
        try:
            if kind == "items":
                completed = self.complete_value(type_, details, info, path, value, None)
            elif kind == "type name":
                object_type = self.ensure_valid_runtime_type(
                    await awaited, definition, details, info, value
                )
                completed = self.complete_object_value(
                    object_type, details, info, path, value, None
                )
            elif not await awaited:
                raise invalid_return_type_error(definition, value, details)
            else:
                completed = self.collect_and_execute_subfields(
                    definition, details, path, value, None
                )
            return await completed if self.is_awaitable(completed) else completed
        except Exception as error:  # noqa: BLE001 - as graphql-core takes them
            self.handle_field_error(error, type_, details, path)
            return None

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
