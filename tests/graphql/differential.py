"""Random requests over a random schema, answered by the engine and by graphql-core."""

from random import Random

from generated_queries import query
from generated_schemas import family
from generated_values import object_of
from graphql import print_schema
from hypothesis import note
from hypothesis.control import currently_in_test_context
from reference import check


def check_random_requests(random: Random) -> None:
    """Assert that a few random requests over one random schema are answered as they should be."""
    made = family(random)
    for _ in range(2):
        root = object_of(random, made, "Query", 4)
        text, variables = query(random, made)
        if currently_in_test_context():
            note(f"{print_schema(made.schema)}\n{text}\n{variables}\n{root}")
        check(made.schema, text, root, variables=variables)


def check_seed(seed: int) -> None:
    """Assert it of the requests that a seed stands for; a failure names it."""
    try:
        check_random_requests(Random(seed))
    except BaseException as error:
        error.add_note(f"the seed is {seed}")
        raise
