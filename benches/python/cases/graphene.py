"""A flat list of Graphene's: 10,000 objects of five scalars, read by its default resolvers."""

from collections.abc import Iterator
from typing import Any

import graphene
from measure import Settings, Table

from cases.people import measure_people


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


def tables(settings: Settings) -> Iterator[Table]:
    """Measure the list."""
    schema = graphene.Schema(Query)

    def execute(text: str) -> Any:
        return schema.execute(text).data

    yield from measure_people("Graphene", Person, people, schema.graphql_schema, execute, settings)
