"""Rows and columns that are given to be stored, whatever has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from onecross._core import Intake
from onecross.sql._intake.arrays import is_numpy
from onecross.sql._intake.arrow import is_arrow, refuse_objects
from onecross.sql._intake.columns import of_mapping, of_matrix
from onecross.sql._intake.frames import has_objects, of_frame, refuse_twin_columns
from onecross.sql._intake.records import of_records
from onecross.sql._intake.source import Columns, Given, chosen, length_of, refuse_twice, targets_of
from onecross.sql.errors import ProgrammingError

if TYPE_CHECKING:
    from onecross import _core

_KNOW_THEIR_LENGTH = {"pandas", "polars", "pyarrow"}


def given(
    connection: _core.Connection, data: Any, columns: Columns | None, *, looks_ahead: int = 0
) -> Given:
    """Tell what is given, and how it is read.

    Args:
        connection: What they are read for, which may be stopped meanwhile.
        data: Columns as a mapping, anything that hands out Arrow's arrays, a NumPy array, or rows.
        columns: The columns to take, perhaps with the names that the table has for them.
        looks_ahead: How many rows to read at once, for the types of their values.

    Raises:
        ProgrammingError: There is no such column, or two have the same name.
        TypeError: It is nothing that has rows or columns.
    """
    if columns is not None:
        targets_of(columns)
    source = _read(connection, data, columns, looks_ahead)
    refuse_twice(source.names)
    return source


def _read(
    connection: _core.Connection, data: Any, columns: Columns | None, looks_ahead: int
) -> Given:
    if is_arrow(data):
        return _of_arrow(data, columns)
    if isinstance(data, Mapping):
        return of_mapping(data, columns)
    if is_numpy(data):
        fields = data.dtype.names
        if fields is not None and data.ndim == 1:
            return of_mapping({name: data[name] for name in fields}, columns)
        if data.ndim == 2:
            return of_matrix(data, columns)
        if data.ndim > 2:
            raise ProgrammingError(
                f"an array of {data.ndim} dimensions is given, of which rows have but two"
            )
    if isinstance(data, str | bytes) or not isinstance(data, Iterable):
        raise TypeError(
            f"rows come from columns in a dict, from Arrow data, or from an iterable of tuples, "
            f"mappings or objects, and not from '{type(data).__name__}'"
        )
    return of_records(connection, data, columns, looks_ahead)


def _of_arrow(data: Any, columns: Columns | None) -> Given:
    refuse_twin_columns(data)
    if has_objects(data):
        return of_frame(data, columns)
    # To tell how long they are, others would run a query once more.
    knows_length = type(data).__module__.partition(".")[0] in _KNOW_THEIR_LENGTH
    total = length_of(data) if knows_length else None
    source = chosen(Intake.of_arrow(data), columns, total, {})
    refuse_objects(data, source)
    return source


def columns_of(data: Any) -> Intake | None:
    """Return columns to run a statement with; None where it is given rows of parameters."""
    if is_arrow(data):
        return _of_arrow(data, None).intake
    return of_mapping(data, None).intake if isinstance(data, Mapping) else None
