"""What Ariadne puts into a graphql-core schema, recognised without importing Ariadne."""

import sys
from typing import Any

from graphql import GraphQLEnumType, GraphQLField

from onecross.graphql._provenance import enclosed, is_written_in

__all__ = ["is_parser", "path"]

_PARSER = "_patch_enum_parse_value.<locals>.make_patched_parse_value.<locals>.patched_parse_value"


def path(field: GraphQLField) -> list[str] | None:
    """The names that an alias of Ariadne (`resolve_to`) follows, or `None` for any other field."""
    module = sys.modules.get("ariadne.resolvers")
    resolver: Any = field.resolve
    if module is None or not is_written_in(resolver, module, "resolve_to.<locals>.resolver"):
        return None
    name = enclosed(resolver).get("attr_name")
    is_own = is_written_in(module.resolve_parent_field, module, "resolve_parent_field")
    return name.split(".") if is_own and type(name) is str else None


def is_parser(function: Any, type_: GraphQLEnumType) -> bool:
    """Whether a function is what Ariadne puts in the place of an enum's `parse_value`.

    It differs only in taking values that were parsed before.
    """
    module = sys.modules.get("ariadne.enums_default_values")
    if module is None or not is_written_in(function, module, _PARSER):
        return False
    original = enclosed(function).get("original")
    return getattr(original, "__func__", None) is type(type_).parse_value
