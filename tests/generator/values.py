"""Values for leaves and lists: of the right sort, of nearly the right sort, and of none."""

from array import array
from collections import deque
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum, IntEnum
from random import Random
from types import SimpleNamespace
from typing import Any

from graphql import Undefined

from generator.faults import FAULTS
from generator.recipe import Recipe, constant, constants

__all__ = ["LIST_FORMS", "NULL", "REPORTED_FORMS", "Color", "Shade", "fault", "leaf", "oddity"]


class Color(Enum):
    """The values of an enum, which its members stand for."""

    RED = 1
    GREEN = "green"
    BLUE = 2.5


class Shade(Enum):
    """The members of an enum that are its values."""

    LIGHT = "light"
    DARK = "dark"


class Level(IntEnum):
    """Integers that are members of an enum."""

    LOW = 1
    HIGH = 300


class Text(str):
    """A text of a class of its own."""

    __slots__ = ()

    def __str__(self) -> str:
        return "shown by its own code"


class Number(int):
    """An integer of a class of its own."""


class Ratio(float):
    """A float of a class of its own."""


class Shown:
    """Is no text and no number, but can be made one."""

    def __str__(self) -> str:
        return "shown"

    def __float__(self) -> float:
        return 2.5

    def __int__(self) -> int:
        return 2

    def __repr__(self) -> str:
        return "<Shown>"


class Iterated:
    """Can be iterated over, as often as one likes, but is no list."""

    def __init__(self, items: list[Any]) -> None:
        self.items = items

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)


class Breaking(Iterated):
    """Breaks after its items."""

    def __iter__(self) -> Iterator[Any]:
        yield from self.items
        message = "the items end badly"
        raise LookupError(message)


class OwnList(list):
    """A list that tells its items itself."""

    def __iter__(self) -> Iterator[Any]:
        return reversed(self)


class PlainList(list):
    """A list by another name."""


TEXTS = constants(
    *("", "text", 'quoted "\\/', "é", "日本", "😀\n\x00", "\ud800", "x" * 70, Text("own")),
    *(5, 2.5, True, Decimal("1.10"), Level.HIGH, Shown(), 10**30),
)
LEAVES: dict[str, list[Recipe]] = {
    "Int": constants(
        *(0, 1, -1, 300, 2**31 - 1, -(2**31), True, 3.0, "12", "", Number(7), Level.HIGH),
        *(2**31, 1.5, 10**30, Decimal(4), Shown(), float("nan")),
    ),
    "Float": constants(
        *(0.0, -0.0, 1.5, 7, 1e-7, 1e22, 5e-324, False, 2**53, "2.5", Ratio(0.5), Level.LOW),
        *(float("nan"), float("inf"), 10**400, Decimal("0.1"), Shown()),
    ),
    "String": TEXTS,
    "Boolean": constants(True, False, True, 0, 1, 0.5, float("nan"), "true", Number(0), 10**400),
    "ID": constants("id", 7, 2**64, 3.0, Text("own"), Number(7), "é", Level.LOW, 1.5, Shown()),
    "Color": constants(Color.RED, Color.GREEN, 1, "green", 2.5, True, 1.0, "RED", Shade.DARK),
    "Shade": constants(Shade.LIGHT, Shade.DARK, "light", "DARK"),
    "Odd": constants(None, "NOTHING", (1, 2), [1], [2], 0, False, "same", -1.0, {"a": 1}),
    "Echo": constants(1, 1.5, "é", True, [1], {"a": 1}, 10**30, Number(3), Text("own"), b"x"),
    "Raw": constants(1, "text", True, -0.0, [1, [None]], {"a": {"ü": "\ud800"}}, Level.LOW, 2**70),
}
ODDITIES: list[Recipe] = [
    *constants(None, None, None, Undefined, True, 0, 2**53 + 1, 10**30, 1.5, -0.0, float("nan")),
    *constants("", "RED", "raise", "refuse", b"x", [], [1, None], (), {}, {"a": 1}, object),
    *constants(Color.GREEN, SimpleNamespace(), Shown(), range(2)),
    Recipe("returned ValueError", lambda: ValueError("returned")),
]


def oddity(random: Random) -> Recipe:
    """Any value whatever."""
    if random.random() < 0.2:
        found = random.choice(FAULTS)
        # It is returned and not raised, though those that no error can be returned for are.
        return found if found.text == "Halt" else Recipe(f"returned {found.text}", found.make)
    return random.choice(ODDITIES)


def fault(random: Random) -> Recipe:
    """An error to be raised; one that ends the execution is rare."""
    found = random.choice(FAULTS)
    return found if found.text != "Halt" or random.random() < 0.3 else FAULTS[0]


def frozen(items: list[Any]) -> Any:
    """A set where a set has an order that does not depend on where its items are in memory."""
    return frozenset(items) if all(type(item) in (int, bool, float) for item in items) else items


def numbers(items: list[Any]) -> Any:
    """An array where the items can be in one."""
    return array("q", items) if all(type(item) is int for item in items) else deque(items)


def itself(item: Any) -> Any:
    return item


LIST_FORMS = {
    "list": list,
    "tuple": tuple,
    "generator": lambda items: (item for item in items),
    "iterator": iter,
    "set": frozen,
    "array": numbers,
    "deque": deque,
    "dict values": lambda items: dict(enumerate(items)).values(),
    "map": lambda items: map(itself, items),
    "iterated": Iterated,
    "breaking": Breaking,
    "own list": OwnList,
    "plain list": PlainList,
    "named tuple": lambda items: tuple.__new__(Pair, items),
}


# Those whose code, if they have any, the interpreter reports call by call.
REPORTED_FORMS = ["list", "tuple", "iterator", "set", "deque", "iterated", "own list", "plain list"]


class Pair(tuple):
    """A tuple by another name."""

    __slots__ = ()


def leaf(random: Random, name: str) -> Recipe:
    """A value for a leaf, mostly of the right sort."""
    known = LEAVES[name]
    # The first ones are right.
    return random.choice(known if random.random() < 0.3 else known[: len(known) // 2])


NULL = constant(None)
