"""The executor for graphql-core 3.2."""

from asyncio import CancelledError, gather
from collections.abc import AsyncIterable
from importlib import import_module
from typing import Any

from graphql import (
    ExecutionContext,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    OperationType,
    default_field_resolver,
    default_type_resolver,
    located_error,
)
from graphql.execution.execute import assume_not_awaitable, invalid_return_type_error
from graphql.pyutils import AwaitableOrValue, Path, is_iterable
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
from onecross.graphql._stepping import stepping

__all__ = ["Executor"]

# The steps that say how an executor comes to be and what becomes of its result.
_OWN_STEPS = frozenset({"__init__", "build", "execute_operation", "build_response"})


_GATHERING = Gathering(gather, is_for_one=True)
# graphql-core has this function twice.
_NOTHING_IS_AWAITABLE = (
    assume_not_awaitable,
    import_module("graphql.graphql").assume_not_awaitable,
)


def _is_async_iterable(value: Any) -> bool:
    """Whether a value is a list that comes item by item; other lists are no such."""
    return not is_iterable(value) and isinstance(value, AsyncIterable)


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
            try:
                answer = hand_over(self.schema, operation, preparation)
            except CancelledError as error:
                return fail(error)
            if answer is not None:
                return self._respond(answer)
        return super().execute_operation(operation, root_value)

    def _respond(self, answer: Answer) -> AwaitableOrValue[Any] | None:
        if answer.errors:
            self.collected_errors.errors.extend(answer.errors)
        if answer.later is None:
            return at_once(answer.data) if answer.has_begun else answer.data
        kept, abandoned = answer.later
        for later in abandoned:
            if isinstance(later, Later):
                later.close()
        if not any(place and place[0] for place in kept):
            return at_once(answer.data) if answer.has_begun else answer.data
        return Waiting(
            self._finish(answer, kept), [place[0] for place in kept if place and place[0]]
        )

    async def _finish(self, answer: Answer, kept: list[tuple[Any, ...] | None]) -> Any:
        """Complete what is awaited."""
        one_by_one = self._is_mutation()
        has_data = await fill(kept, self.collected_errors.add, _GATHERING, one_by_one=one_by_one)
        return answer.data if has_data else None

    def _is_mutation(self) -> bool:
        return self.operation.operation == OperationType.MUTATION

    def _awaiting(self) -> Awaiting | None:
        if self.is_awaitable in _NOTHING_IS_AWAITABLE:
            return None
        return Awaiting(
            is_awaitable=self.is_awaitable,
            goes_by_class=self.is_awaitable is core_is_awaitable,
            is_async_iterable=_is_async_iterable,
            gathers_one=_GATHERING.is_for_one,
            cancels=False,
            stepping=None if self._is_mutation() else stepping(),
            complete=self._complete_later,
        )

    def _complete_later(
        self,
        kind: str,
        value: Any,
        awaited: Any,
        type_: Any,
        definition: Any,
        info: GraphQLResolveInfo,
        path: Path,
        _fragment_variables: None,
    ) -> Later:
        """Complete a value, or a value whose type or items are awaited."""
        completed = self._complete_known(kind, value, awaited, type_, definition, info, path)
        return Later(completed, path)

    async def _complete_known(
        self,
        kind: str,
        value: Any,
        awaited: Any,
        type_: Any,
        definition: Any,
        info: GraphQLResolveInfo,
        path: Path,
    ) -> Any:
        nodes = info.field_nodes
        completed: Any
        try:
            if kind == "value":
                completed = self.complete_value(type_, nodes, info, path, await value)
            elif kind == "items":
                completed = self.complete_value(type_, nodes, info, path, value)
            elif kind == "type name":
                object_type = self.ensure_valid_runtime_type(
                    await awaited, definition, nodes, info, value
                )
                completed = self.complete_object_value(object_type, nodes, info, path, value)
            elif not await awaited:
                raise invalid_return_type_error(definition, value, nodes)
            else:
                fields = self.collect_subfields(definition, nodes)
                completed = self.execute_fields(definition, value, path, fields)
            return await completed if self.is_awaitable(completed) else completed
        except Exception as error:  # noqa: BLE001 - as graphql-core takes them
            located = located_error(error, nodes, path.as_list())
            self.handle_field_error(located, type_, path)
            return None

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
