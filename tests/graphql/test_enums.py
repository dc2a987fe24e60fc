"""Enums in and out, whatever their values are."""

from enum import Enum, Flag, IntEnum, StrEnum
from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLList,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    graphql_sync,
)
from reference import LEAF_METHOD, check

from onecross.graphql import Engine


class Plain(Enum):
    RED = 1
    CRIMSON = 1  # noqa: PIE796 - an alias
    GREEN = "green"
    LIST = [1]  # noqa: RUF012 - a value that cannot be hashed


class Whole(IntEnum):
    RED = 1
    GREEN = 2


class Textual(StrEnum):
    RED = "r"
    GREEN = "g"


class Bits(Flag):
    RED = 1
    GREEN = 2


class AlwaysEqual:
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return True


class EqualToText:
    def __hash__(self) -> int:
        return hash("RED")

    def __eq__(self, other: object) -> bool:
        return other == "RED"


class UnequalToItself(Enum):
    RED = 1

    __hash__ = Enum.__hash__

    def __eq__(self, other: object) -> bool:
        return False


def schema_of(enum: GraphQLEnumType) -> GraphQLSchema:
    def echo(_source: Any, _info: Any, value: Any = None) -> str:
        return repr(value) if not isinstance(value, AlwaysEqual) else "always equal"

    fields = {
        "one": GraphQLField(enum),
        "list": GraphQLField(GraphQLList(enum)),
        "echo": GraphQLField(GraphQLString, args={"value": GraphQLArgument(enum)}, resolve=echo),
    }
    return GraphQLSchema(GraphQLObjectType("Query", fields))


custom = EqualToText()
always = AlwaysEqual()
VALUES: dict[str, Any] = {
    "enum": Plain,
    "int enum": Whole,
    "str enum": Textual,
    "flag": Bits,
    "names": ["RED", "GREEN"],
    "texts": {"RED": "r", "GREEN": "GREEN"},
    "integers": {"RED": 0, "GREEN": 1, "BLUE": 2**70},
    "mixed": {"RED": True, "GREEN": 2, "BLUE": 2.5, "GREY": "2"},
    "equal": {"RED": 1, "GREEN": 1.0, "BLUE": True},
    "null": {"RED": None, "GREEN": GraphQLEnumValue(None), "BLUE": "RED"},
    "unhashable": {"RED": [1], "GREEN": {"a": 1}, "BLUE": 1},
    "own equality": {"RED": custom, "GREEN": 1},
    "always equal": {"RED": always, "GREEN": 1, "BLUE": "b"},
    "unequal": UnequalToItself,
    "members as values": {"RED": Whole.GREEN, "GREEN": Textual.RED, "BLUE": Plain.RED},
}
ASKED: list[Any] = [
    *("RED", "GREEN", "BLUE", "CRIMSON", "r", "g", "2", 0, 1, 2, 1.0, 2.0, 2.5, True, False),
    *(2**70, None, [1], {"a": 1}, custom, always, object, b"RED", 3, "\ud800"),
    *(*Plain, *Whole, *Textual, *Bits, *UnequalToItself, Bits.RED | Bits.GREEN, Plain.CRIMSON),
]


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("names_as_values", [False, True, None])
def test_values_out(values: Any, names_as_values: bool | None) -> None:
    if isinstance(values, list):
        values = dict.fromkeys(values)
    enum = GraphQLEnumType("Color", values, names_as_values=names_as_values)
    schema = schema_of(enum)
    check(schema, "{ list }", {"list": ASKED})
    for value in ASKED:
        if not callable(value):
            check(schema, "{ one }", {"one": value})


@pytest.mark.parametrize("values", [Plain, Whole, Textual, VALUES["null"], VALUES["always equal"]])
def test_values_in(values: Any) -> None:
    schema = schema_of(GraphQLEnumType("Color", values))
    check(schema, "{ a: echo(value: RED) b: echo(value: GREEN) c: echo(value: null) d: echo }")
    query = "query ($v: Color = GREEN) { echo(value: $v) }"
    check(schema, query)
    check(schema, query, variables={"v": "RED"})


def test_an_enum_with_code_of_its_own() -> None:
    class Reversed(GraphQLEnumType):
        pass

    usual = getattr(GraphQLEnumType, LEAF_METHOD)
    setattr(Reversed, LEAF_METHOD, lambda self, output_value: usual(self, output_value[::-1]))
    schema = schema_of(Reversed("Color", {"RED": "red", "GREEN": "green"}))
    check(schema, "{ list }", {"list": ["red", "der", "neerg", 1, None]})


def test_an_enum_whose_code_was_replaced() -> None:
    enum = GraphQLEnumType("Color", {"RED": 1, "GREEN": 2})
    setattr(enum, LEAF_METHOD, lambda value: f"own {value}")
    check(schema_of(enum), "{ one list }", {"one": 1, "list": [1, 2, 3, "RED", None]})


def test_an_enum_whose_code_answers_differently_each_time() -> None:
    def schema() -> GraphQLSchema:
        enum = GraphQLEnumType("Color", {"RED": 1, "GREEN": 2})
        numbers = iter(range(1000))
        setattr(enum, LEAF_METHOD, lambda value: f"{value} {next(numbers)}")
        return schema_of(enum)

    root = {"list": [1, 2, 1, 1]}
    expected = graphql_sync(schema(), "{ list }", root)
    assert expected.data == {"list": ["1 0", "2 1", "1 2", "1 3"]}
    assert Engine(schema()).execute_sync("{ list }", root).data == expected.data
