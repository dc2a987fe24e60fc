"""A view of Strawberry that sends what the engine wrote, as it is."""

from collections.abc import Awaitable
from contextlib import AbstractContextManager
from functools import partial
from inspect import isawaitable
from typing import Any

from graphql import GraphQLSchema

from onecross.graphql._json_body import encoded
from onecross.graphql._json_data import wants_json

__all__ = ["JsonView"]


class JsonView:
    """Lets a view of Strawberry send the JSON of the engine, with no dicts between.

    It goes in front of the view: Strawberry's for ASGI, FastAPI, Django, Flask, aiohttp, Litestar
    and others, synchronous or not, or your own that extends one.
    What JSON does not know, errors and extensions go through the `encode_json` of that view; text
    is sent in UTF-8. An extension or a `process_result` that reads `result.data` finds a
    mapping, of which the dicts and lists are made when it is read; from then on, these are sent.
    A request whose text an extension replaces by another is answered with dicts, and so is every
    request when the schema's executor is not of onecross, or when the class that has this in front
    defines an `encode_json` itself.

    Example:
        ```python
        from strawberry.flask.views import GraphQLView
        from onecross.graphql.strawberry import JsonView

        class JsonGraphQLView(JsonView, GraphQLView):
            pass
        ```
    """

    def execute_single(self, *arguments: Any, **named: Any) -> Any:
        """Execute an operation of a request, its data as JSON."""
        view: Any = self
        following: Any = super()
        if type(self).encode_json is not JsonView.encode_json:
            return following.execute_single(*arguments, **named)
        data = named["request_data"] if "request_data" in named else arguments[-1]
        # There is no public name, and a schema that has none executes nothing by itself.
        schema: GraphQLSchema | None = getattr(view.schema, "_schema", None)
        wanting = partial(wants_json, schema, data.query, following.encode_json)
        with wanting():
            result = following.execute_single(*arguments, **named)
        return _awaited(result, wanting()) if isawaitable(result) else result

    def encode_json(self, data: object) -> str | bytes:
        """Encode a response: what is JSON as it is, the rest as the view does."""
        following: Any = super()
        return encoded(data, following.encode_json)


async def _awaited(result: Awaitable[Any], wanting: AbstractContextManager[None]) -> Any:
    """The result of a view that executes when it is awaited."""
    with wanting:
        return await result
