"""Lets views of graphene-django execute by plans, and send what the engine wrote, as it is."""

from functools import partial
from typing import Any

from onecross.graphql._executor import Executor
from onecross.graphql._json_body import encoded
from onecross.graphql._json_data import wants_json

__all__ = ["JsonView"]


class JsonView:
    """Lets a view of graphene-django execute by compiled plans, and send the JSON of the engine.

    It goes in front of `graphene_django.views.GraphQLView`, or of yours that extends it. What JSON
    does not know, errors and extensions go through the `json_encode` of that view; text is sent in
    UTF-8. Pretty answers and what GraphiQL shows are made of dicts, and so is everything when the
    class that has this in front defines a `json_encode` itself, or when the view is given an
    execution context class that is not of onecross.

    Example:
        ```python
        from graphene_django.views import GraphQLView
        from onecross.graphql.graphene_django import JsonView

        class JsonGraphQLView(JsonView, GraphQLView):
            pass
        ```
    """

    execution_context_class = Executor

    def execute_graphql_request(
        self,
        request: Any,
        data: Any,
        query: Any,
        variables: Any,
        operation_name: Any,
        show_graphiql: bool = False,
    ) -> Any:
        """Execute an operation, its data as JSON unless they are to be read by people."""
        view: Any = self
        following: Any = super()
        executing = partial(
            following.execute_graphql_request,
            *(request, data, query, variables, operation_name, show_graphiql),
        )
        is_pretty = show_graphiql or view.pretty or request.GET.get("pretty")
        if is_pretty or not query or type(self).json_encode is not JsonView.json_encode:
            return executing()
        encode = partial(following.json_encode, request)
        with wants_json(view.schema.graphql_schema, query, encode):
            return executing()

    def json_encode(self, request: Any, d: Any, pretty: bool = False) -> str | bytes:
        """Encode a response: what is JSON as it is, the rest as the view does."""
        view: Any = self
        following: Any = super()
        body = encoded(d, partial(following.json_encode, request, pretty=pretty))
        # A batch is put together of texts.
        return body.decode() if view.batch and isinstance(body, bytes) else body
