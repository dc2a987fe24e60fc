"""A flat list of Ariadne's: 10,000 objects of five scalars, their names converted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ariadne import QueryType, graphql_sync, make_executable_schema
from measure import Contestant, Settings, Table, measure

from cases.rivals import ONECROSS, compact_json
from onecross.graphql import Engine

QUERY = "query People { people { id fullName age topScore isActive } }"

ARIADNE_JSON = "Ariadne + json.dumps"

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
    schema = make_executable_schema(TYPE_DEFINITIONS, query, convert_names_case=True)
    engine = Engine(schema)

    def by_ariadne() -> bytes:
        _, answer = graphql_sync(schema, {"query": QUERY})
        return compact_json(answer["data"])

    contestants = [
        Contestant(ONECROSS, lambda: engine.execute_json_sync(QUERY)),
        Contestant(ARIADNE_JSON, by_ariadne),
    ]
    yield measure(f"Ariadne, {size:,} objects x 5 scalars", contestants, settings)
    people.clear()
