"""Random schemas, made so that all fields of one name have one type wherever they are."""

from collections.abc import Callable
from enum import Enum
from math import isfinite
from random import Random
from typing import Any, NamedTuple

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    default_field_resolver,
    specified_scalar_types,
)

OBJECTS = ["Query", "Tree", "Leaf", "Twig"]


class Color(Enum):
    """The values of the enum."""

    RED = 1
    GREEN = "green"


class Kind(NamedTuple):
    """What all fields of one name have in common."""

    type: Any
    has_argument: bool
    resolve: Callable[..., Any] | None


class Family(NamedTuple):
    """A schema, and what its fields are by name."""

    schema: GraphQLSchema
    kinds: dict[str, Kind]


def echo(value: Any) -> Any:
    """The code of the custom scalar: sometimes the value, sometimes more, null or an error."""
    if isinstance(value, bytes):
        return None
    if value == "raise":
        message = "asked to raise"
        raise ValueError(message)
    is_leaf = isinstance(value, str | int) or (isinstance(value, float) and isfinite(value))
    return value if is_leaf else {"shown": [type(value).__name__, 1.5, None], 2**70: True}


def family(random: Random) -> Family:
    """Make a schema of leaves of all sorts, objects, an interface and a union."""
    types: dict[str, Any] = {
        **specified_scalar_types,
        "Color": GraphQLEnumType("Color", Color),
        "Echo": GraphQLScalarType("Echo", coerce_output_value=echo),
    }
    kinds: dict[str, Kind] = {}
    own = {name: random.sample(range(12), random.randint(3, 7)) for name in OBJECTS}
    shared = random.sample(range(12), 2)
    checked = random.random() < 0.3

    def fields_of(numbers: list[int]) -> dict[str, GraphQLField]:
        return {f"f{number}": field(kinds[f"f{number}"]) for number in numbers}

    interface = GraphQLInterfaceType("Plant", lambda: fields_of(shared))
    types["Plant"] = interface
    for name in OBJECTS:
        implements = [] if name == "Query" else [interface]
        numbers = [*own[name], *(shared if implements else [])]
        types[name] = GraphQLObjectType(
            name, lambda numbers=numbers: fields_of(numbers), implements
        )
    if checked:
        types["Leaf"].is_type_of = lambda value, _info: value != {}
    types["Either"] = GraphQLUnionType("Either", [types["Leaf"], types["Query"]])
    for number in range(12):
        kinds[f"f{number}"] = kind(random, types)
    schema = GraphQLSchema(types["Query"], types=[types[name] for name in OBJECTS])
    return Family(schema, kinds)


def kind(random: Random, types: dict[str, Any]) -> Kind:
    """Choose what the fields of a name are."""
    type_ = types[random.choice(list(types))]
    while random.random() < 0.4:
        type_ = GraphQLList(required(random, type_))
    has_argument = random.random() < 0.3
    return Kind(required(random, type_), has_argument, random.choice(RESOLVERS))


def required(random: Random, type_: Any) -> Any:
    """The type, or the one that is never null."""
    return GraphQLNonNull(type_) if random.random() < 0.3 else type_


def field(kind: Kind) -> GraphQLField:
    """Make a field of a kind."""
    arguments = {"n": GraphQLArgument(GraphQLInt, default_value=1)} if kind.has_argument else {}
    return GraphQLField(kind.type, args=arguments, resolve=kind.resolve)


def by_resolver(source: Any, info: Any, **arguments: Any) -> Any:
    """Do as the default resolver does, or raise where the argument says so."""
    if arguments.get("n") == 0:
        raise ValueError(f"{info.parent_type} {info.path.as_list()} {info.variable_values.coerced}")
    return default_field_resolver(source, info, **arguments)


RESOLVERS = [None, None, by_resolver]
