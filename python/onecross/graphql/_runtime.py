"""What the extension asks of graphql-core, whichever line is installed.

Each function is called from Rust, by the name it has here; none is on the path of a plain value.
"""

from abc import ABC, abstractmethod, get_cache_token
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any

from graphql import (
    ASTValidationRule,
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
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
    default_field_resolver,
    default_type_resolver,
    execute,
    execute_sync,
    located_error,
    parse,
    specified_rules,
    validate,
)
from graphql.pyutils import AwaitableOrValue, Path, inspect, is_iterable

from onecross.graphql._awaiting import Awaiting

__all__ = ["MAX_COERCION_ERRORS", "Runtime"]

# graphql-core's own limit on errors in the values of variables.
MAX_COERCION_ERRORS = 50


class Runtime(ABC):
    """graphql-core as the extension sees it, for one schema."""

    info_class: type = GraphQLResolveInfo
    path_class = Path
    undefined = Undefined
    mapping = Mapping
    abstract_classes_token = staticmethod(get_cache_token)
    result_class = ExecutionResult
    order_errors: Callable[[list[GraphQLError]], None] | None = None
    report: Callable[[list[GraphQLError]], None] | None = None
    # Makes the error of an execution that met an awaitable, where that means there is no answer.
    refusal: Callable[[], GraphQLError] | None = None
    # Why everything is left to the framework, whole, if something in the schema asks for that.
    reference_reason: str | None = None
    extra_rules: tuple[type[ASTValidationRule], ...] = ()
    located_error = staticmethod(located_error)
    is_iterable = staticmethod(is_iterable)
    default_type_resolver = staticmethod(default_type_resolver)
    default_field_resolver = staticmethod(default_field_resolver)
    leaf_method: str
    drains_iterators: bool
    fragments_have_variables: bool
    lets_errors_stay: bool
    shares_nodes: bool

    def __init__(
        self, schema: GraphQLSchema, rules: tuple[type[ASTValidationRule], ...] | None
    ) -> None:
        """Take the schema, and the rules to validate by if not by the specified ones."""
        self.schema = schema
        self.rules: Collection[type[ASTValidationRule]] = (
            specified_rules if rules is None else rules
        )

    # What the parser is given beside the text.
    parse_options: Mapping[str, Any] = MappingProxyType({})

    def prepare(self, query: str | Source) -> DocumentNode | list[GraphQLError]:
        """Parse and validate a text."""
        try:
            document = parse(query, **self.parse_options)
        except GraphQLError as error:
            return [error]
        return validate(self.schema, document, (*self.rules, *self.extra_rules)) or document

    @abstractmethod
    def variable_values(self, operation: OperationDefinitionNode, inputs: dict[str, Any]) -> Any:
        """Coerce the values of variables; a list of errors when that fails."""

    @abstractmethod
    def request_errors(
        self, document: DocumentNode, operation_name: str | None
    ) -> list[GraphQLError]:
        """Say why no operation of the document can be chosen."""

    @staticmethod
    def missing_root(operation: OperationDefinitionNode) -> GraphQLError:
        """Make the error of an operation of a kind that the schema has no root type for."""
        kind = operation.operation.value
        return GraphQLError(f"Schema is not configured to execute {kind} operation.", operation)

    @staticmethod
    @abstractmethod
    def argument_values(
        definition: GraphQLField,
        node: FieldNode,
        variables: Any,
        fragment_variables: Any,
        hide_suggestions: bool,
    ) -> dict[str, Any]:
        """Coerce the arguments of a field."""

    @abstractmethod
    def fragment_variables(
        self,
        spread: FragmentSpreadNode,
        fragments: dict[str, FragmentDefinitionNode],
        variables: Any,
        outer: Any,
        hide_suggestions: bool,
    ) -> Any:
        """Coerce the values that a spread gives to the variables of its fragment."""

    @abstractmethod
    def info_tail(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Any,
        root_value: Any,
        context_value: Any,
        is_awaitable: Callable[[Any], bool] | None,
    ) -> tuple[Any, ...]:
        """Make the part of `info` that is the same for all fields: schema, fragments, and so on."""

    @abstractmethod
    def awaiting(self) -> Awaiting:
        """How awaitables are told and completed."""

    @staticmethod
    def fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
        """The fragments of a document by name."""
        return {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }

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

    def leaf_null_error(self, type_: GraphQLLeafType, value: Any, coerced: Any) -> TypeError:
        """Make the error of a scalar whose code answers null for a value."""
        return TypeError(
            f"Expected `{inspect(type_)}.{self.leaf_method}({inspect(value)})`"
            f" to return non-nullable value, returned: {inspect(coerced)}"
        )

    @staticmethod
    def invalid_object(
        type_: GraphQLObjectType, value: Any, nodes: list[FieldNode]
    ) -> GraphQLError:
        """Make the error of a value that `is_type_of` does not accept."""
        return GraphQLError(f"Expected value of type '{type_}' but got: {inspect(value)}.", nodes)

    @abstractmethod
    def invalid_type_name(
        self,
        name: Any,
        type_: GraphQLAbstractType,
        value: Any,
        place: str,
        nodes: list[FieldNode],
    ) -> GraphQLError:
        """Make the error of what should be the name of a type and is none."""

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
            return self.invalid_type_name(name, type_, value, place, nodes)
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

    async def awaited(
        self,
        document: DocumentNode,
        root_value: Any,
        context_value: Any,
        variable_values: dict[str, Any] | None,
        operation_name: str | None,
    ) -> ExecutionResult:
        """Execute an operation by graphql-core, whole, and await what is awaitable."""
        result: AwaitableOrValue[ExecutionResult] = execute(
            self.schema,
            document,
            root_value=root_value,
            context_value=context_value,
            variable_values=variable_values,
            operation_name=operation_name,
        )
        return result if isinstance(result, ExecutionResult) else await result

    async def awaited_query(
        self,
        query: str | Source,
        root_value: Any,
        context_value: Any,
        variable_values: dict[str, Any] | None,
        operation_name: str | None,
    ) -> ExecutionResult:
        """Execute a request by graphql-core, from its text on, and await what is awaitable."""
        document = self.prepare(query)
        if isinstance(document, list):
            return ExecutionResult(errors=document)
        return await self.awaited(
            document, root_value, context_value, variable_values, operation_name
        )
