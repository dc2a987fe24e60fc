"""The data of a response that exist as JSON, and as Python objects only if somebody looks."""

import json
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from graphql import GraphQLSchema, OperationDefinitionNode

from onecross._core import Completion
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


class _Wish(NamedTuple):
    """What a view wants to have as JSON, and its encoder."""

    schema: GraphQLSchema | None
    text: str | None
    encode: Encode

    def is_for(self, schema: GraphQLSchema, node: OperationDefinitionNode) -> bool:
        """Whether an operation is that of the view, and not of an extension or a resolver."""
        if schema is not self.schema:
            return False
        # Without a text of its own, the view leaves it to an extension to find the document.
        return not self.text or (node.loc is not None and node.loc.source.body == self.text)


_wanted: ContextVar[_Wish | None] = ContextVar("_wanted", default=None)


@contextmanager
def wants_json(schema: GraphQLSchema | None, text: str | None, encode: Encode) -> Iterator[None]:
    """Let the query of a view have its data as JSON.

    Args:
        schema: The schema of the view, if it has one of graphql-core.
        text: The text of its document, if that was sent.
        encode: The encoder of what JSON does not know: it gives the JSON of a value.
    """
    token = _wanted.set(_Wish(schema, text, encode))
    try:
        yield
    finally:
        _wanted.reset(token)


def answer(
    schema: GraphQLSchema, node: OperationDefinitionNode, preparation: Preparation
) -> Answer | Completion | None:
    """Have the engine execute an operation; the data are JSON if a view wants that.

    Returns:
        What the engine made of it, or `None` when the operation must be left to graphql-core.
    """
    wish = _wanted.get()
    if wish is None or not wish.is_for(schema, node):
        return hand_over(schema, node, preparation)
    # A resolver that executes a query of its own gets plain data.
    _wanted.set(None)
    encode = wish.encode
    awaiting = preparation.awaiting
    if awaiting is not None and awaiting.respond is not None:
        respond = awaiting.respond
        awaiting = awaiting._replace(respond=lambda data, errors: respond(_data(data), errors))
        preparation = preparation._replace(awaiting=awaiting)
    answered = hand_over_json(schema, node, preparation, lambda value: json.loads(encode(value)))
    if isinstance(answered, Answer):
        return Answer(_data(answered.data), answered.errors)
    return answered


def _data(written: bytes) -> JsonData | None:
    return None if written == b"null" else JsonData(written)
