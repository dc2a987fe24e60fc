"""Columns that are handed out as Arrow's arrays."""

from __future__ import annotations

from typing import Any

from onecross.sql._intake.source import Given
from onecross.sql.errors import ColumnError


def is_arrow(data: Any) -> bool:
    """Whether an object hands out Arrow's arrays."""
    kind = type(data)
    return hasattr(kind, "__arrow_c_stream__") or hasattr(kind, "__arrow_c_array__")


def refuse_objects(data: Any, source: Given) -> None:
    """Raise where polars would hand out the addresses of objects."""
    if type(data).__module__.partition(".")[0] != "polars" or type(data).__name__ != "DataFrame":
        return
    names = source.intake.names
    for place in source.places or range(len(names)):
        if str(data.schema[names[place]]) == "Object":
            raise of_objects(names[place])


def of_objects(name: str) -> ColumnError:
    error = ColumnError(
        f"column '{name}' is of objects, of which polars hands out nothing: give a list of them"
    )
    error.column = name
    return error
