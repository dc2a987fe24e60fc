"""The body of a response in which data of the engine are JSON already."""

from collections.abc import Callable, Iterator
from typing import Any

from onecross.graphql._json_data import JsonData

__all__ = ["encoded", "has_json"]

Encode = Callable[[object], str | bytes]


def encoded(response: object, encode: Encode) -> str | bytes:
    """Encode a response: what is JSON as it is, the rest as the encoder does.

    Args:
        response: The response, with data of the engine anywhere in its dicts and lists.
        encode: Gives the JSON of a value.

    Returns:
        What the encoder gives, if there are no such data; the body in UTF-8 otherwise.
    """
    return b"".join(_parts(response, encode)) if has_json(response) else encode(response)


def has_json(value: object) -> bool:
    """Whether data of the engine are somewhere in a response."""
    if type(value) is dict:
        return any(map(has_json, value.values()))
    if type(value) is list:
        return any(map(has_json, value))
    return type(value) is JsonData


def _parts(value: Any, encode: Encode) -> Iterator[bytes]:
    """The JSON of a response, in pieces."""
    if type(value) is JsonData and value.json is not None:
        yield value.json
    elif type(value) is JsonData:
        yield _bytes(encode(value.objects))
    elif not has_json(value):
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


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
