"""DataFrames of pandas, as far as Arrow would not hand out what they have."""

from __future__ import annotations

from typing import Any

from onecross._core import Intake
from onecross.sql._intake.source import Columns, Given, chosen
from onecross.sql.errors import ProgrammingError


def is_objects(column: Any) -> bool:
    """Whether it is a Series of objects."""
    return _is_of_pandas(column, "Series") and _has_objects(column.dtype)


def has_objects(data: Any) -> bool:
    """Whether it is a DataFrame, and a column of it has objects."""
    return _is_of_pandas(data, "DataFrame") and any(map(_has_objects, data.dtypes))


def refuse_twin_columns(data: Any) -> None:
    """Raise where a DataFrame has two columns of one name, of which pandas hands out neither."""
    if _is_of_pandas(data, "DataFrame") and not data.columns.is_unique:
        twin = data.columns[data.columns.duplicated()][0]
        raise ProgrammingError(f"there are two columns of the name '{twin}'")


def of_frame(frame: Any, columns: Columns | None) -> Given:
    """Take the columns of objects as their values, and all others as Arrow's arrays."""
    import pyarrow

    objects = {place for place, kind in enumerate(frame.dtypes) if _has_objects(kind)}
    # Arrow tells the names and the index of the whole, and makes nothing of the objects.
    others = frame.copy(deep=False)
    for place in objects:
        others.isetitem(place, False)
    table = pyarrow.table(others)
    intake = Intake()
    values: dict[str, list[Any]] = {}
    for place, name in enumerate(table.column_names):
        if place in objects and (columns is None or name in columns):
            values[name] = frame.iloc[:, place].tolist()
            intake.add_values(name, values[name])
        else:
            intake.add_arrow(name, table.column(place))
    return chosen(intake, columns, len(frame), values)


def _is_of_pandas(data: Any, name: str) -> bool:
    return any(
        kind.__name__ == name and kind.__module__.partition(".")[0] == "pandas"
        for kind in type(data).__mro__
    )


def _has_objects(kind: Any) -> bool:
    return str(kind) == "object"
