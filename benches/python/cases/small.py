"""The smallest useful request: what is left when there is next to nothing to execute.

By an engine, and by the stand-in for Strawberry's schema, whose extensions run.
"""

from collections.abc import Iterator

import strawberry
from measure import Settings, Table, measure
from strawberry.extensions import ParserCache, SchemaExtension, ValidationCache

from cases.rivals import ONECROSS, STRAWBERRY_JSON, onecross, strawberry_json
from onecross.graphql.strawberry import Schema

QUERY = "query Me { me { id name } }"
STRAWBERRY_CACHED = "Strawberry, both caches on, + json.dumps"


@strawberry.type
class User:
    """The only object."""

    id: strawberry.ID
    name: str


USER = User(id=strawberry.ID("1"), name="Ada")


@strawberry.type
class Query:
    """The root of the schema."""

    @strawberry.field
    def me(self) -> User:
        """Hand out the only object."""
        return USER


class Counting(SchemaExtension):
    """An extension that runs with every request."""

    operations = 0
    executions = 0

    def on_operation(self) -> Iterator[None]:
        """Count a request."""
        Counting.operations += 1
        yield

    def on_execute(self) -> Iterator[None]:
        """Count an execution."""
        Counting.executions += 1
        yield


def tables(settings: Settings) -> Iterator[Table]:
    """Measure the request, its plan warm, in runs of 200 calls."""
    plain = strawberry.Schema(query=Query)
    cached = strawberry.Schema(query=Query, extensions=[ParserCache, ValidationCache])
    contestants = [
        onecross(plain, QUERY),
        strawberry_json(cached, QUERY, name=STRAWBERRY_CACHED),
        strawberry_json(plain, QUERY),
    ]
    yield measure(
        "small, {me{id name}}",
        contestants,
        settings,
        goals={STRAWBERRY_CACHED: 1 / 3, STRAWBERRY_JSON: 1 / 20},
        calls=200,
    )
    with_caches = [Counting, ParserCache, ValidationCache]
    stand_in = Schema(query=Query, extensions=[Counting])
    yield measure(
        "small, {me{id name}}, an extension running",
        [
            strawberry_json(stand_in, QUERY, name=f"{ONECROSS}, its Schema"),
            strawberry_json(
                strawberry.Schema(query=Query, extensions=with_caches),
                QUERY,
                name=STRAWBERRY_CACHED,
            ),
        ],
        settings,
        goals={STRAWBERRY_CACHED: 1 / 2},
        calls=200,
    )
    assert Counting.operations == Counting.executions > 0
