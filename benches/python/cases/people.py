"""The flat list that frameworks of graphql-core are asked for: objects of five scalars."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from graphql import GraphQLSchema
from measure import Contestant, Settings, Table, measure

from cases.rivals import ONECROSS, compact_json
from onecross.graphql import Engine

QUERY = "query People { people { id fullName age topScore isActive } }"

Person = TypeVar("Person")


def build_person(class_: type[Person], number: int) -> Person:
    """Make one object; a quarter is exact, so that every encoder writes the same digits."""
    return class_(
        id=str(number),
        full_name=f"Person {number}",
        age=number % 100,
        top_score=number / 4,
        is_active=number % 2 == 0,
    )


def measure_people(
    framework: str,
    class_: type[Person],
    people: list[Person],
    schema: GraphQLSchema,
    execute: Callable[[str], Any],
    settings: Settings,
) -> Iterator[Table]:
    """Measure the list against a framework.

    Args:
        framework: The name of the framework.
        class_: The class of the objects.
        people: The list that its resolver hands out, filled for as long as it is measured.
        schema: The schema, as graphql-core has it.
        execute: Executes a query by the framework; the answer is the data.
        settings: How long to measure.
    """
    size = settings.size(full=10_000, small=100)
    people[:] = (build_person(class_, number) for number in range(size))
    engine = Engine(schema)
    contestants = [
        Contestant(ONECROSS, lambda: engine.execute_json_sync(QUERY)),
        Contestant(f"{framework} + json.dumps", lambda: compact_json(execute(QUERY))),
    ]
    yield measure(f"{framework}, {size:,} objects x 5 scalars", contestants, settings)
    people.clear()
