"""Lets applications of Ariadne send what the engine wrote, as it is."""

import json
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from graphql import GraphQLSchema

from onecross.graphql._json_body import encoded, has_json
from onecross.graphql._json_data import wants_json

__all__ = ["JsonApplication", "JsonHandler"]


class _Json:
    """What a handler and an application have in common."""

    def encode_json(self, value: object) -> str | bytes:
        """Encode what the engine has not written: errors, extensions, what JSON does not know.

        Args:
            value: A value of a custom scalar that JSON does not know, or a part of the response.

        Returns:
            Its JSON, without line breaks.

        Raises:
            TypeError: JSON does not know it; if that is within the data, its field has an error.
        """
        return json.dumps(value, separators=(",", ":"))

    def _wanting(self, schema: GraphQLSchema | None, data: Any) -> AbstractContextManager[None]:
        text = data.get("query") if isinstance(data, dict) else None
        if not isinstance(text, str):
            return nullcontext()
        return wants_json(schema, text, self.encode_json)


class JsonHandler(_Json):
    """Lets a handler of Ariadne's ASGI application send the JSON of the engine.

    It goes in front of `ariadne.asgi.handlers.GraphQLHTTPHandler`, or of yours that extends it,
    where the application has `onecross.graphql.Executor` for its `execution_context_class`. A root
    value that updates results finds a mapping in `data`, of which the dicts and lists are made when
    it is read; from then on, these are sent. Operations over a WebSocket are answered with dicts.

    Example:
        ```python
        from ariadne import make_executable_schema
        from ariadne.asgi import GraphQL
        from ariadne.asgi.handlers import GraphQLHTTPHandler
        from onecross.graphql import Executor
        from onecross.graphql.ariadne import JsonHandler

        class Handler(JsonHandler, GraphQLHTTPHandler):
            pass

        schema = make_executable_schema("type Query { greeting: String }")
        app = GraphQL(schema, http_handler=Handler(), execution_context_class=Executor)
        ```
    """

    async def execute_graphql_query(self, request: Any, data: Any, **named: Any) -> Any:
        """Execute an operation, its data as JSON if the request is one of HTTP."""
        handler: Any = self
        following: Any = super()
        is_http = request.scope["type"] == "http"
        with self._wanting(handler.schema, data) if is_http else nullcontext():
            return await following.execute_graphql_query(request, data, **named)

    async def create_json_response(self, request: Any, result: Any, success: bool) -> Any:
        """Make the response of a result: what is JSON as it is, the rest encoded."""
        following: Any = super()
        if not has_json(result):
            return await following.create_json_response(request, result, success)
        # The status and the headers are for the handler behind to say.
        response = await following.create_json_response(request, _gist(result), success)
        response.body = encoded(result, self.encode_json)
        response.headers["content-length"] = str(len(response.body))
        return response


class JsonApplication(_Json):
    """Lets Ariadne's WSGI application send the JSON of the engine.

    It goes in front of `ariadne.wsgi.GraphQL`, or of yours that extends it, and is given
    `onecross.graphql.Executor` as `execution_context_class`. What is to know is what is to know of
    `JsonHandler`.

    Example:
        ```python
        from ariadne import make_executable_schema
        from ariadne.wsgi import GraphQL
        from onecross.graphql import Executor
        from onecross.graphql.ariadne import JsonApplication

        class Application(JsonApplication, GraphQL):
            pass

        schema = make_executable_schema("type Query { greeting: String }")
        app = Application(schema, execution_context_class=Executor)
        ```
    """

    def execute_query(self, environ: Any, data: Any) -> Any:
        """Execute an operation, its data as JSON."""
        application: Any = self
        following: Any = super()
        with self._wanting(application.schema, data):
            return following.execute_query(environ, data)

    def return_response_from_result(self, start_response: Any, result: Any) -> Any:
        """Make the response of a result: what is JSON as it is, the rest encoded."""
        following: Any = super()
        success, response = result
        if not has_json(response):
            return following.return_response_from_result(start_response, result)
        # The status and the headers are for the application behind to say.
        following.return_response_from_result(start_response, (success, _gist(response)))
        return [encoded(response, self.encode_json)]


def _gist(response: dict[str, Any]) -> dict[str, Any]:
    """What of a response decides on its status: whether there are data."""
    return {"data": None if response.get("data") is None else {}}
