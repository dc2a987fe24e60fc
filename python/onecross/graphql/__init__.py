"""Runs the GraphQL schemas people already have from compiled plans, straight to JSON bytes."""

from onecross._core import JsonResult as JsonResult
from onecross.graphql._engine import Engine as Engine
from onecross.graphql._engine import Statistics as Statistics

__all__ = ["Engine", "JsonResult", "Statistics"]
