"""Executes a document without an executor, until something needs one."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLSchema,
    MiddlewareManager,
    OperationDefinitionNode,
    OperationType,
    default_field_resolver,
    default_type_resolver,
)
from graphql import execute as core_execute
from graphql.execution import get_variable_values
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.execute import assume_not_async_iterable
from graphql.execution.values import VariableValues
from graphql.pyutils import AwaitableOrValue
from graphql.pyutils import is_async_iterable as core_is_async_iterable
from graphql.type.definition import GraphQLResolveInfoHelpers
from graphql.type.directives import GraphQLDisableErrorPropagationDirective
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from onecross.graphql._awaiting import Awaiting, settle, wait
from onecross.graphql._handover import Answer, Preparation, wrapping
from onecross.graphql._json_data import answer
from onecross.graphql._runtime import MAX_COERCION_ERRORS
from onecross.graphql.strawberry._executor import INFO_CLASS, Executor

__all__ = ["execute"]


def execute(
    schema: GraphQLSchema,
    document: DocumentNode,
    *,
    root_value: Any,
    middleware: MiddlewareManager,
    variable_values: dict[str, Any] | None,
    operation_name: str | None,
    context_value: Any,
    is_awaitable: Callable[[Any], bool],
    executor_class: type[Any],
    operation_extensions: dict[str, Any] | None,
    is_async_iterable: Callable[[Any], bool] | None = None,
) -> AwaitableOrValue[Any]:
    """Execute an operation as graphql-core does, for Strawberry's arguments.

    Whatever is unusual, errors of a request among that, is left to graphql-core's own function.
    """
    chosen = _choose(document, operation_name)
    if chosen is not None and executor_class is Executor and is_awaitable is optimized_is_awaitable:
        operation, fragments = chosen
        variables = get_variable_values(
            schema,
            operation.variable_definitions or (),
            variable_values or {},
            max_errors=MAX_COERCION_ERRORS,
        )
        if not isinstance(variables, list):
            return _Execution(
                schema,
                operation,
                fragments,
                variables,
                root_value,
                context_value,
                middleware,
                is_async_iterable or core_is_async_iterable,
                operation_extensions,
            ).run()
    return core_execute(
        schema,
        document,
        root_value=root_value,
        middleware=middleware,
        variable_values=variable_values,
        operation_name=operation_name,
        context_value=context_value,
        is_awaitable=is_awaitable,  # type: ignore[arg-type]
        executor_class=executor_class,
        operation_extensions=operation_extensions,
        is_async_iterable=is_async_iterable,  # type: ignore[arg-type]
    )


class _Chosen(NamedTuple):
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]


def _choose(document: DocumentNode, name: str | None) -> _Chosen | None:
    """The operation of that name or the only one, unless graphql-core has more to say to that."""
    operation = None
    fragments = {}
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            if name is None:
                if operation is not None:
                    return None
                operation = definition
            elif definition.name is not None and definition.name.value == name:
                operation = definition
        elif isinstance(definition, FragmentDefinitionNode):
            if definition.variable_definitions:
                return None
            fragments[definition.name.value] = definition
    return None if operation is None else _Chosen(operation, fragments)


@dataclass(eq=False)
class _Execution:
    """An execution, whose executor is made when something cannot do without it."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    variables: VariableValues
    root_value: Any
    context_value: Any
    middleware: MiddlewareManager
    is_async_iterable: Callable[[Any], bool]
    operation_extensions: dict[str, Any] | None

    def run(self) -> AwaitableOrValue[Any]:
        """Execute by a plan if that can be, by graphql-core otherwise."""
        answered = answer(self.schema, self.operation, self._preparation())
        if answered is None:
            return StrawberryGraphQLCoreExecutionContext.execute_operation(self.executor)
        return ExecutionResult(*answered) if isinstance(answered, Answer) else answered

    @cached_property
    def executor(self) -> Executor:
        """What graphql-core would have made before it began."""
        details = {
            name: FragmentDetails(fragment, None) for name, fragment in self.fragments.items()
        }
        return Executor(
            self.schema,
            self.fragments,
            details,
            self.root_value,
            self.context_value,
            self.operation,
            self.variables,
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
            middleware_manager=self.middleware,
            is_awaitable=optimized_is_awaitable,
            is_async_iterable=self.is_async_iterable,
            operation_extensions=self.operation_extensions,
        )

    def _preparation(self) -> Preparation:
        tells_async_iterables = self.is_async_iterable is not assume_not_async_iterable
        return Preparation(
            fragments=self.fragments,
            root_value=self.root_value,
            variable_values=self.variables,
            info_class=INFO_CLASS,
            info_tail=(
                self.schema,
                self.fragments,
                self.root_value,
                self.operation,
                self.variables.coerced,
                self.context_value,
                optimized_is_awaitable,
                None,
                GraphQLResolveInfoHelpers(gather=self._gather, track=self._track),
                self.operation_extensions,
            ),
            field_resolver=None,
            type_resolver=None,
            middleware=wrapping(self.middleware),
            hide_suggestions=False,
            errors_propagate=not any(
                directive.name.value == GraphQLDisableErrorPropagationDirective.name
                for directive in self.operation.directives or ()
            ),
            is_serial=self.operation.operation is OperationType.MUTATION,
            awaiting=Awaiting(
                is_awaitable=optimized_is_awaitable,
                goes_by_class=True,
                is_async_iterable=self.is_async_iterable if tells_async_iterables else None,
                gathers_one=False,
                cancels=True,
                is_one_by_one=False,
                complete_items=self._complete_items,
                settle=settle,
                respond=ExecutionResult,
                wrap=wait,
            ),
        )

    def _gather(self, values: Any) -> Any:
        return self.executor.async_helpers.gather(values)

    def _track(self, values: Any) -> None:
        self.executor.async_helpers.track(values)

    def _complete_items(self, *arguments: Any) -> Any:
        return self.executor._complete_items(*arguments)  # noqa: SLF001 - as it would itself
