"""Runs the GraphQL schemas people already have from compiled plans, straight to JSON bytes."""

from onecross._core import JsonResult as JsonResult
from onecross.graphql._engine import Engine as Engine
from onecross.graphql._engine import Statistics as Statistics
from onecross.graphql._executor import Executor as Executor
from onecross.graphql._executor import execute as execute
from onecross.graphql._executor import execute_sync as execute_sync
from onecross.graphql._executor import subscribe as subscribe
from onecross.graphql._handover import statistics as statistics

__all__ = [
    "Engine",
    "Executor",
    "JsonResult",
    "Statistics",
    "execute",
    "execute_sync",
    "statistics",
    "subscribe",
]
