"""What the extension asks of Strawberry where it differs from graphql-core alone."""

from collections.abc import Callable
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    print_ast,
)
from graphql.execution.values import VariableValues
from strawberry import Schema
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.schema.schema import (
    MaybeNullValidationRule,
    OneOfInputValidationRule,
    StrawberryGraphQLCoreExecutionContext,
    _OperationContextAwareGraphQLResolveInfo,
)

from onecross.graphql._runtime import Runtime

__all__ = ["StrawberryRuntime"]


class StrawberryRuntime(Runtime):
    """Strawberry as the extension sees it, for one schema."""

    info_class = _OperationContextAwareGraphQLResolveInfo
    refuses_awaitables = True
    extra_rules = (MaybeNullValidationRule, OneOfInputValidationRule)

    def __init__(
        self, schema: Schema, prepare: Callable[[Any], DocumentNode | list[GraphQLError]]
    ) -> None:
        """Take the schema, and the function that parses and validates."""
        super().__init__(schema._schema, prepare)
        self.strawberry_schema = schema
        if schema.extensions or schema.directives:
            # Extensions and operation directives see every stage, and may wrap every resolver.
            self.reference_reason = "schema extensions"
        elif schema.execution_context_class is not StrawberryGraphQLCoreExecutionContext:
            self.reference_reason = "execution context class"

    def info_tail(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variable_values: VariableValues,
        root_value: Any,
        context_value: Any,
    ) -> tuple[Any, ...]:
        """Make the shared part of `info`, with Strawberry's own additions."""
        tail = super().info_tail(document, operation, variable_values, root_value, context_value)
        *head, _is_awaitable, abort_signal, async_helpers = tail
        operation_extensions = None
        return (*head, optimized_is_awaitable, abort_signal, async_helpers, operation_extensions)

    @staticmethod
    def variables_for_info(variable_values: VariableValues) -> Any:
        """What `info.variable_values` is: the plain dict."""
        return variable_values.coerced

    def report(self, errors: list[GraphQLError]) -> None:
        """Hand the errors of an execution to the schema, which logs them by default."""
        self.strawberry_schema.process_errors(errors)

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
        result = self.strawberry_schema.execute_sync(
            query,
            variable_values=variable_values,
            context_value=context_value,
            root_value=root_value,
            operation_name=operation_name,
        )
        return ExecutionResult(result.data, result.errors, result.extensions or None)
