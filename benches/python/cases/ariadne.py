"""A flat list of Ariadne's: 10,000 objects of five scalars, their names converted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ariadne import QueryType, graphql_sync, make_executable_schema
from measure import Settings, Table

from cases.people import measure_people

TYPE_DEFINITIONS = """
  type Query { people: [Person!]! }
  type Person { id: ID! fullName: String! age: Int! topScore: Float! isActive: Boolean! }
"""


@dataclass
class Person:
    """One object of the list."""

    id: str
    full_name: str
    age: int
    top_score: float
    is_active: bool


people: list[Person] = []
query = QueryType()


@query.field("people")
def resolve_people(*_: Any) -> list[Person]:
    """Hand out the list that stands ready."""
    return people


def tables(settings: Settings) -> Iterator[Table]:
    """Measure the list."""
    schema = make_executable_schema(TYPE_DEFINITIONS, query, convert_names_case=True)

    def execute(text: str) -> Any:
        _, answer = graphql_sync(schema, {"query": text})
        return answer["data"]

    yield from measure_people("Ariadne", Person, people, schema, execute, settings)
