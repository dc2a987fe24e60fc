"""Errors as programs have them: with and without a message, located already, unable to be shown."""

from typing import Any

from graphql import GraphQLError

from generator.recipe import Recipe

__all__ = ["FAULTS", "Halt"]


class Halt(BaseException):
    """Ends the execution, as a signal does."""


class FactsError(Exception):
    """Carries attributes that graphql-core takes for its own."""

    def __init__(self, **facts: Any) -> None:
        super().__init__("with facts")
        for name, fact in facts.items():
            setattr(self, name, fact)


class UnprintableError(Exception):
    """Cannot tell what it is about."""

    def __str__(self) -> str:
        message = "not to be told"
        raise RuntimeError(message)


class CodedError(GraphQLError):
    """An error of an application, told in GraphQL."""


def caused() -> ValueError:
    error = ValueError("because of another")
    error.__cause__ = LookupError("the other")
    return error


def fault(text: str, make: Any) -> Recipe:
    return Recipe(text, make, raises=True)


FAULTS = [
    fault("ValueError", lambda: ValueError("no value today")),
    fault("error without a message", ValueError),
    fault("error with two arguments", lambda: ValueError(1, "two")),
    fault("non-ASCII message", lambda: ValueError("naïve 日本 😀 \ud800")),
    fault("KeyError", lambda: KeyError("key")),
    fault("AttributeError", lambda: AttributeError("missing")),
    fault("StopIteration", lambda: StopIteration("stopped")),
    fault("RecursionError", lambda: RecursionError("too deep")),
    fault("ExceptionGroup", lambda: ExceptionGroup("several", [ValueError("one"), OSError(2)])),
    fault("error with a cause", caused),
    fault("GraphQLError", lambda: GraphQLError("told")),
    fault("extensions", lambda: GraphQLError("told", extensions={"code": "E1", "at": [1, None]})),
    fault("another path", lambda: GraphQLError("elsewhere", path=["some", 1])),
    fault("empty path", lambda: GraphQLError("at the root", path=[])),
    fault("original error", lambda: GraphQLError("told", original_error=OSError("first"))),
    fault("subclass", lambda: CodedError("coded", extensions={"code": 7})),
    fault("number for a message", lambda: FactsError(message=42)),
    fault("extensions of its own", lambda: FactsError(extensions={"own": True})),
    fault("a path that is none", lambda: FactsError(path=["not", "taken"])),
    fault("a source", lambda: FactsError(source="{ elsewhere }", positions=[2])),
    fault("unprintable", UnprintableError),
    fault("Halt", lambda: Halt("the execution ends")),
]
