"""Random values for the fields of a random schema, most of them of the right sort."""

from random import Random
from types import SimpleNamespace
from typing import Any

from generated_schemas import OBJECTS, Color, Family
from graphql import GraphQLList, GraphQLNonNull

ODDITIES: list[Any] = [
    *(None, None, True, 0, -1, 2**31, 2**53 + 1, 10**30, 1.5, 3.0, -0.0, 1e16, float("nan")),
    *("", "7", "RED", "é", "😀\n", "\ud800", "raise", b"x", [], [1, None], (), {}, {"a": 1}),
    *(Color.GREEN, ValueError("returned"), object, SimpleNamespace()),
]
LEAVES: dict[str, list[Any]] = {
    "Int": [0, 1, -1, 300, 2**31 - 1, True, 3.0, "12"],
    "Float": [0.0, -0.0, 1.5, 7, 1e-7, 1e22, False, 2**53],
    "String": ["", "text", 'quoted "\\/', "é", "日本", "😀\n\x00", 5, 2.5, True],
    "Boolean": [True, False, 0, 1, 0.5],
    "ID": ["id", 7, 2**64, 3.0],
    "Color": [Color.RED, Color.GREEN, Color.RED, 1, "green"],
    "Echo": [1, 1.5, "é", True, [1], {"a": 1}, 10**30, None],
}


class Called:
    """A value that is called, as the methods of objects are."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __call__(self, _info: Any, n: int | None = 1) -> Any:
        if n == 2:
            message = "two"
            raise KeyError(message)
        return self.value


class Repeatable:
    """Can be iterated over, as often as one likes, but is no list."""

    def __init__(self, items: list[Any]) -> None:
        self.items = items

    def __iter__(self) -> Any:
        return iter(self.items)


class Slotted:
    """Keeps its fields in slots."""

    __slots__ = (*(f"f{number}" for number in range(12)), "_Slotted__typename")


def value_of(random: Random, family: Family, type_: Any, depth: int) -> Any:
    """A value for a field of a type."""
    if isinstance(type_, GraphQLNonNull):
        return value_of(random, family, type_.of_type, depth)
    choice = random.random()
    if choice < 0.08:
        return random.choice(ODDITIES)
    if isinstance(type_, GraphQLList):
        count = random.randint(0, 3 if depth > 0 else 1)
        items = [value_of(random, family, type_.of_type, depth - 1) for _ in range(count)]
        return random.choice([list, list, tuple, Repeatable])(items)
    if type_.name in LEAVES:
        return random.choice(LEAVES[type_.name])
    return object_of(random, family, type_.name, depth - 1) if depth > 0 else None


def object_of(random: Random, family: Family, name: str, depth: int) -> Any:
    """An object of a type, or of one that is possible for it."""
    if name == "Plant":
        name = random.choice(OBJECTS[1:])
    if name == "Either":
        name = random.choice(["Leaf", "Query"])
    fields = family.schema.type_map[name].fields
    values: dict[str, Any] = {}
    for key in fields:
        value = value_of(random, family, family.kinds[key].type, depth)
        if random.random() < 0.1:
            value = Called(value)
        if random.random() < 0.95:
            values[key] = value
    return container(random, name, values)


def container(random: Random, name: str, values: dict[str, Any]) -> Any:
    """The values as a dict or as the attributes of an object, which says of what type it is."""
    form = random.choice(["dict", "namespace", "slots"])
    if form == "dict":
        return {"__typename": name, **values}
    made: Any = SimpleNamespace() if form == "namespace" else Slotted()
    setattr(made, f"_{type(made).__name__}__typename", name)
    for key, value in values.items():
        setattr(made, key, value)
    return made
