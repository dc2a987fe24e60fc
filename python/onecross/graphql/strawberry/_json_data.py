"""The data of a response that exist as JSON, and as Python objects only if somebody looks."""

import json
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from graphql import GraphQLSchema, OperationDefinitionNode, OperationType

from onecross.graphql._handover import Answer, Preparation, hand_over, hand_over_json

__all__ = ["JsonData", "answer", "wants_json"]


class JsonData(MutableMapping[str, Any]):
    """The data of a response, as JSON until somebody reads or changes them.

    From then on they are the dicts and lists that JSON stands for, and what becomes of these is
    what is sent.
    """

    __slots__ = ("_json", "_objects")

    def __init__(self, written: bytes) -> None:
        self._json: bytes | None = written
        self._objects: dict[str, Any] = {}

    @property
    def json(self) -> bytes | None:
        """The JSON, as long as nobody has looked."""
        return self._json

    @property
    def objects(self) -> dict[str, Any]:
        """The dicts and lists, which stand for the data from now on."""
        if self._json is not None:
            self._objects = json.loads(self._json)
            self._json = None
        return self._objects

    def __getitem__(self, key: str) -> Any:
        return self.objects[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.objects[key] = value

    def __delitem__(self, key: str) -> None:
        del self.objects[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.objects)

    def __len__(self) -> int:
        return len(self.objects)

    def __bool__(self) -> bool:
        # Asked often, and no reason to look.
        return bool(self._objects) if self._json is None else self._json != b"{}"

    def __eq__(self, other: object) -> bool:
        return self.objects == (other.objects if isinstance(other, JsonData) else other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self.objects)


Encode = Callable[[object], str | bytes]

# The encoder of the view that wants the data of the next execution as JSON.
_wanted: ContextVar[Encode | None] = ContextVar("_wanted", default=None)


@contextmanager
def wants_json(encode: Encode) -> Iterator[None]:
    """Let the first query that is executed within have its data as JSON.

    Args:
        encode: The encoder of what JSON does not know: it gives the JSON of a value.
    """
    token = _wanted.set(encode)
    try:
        yield
    finally:
        _wanted.reset(token)


def answer(
    schema: GraphQLSchema, node: OperationDefinitionNode, preparation: Preparation
) -> Answer | None:
    """Have the engine execute an operation; the data are JSON if a view wants that.

    Returns:
        What the engine made of it, or `None` when the operation must be left to graphql-core.

    Raises:
        RuntimeError: Something must be awaited, for which a view that wants JSON has no time.
    """
    encode = _wanted.get()
    # In a mutation, what is awaited keeps later fields from being begun, as JSON could not.
    if encode is None or node.operation is not OperationType.QUERY:
        return hand_over(schema, node, preparation)
    # A resolver that executes a query of its own gets plain data.
    _wanted.set(None)
    answered = hand_over_json(schema, node, preparation, lambda value: json.loads(encode(value)))
    if answered is None:
        return None
    written, errors, met_awaitable = answered
    if met_awaitable:
        message = "GraphQL execution failed to complete synchronously."
        raise RuntimeError(message)
    data = None if written == b"null" else JsonData(written)
    return Answer(data, errors, None, 0)
