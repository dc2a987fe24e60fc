"""A flat list: 10,000 objects of five built-in scalars each."""

from collections.abc import Iterator

import strawberry
from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
)
from measure import Settings, Table, measure

from cases.people import build_person
from cases.rivals import STRAWBERRY_JSON, graphql_core_json, onecross, strawberry_json

QUERY = "query People { people { id name age score active } }"


@strawberry.type
class Person:
    """One object of the list."""

    id: strawberry.ID
    name: str
    age: int
    score: float
    active: bool


people: list[Person] = []


@strawberry.type
class Query:
    """The root of the Strawberry schema."""

    @strawberry.field
    def people(self) -> list[Person]:
        """Hand out the list that stands ready."""
        return people


PERSON = GraphQLObjectType(
    "Person",
    {
        "id": GraphQLField(GraphQLNonNull(GraphQLID)),
        "name": GraphQLField(GraphQLNonNull(GraphQLString)),
        "age": GraphQLField(GraphQLNonNull(GraphQLInt)),
        "score": GraphQLField(GraphQLNonNull(GraphQLFloat)),
        "active": GraphQLField(GraphQLNonNull(GraphQLBoolean)),
    },
)
GRAPHQL_CORE_SCHEMA = GraphQLSchema(
    GraphQLObjectType(
        "Query",
        {
            "people": GraphQLField(
                GraphQLNonNull(GraphQLList(GraphQLNonNull(PERSON))),
                resolve=lambda _root, _info: people,
            )
        },
    )
)


def tables(settings: Settings) -> Iterator[Table]:
    """Measure the list."""
    size = settings.size(full=10_000, small=100)
    people[:] = (build_person(Person, number) for number in range(size))
    schema = strawberry.Schema(query=Query)
    contestants = [
        onecross(schema, QUERY),
        graphql_core_json(GRAPHQL_CORE_SCHEMA, QUERY, None),
        strawberry_json(schema, QUERY),
    ]
    goals = {STRAWBERRY_JSON: 1 / 120}
    yield measure(f"flat, {size:,} objects x 5 scalars", contestants, settings, goals=goals)
    people.clear()
