"""Random schemas, made so that all fields of one name have one type wherever they are.

So selections can be merged however they meet, and most documents are valid.
"""

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

from graphql import (
    DirectiveLocation,
    GraphQLArgument,
    GraphQLDirective,
    GraphQLField,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    GraphQLUnionType,
    is_abstract_type,
    specified_directives,
)

from generator.inputs import arguments, input_types, leaf_types, wrapped
from generator.resolvers import is_type_of, resolve_type, resolver

__all__ = ["FIELDS", "OBJECTS", "Family", "family", "possible_types"]

OBJECTS = ["Query", "Mutation", "Tree", "Leaf", "Twig"]
FIELDS = [f"f{number}" for number in range(12)]
NOTE = GraphQLDirective(
    "note",
    [
        DirectiveLocation.QUERY,
        DirectiveLocation.FIELD,
        DirectiveLocation.FRAGMENT_SPREAD,
        DirectiveLocation.INLINE_FRAGMENT,
    ],
    {"text": GraphQLArgument(GraphQLString), "number": GraphQLArgument(GraphQLInt)},
)


class Kind(NamedTuple):
    """What all fields of one name have in common."""

    type: Any
    arguments: dict[str, GraphQLArgument]
    resolve: Callable[..., Any] | None


class Family(NamedTuple):
    """A schema, and whether its data shall run only code that the interpreter reports.

    The interpreter reports no call that fails before it begins, and reports what runs within C,
    as the function of a `map`, and when a generator is freed.
    """

    schema: GraphQLSchema
    is_reported: bool


def possible_types(schema: GraphQLSchema, type_: Any) -> list[str]:
    """The names of the object types that a type can stand for."""
    if is_abstract_type(type_):
        return [possible.name for possible in schema.get_possible_types(type_)]
    return [type_.name]


def family(random: Random, is_reported: bool = False) -> Family:
    """Make a schema of leaves of all sorts, objects, interfaces, unions and arguments."""
    leaves = leaf_types(random)
    inputs = input_types(random, leaves)
    outputs = dict(leaves)
    kinds: dict[str, Kind] = {}

    def made(numbers: list[str], narrow: bool = False) -> Callable[[], dict[str, GraphQLField]]:
        chosen = {name: narrow and random.random() < 0.05 for name in sorted(set(numbers))}
        return lambda: {name: field(kinds[name], narrowed) for name, narrowed in chosen.items()}

    living = random.sample(FIELDS, 1)
    plant = [*living, *random.sample(FIELDS, 1)]
    outputs["Living"] = GraphQLInterfaceType(
        "Living", made(living), resolve_type=resolve_type(random)
    )
    outputs["Plant"] = GraphQLInterfaceType(
        "Plant", made(plant), [outputs["Living"]], resolve_type=resolve_type(random)
    )
    for name in OBJECTS:
        interfaces, names = implemented(random, name, outputs, living, plant)
        names = [*names, *random.sample(FIELDS, random.randint(2, 6))]
        outputs[name] = GraphQLObjectType(
            name, made(names, bool(interfaces)), interfaces, is_type_of(random, name)
        )
    members = [outputs[name] for name in random.sample(OBJECTS, random.randint(1, 3))]
    outputs["Either"] = GraphQLUnionType("Either", members, resolve_type(random))
    for name in FIELDS:
        type_ = wrapped(random, outputs[random.choice(list(outputs))])
        kinds[name] = Kind(type_, arguments(random, inputs), resolver(random, is_reported))
    schema = GraphQLSchema(
        outputs["Query"],
        outputs["Mutation"] if random.random() < 0.8 else None,
        types=[*inputs.values(), *outputs.values()],
        directives=[*specified_directives, NOTE],
    )
    return Family(schema, is_reported)


def implemented(
    random: Random, name: str, outputs: dict[str, Any], living: list[str], plant: list[str]
) -> tuple[list[Any], list[str]]:
    """The interfaces that an object type implements, and the fields it must have for that."""
    choice = random.random()
    if name in ("Query", "Mutation") and choice < 0.9:
        return [], []
    if choice < 0.6:
        return [outputs["Plant"], outputs["Living"]], plant
    return ([outputs["Living"]], living) if choice < 0.8 else ([], [])


def field(kind: Kind, is_narrowed: bool) -> GraphQLField:
    """Make a field of a kind, or one that is never null where those of its kind may be."""
    narrow = is_narrowed and not isinstance(kind.type, GraphQLNonNull)
    type_ = GraphQLNonNull(kind.type) if narrow else kind.type
    return GraphQLField(type_, args=kind.arguments, resolve=kind.resolve)
