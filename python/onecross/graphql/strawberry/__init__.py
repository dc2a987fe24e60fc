"""Stands in for parts of Strawberry, so that its schemas run from compiled plans."""

from onecross.graphql.strawberry._executor import Executor as Executor

__all__ = ["Executor"]
