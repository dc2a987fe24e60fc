"""Stands in for parts of Strawberry, so that its schemas and views run from compiled plans."""

from onecross.graphql.strawberry._executor import Executor as Executor
from onecross.graphql.strawberry._json_view import JsonView as JsonView
from onecross.graphql.strawberry._schema import FederationSchema as FederationSchema
from onecross.graphql.strawberry._schema import Schema as Schema

__all__ = ["Executor", "FederationSchema", "JsonView", "Schema"]
