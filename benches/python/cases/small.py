"""The smallest useful request: what is left when there is next to nothing to execute."""

from collections.abc import Iterator

import strawberry
from measure import Settings, Table, measure
from strawberry.extensions import ParserCache, ValidationCache

from cases.rivals import STRAWBERRY_JSON, onecross, strawberry_json

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
