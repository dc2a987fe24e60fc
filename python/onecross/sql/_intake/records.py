"""Rows: tuples, mappings, or objects with attributes."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from onecross._core import Intake
from onecross.sql._intake.arrays import is_numpy
from onecross.sql._intake.source import Columns, Given, length_of, targets_of
from onecross.sql.errors import ProgrammingError

if TYPE_CHECKING:
    from onecross import _core

_SEQUENCES, _MAPPINGS, _OBJECTS = range(3)


def of_records(
    connection: _core.Connection, data: Iterable[Any], columns: Columns | None, looks_ahead: int
) -> Given:
    # A queue is shorter once something is taken from it.
    total = length_of(data)
    iterator = iter(data)
    first = list(itertools.islice(iterator, 1))
    # Others may go on where they stopped when they are iterated once more, whatever their length.
    begins_anew = type(data) in (list, tuple)
    rows = iter(data) if begins_anew else itertools.chain(first, iterator)
    if not first:
        names = () if columns is None else tuple(targets_of(columns))
        intake = Intake.of_records(iter(()), _SEQUENCES, list(names), False)
        return Given(intake, names, [], 0, [], {})
    kind, sources = _kind(first[0], columns)
    names = tuple(sources if columns is None else targets_of(columns))
    if kind == _SEQUENCES:
        sources = list(names)
    is_exact = kind == _MAPPINGS and columns is None
    intake = Intake.of_records(rows, kind, sources, is_exact)
    # Without names there is no table to make, which is told before a row is.
    head = intake.look_ahead(connection, looks_ahead) if looks_ahead and names else []
    return Given(intake, names, [], total, head, {})


def _kind(first: Any, columns: Columns | None) -> tuple[int, list[str]]:
    """Tell how rows like this one are read, and by which names."""
    if isinstance(first, tuple):
        return _SEQUENCES, list(getattr(type(first), "_fields", ()))
    if isinstance(first, Mapping):
        names = list(first) if columns is None else list(columns)
        if not all(isinstance(name, str) for name in names):
            raise ProgrammingError("the keys of rows are the names of columns, of type str")
        return _MAPPINGS, names
    if isinstance(first, Sequence) and not isinstance(first, str | bytes):
        return _SEQUENCES, []
    if is_numpy(first):
        return _SEQUENCES, []
    if isinstance(first, str | bytes | int | float | None):
        raise ProgrammingError(
            f"the first row is of type '{type(first).__name__}', and no tuple, mapping or object"
        )
    return _OBJECTS, list(columns) if columns is not None else fields_of(type(first))


def fields_of(kind: Any) -> list[str]:
    """The attributes that a class declares for its objects.

    Raises:
        ProgrammingError: It declares none.
    """
    if dataclasses.is_dataclass(kind):
        return [field.name for field in dataclasses.fields(kind)]
    if hasattr(kind, "__attrs_attrs__"):
        return [field.name for field in kind.__attrs_attrs__]
    if hasattr(kind, "__struct_fields__"):
        return list(kind.__struct_fields__)
    if hasattr(kind, "__pydantic_validator__") and hasattr(kind, "model_fields"):
        return list(kind.model_fields)
    slots: list[str] = []
    for base in reversed(kind.__mro__):
        own = base.__dict__.get("__slots__", ())
        slots += [own] if isinstance(own, str) else own
    slots = [name for name in slots if not name.startswith("__")]
    if not slots:
        raise ProgrammingError(
            f"objects of type '{kind.__name__}' do not tell their attributes: columns= names them"
        )
    return slots
