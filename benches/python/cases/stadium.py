"""The stadium of examples/stadium: many small objects, each with a list of strings."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
)
from measure import Contestant, Settings, Table, measure
from stadium import QUERY, STAND_PLANS, build_stadium, schema

from cases.rivals import (
    STRAWBERRY_JSON,
    graphql_core_json,
    onecross,
    strawberry_json,
    strawberry_orjson,
)

ORJSON = "orjson.dumps of the same dataclasses"

# Written by hand, as somebody who uses graphql-core alone would write it.
TEXT = GraphQLNonNull(GraphQLString)
NUMBER = GraphQLNonNull(GraphQLInt)


def listed(item: Any) -> GraphQLNonNull[Any]:
    """Write the type of a list without nulls."""
    return GraphQLNonNull(GraphQLList(GraphQLNonNull(item)))


SEAT = GraphQLObjectType(
    "Seat",
    {
        "x": GraphQLField(NUMBER),
        "y": GraphQLField(NUMBER),
        "labels": GraphQLField(listed(GraphQLString)),
    },
)
STAND = GraphQLObjectType(
    "Stand",
    {
        "name": GraphQLField(TEXT),
        "seats": GraphQLField(listed(SEAT)),
        "sectionType": GraphQLField(TEXT, resolve=lambda stand, _info: stand.section_type),
        "priceCategory": GraphQLField(TEXT, resolve=lambda stand, _info: stand.price_category),
    },
)
STADIUM = GraphQLObjectType(
    "Stadium",
    {
        "name": GraphQLField(TEXT),
        "city": GraphQLField(TEXT),
        "country": GraphQLField(TEXT),
        "stands": GraphQLField(listed(STAND)),
    },
)
GRAPHQL_CORE_SCHEMA = GraphQLSchema(
    GraphQLObjectType(
        "Query",
        {
            "stadium": GraphQLField(
                GraphQLNonNull(STADIUM),
                args={"seatsPerRow": GraphQLArgument(NUMBER, out_name="seats_per_row")},
                resolve=lambda _root, _info, seats_per_row: build_stadium(seats_per_row),
            )
        },
    )
)


def orjson_comparable(answer: Any) -> Any:
    """Undo what orjson cannot know: GraphQL's names, its order of keys and its envelope."""
    body = bytes(answer)
    for ours, theirs in ((b"section_type", b"sectionType"), (b"price_category", b"priceCategory")):
        body = body.replace(ours, theirs)
    document = orjson.loads(body)
    return document["data"]["stadium"] if "data" in document else document


def rebuild(seats_per_row: int) -> None:
    """Put objects nobody has touched in the place of those that stood there."""
    build_stadium.cache_clear()
    build_stadium(seats_per_row)


def contestants(seats_per_row: int) -> list[Contestant]:
    """Make all who compete for a stadium of this size; onecross comes first."""
    variables = {"seatsPerRow": seats_per_row}
    return [
        onecross(schema, QUERY, variables),
        Contestant(
            ORJSON,
            lambda: orjson.dumps(build_stadium(seats_per_row)),
            comparable=orjson_comparable,
        ),
        graphql_core_json(GRAPHQL_CORE_SCHEMA, QUERY, None, variables),
        strawberry_orjson(schema, QUERY, variables),
        strawberry_json(schema, QUERY, variables),
    ]


def tables(settings: Settings) -> Iterator[Table]:
    """Measure two sizes; goals are set for the larger."""
    yield from tables_of(settings.size(full=250, small=5), settings, {}, {})
    hot_goals = {ORJSON: 0.85, STRAWBERRY_JSON: 1 / 180}
    yield from tables_of(settings.size(full=500, small=10), settings, hot_goals, {ORJSON: 0.6})


def tables_of(
    seats_per_row: int,
    settings: Settings,
    hot_goals: dict[str, float],
    fresh_goals: dict[str, float],
) -> Iterator[Table]:
    """Measure one size, with objects seen before and with objects touched for the first time."""
    seats = seats_per_row * sum(plan.rows for plan in STAND_PLANS)
    everyone = contestants(seats_per_row)
    fresh = [replace(one, reset=lambda: rebuild(seats_per_row)) for one in everyone[:2]]
    yield measure(f"stadium, {seats:,} seats, hot", everyone, settings, goals=hot_goals)
    question = f"stadium, {seats:,} seats, objects touched for the first time"
    yield measure(question, fresh, settings, goals=fresh_goals)
    build_stadium.cache_clear()
