"""A flat list of Graphene's: 10,000 objects of five scalars, read by its default resolvers."""

from collections.abc import Iterator
from typing import Any

import graphene
from measure import Contestant, Settings, Table, measure

from cases.rivals import ONECROSS, compact_json
from onecross.graphql import Engine

QUERY = "query People { people { id fullName age topScore isActive } }"

GRAPHENE_JSON = "Graphene + json.dumps"


class Person(graphene.ObjectType):
    """One object of the list."""

    id = graphene.ID(required=True)
    full_name = graphene.String(required=True)
    age = graphene.Int(required=True)
    top_score = graphene.Float(required=True)
    is_active = graphene.Boolean(required=True)


people: list[Person] = []


class Query(graphene.ObjectType):
    """The root of the schema."""

    people = graphene.List(graphene.NonNull(Person), required=True)

    @staticmethod
    def resolve_people(_root: Any, _info: Any) -> list[Person]:
        """Hand out the list that stands ready."""
        return people


def build_person(number: int) -> Person:
    """Make one object; a quarter is exact, so that every encoder writes the same digits."""
    return Person(
        id=str(number),
        full_name=f"Person {number}",
        age=number % 100,
        top_score=number / 4,
        is_active=number % 2 == 0,
    )


def tables(settings: Settings) -> Iterator[Table]:
    """Measure the list."""
    size = settings.size(full=10_000, small=100)
    people[:] = map(build_person, range(size))
    schema = graphene.Schema(Query)
    engine = Engine(schema.graphql_schema)
    contestants = [
        Contestant(ONECROSS, lambda: engine.execute_json_sync(QUERY)),
        Contestant(GRAPHENE_JSON, lambda: compact_json(schema.execute(QUERY).data)),
    ]
    yield measure(f"Graphene, {size:,} objects x 5 scalars", contestants, settings)
    people.clear()
