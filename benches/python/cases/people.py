"""The people of the flat lists, and the list as frameworks of graphql-core are asked for it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from graphql import GraphQLSchema
from measure import Contestant, Settings, Table, measure

from cases.rivals import ONECROSS, compact_json
from onecross.graphql import Engine

QUERY = "query People { people { id fullName age topScore isActive } }"
NAMES = ("id", "name", "age", "score", "active")
CONVERTED_NAMES = ("id", "full_name", "age", "top_score", "is_active")

Person = TypeVar("Person")


def build_person(make: Callable[..., Person], number: int, names: Sequence[str] = NAMES) -> Person:
    """Make one object; a quarter is exact, so that every encoder writes the same digits."""
    values = (str(number), f"Person {number}", number % 100, number / 4, number % 2 == 0)
    return make(**dict(zip(names, values, strict=True)))


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
    people[:] = (build_person(class_, number, CONVERTED_NAMES) for number in range(size))
    engine = Engine(schema)
    contestants = [
        Contestant(ONECROSS, lambda: engine.execute_json_sync(QUERY)),
        Contestant(f"{framework} + json.dumps", lambda: compact_json(execute(QUERY))),
    ]
    yield measure(f"{framework}, {size:,} objects x 5 scalars", contestants, settings)
    people.clear()
