"""Strawberry's schema, executed from plans, its documents kept by their text."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import strawberry
from graphql import GraphQLObjectType, MiddlewareManager
from graphql import execute as core_execute
from graphql.execution.execute import assume_not_async_iterable
from strawberry import federation
from strawberry.extensions import SchemaExtension
from strawberry.extensions.runner import SchemaExtensionsRunner
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types import ExecutionContext

from onecross.graphql._strawberry_django import is_optimizer, passed_by_optimizer
from onecross.graphql.strawberry._documents import Documents
from onecross.graphql.strawberry._execution import execute
from onecross.graphql.strawberry._executor import Executor
from onecross.graphql.strawberry._optimizing import Optimizing
from onecross.graphql.strawberry._stages import Runner

__all__ = ["FederationSchema", "Schema"]

_MAX_DOCUMENTS = 1_000
_MAX_DOCUMENT_BYTES = 256 << 20


class Schema(strawberry.Schema):
    """A `strawberry.Schema` that executes by compiled plans: change the import, and nothing else.

    Arguments, methods and answers are those of `strawberry.Schema`, synchronous, asynchronous and
    for subscriptions. Extensions run as ever and `process_errors` is told as ever. A document is
    parsed and validated the first time its text is seen and then kept, within bounds, as if
    `ParserCache` and `ValidationCache` were there; where an extension gives a document, parse
    options, errors or rules of its own, Strawberry does what it would have done.

    A class given as `execution_context_class` is taken as it is; let it extend
    `onecross.graphql.strawberry.Executor`.

    Example:
        ```python
        import strawberry
        from onecross.graphql.strawberry import Schema

        @strawberry.type
        class Query:
            @strawberry.field
            def greeting(self, name: str) -> str:
                return f"Hello {name}"

        schema = Schema(Query)
        assert schema.execute_sync('{ greeting(name: "Ada") }').data == {"greeting": "Hello Ada"}
        ```
    """

    _documents: Documents
    _is_incremental: bool

    if not TYPE_CHECKING:
        # To type checkers, the arguments are those of Strawberry.
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            if self.execution_context_class is StrawberryGraphQLCoreExecutionContext:
                self.execution_context_class = Executor
            self._documents = Documents(_MAX_DOCUMENTS, _MAX_DOCUMENT_BYTES)
            # graphql-core has something to say to a schema with these.
            names = ("defer", "stream")
            self._is_incremental = any(map(self._schema.get_directive, names))

    @cached_property
    def _passed(self) -> frozenset[Any]:
        """The resolvers of fields that the optimizer of strawberry-django lets pass."""
        types = self._schema.type_map.values()
        fields = (type_.fields for type_ in types if isinstance(type_, GraphQLObjectType))
        return frozenset(
            field.resolve
            for named in fields
            for field in named.values()
            if passed_by_optimizer(field)
        )

    def _get_middleware_manager(self, extensions: list[SchemaExtension]) -> MiddlewareManager:
        manager = super()._get_middleware_manager(extensions)
        kinds = map(type, manager.middlewares)
        if manager.middlewares and all(map(is_optimizer, kinds)):
            return Optimizing(manager.middlewares, self._passed)
        return manager

    def create_extensions_runner(
        self, execution_context: ExecutionContext, extensions: list[SchemaExtension]
    ) -> SchemaExtensionsRunner:
        """Make what runs the extensions of a request."""
        return Runner(execution_context, extensions, self._documents)

    def _get_execute_function(self) -> Callable[..., Any]:
        usual = super()._get_execute_function()
        return execute if usual is core_execute and not self._is_incremental else usual

    def _get_custom_context_kwargs(
        self, operation_extensions: dict[str, Any] | None = None, *, sync: bool = False
    ) -> dict[str, Any]:
        named = super()._get_custom_context_kwargs(operation_extensions, sync=sync)
        if sync:
            named["is_async_iterable"] = assume_not_async_iterable
        return named


class FederationSchema(Schema, federation.Schema):
    """A `strawberry.federation.Schema` that executes by compiled plans, as `Schema` does.

    Example:
        ```python
        import strawberry
        from onecross.graphql.strawberry import FederationSchema

        @strawberry.federation.type(keys=["id"])
        class Book:
            id: strawberry.ID

            @classmethod
            def resolve_reference(cls, id: strawberry.ID) -> "Book":
                return cls(id=id)

        schema = FederationSchema(types=[Book])
        query = 'query { _entities(representations: [{__typename: "Book", id: 1}]) { __typename } }'
        assert schema.execute_sync(query).data == {"_entities": [{"__typename": "Book"}]}
        ```
    """
