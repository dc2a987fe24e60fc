"""What is particular to graphql-core 3.2: how it coerces, tells and executes."""

from collections.abc import Callable, Coroutine, Iterator
from importlib import import_module
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionContext,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLInputField,
    GraphQLInt,
    GraphQLNonNull,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    TypeMetaFieldDef,
    Undefined,
    is_object_type,
)
from graphql.execution.values import get_argument_values, get_variable_values
from graphql.language.print_string import print_string
from graphql.pyutils import inspect
from graphql.pyutils import is_awaitable as core_is_awaitable
from graphql.type.introspection import InputValueFields

from onecross.graphql._awaiting import Awaiting, Items, settle, wait
from onecross.graphql._items_3_2 import complete_items, executor_of, is_async_iterable
from onecross.graphql._runtime import MAX_COERCION_ERRORS, Runtime

__all__ = ["LEAF_METHOD", "LineRuntime", "default_value", "meta_fields"]

LEAF_METHOD = "serialize"

# What `graphql_sync` hands to resolvers; `execute_sync` has a function of its own for that.
_ASSUME_NOT_AWAITABLE = import_module("graphql.graphql").assume_not_awaitable

_DEFAULT_VALUE: Callable[[Any, None], str | None] = InputValueFields.default_value


def meta_fields(_schema: GraphQLSchema) -> Iterator[tuple[str, GraphQLField]]:
    """The fields of introspection that every query root has."""
    yield "__schema", SchemaMetaFieldDef
    yield "__type", TypeMetaFieldDef


def default_value(item: tuple[str, Any]) -> str | None:
    """What introspection has for the default of an argument or an input field."""
    definition = item[1]
    if type(definition) not in (GraphQLArgument, GraphQLInputField):
        return _DEFAULT_VALUE(item, None)
    if definition.default_value is Undefined:
        return None
    type_ = definition.type
    if type(type_) is GraphQLNonNull:
        type_ = type_.of_type
    printed = _printed(definition.default_value, type_)
    return _DEFAULT_VALUE(item, None) if printed is None else printed


def _printed(value: Any, type_: Any) -> str | None:
    """The literal of a value of the commonest types; `None` for all others."""
    is_enum = type(type_) is GraphQLEnumType
    if value is None or not (is_enum or type_ in (GraphQLString, GraphQLInt, GraphQLBoolean)):
        return None
    serialized = type_.serialize(value)
    if type(serialized) is bool:
        return "true" if serialized else "false"
    if type(serialized) is int:
        return str(serialized)
    if type(serialized) is str:
        return serialized if is_enum else print_string(serialized)
    return None


class LineRuntime(Runtime):
    """graphql-core 3.2 as the extension sees it, for one schema."""

    leaf_method = LEAF_METHOD
    drains_iterators = False
    fragments_have_variables = False
    lets_errors_stay = False
    shares_nodes = True

    def variable_values(
        self, operation: OperationDefinitionNode, inputs: dict[str, Any]
    ) -> dict[str, Any] | list[GraphQLError]:
        """Coerce the values of variables; a list of errors when that fails."""
        definitions = operation.variable_definitions or ()
        return get_variable_values(self.schema, definitions, inputs, max_errors=MAX_COERCION_ERRORS)

    def request_errors(
        self, document: DocumentNode, operation_name: str | None
    ) -> list[GraphQLError]:
        """Say why no operation of the document can be chosen."""
        errors = ExecutionContext.build(self.schema, document, operation_name=operation_name)
        if not isinstance(errors, list):
            message = "graphql-core chooses an operation where onecross does not"
            raise AssertionError(message)
        return errors

    @staticmethod
    def argument_values(
        definition: GraphQLField,
        node: FieldNode,
        variables: dict[str, Any],
        _fragment_variables: None,
        _hide_suggestions: bool,
    ) -> dict[str, Any]:
        """Coerce the arguments of a field."""
        return get_argument_values(definition, node, variables)

    def fragment_variables(
        self,
        spread: FragmentSpreadNode,
        fragments: dict[str, FragmentDefinitionNode],
        variables: dict[str, Any],
        outer: None,
        hide_suggestions: bool,
    ) -> None:
        """Do nothing: variables of fragments have no effect in this line."""

    @staticmethod
    def order_errors(errors: list[GraphQLError]) -> None:
        """Put errors in the order of their places, as this line does."""
        errors.sort(key=lambda error: (error.locations or [], error.path or [], error.message))

    def info_tail(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: dict[str, Any],
        root_value: Any,
        context_value: Any,
        is_awaitable: Callable[[Any], bool] | None,
    ) -> tuple[Any, ...]:
        """Make the part of `info` that is the same for all fields: schema, fragments, and so on."""
        return (
            self.schema,
            self.fragments(document),
            root_value,
            operation,
            variables,
            context_value,
            is_awaitable or _ASSUME_NOT_AWAITABLE,
        )

    def awaiting(self) -> Awaiting:
        """How awaitables are told and completed."""
        return Awaiting(
            is_awaitable=core_is_awaitable,
            goes_by_class=True,
            is_async_iterable=is_async_iterable,
            gathers_one=True,
            cancels=False,
            is_one_by_one=True,
            complete_items=self._complete_items,
            settle=settle,
            respond=None,
            wrap=wait,
        )

    @staticmethod
    def _complete_items(
        value: Any, type_: Any, lists: int, info: GraphQLResolveInfo, *arguments: Any
    ) -> Coroutine[Any, Any, Items]:
        return complete_items(executor_of(info), value, type_, lists, info, *arguments)

    def invalid_type_name(
        self,
        name: Any,
        type_: GraphQLAbstractType,
        value: Any,
        place: str,
        nodes: list[FieldNode],
    ) -> GraphQLError:
        """Make the error of what should be the name of a type and is none."""
        if is_object_type(name):
            message = (
                "Support for returning GraphQLObjectType from resolve_type was"
                " removed in GraphQL-core 3.2, please return type name instead."
            )
            return GraphQLError(message)
        message = (
            f"Abstract type '{type_.name}' must resolve {place} with value {inspect(value)},"
            f" received '{inspect(name)}'."
        )
        return GraphQLError(message, nodes)
