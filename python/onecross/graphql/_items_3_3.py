"""Lists that come item by item, as graphql-core 3.3 completes them."""

from typing import Any

from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetails, FragmentDetails
from graphql.execution.get_variable_signature import (
    GraphQLVariableSignature,
    get_variable_signature,
)
from graphql.execution.values import VariableValues
from graphql.pyutils import Path

from onecross.graphql._awaiting import Items, item_type

__all__ = ["complete_items", "executor_of"]


async def complete_items(
    executor: Executor[Any],
    value: Any,
    type_: Any,
    lists: int,
    info: GraphQLResolveInfo[Any],
    path: Path,
    fragment_variables: list[Any] | None,
) -> Items:
    """Complete a list that comes item by item, as graphql-core does."""
    variables = fragment_variables or [None] * len(info.field_nodes)
    details = [
        FieldDetails(node, None, values)
        for node, values in zip(info.field_nodes, variables, strict=True)
    ]
    errors = executor.collected_errors.errors
    try:
        completed: Any = executor.complete_value(
            item_type(type_, lists), details, info, path, value, None
        )
        if executor.is_awaitable(completed):
            completed = await completed
    except Exception as error:  # noqa: BLE001 - as graphql-core takes them
        return None, errors, error
    return completed, errors, None


def executor_of(
    info: GraphQLResolveInfo[Any],
    executor_class: type[Executor[Any]] = Executor,
    **arguments: Any,
) -> Executor[Any]:
    """What graphql-core would have made for an execution, by what its resolvers are told."""
    variables: Any = info.variable_values
    if not isinstance(variables, VariableValues):
        variables = VariableValues({}, variables)
    return executor_class(
        info.schema,
        info.fragments,
        {
            name: FragmentDetails(fragment, _signatures(info.schema, fragment))
            for name, fragment in info.fragments.items()
        },
        info.root_value,
        info.context,
        info.operation,
        variables,
        default_field_resolver,
        default_type_resolver,
        default_field_resolver,
        is_awaitable=info.is_awaitable,
        **arguments,
    )


def _signatures(
    schema: GraphQLSchema, fragment: FragmentDefinitionNode
) -> dict[str, GraphQLVariableSignature] | None:
    signatures = [
        get_variable_signature(schema, definition)
        for definition in fragment.variable_definitions or ()
    ]
    return {
        signature.name: signature
        for signature in signatures
        if not isinstance(signature, GraphQLError)
    } or None
