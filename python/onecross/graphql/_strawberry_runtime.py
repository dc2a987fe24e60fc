"""What the extension asks of Strawberry where it differs from graphql-core alone."""

import sys
from collections.abc import Callable
from typing import Any, TypeVar

from graphql import (
    ASTValidationRule,
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    Source,
    print_ast,
)
from graphql.execution import Executor as CoreExecutor
from graphql.execution.values import VariableValues
from strawberry import Schema
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.schema.schema import (
    StrawberryGraphQLCoreExecutionContext,
    _OperationContextAwareGraphQLResolveInfo,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from onecross.graphql._awaiting import Awaiting
from onecross.graphql._items_3_3 import executor_of
from onecross.graphql._line_3_3 import LineRuntime

__all__ = ["StrawberryRuntime"]

_Answer = TypeVar("_Answer")


def _executes_as_usual(class_: type | None) -> bool:
    """Whether an executor class is Strawberry's or the one of onecross, which answers alike."""
    if class_ is StrawberryGraphQLCoreExecutionContext:
        return True
    # Whoever has that class has imported its module.
    ours = sys.modules.get("onecross.graphql.strawberry._executor")
    return ours is not None and class_ is ours.Executor


class StrawberryRuntime(LineRuntime):
    """Strawberry as the extension sees it, for one schema."""

    info_class = _OperationContextAwareGraphQLResolveInfo
    extra_rules = (MaybeNullValidationRule, OneOfInputValidationRule)

    def __init__(self, schema: Schema, rules: tuple[type[ASTValidationRule], ...] | None) -> None:
        """Take the schema, and the rules to validate by if not by the specified ones."""
        super().__init__(schema._schema, rules)  # noqa: SLF001 - there is no public name
        self.strawberry_schema = schema
        if schema.extensions or schema.directives:
            # Extensions and operation directives see every stage, and may wrap every resolver.
            self.reference_reason = "schema extensions"
        elif not _executes_as_usual(schema.execution_context_class):
            self.reference_reason = "execution context class"

    def info_tail(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: VariableValues,
        root_value: Any,
        context_value: Any,
        is_awaitable: Callable[[Any], bool] | None,
    ) -> tuple[Any, ...]:
        """Make the shared part of `info`, with Strawberry's own additions."""
        tail = super().info_tail(
            document, operation, variables, root_value, context_value, is_awaitable
        )
        *head, _is_awaitable, abort_signal, async_helpers = tail
        operation_extensions = None
        return (*head, optimized_is_awaitable, abort_signal, async_helpers, operation_extensions)

    def awaiting(self) -> Awaiting:
        """How awaitables are told and completed."""
        return super().awaiting()._replace(is_awaitable=optimized_is_awaitable)

    @staticmethod
    def executor(info: GraphQLResolveInfo[Any]) -> CoreExecutor[Any]:
        """What Strawberry would have made for an execution."""
        return executor_of(info, StrawberryGraphQLCoreExecutionContext, operation_extensions=None)

    @staticmethod
    def variables_for_info(variables: VariableValues) -> Any:
        """What `info.variable_values` is: the plain dict."""
        return variables.coerced

    @staticmethod
    def refusal() -> GraphQLError:
        """Make the error of an execution that met an awaitable: it has no other answer."""
        message = "GraphQL execution failed to complete synchronously."
        return GraphQLError(message, original_error=RuntimeError(message))

    def prepare(self, query: str | Source) -> DocumentNode | list[GraphQLError]:
        """Parse and validate a text."""
        return self._reported(super().prepare(query))

    def variable_values(
        self, operation: OperationDefinitionNode, inputs: dict[str, Any]
    ) -> VariableValues | list[GraphQLError]:
        """Coerce the values of variables."""
        return self._reported(super().variable_values(operation, inputs))

    def request_errors(
        self, document: DocumentNode, operation_name: str | None
    ) -> list[GraphQLError]:
        """Say why no operation of the document can be chosen."""
        return self._reported(super().request_errors(document, operation_name))

    def report(self, errors: list[GraphQLError]) -> None:
        """Hand errors to the schema, which strips suggestions if asked to, and logs by default."""
        self.strawberry_schema._process_errors(errors)  # noqa: SLF001 - no public one strips

    def _reported(self, answer: _Answer) -> _Answer:
        """Report an answer that is the errors of a request that cannot be executed."""
        if isinstance(answer, list):
            self.report(answer)
        return answer

    def reference(
        self,
        document: DocumentNode,
        root_value: Any,
        context_value: Any,
        variable_values: dict[str, Any] | None,
        operation_name: str | None,
    ) -> ExecutionResult:
        """Execute an operation by Strawberry, whole."""
        query = document.loc.source.body if document.loc else print_ast(document)
        return self.reference_query(
            query, root_value, context_value, variable_values, operation_name
        )

    def reference_query(
        self,
        query: str | Source,
        root_value: Any,
        context_value: Any,
        variable_values: dict[str, Any] | None,
        operation_name: str | None,
    ) -> ExecutionResult:
        """Execute a request by Strawberry, from its text on."""
        result = self.strawberry_schema.execute_sync(
            query.body if isinstance(query, Source) else query,
            variable_values=variable_values,
            context_value=context_value,
            root_value=root_value,
            operation_name=operation_name,
        )
        return ExecutionResult(result.data, result.errors, result.extensions or None)

    async def awaited(
        self,
        document: DocumentNode,
        root_value: Any,
        context_value: Any,
        variable_values: dict[str, Any] | None,
        operation_name: str | None,
    ) -> ExecutionResult:
        """Execute an operation by Strawberry, whole, and await what is awaitable."""
        query = document.loc.source.body if document.loc else print_ast(document)
        return await self.awaited_query(
            query, root_value, context_value, variable_values, operation_name
        )

    async def awaited_query(
        self,
        query: str | Source,
        root_value: Any,
        context_value: Any,
        variable_values: dict[str, Any] | None,
        operation_name: str | None,
    ) -> ExecutionResult:
        """Execute a request by Strawberry, from its text on, and await what is awaitable."""
        result: Any = await self.strawberry_schema.execute(
            query.body if isinstance(query, Source) else query,
            variable_values=variable_values,
            context_value=context_value,
            root_value=root_value,
            operation_name=operation_name,
        )
        return ExecutionResult(result.data, result.errors, result.extensions or None)
