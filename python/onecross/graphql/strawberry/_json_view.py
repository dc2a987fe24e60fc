"""A view of Strawberry that sends what the engine wrote, as it is."""

from collections.abc import Callable, Iterator
from typing import Any

from graphql import GraphQLSchema

from onecross.graphql._json_data import JsonData, wants_json

__all__ = ["JsonView"]


class JsonView:
    """Lets a synchronous view of Strawberry send the JSON of the engine, with no dicts between.

    It goes in front of the view: Strawberry's for Django or Flask, or your own that extends one.
    What JSON does not know, errors and extensions go through the `encode_json` of that view; text
    is sent in UTF-8. An extension or a `process_result` that reads `result.data` finds a
    mapping, of which the dicts and lists are made when it is read; from then on, these are sent.
    Mutations are answered with dicts, and so is a request whose text an extension replaces by
    another, and every request when the schema's executor is not of onecross, or when the class
    that has this in front defines an `encode_json` itself.

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
        with wants_json(schema, data.query, following.encode_json):
            return following.execute_single(*arguments, **named)

    def encode_json(self, data: object) -> str | bytes:
        """Encode a response: what is JSON as it is, the rest as the view does."""
        following: Any = super()
        encode: Callable[[object], str | bytes] = following.encode_json
        if not _has_json(data):
            return encode(data)
        return b"".join(_parts(data, encode))


def _has_json(value: object) -> bool:
    """Whether data of the engine are somewhere in a response."""
    if type(value) is dict:
        return any(map(_has_json, value.values()))
    if type(value) is list:
        return any(map(_has_json, value))
    return type(value) is JsonData


def _parts(value: Any, encode: Callable[[object], str | bytes]) -> Iterator[bytes]:
    """The JSON of a response, in pieces."""
    if type(value) is JsonData and value.json is not None:
        yield value.json
    elif type(value) is JsonData:
        yield _bytes(encode(value.objects))
    elif not _has_json(value):
        yield _bytes(encode(value))
    elif type(value) is dict:
        opening = b"{"
        for key, inner in value.items():
            yield opening + _bytes(encode(key)) + b":"
            yield from _parts(inner, encode)
            opening = b","
        yield b"}"
    else:
        opening = b"["
        for inner in value:
            yield opening
            yield from _parts(inner, encode)
            opening = b","
        yield b"]"


def _bytes(encoded: str | bytes) -> bytes:
    return encoded.encode() if isinstance(encoded, str) else encoded
