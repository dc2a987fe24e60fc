"""What Strawberry puts into a graphql-core schema, recognised without importing Strawberry."""

import sys
from enum import EnumType
from types import FunctionType
from typing import Any

from graphql import GraphQLEnumType, GraphQLField

__all__ = ["attribute", "enum_class", "schema_class"]

_CONVERTER = "strawberry.schema.schema_converter"


def schema_class() -> type | None:
    """Strawberry's `Schema`, if the program uses Strawberry at all."""
    module = sys.modules.get("strawberry.schema.schema")
    return None if module is None else module.Schema


def attribute(field: GraphQLField) -> str | None:
    """The attribute that a basic field of Strawberry is, or `None` for any other field.

    A basic field has neither resolver nor extension, so that its resolver only calls
    `getattr(source, python_name)`, by way of two functions that a subclass could replace.
    """
    resolver = field.resolve
    if (
        not isinstance(resolver, FunctionType)
        or resolver.__module__ != _CONVERTER
        or resolver.__name__ != "_get_basic_result"
    ):
        return None
    definition = (field.extensions or {}).get("strawberry-definition")
    cells = [cell.cell_contents for cell in resolver.__closure__ or ()]
    field_class = sys.modules["strawberry.types.field"].StrawberryField
    if (
        not any(definition is cell for cell in cells)
        or not isinstance(definition, field_class)
        or type(definition).get_result is not field_class.get_result
        or definition.base_resolver is not None
        or definition.default_resolver is not getattr
    ):
        return None
    name: str = definition.python_name
    return name


def enum_class(type_: GraphQLEnumType) -> EnumType | None:
    """The Python enum behind an enum of Strawberry, or `None` for any other."""
    module = sys.modules.get(_CONVERTER)
    if module is None or type(type_) is not module.CustomGraphQLEnumType:
        return None
    wrapped: Any = type_.wrapped_cls  # type: ignore[attr-defined]
    return wrapped if isinstance(wrapped, EnumType) else None
