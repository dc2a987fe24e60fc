"""Columns that are NumPy's arrays, or make them of themselves."""

from __future__ import annotations

from typing import Any

from onecross._core import Intake
from onecross.sql.errors import ColumnError, ProgrammingError

# NumPy's units of time that are told as one of those in which they are stored, the finer one.
_UNITS = {"Y": "D", "M": "D", "W": "D", "D": "D", "h": "s", "m": "s"}
_STORED_UNITS = ("s", "ms", "us", "ns")


def is_numpy(data: Any) -> bool:
    return any(
        kind.__name__ == "ndarray" and kind.__module__ == "numpy" for kind in type(data).__mro__
    )


def array_of(name: str, column: Any) -> Any:
    """The array that a column makes of itself; another form where this one is not exact."""
    array = column.__array__()
    if not is_numpy(array):
        raise ProgrammingError(
            f"column '{name}' is of type '{type(column).__name__}', whose __array__() returned no "
            f"array, but one of type '{type(array).__name__}': give a list of its values"
        )
    kind = str(getattr(column, "dtype", array.dtype)).lower()
    if array.dtype.kind != "f" or "float" in kind or "double" in kind:
        return array
    # NumPy has no missing integers: pandas makes floats of those beside them, and rounds.
    if hasattr(type(column), "__arrow_array__"):
        try:
            return column.__arrow_array__()
        except ImportError:
            pass
    return list(column)


def add_array(intake: Intake, name: str, array: Any) -> bool:
    """Add one of NumPy's arrays, if it is of numbers; tell whether it was."""
    if array.ndim != 1:
        raise ProgrammingError(
            f"column '{name}' is an array of {array.ndim} dimensions, and no column"
        )
    mask = getattr(array, "mask", None) if hasattr(type(array), "mask") else None
    if mask is not None:
        array = array.data
        mask = mask if getattr(mask, "ndim", 0) == 1 else None
    kind = array.dtype.kind
    if kind == "m":
        raise ProgrammingError(
            f"column '{name}' is of durations, which have no form in SQLite: make them numbers"
        )
    if kind == "c":
        raise ProgrammingError(f"column '{name}' is of complex numbers: SQLite stores none")
    if kind == "M":
        return _add_times(intake, name, array, mask)
    if kind not in "biuf":
        if mask is not None:
            array = array.astype(object)
            array[mask] = None
            intake.add_values(name, array.tolist())
            return True
        return False
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    if intake.add_numbers(name, array, mask):
        return True
    raise ProgrammingError(f"column '{name}' is of {array.dtype}, which SQLite does not store")


def _add_times(intake: Intake, name: str, array: Any, mask: Any) -> bool:
    unit = array.dtype.str.rpartition("[")[2].rstrip("]").lstrip("0123456789")
    if unit in _UNITS:
        stored = _UNITS[unit]
    elif unit in _STORED_UNITS:
        stored = unit
    else:
        raise ProgrammingError(
            f"column '{name}' is of {array.dtype}, which SQLite does not store: "
            f"convert it to datetime64[ns]"
        )
    times = array.astype(f"datetime64[{stored}]", copy=False)
    # NumPy lets those go round that do not fit, and not-a-time equals nothing.
    is_wrong = (times.astype(array.dtype, copy=False) != array) & (array == array)
    if mask is not None:
        is_wrong &= ~mask
    if is_wrong.any():
        raise _of_time(name, int(is_wrong.argmax()), array)
    if not times.dtype.isnative:
        times = times.astype(times.dtype.newbyteorder("="))
    return intake.add_numbers(name, times.view("int64"), mask, stored)


def _of_time(name: str, row: int, array: Any) -> ColumnError:
    value = f"{array[row].astype('int64')} of {array.dtype}"
    error = ColumnError(
        f"column '{name}', row {row}: {value} is no day or time of the years 1 to 9999"
    )
    error.column, error.row, error.value = name, row, value
    return error
