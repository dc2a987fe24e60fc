"""What Ariadne puts into a graphql-core schema, recognised without importing Ariadne."""

import sys
from typing import Any

from graphql import GraphQLField

from onecross.graphql._provenance import enclosed, is_written_in

__all__ = ["path"]


def path(field: GraphQLField) -> list[str] | None:
    """The names that an alias of Ariadne (`resolve_to`) follows, or `None` for any other field."""
    module = sys.modules.get("ariadne.resolvers")
    resolver: Any = field.resolve
    if module is None or not is_written_in(resolver, module, "resolve_to.<locals>.resolver"):
        return None
    name = enclosed(resolver).get("attr_name")
    is_own = is_written_in(module.resolve_parent_field, module, "resolve_parent_field")
    return name.split(".") if is_own and type(name) is str else None
