"""The libraries that compete, each as a way from a query to the bytes of a response."""

import json
from typing import TYPE_CHECKING, Any

import orjson
from graphql import GraphQLSchema, graphql_sync
from measure import Contestant

from onecross.graphql import Engine

if TYPE_CHECKING:
    import strawberry

ONECROSS = "onecross"
STRAWBERRY_JSON = "Strawberry + json.dumps"
STRAWBERRY_ORJSON = "Strawberry + orjson"
GRAPHQL_CORE_JSON = "graphql-core + json.dumps"

Variables = dict[str, Any] | None


def compact_json(data: object) -> bytes:
    """Encode as the frameworks' views do, without spaces."""
    return json.dumps({"data": data}, separators=(",", ":"), ensure_ascii=False).encode()


def onecross(schema: "strawberry.Schema", query: str, variables: Variables = None) -> Contestant:
    """The engine, from a Strawberry schema."""
    engine = Engine(schema)
    return Contestant(ONECROSS, lambda: engine.execute_json_sync(query, variable_values=variables))


def strawberry_json(
    schema: "strawberry.Schema",
    query: str,
    variables: Variables = None,
    name: str = STRAWBERRY_JSON,
) -> Contestant:
    """Strawberry, encoded by the standard library."""
    return Contestant(
        name, lambda: compact_json(schema.execute_sync(query, variable_values=variables).data)
    )


def strawberry_orjson(
    schema: "strawberry.Schema", query: str, variables: Variables = None
) -> Contestant:
    """Strawberry, encoded by orjson."""
    return Contestant(
        STRAWBERRY_ORJSON,
        lambda: orjson.dumps(
            {"data": schema.execute_sync(query, variable_values=variables).data},
        ),
    )


def graphql_core_json(
    schema: GraphQLSchema, query: str, root: object, variables: Variables = None
) -> Contestant:
    """graphql-core with a schema of its own, encoded by the standard library."""
    return Contestant(
        GRAPHQL_CORE_JSON,
        lambda: compact_json(graphql_sync(schema, query, root, variable_values=variables).data),
    )
