"""The built-in scalars: every kind of value, the exact answer or the exact error."""

from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from fractions import Fraction
from typing import Any

import pytest
from reference import build, check

SCALARS = ["Int", "Float", "String", "Boolean", "ID"]


class TextSubclass(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "not what it holds"


class IntSubclass(int):
    def __repr__(self) -> str:
        return "not a number"

    __str__ = __repr__


class FloatSubclass(float):
    def __repr__(self) -> str:
        return "not a number"


class Shown:
    def __str__(self) -> str:
        return "shown ✓"

    def __repr__(self) -> str:
        return "<Shown>"


class Indexed:
    def __index__(self) -> int:
        return 5

    def __repr__(self) -> str:
        return "<Indexed>"


class Converted(Shown):
    def __int__(self) -> int:
        return 6

    def __float__(self) -> float:
        return 6.0


class Unshowable:
    def __str__(self) -> str:
        message = "cannot be shown"
        raise ValueError(message)

    def __repr__(self) -> str:
        return "<Unshowable>"


class Integral(IntEnum):
    ONE = 1


class Textual(StrEnum):
    ONE = "one"


class Member(Enum):
    ONE = 1


VALUES: dict[str, list[Any]] = {
    "booleans and null": [True, False, None],
    "small integers": [0, 1, -1, 7, 255, 256, 257, -5, -6, 1000, 2**30, -(2**30)],
    "integers about 32 bits": [2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**32],
    "integers about 53 bits": [2**53 - 1, 2**53, 2**53 + 1, -(2**53), -(2**53) - 1, 2**53 + 2],
    "integers about 64 bits": [2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64, 2**60, 2**61 + 1],
    "huge integers": [10**30, -(10**30), 10**308, 10**309, 2**1024],
    "integral floats": [0.0, -0.0, 1.0, -1.0, 2147483647.0, 2147483648.0, 1e15, 1e16, 1e17, 1e22],
    "floats": [
        0.1,
        1.5,
        -2.5,
        1e-7,
        1e-5,
        0.0001,
        123456.789,
        1e100,
        5e-324,
        1.7976931348623157e308,
    ],
    "floats that are no numbers": [float("nan"), float("inf"), float("-inf")],
    "ascii": ["", "a", "text", "0", "1", "-1", "1.5", " 7 ", "1e3", "true", "nan", "1_000", '"\\/'],
    "controls": [*(chr(code) for code in range(0x20)), "\x7f", "\u2028\u2029", "a\tb" * 40],
    "latin-1": ["é", "\x80", "\xff", "ascii and é" * 9],
    "two bytes": ["€", "\u0100", "\uffff", "日本語" * 11, "١٢"],
    "four bytes": ["😀", "\U00010000", "\U0010ffff", "a€😀\n" * 9],
    "surrogates": ["\ud800", "\udfff", "a\udc80b", "\ud83d\ude00", "😀\ud83d", "é\udcff" * 20],
    "long texts": ["x" * 5000, "é" * 5000, "\x00" * 3000, "日" * 3000, "😀" * 3000],
    "subclasses": [TextSubclass("7"), IntSubclass(7), FloatSubclass(7.5), FloatSubclass(7.0)],
    "enum members": [Integral.ONE, Textual.ONE, Member.ONE],
    "other numbers": [Decimal(3), Decimal("3.5"), Decimal("NaN"), Decimal("1e999"), Fraction(7, 2)],
    "more numbers": [Fraction(4), Decimal(2**31), 3 + 0j],
    "bytes": [b"", b"7", bytearray(b"7"), memoryview(b"7")],
    "containers": [[], [1], (), {}, {"a": 1}, {1}, frozenset(), range(3)],
    "objects": [Shown(), Indexed(), Converted(), Unshowable(), object, len, ...],
}


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("scalar", SCALARS)
def test_values(scalar: str, values: list[Any]) -> None:
    schema = build(
        f"type Query {{ one: [T] list: [{scalar}] strict: [[{scalar}!]] }} type T {{ v: {scalar} }}"
    )
    root = {
        "one": [{"v": value} for value in values if not callable(value)],
        "list": values,
        "strict": [[value, value] for value in values],
    }
    check(schema, "{ one { v } list strict }", root)


@pytest.mark.parametrize("scalar", SCALARS)
def test_all_kinds_of_values_one_after_the_other(scalar: str) -> None:
    schema = build(f"type Query {{ items: [T] }} type T {{ a: {scalar} b: {scalar}! }}")

    class Item:
        __slots__ = ("a", "b")

        def __init__(self, value: Any) -> None:
            self.a = self.b = value

    items = [Item(value) for values in VALUES.values() for value in values if not callable(value)]
    check(schema, "{ items { b a } items2: items { a } }", {"items": items + items[::-1]})


def test_answers_seen_with_our_own_eyes() -> None:
    schema = build("type Query { i: Int f: Float s: String b: Boolean d: ID }")
    root = {"i": 3.0, "f": 3, "s": 3.5, "b": 0, "d": 3.0}
    expected = {"i": 3, "f": 3.0, "s": "3.5", "b": False, "d": "3"}
    assert repr(check(schema, "{ i f s b d }", root).data) == repr(expected)
    root = dict.fromkeys("ifsbd", True)
    result = check(schema, "{ i f s b d }", root)
    assert repr(result.data) == repr({"i": 1, "f": 1, "s": "true", "b": True, "d": None})
