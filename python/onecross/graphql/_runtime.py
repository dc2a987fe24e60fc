"""What the extension asks of graphql-core: coercion, errors in its words, the reference itself.

Each function is called from Rust, by the name it has here; none is on the path of a plain value.
"""

from abc import get_cache_token
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import (
    ASTValidationRule,
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLAbstractType,
    GraphQLError,
    GraphQLField,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    Source,
    Undefined,
    execute_sync,
    located_error,
    parse,
    specified_rules,
    validate,
    version_info,
)
from graphql.execution import Executor, get_argument_values, get_variable_values
from graphql.execution.execute import assume_not_awaitable
from graphql.execution.values import VariableValues
from graphql.pyutils import Path, gather_with_cancel, inspect, is_iterable
from graphql.type.definition import GraphQLResolveInfoHelpers

__all__ = ["Runtime"]

# graphql-core's own limit on errors in the values of variables.
_MAX_COERCION_ERRORS = 50


def _track(_values: Sequence[Any]) -> None:
    """Nothing is awaitable in a synchronous execution, so there is nothing to keep track of."""


_ASYNC_HELPERS = GraphQLResolveInfoHelpers(
    gather=lambda values: gather_with_cancel(*values), track=_track
)


class Runtime:
    """graphql-core as the extension sees it, for one schema."""

    info_class: type = GraphQLResolveInfo
    path_class = Path
    undefined = Undefined
    mapping = Mapping
    abstract_classes_token = staticmethod(get_cache_token)
    result_class = ExecutionResult
    report: Callable[[list[GraphQLError]], None] | None = None
    refuses_awaitables = False
    # graphql-core looks for awaitables in what an iterator still holds when an item of it failed.
    drains_iterators = version_info >= (3, 3)
    # Why everything is left to the framework, whole, if something in the schema asks for that.
    reference_reason: str | None = None
    extra_rules: tuple[type[ASTValidationRule], ...] = ()
    located_error = staticmethod(located_error)
    is_iterable = staticmethod(is_iterable)

    def __init__(
        self, schema: GraphQLSchema, rules: tuple[type[ASTValidationRule], ...] | None
    ) -> None:
        """Take the schema, and the rules to validate by if not by the specified ones."""
        self.schema = schema
        self.rules = specified_rules if rules is None else rules

    def prepare(self, query: str | Source) -> DocumentNode | list[GraphQLError]:
        """Parse and validate a text."""
        try:
            document = parse(query)
        except GraphQLError as error:
            return [error]
        return validate(self.schema, document, (*self.rules, *self.extra_rules)) or document

    def variable_values(
        self, operation: OperationDefinitionNode, inputs: dict[str, Any]
    ) -> VariableValues | list[GraphQLError]:
        """Coerce the values of variables."""
        definitions = operation.variable_definitions or ()
        return get_variable_values(
            self.schema, definitions, inputs, max_errors=_MAX_COERCION_ERRORS
        )

    def request_errors(
        self, document: DocumentNode, operation_name: str | None
    ) -> list[GraphQLError]:
        """Say why no operation of the document can be chosen."""
        errors = Executor.build(self.schema, document, operation_name=operation_name)
        if not isinstance(errors, list):
            message = "graphql-core chooses an operation where onecross does not"
            raise AssertionError(message)
        return errors

    @staticmethod
    def argument_values(
        definition: GraphQLField, node: FieldNode, variable_values: VariableValues
    ) -> dict[str, Any]:
        """Coerce the arguments of a field."""
        return get_argument_values(definition, node, variable_values)

    def info_tail(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variable_values: VariableValues,
        root_value: Any,
        context_value: Any,
    ) -> tuple[Any, ...]:
        """Make the part of `info` that is the same for all fields of an execution."""
        fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        return (
            self.schema,
            fragments,
            root_value,
            operation,
            self.variables_for_info(variable_values),
            context_value,
            assume_not_awaitable,
            None,
            _ASYNC_HELPERS,
        )

    @staticmethod
    def variables_for_info(variable_values: VariableValues) -> Any:
        """What `info.variable_values` is."""
        return variable_values

    @staticmethod
    def not_iterable(parent: GraphQLObjectType, field_name: str) -> GraphQLError:
        """Make the error of a value that is no list where one is due."""
        return GraphQLError(
            f"Expected Iterable, but did not find one for field '{parent}.{field_name}'."
        )

    @staticmethod
    def null_error(parent: GraphQLObjectType, field_name: str) -> TypeError:
        """Make the error of a null where none may be."""
        return TypeError(f"Cannot return null for non-nullable field {parent}.{field_name}.")

    @staticmethod
    def leaf_null_error(type_: GraphQLLeafType, value: Any, coerced: Any) -> TypeError:
        """Make the error of a scalar whose code answers null for a value."""
        return TypeError(
            f"Expected `{inspect(type_)}.coerce_output_value({inspect(value)})`"
            f" to return non-nullable value, returned: {inspect(coerced)}"
        )

    @staticmethod
    def invalid_object(
        type_: GraphQLObjectType, value: Any, nodes: list[FieldNode]
    ) -> GraphQLError:
        """Make the error of a value that `is_type_of` does not accept."""
        return GraphQLError(f"Expected value of type '{type_}' but got: {inspect(value)}.", nodes)

    def invalid_runtime_type(
        self,
        name: Any,
        type_: GraphQLAbstractType,
        value: Any,
        parent: GraphQLObjectType,
        field_name: str,
        nodes: list[FieldNode],
    ) -> GraphQLError:
        """Make the error of a type that an interface or union cannot stand for."""
        place = f"to an Object type at runtime for field '{parent}.{field_name}'"
        if name is None:
            message = (
                f"Abstract type '{type_}' must resolve {place}."
                f" Either the '{type_}' type should provide a 'resolve_type' function"
                " or each possible type should provide an 'is_type_of' function."
            )
        elif not isinstance(name, str):
            message = (
                f"Abstract type '{type_}' must resolve {place} with value {inspect(value)},"
                f" received '{inspect(name)}', which is not a valid Object type name."
            )
        elif (runtime_type := self.schema.get_type(name)) is None:
            message = (
                f"Abstract type '{type_}' was resolved to a type '{name}'"
                " that does not exist inside the schema."
            )
        elif not isinstance(runtime_type, GraphQLObjectType):
            message = f"Abstract type '{type_}' was resolved to a non-object type '{name}'."
        else:
            message = f"Runtime Object type '{runtime_type}' is not a possible type for '{type_}'."
        return GraphQLError(message, nodes)

    def reference(
        self,
        document: DocumentNode,
        root_value: Any,
        context_value: Any,
        variable_values: dict[str, Any] | None,
        operation_name: str | None,
    ) -> ExecutionResult:
        """Execute an operation by graphql-core, whole."""
        return execute_sync(
            self.schema,
            document,
            root_value=root_value,
            context_value=context_value,
            variable_values=variable_values,
            operation_name=operation_name,
        )

    def reference_query(
        self,
        query: str | Source,
        root_value: Any,
        context_value: Any,
        variable_values: dict[str, Any] | None,
        operation_name: str | None,
    ) -> ExecutionResult:
        """Execute a request by graphql-core, from its text on."""
        document = self.prepare(query)
        if isinstance(document, list):
            return ExecutionResult(errors=document)
        return self.reference(document, root_value, context_value, variable_values, operation_name)
