"""The optimizer of strawberry-django as middleware, for the fields that it has to do with."""

from collections.abc import Iterable
from typing import Any

from graphql import GraphQLFieldResolver, MiddlewareManager

__all__ = ["Optimizing"]


class Optimizing(MiddlewareManager):
    """Middleware that leaves some resolvers as they are.

    Args:
        middlewares: The extensions.
        passed: The resolvers of fields whose values they let pass.
    """

    __slots__ = ("_passed",)

    def __init__(self, middlewares: Iterable[Any], passed: frozenset[Any]) -> None:
        super().__init__(*middlewares)
        self._passed = passed

    def get_field_resolver(self, field_resolver: GraphQLFieldResolver) -> GraphQLFieldResolver:
        """The resolver within the middleware, or as it is."""
        is_passed = field_resolver in self._passed
        return field_resolver if is_passed else super().get_field_resolver(field_resolver)
