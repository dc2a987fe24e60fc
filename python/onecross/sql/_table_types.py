"""The types that columns of a new table are declared with."""

from __future__ import annotations

import datetime
import decimal
import enum
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

# What is kept as a text has a type for which SQLite leaves it one, be it all digits.
_DECLARED: dict[type, str] = {
    bool: "BOOLEAN",
    int: "INTEGER",
    float: "REAL",
    str: "TEXT",
    bytes: "BLOB",
    bytearray: "BLOB",
    memoryview: "BLOB",
    datetime.date: "DATE",
    datetime.datetime: "TIMESTAMP",
    datetime.time: "TEXT",
    decimal.Decimal: "DECIMAL TEXT",
    uuid.UUID: "TEXT",
}


def told(types: Mapping[str, str | type] | None) -> dict[str, str]:
    """The types that are told by their names, or by the class of the values.

    Raises:
        TypeError: There is one that is neither, or a class whose values no type leaves alone.
    """
    if types is None:
        return {}
    if not isinstance(types, Mapping):
        raise TypeError(f"types= is a mapping of names of columns to types, and not {types!r}")
    return {name: _named(name, kind) for name, kind in types.items()}


def _named(column: str, kind: Any) -> str:
    if isinstance(kind, str):
        return kind
    if kind is object:
        return ""
    if isinstance(kind, type) and kind in _DECLARED:
        return _DECLARED[kind]
    known = ", ".join(each.__name__ for each in _DECLARED)
    raise TypeError(
        f"types= has {kind!r} for column {column!r}: it is the name of a type, as CREATE TABLE has "
        f"it, or one of the classes {known} and object"
    )


def type_of(values: Iterable[object]) -> str:
    """The type of a column that leaves each of the values as it is."""
    found = {_kind_of(value) for value in values} - {None}
    if found == {"INTEGER", "BOOLEAN"}:
        return "INTEGER"
    return (found.pop() if len(found) == 1 else None) or ""


def _kind_of(value: Any) -> str | None:
    """The type of a column that leaves a value as it is; None where a value is missing."""
    if value is None:
        return None
    if isinstance(value, enum.Enum):
        return _kind_of(value.value)
    for kind in type(value).__mro__:
        if kind in _DECLARED:
            # Not-a-number and not-a-time are NULL to SQLite.
            is_missing = kind in (float, datetime.datetime) and value != value
            return None if is_missing else _DECLARED[kind]
        if kind.__name__ == "generic" and kind.__module__ == "numpy":
            return _kind_of_scalar(value)
    return None if type(value).__name__ == "NAType" else ""


def _kind_of_scalar(scalar: Any) -> str | None:
    item = scalar.item()
    if type(item) is type(scalar):
        return ""
    # Of times that Python has none for, it is a number.
    is_time = scalar.dtype.kind == "M" and isinstance(item, int)
    return "TIMESTAMP" if is_time else _kind_of(item)
