"""What the two lines of graphql-core call differently."""

from collections.abc import Callable
from random import Random
from typing import Any

import graphql
from graphql import GraphQLArgument, GraphQLInputField, GraphQLScalarType, Undefined

__all__ = ["IS_3_3", "argument", "input_field", "scalar", "variables_shown"]

IS_3_3 = graphql.version_info >= (3, 3)


def scalar(
    random: Random,
    name: str,
    output: Callable[[Any], Any] | None = None,
    value: Callable[[Any], Any] | None = None,
    literal: Callable[[Any], Any] | None = None,
) -> GraphQLScalarType:
    """A scalar with those functions, by either of its names for them where there are two."""
    if IS_3_3 and random.random() < 0.5:
        return GraphQLScalarType(
            name,
            coerce_output_value=output,
            coerce_input_value=value,
            coerce_input_literal=literal,
        )
    by_old_name = None if literal is None else lambda node, _variables=None: literal(node)
    return GraphQLScalarType(name, serialize=output, parse_value=value, parse_literal=by_old_name)


def argument(type_: Any, internal: Any, external: Any, **options: Any) -> GraphQLArgument:
    """An argument whose default value is one or the other, where a line knows both."""
    return GraphQLArgument(type_, **default(internal, external), **options)


def input_field(type_: Any, internal: Any, external: Any, **options: Any) -> GraphQLInputField:
    """A field of an input object likewise."""
    return GraphQLInputField(type_, **default(internal, external), **options)


def default(internal: Any, external: Any) -> dict[str, Any]:
    if IS_3_3 and external is not Undefined:
        return {"default": graphql.GraphQLDefaultInput(external)}
    return {} if internal is Undefined else {"default_value": internal}


def variables_shown(variable_values: Any) -> dict[str, Any]:
    """The values of variables as a resolver finds them."""
    return variable_values.coerced if IS_3_3 else variable_values
