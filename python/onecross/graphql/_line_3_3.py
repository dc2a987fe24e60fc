"""What is particular to graphql-core 3.3: how it coerces, tells and executes."""

from collections.abc import Callable, Coroutine, Iterator
from operator import attrgetter
from typing import Any

from graphql import (
    BooleanValueNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FloatValueNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLArgument,
    GraphQLError,
    GraphQLField,
    GraphQLInputField,
    GraphQLResolveInfo,
    GraphQLSchema,
    IntValueNode,
    NullValueNode,
    OperationDefinitionNode,
    StringValueNode,
    Undefined,
    print_ast,
)
from graphql.execution import Executor as CoreExecutor
from graphql.execution import get_argument_values, get_variable_values
from graphql.execution.execute import assume_not_awaitable
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import (
    FragmentVariableValues,
    VariableValues,
    get_fragment_variable_values,
)
from graphql.language.print_string import print_string
from graphql.pyutils import gather_with_cancel, inspect
from graphql.pyutils import is_async_iterable as core_is_async_iterable
from graphql.pyutils import is_awaitable as core_is_awaitable
from graphql.type.definition import GraphQLResolveInfoHelpers
from graphql.type.introspection import InputValueFields

from onecross.graphql._awaiting import Awaiting, Items, settle, wait
from onecross.graphql._items_3_3 import complete_items, executor_of
from onecross.graphql._runtime import MAX_COERCION_ERRORS, Runtime

__all__ = ["LEAF_METHOD", "LineRuntime", "default_value", "meta_fields"]

LEAF_METHOD = "coerce_output_value"


_ASYNC_HELPERS = GraphQLResolveInfoHelpers(
    gather=lambda values: gather_with_cancel(*values),
    track=lambda values: settle(list(filter(core_is_awaitable, values))),
)


def meta_fields(schema: GraphQLSchema) -> Iterator[tuple[str, GraphQLField]]:
    """The fields of introspection that every query root has."""
    query = schema.query_type
    for name in ("__schema", "__type"):
        field = None if query is None else schema.get_field(query, name)
        if field is not None:
            yield name, field


_DEFAULT_VALUE: Callable[[Any, None], str | None] = InputValueFields.default_value

# What the printer makes of literals that hold no others.
_PRINTED: dict[type, Callable[[Any], str]] = {
    IntValueNode: attrgetter("value"),
    FloatValueNode: attrgetter("value"),
    EnumValueNode: attrgetter("value"),
    BooleanValueNode: lambda node: "true" if node.value else "false",
    NullValueNode: lambda _node: "null",
    StringValueNode: lambda node: print_ast(node) if node.block else print_string(node.value),
}


def default_value(item: tuple[str, Any]) -> str | None:
    """What introspection has for the default of an argument or an input field."""
    definition = item[1]
    if type(definition) in (GraphQLArgument, GraphQLInputField):
        default = definition.default
        if default is None:
            if definition.default_value is Undefined:
                return None
        elif (printed := _PRINTED.get(type(default.literal))) is not None:
            return printed(default.literal)
    return _DEFAULT_VALUE(item, None)


class LineRuntime(Runtime):
    """graphql-core 3.3 as the extension sees it, for one schema."""

    leaf_method = LEAF_METHOD
    drains_iterators = True
    fragments_have_variables = True
    lets_errors_stay = True
    shares_nodes = False

    def variable_values(
        self, operation: OperationDefinitionNode, inputs: dict[str, Any]
    ) -> VariableValues | list[GraphQLError]:
        """Coerce the values of variables; a list of errors when that fails."""
        definitions = operation.variable_definitions or ()
        return get_variable_values(self.schema, definitions, inputs, max_errors=MAX_COERCION_ERRORS)

    def request_errors(
        self, document: DocumentNode, operation_name: str | None
    ) -> list[GraphQLError]:
        """Say why no operation of the document can be chosen."""
        errors = CoreExecutor.build(self.schema, document, operation_name=operation_name)
        if not isinstance(errors, list):
            message = "graphql-core chooses an operation where onecross does not"
            raise AssertionError(message)
        return errors

    @staticmethod
    def argument_values(
        definition: GraphQLField,
        node: FieldNode,
        variables: VariableValues,
        fragment_variables: FragmentVariableValues | None,
        hide_suggestions: bool,
    ) -> dict[str, Any]:
        """Coerce the arguments of a field."""
        return get_argument_values(
            definition, node, variables, fragment_variables, hide_suggestions
        )

    def fragment_variables(
        self,
        spread: FragmentSpreadNode,
        fragments: dict[str, FragmentDefinitionNode],
        variables: VariableValues,
        outer: FragmentVariableValues | None,
        hide_suggestions: bool,
    ) -> FragmentVariableValues:
        """Coerce the values that a spread gives to the variables of its fragment."""
        definitions = fragments[spread.name.value].variable_definitions or ()
        signatures = {}
        for definition in definitions:
            signature = get_variable_signature(self.schema, definition)
            if isinstance(signature, GraphQLError):
                raise signature
            signatures[signature.name] = signature
        return get_fragment_variable_values(spread, signatures, variables, outer, hide_suggestions)

    def info_tail(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: VariableValues,
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
            self.variables_for_info(variables),
            context_value,
            is_awaitable or assume_not_awaitable,
            None,
            _ASYNC_HELPERS,
        )

    def awaiting(self) -> Awaiting:
        """How awaitables are told and completed."""
        return Awaiting(
            is_awaitable=core_is_awaitable,
            goes_by_class=True,
            is_async_iterable=core_is_async_iterable,
            gathers_one=False,
            cancels=True,
            is_one_by_one=False,
            complete_items=self._complete_items,
            settle=settle,
            respond=None,
            wrap=wait,
        )

    def _complete_items(
        self, value: Any, type_: Any, lists: int, info: GraphQLResolveInfo[Any], *arguments: Any
    ) -> Coroutine[Any, Any, Items]:
        return complete_items(self.executor(info), value, type_, lists, info, *arguments)

    @staticmethod
    def executor(info: GraphQLResolveInfo[Any]) -> CoreExecutor[Any]:
        """What graphql-core would have made for an execution."""
        return executor_of(info)

    @staticmethod
    def variables_for_info(variables: VariableValues) -> Any:
        """What `info.variable_values` is."""
        return variables

    def invalid_type_name(
        self,
        name: Any,
        type_: GraphQLAbstractType,
        value: Any,
        place: str,
        nodes: list[FieldNode],
    ) -> GraphQLError:
        """Make the error of what should be the name of a type and is none."""
        message = (
            f"Abstract type '{type_}' must resolve {place} with value {inspect(value)},"
            f" received '{inspect(name)}', which is not a valid Object type name."
        )
        return GraphQLError(message, nodes)
