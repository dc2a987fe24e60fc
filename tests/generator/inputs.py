"""Input types of every kind, their default values, and values for them from outside."""

from collections.abc import Callable
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    StringValueNode,
    Undefined,
    get_nullable_type,
    specified_scalar_types,
)

from generator.lines import argument, input_field, scalar
from generator.values import Color, Shade

__all__ = ["arguments", "external", "input_types", "leaf_types"]

# What a leaf may be given from outside, and what the default value of a position of it may be.
EXTERNAL: dict[str, list[Any]] = {
    "Int": [0, 1, -7, 2**31 - 1],
    "Float": [0.5, 7, -0.0, 1e300],
    "String": ["", "text", 'é\n"', "\ud800"],
    "Boolean": [True, False],
    "ID": ["id", 7, 2**40],
    "Color": ["RED", "GREEN", "BLUE"],
    "Shade": ["LIGHT", "DARK"],
    "Odd": ["NOTHING", "PAIR", "LIST", "SAME"],
    "Echo": ["", "é", "text"],
    "Raw": [1, "text", [1], {"a": {"b": [0.5]}}, False],
}
WRONG: list[Any] = [
    *(None, "wrong", "", 1.5, 2**31, -1, True, [], [None], {}, {"x": 1}, {"unknown": 1}, (1, 2)),
    *(b"bytes", 10**30, 3.0, float("nan"), Undefined, Color.RED, "\ud800"),
    *("raise", "refuse", "nothing", [1, {"a": None}]),
]
ODD_VALUES = {"NOTHING": None, "PAIR": (1, 2), "LIST": [1], "SAME": "same", "OTHER": "same"}


def echo(value: Any) -> Any:
    """Lets most values pass; some are errors, some are null."""
    if isinstance(value, bytes) or value == "nothing":
        return None
    if isinstance(value, str) and value in ("raise", "refuse"):
        if value == "raise":
            message = "asked to raise"
            raise ValueError(message)
        raise GraphQLError("asked to refuse", extensions={"code": "REFUSED"})
    if isinstance(value, float) and not -1e308 < value < 1e308:
        return "no number"
    simple = isinstance(value, str | int | float)
    return value if simple else {"shown": [type(value).__name__, 1.5, None], 2**70: True}


def of_texts(node: Any) -> Any:
    """Takes texts only where a value is written in the document."""
    if isinstance(node, StringValueNode):
        return echo(node.value)
    message = "not a text"
    raise ValueError(message)


def leaf_types(random: Random) -> dict[str, Any]:
    """The leaves, which are input and output types."""
    echoes = {"output": echo, "value": echo, "literal": random.choice([None, of_texts])}
    return {
        **specified_scalar_types,
        "Color": GraphQLEnumType("Color", Color),
        "Shade": GraphQLEnumType("Shade", Shade, names_as_values=None),
        "Odd": GraphQLEnumType("Odd", ODD_VALUES),
        "Echo": scalar(random, "Echo", **echoes),
        "Raw": scalar(random, "Raw"),
    }


class Pairs(tuple):
    """What an input object becomes where it does not stay a dict."""

    __slots__ = ()


def as_pairs(values: dict[str, Any]) -> Any:
    if len(values) > 3:
        message = "too many"
        raise ValueError(message)
    return Pairs(sorted(values.items(), key=lambda item: item[0]))


def input_types(random: Random, leaves: dict[str, Any]) -> dict[str, Any]:
    """The leaves, and input objects nested in each other."""
    types = dict(leaves)

    def made(name: str, fields: Callable[[], dict[str, Any]], **options: Any) -> None:
        out_type = random.choice([None, None, None, as_pairs])
        types[name] = GraphQLInputObjectType(name, fields, out_type=out_type, **options)

    def point() -> dict[str, Any]:
        return {name: field(random, wrapped(random, leaf(random, leaves))) for name in "xyz"}

    def filters() -> dict[str, Any]:
        return {
            "all": field(random, GraphQLList(GraphQLNonNull(types["Filter"])), may_default=False),
            "point": field(random, wrapped(random, types["Point"])),
            "choice": field(random, types["Choice"]),
            "leaf": field(random, wrapped(random, leaf(random, leaves))),
        }

    def choice() -> dict[str, Any]:
        one_of = [types["Point"], leaf(random, leaves), GraphQLList(leaf(random, leaves))]
        return {
            name: input_field(type_, Undefined, Undefined)
            for name, type_ in zip("xyz", one_of, strict=True)
        }

    made("Point", point)
    made("Filter", filters)
    made("Choice", choice, is_one_of=True)
    for name in ("Point", "Choice", "Filter"):
        # All choices are made now, in an order that does not depend on who asks first.
        _ = types[name].fields
    return types


def leaf(random: Random, leaves: dict[str, Any]) -> Any:
    return leaves[random.choice(list(leaves))]


def wrapped(random: Random, type_: Any) -> Any:
    """The type, or lists of it, each of which may be required."""
    while random.random() < 0.25:
        type_ = GraphQLList(required(random, type_))
    return required(random, type_)


def required(random: Random, type_: Any) -> Any:
    return GraphQLNonNull(type_) if random.random() < 0.25 else type_


def field(random: Random, type_: Any, may_default: bool = True) -> Any:
    """A field of an input object."""
    out_name = random.choice([None, None, None, "renamed"])
    return input_field(type_, *defaults(random, type_, may_default), out_name=out_name)


def arguments(random: Random, types: dict[str, Any]) -> dict[str, GraphQLArgument]:
    """The arguments of a field, mostly none."""
    names = random.choice(["", "", "a", "a", "ab", "abc"])
    made = {}
    for name in names:
        type_ = wrapped(random, types[random.choice(list(types))])
        out_name = random.choice([None, None, None, None, "named"])
        made[name] = argument(type_, *defaults(random, type_), out_name=out_name)
    return made


def defaults(random: Random, type_: Any, may_default: bool = True) -> tuple[Any, Any]:
    """A default value in its inner and its outer form, or none, or one that there is no more."""
    if not may_default or random.random() < 0.6:
        return Undefined, Undefined
    value = external(random, type_, 2, wrong=0)
    return internal(type_, value), value if random.random() < 0.5 else Undefined


def internal(type_: Any, value: Any) -> Any:
    """A value from outside as a resolver would find it."""
    type_ = get_nullable_type(type_)
    if isinstance(type_, GraphQLEnumType) and value is not None:
        return type_.values[value].value
    if isinstance(type_, GraphQLList) and value is not None:
        items = value if isinstance(value, list) else [value]
        return [internal(type_.of_type, item) for item in items]
    if isinstance(type_, GraphQLInputObjectType) and isinstance(value, dict):
        return {name: internal(type_.fields[name].type, item) for name, item in value.items()}
    return value


def external(random: Random, type_: Any, depth: int, wrong: float = 0.02) -> Any:
    """A value from outside for a position of a type, sometimes a wrong one."""
    if random.random() < wrong:
        return random.choice(WRONG)
    if isinstance(type_, GraphQLNonNull):
        return present(random, type_.of_type, depth, wrong)
    return None if random.random() < 0.1 else present(random, type_, depth, wrong)


def present(random: Random, type_: Any, depth: int, wrong: float) -> Any:
    if isinstance(type_, GraphQLList):
        if random.random() < 0.15:
            # One item stands for a list of it, unless it is a list, which would stand for itself.
            item = present(random, get_nullable_type(type_.of_type), depth, wrong)
            return [item] if isinstance(item, list | tuple) else item
        count = random.randint(0, 2) if depth > 0 else 0
        items = [external(random, type_.of_type, depth - 1, wrong) for _ in range(count)]
        return tuple(items) if random.random() < wrong else items
    if isinstance(type_, GraphQLInputObjectType):
        return input_object(random, type_, depth, wrong)
    return random.choice(EXTERNAL[type_.name])


def input_object(random: Random, type_: Any, depth: int, wrong: float) -> Any:
    fields = chosen_fields(random, type_, depth, wrong)
    return {name: external(random, field, depth - 1, wrong) for name, field in fields.items()}


def chosen_fields(random: Random, type_: Any, depth: int, wrong: float) -> dict[str, Any]:
    """The fields of an input object that are given, each with the type that its value has."""
    if type_.is_one_of:
        if random.random() < wrong:
            return {name: field.type for name, field in type_.fields.items()}
        name = random.choice(list(type_.fields))
        return {name: GraphQLNonNull(type_.fields[name].type)}
    return {
        name: field.type
        for name, field in type_.fields.items()
        if random.random() >= (wrong if is_needed(field) else 0.6)
        and (depth > 0 or is_needed(field))
    }


def is_needed(field: Any) -> bool:
    return isinstance(field.type, GraphQLNonNull)
