"""What Strawberry puts into a graphql-core schema, recognised without importing Strawberry."""

import sys
from enum import EnumType
from typing import Any

from graphql import GraphQLEnumType, GraphQLSchema

__all__ = ["core_schema", "enum_class"]

_CONVERTER = "strawberry.schema.schema_converter"


def _schema_class() -> type | None:
    """Strawberry's `Schema`, if the program uses Strawberry at all."""
    module = sys.modules.get("strawberry.schema.schema")
    return None if module is None else module.Schema


def core_schema(schema: Any) -> GraphQLSchema:
    """The schema of graphql-core: within Strawberry's, or the schema itself.

    Raises:
        TypeError: It is neither.
    """
    class_: Any = _schema_class()
    core = schema
    if class_ is not None and isinstance(schema, class_):
        core = schema._schema  # noqa: SLF001 - there is no public name
    if isinstance(core, GraphQLSchema):
        return core
    theirs = type(schema)
    message = (
        "onecross needs a graphql-core GraphQLSchema or a strawberry.Schema,"
        f" not {theirs.__module__}.{theirs.__qualname__}"
    )
    raise TypeError(message)


def enum_class(type_: GraphQLEnumType) -> EnumType | None:
    """The Python enum behind an enum of Strawberry, or `None` for any other."""
    module = sys.modules.get(_CONVERTER)
    if module is None or type(type_) is not module.CustomGraphQLEnumType:
        return None
    theirs: Any = type_
    wrapped = theirs.wrapped_cls
    return wrapped if isinstance(wrapped, EnumType) else None
