"""Columns, each with a name: of a mapping, or of an array with two dimensions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from onecross._core import Intake
from onecross.sql._intake.arrays import add_array, array_of, is_numpy
from onecross.sql._intake.arrow import is_arrow, of_objects
from onecross.sql._intake.frames import is_objects
from onecross.sql._intake.source import Columns, Given, chosen, encoded, length_of, targets_of
from onecross.sql.errors import ProgrammingError


def of_mapping(data: Mapping[Any, Any], columns: Columns | None) -> Given:
    intake = Intake()
    values: dict[str, list[Any]] = {}
    total = None
    for name, column in data.items():
        if type(name) is not str:
            raise ProgrammingError(f"columns have names of type str, and one has {name!r}")
        encoded(name)
        listed = _add(intake, name, column)
        if listed is not None:
            values[name] = listed
        total = length_of(column) if total is None else total
    return chosen(intake, columns, total, values)


def of_matrix(data: Any, columns: Columns | None) -> Given:
    intake = Intake()
    values: dict[str, list[Any]] = {}
    names = [str(place) for place in range(data.shape[1])]
    if columns is not None:
        names = targets_of(columns)
        if len(names) != data.shape[1]:
            raise ProgrammingError(
                f"the array has {data.shape[1]} columns, and columns= names {len(names)}"
            )
    for place, name in enumerate(names):
        listed = _add(intake, name, data[:, place])
        if listed is not None:
            values[name] = listed
    of_all = chosen(intake, None, len(data), values)
    return of_all if columns is not None else of_all._replace(names=())


def _add(intake: Intake, name: str, column: Any) -> list[Any] | None:
    """Add a column; return its values if they are objects of Python's."""
    if is_objects(column):
        column = column.tolist()
    if not (is_arrow(column) or is_numpy(column)) and hasattr(type(column), "__array__"):
        column = array_of(name, column)
    if is_arrow(column):
        is_of_polars = type(column).__module__.startswith("polars.")
        if is_of_polars and str(getattr(column, "dtype", "")) == "Object":
            raise of_objects(name)
        intake.add_arrow(name, column)
        return None
    if is_numpy(column):
        if add_array(intake, name, column):
            return None
        column = column.tolist()
    elif isinstance(column, str | bytes | bytearray):
        raise ProgrammingError(f"column '{name}' is one {type(column).__name__}, and no column")
    elif _shows_numbers(column) and intake.add_numbers(name, column):
        return None
    if type(column) is not list:
        if not isinstance(column, Iterable):
            raise ProgrammingError(
                f"column '{name}' is of type '{type(column).__name__}', which has no values"
            )
        column = list(column)
    values: list[Any] = column
    intake.add_values(name, values)
    return values


def _shows_numbers(column: Any) -> bool:
    return isinstance(column, memoryview) or type(column).__module__ == "array"
