"""`Engine(default=…)`: what JSON does not know is written as the caller says."""

import json
from collections import OrderedDict, namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, IntEnum, IntFlag, StrEnum
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from reference import build

import onecross
from onecross import EncodingError
from onecross.graphql import Engine

SCHEMA = build("scalar Any type Query { one: Any list: [Any] after: String }")
PRICE, IDENTITY = Decimal("9.90"), UUID(int=1)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def dumps(value: Any, default: Callable[[Any], Any] | None) -> bytes:
    compact = {"separators": (",", ":"), "ensure_ascii": False, "allow_nan": False}
    return json.dumps(value, default=default, **compact).encode()


def written(value: Any, default: Callable[[Any], Any] | None = None) -> bytes:
    engine = Engine(SCHEMA, default=default)
    result = engine.execute_json_sync("{ one }", {"one": value})
    assert result.errors is None, result.errors
    assert engine.execute_sync("{ one }", {"one": value}).data["one"] is value
    return bytes(result)


@dataclass
class Money:
    amount: Decimal
    currency: str


def default(value: Any) -> Any:
    match value:
        case Decimal() | UUID():
            return str(value)
        case date():
            return value.isoformat()
        case set():
            return sorted(value)
        case Money():
            return {"amount": value.amount, "currency": value.currency}
        case Enum():
            return [value.name, value.value]
    raise TypeError(f"no form for {value!r}")


class Suit(Enum):
    HEARTS = PRICE


LEAVES = [PRICE, IDENTITY, NOON, NOON.date(), {3, 1, 2}, Money(PRICE, "€"), Suit.HEARTS]


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: type(leaf).__name__)
def test_a_leaf_is_written_as_by_json_dumps(leaf: Any) -> None:
    for value in (leaf, [leaf], (1, leaf, leaf), {"a": leaf, "b": {"c": [leaf]}}):
        assert written(value, default) == dumps({"data": {"one": value}}, default)


def test_each_leaf_is_encoded_once_and_counted() -> None:
    calls: list[Any] = []

    def encode(value: Any) -> Any:
        calls.append(value)
        return default(value)

    engine = Engine(SCHEMA, default=encode)
    values = [PRICE, 1, [IDENTITY, "text"], {"money": Money(PRICE, "€")}]
    engine.execute_json_sync("{ list }", {"list": []})
    with onecross.meter() as plain:
        engine.execute_json_sync("{ list }", {"list": [0, 1, [2, "text"], {"money": 3}]})
    assert calls == []
    with onecross.meter() as meter:
        engine.execute_json_sync("{ list }", {"list": values})
    assert calls == [PRICE, IDENTITY, values[3]["money"], PRICE]
    assert meter.calls_out == plain.calls_out + len(calls)


def test_what_the_encoder_raises_is_the_error_of_the_field() -> None:
    engine = Engine(SCHEMA, default=default)
    result = engine.execute_json_sync("{ one list after }", {"one": 1j, "list": [PRICE, {"a": 1j}]})
    assert bytes(result).startswith(b'{"data":{"one":null,"list":["9.90",null],"after":null},')
    assert [error.path for error in result.errors] == [["one"], ["list", 1]]
    assert {error.message for error in result.errors} == {"no form for 1j"}
    assert {type(error.original_error) for error in result.errors} == {TypeError}


def test_what_ends_the_program_is_no_error_of_a_field() -> None:
    def encode(_value: Any) -> Any:
        raise KeyboardInterrupt

    def fail(_info: Any) -> Any:
        raise type("FailedError", (Exception,), {"extensions": {"price": PRICE}})

    for root in ({"one": PRICE}, {"one": fail}):
        with pytest.raises(KeyboardInterrupt):
            Engine(SCHEMA, default=encode).execute_json_sync("{ one }", root)


class Node:
    """Leads to another one, or back to itself."""

    def __init__(self) -> None:
        self.next: Any = self


def around() -> Node:
    first, second = Node(), Node()
    first.next, second.next = second, first
    return first


CYCLES: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "the value itself": (Node(), lambda value: value),
    "a list with the value": (Node(), lambda value: [value]),
    "a dict with the value": (Node(), lambda value: {"a": value}),
    "one and the other": (around(), lambda value: value.next),
    "one and the other in lists": (around(), lambda value: [1, (value.next,)]),
}


@pytest.mark.parametrize(("value", "encode"), CYCLES.values(), ids=CYCLES)
def test_a_cycle_is_the_error_that_json_dumps_gives(
    value: Any, encode: Callable[[Any], Any]
) -> None:
    with pytest.raises(ValueError, match="Circular reference detected") as expected:
        dumps(value, encode)
    result = Engine(SCHEMA, default=encode).execute_json_sync("{ one after }", {"one": value})
    [error] = result.errors
    assert error.message == str(expected.value)
    assert error.path == ["one"]


def test_the_same_leaf_twice_is_no_cycle() -> None:
    node = Node()
    node.next = [PRICE, PRICE]
    value = [node, node, {"a": node}]

    def encode(value: Any) -> Any:
        return value.next if value is node else str(value)

    assert written(value, encode) == dumps({"data": {"one": value}}, encode)


def test_an_encoder_that_always_makes_something_new_is_an_error_of_the_field() -> None:
    engine = Engine(SCHEMA, default=lambda _value: Node())
    result = engine.execute_json_sync("{ one after }", {"one": Node()})
    assert isinstance(result.errors[0].original_error, RecursionError)
    assert bytes(result).startswith(b'{"data":{"one":null,"after":null}')


def test_an_encoder_may_execute_on_the_same_engine() -> None:
    def encode(value: Any) -> Any:
        return engine.execute_sync("{ one }", {"one": str(value)}).data

    engine = Engine(SCHEMA, default=encode)
    result = engine.execute_json_sync("{ one }", {"one": [PRICE]})
    assert bytes(result) == b'{"data":{"one":[{"one":"9.90"}]}}'


def test_an_encoder_may_change_what_is_written() -> None:
    def clear(_value: Any) -> str:
        del values[1:]
        return "cleared"

    values: list[Any] = [PRICE, *range(1_000)]
    assert bytes(Engine(SCHEMA, default=clear).execute_json_sync("{ one }", {"one": values})) == (
        b'{"data":{"one":["cleared"]}}'
    )


def test_extensions_of_errors_are_encoded_too() -> None:
    class TellingError(Exception):
        extensions = {"price": PRICE, "codes": [{1, 2}]}  # noqa: RUF012 - as users write it

    root = {"one": TellingError("failed")}
    result = Engine(SCHEMA, default=default).execute_json_sync("{ one }", root)
    assert bytes(result).endswith(b'"extensions":{"price":"9.90","codes":[[1,2]]}}]}')
    with pytest.raises(EncodingError, match="Decimal is not JSON serializable"):
        Engine(SCHEMA).execute_json_sync("{ one }", root)
    root["one"].extensions["codes"] = 1j
    with pytest.raises(EncodingError, match="no form for"):
        Engine(SCHEMA, default=default).execute_json_sync("{ one }", root)


class Level(IntEnum):
    HIGH = 3


class Flag(IntFlag):
    ONE, TWO = 1, 2


class Name(StrEnum):
    ADA = "Adä"


class Shouting(str):
    __slots__ = ()

    def __str__(self) -> str:
        return self.upper()

    __repr__ = __str__


class Odd(int):
    def __repr__(self) -> str:
        return "odd"

    __str__ = __repr__


class Rounded(float):
    def __repr__(self) -> str:
        return "rounded"

    __str__ = __repr__


class Reversed(list[Any]):
    def __iter__(self) -> Any:
        return reversed(list(super().__iter__()))


class Shown(dict[str, Any]):
    def items(self) -> Any:
        return iter([("shown", 1), (Name.ADA, 2)])


class Entries(dict[str, Any]):
    def items(self) -> Any:
        return [["a", 1]]


class Point(NamedTuple):
    x: int
    y: Any


Old = namedtuple("Old", "a b")

SUBCLASSES = [
    *(Level.HIGH, Flag.ONE | Flag.TWO, Name.ADA, Shouting("text"), Odd(5), Odd(10**30)),
    *(Rounded(1.5), True, [False, 1, 1.0], Reversed([1, 2]), Reversed(), Point(1, Point(2, ()))),
    *(Old(1, "b"), Shown(a=1), Shown(), OrderedDict(b=1, a=2), (Odd(1), Rounded(2.5))),
    {Level.HIGH: 1, Name.ADA: 2, Shouting("k"): 3, Odd(5): 4, Rounded(0.5): 5, True: 6, None: 7},
]


@pytest.mark.parametrize("value", SUBCLASSES, ids=range(len(SUBCLASSES)))
def test_subclasses_are_written_as_by_json_dumps(value: Any) -> None:
    assert written(value) == dumps({"data": {"one": value}}, None)
    assert written([value, {"a": value}]) == dumps({"data": {"one": [value, {"a": value}]}}, None)


def test_a_dict_whose_items_are_no_pairs_is_the_error_that_json_dumps_gives() -> None:
    with pytest.raises(ValueError, match="items must return 2-tuples") as expected:
        dumps(Entries(a=1), None)
    result = Engine(SCHEMA).execute_json_sync("{ one }", {"one": Entries(a=1)})
    assert result.errors[0].message == str(expected.value)


def test_the_encoder_is_not_asked_for_numbers_that_are_none_nor_for_keys() -> None:
    engine = Engine(SCHEMA, default=lambda value: pytest.fail(f"asked for {value!r}"))
    for value in (float("nan"), [float("inf")], {PRICE: 1}):
        [error] = engine.execute_json_sync("{ one }", {"one": value}).errors
        with pytest.raises((TypeError, ValueError)) as expected:
            dumps(value, None)
        assert type(error.original_error) is expected.type
