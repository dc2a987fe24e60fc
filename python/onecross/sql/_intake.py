"""Rows and columns that are given to be stored, whatever has them."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from onecross._core import Intake
from onecross.sql.errors import ColumnError, ProgrammingError

_SEQUENCES, _MAPPINGS, _OBJECTS = range(3)
_NOTHING = object()
# NumPy's units of time that are told as one of those in which they are stored, the finer one.
_UNITS = {"Y": "D", "M": "D", "W": "D", "D": "D", "h": "s", "m": "s"}
_KNOW_THEIR_LENGTH = {"pandas", "polars", "pyarrow"}
_STORED_UNITS = ("s", "ms", "us", "ns")
# What pandas calls the rows' own labels among the columns of Arrow data, if they have no name.
_INDEX = re.compile(r"__index_level_\d+__")

Columns = Sequence[str] | Mapping[str, str]


class Given(NamedTuple):
    """What is given, and which columns of the table it is for."""

    intake: Intake
    names: tuple[str, ...]
    """The columns of the table; empty where rows are for all of them, by their place."""
    places: list[int]
    """The columns of what is given, in the order of `names`; empty for all of them."""
    total: int | None
    """How many rows there are, if that is known."""
    head: list[Any]
    """The first rows, where their values alone tell the types of the columns."""
    values: dict[str, list[Any]]
    """The same of columns."""


def given(data: Any, columns: Columns | None, *, looks_ahead: int = 1) -> Given:
    """Tell what is given, and how it is read.

    Args:
        data: Columns as a mapping, anything that hands out Arrow's arrays, a NumPy array, or rows.
        columns: The columns to take, perhaps with the names that the table has for them.
        looks_ahead: How many rows to have a look at.

    Raises:
        ProgrammingError: There is no such column, or two have the same name.
        TypeError: It is nothing that has rows or columns.
    """
    if columns is not None:
        _targets(columns)
    source = _read(data, columns, looks_ahead)
    _refuse_twice(source.names)
    return source


def _read(data: Any, columns: Columns | None, looks_ahead: int) -> Given:
    if is_arrow(data):
        # To tell how long they are, others would run a query once more.
        knows_length = type(data).__module__.partition(".")[0] in _KNOW_THEIR_LENGTH
        total = _length(data) if knows_length else None
        source = _chosen(Intake.of_arrow(data), columns, total, {})
        _refuse_objects(data, source)
        return source
    if isinstance(data, Mapping):
        return _mapping(data, columns)
    if _is_numpy(data):
        fields = data.dtype.names
        if fields is not None and data.ndim == 1:
            return _mapping({name: data[name] for name in fields}, columns)
        if data.ndim == 2:
            return _matrix(data, columns)
        if data.ndim > 2:
            raise ProgrammingError(
                f"an array of {data.ndim} dimensions is given, of which rows have but two"
            )
    if isinstance(data, str | bytes) or not isinstance(data, Iterable):
        raise TypeError(
            f"rows come from columns in a dict, from Arrow data, or from an iterable of tuples, "
            f"mappings or objects, and not from '{type(data).__name__}'"
        )
    return _records(data, columns, looks_ahead)


def columns_of(data: Any) -> Intake | None:
    """Return columns to run a statement with; None where it is given rows of parameters."""
    if is_arrow(data):
        source = _chosen(Intake.of_arrow(data), None, None, {})
        _refuse_objects(data, source)
        return source.intake
    return _mapping(data, None).intake if isinstance(data, Mapping) else None


def is_arrow(data: Any) -> bool:
    """Whether an object hands out Arrow's arrays."""
    kind = type(data)
    return hasattr(kind, "__arrow_c_stream__") or hasattr(kind, "__arrow_c_array__")


def _length(data: Any) -> int | None:
    try:
        return len(data)
    except TypeError:
        return None


def _is_numpy(data: Any) -> bool:
    return any(
        kind.__name__ == "ndarray" and kind.__module__ == "numpy" for kind in type(data).__mro__
    )


def _mapping(data: Mapping[Any, Any], columns: Columns | None) -> Given:
    intake = Intake()
    values: dict[str, list[Any]] = {}
    total = None
    for name, column in data.items():
        if type(name) is not str:
            raise ProgrammingError(f"columns have names of type str, and one has {name!r}")
        listed = _add(intake, name, column)
        if listed is not None:
            values[name] = listed
        total = _length(column) if total is None else total
    return _chosen(intake, columns, total, values)


def _matrix(data: Any, columns: Columns | None) -> Given:
    intake = Intake()
    values: dict[str, list[Any]] = {}
    names = [str(place) for place in range(data.shape[1])]
    if columns is not None:
        names = _targets(columns)
        if len(names) != data.shape[1]:
            raise ProgrammingError(
                f"the array has {data.shape[1]} columns, and columns= names {len(names)}"
            )
    for place, name in enumerate(names):
        listed = _add(intake, name, data[:, place])
        if listed is not None:
            values[name] = listed
    chosen = _chosen(intake, None, len(data), values)
    return chosen if columns is not None else chosen._replace(names=())


def _chosen(
    intake: Intake, columns: Columns | None, total: int | None, values: dict[str, list[Any]]
) -> Given:
    names = intake.names
    if columns is None:
        wanted = [name for name in names if not _INDEX.fullmatch(name)]
        if names and not wanted:
            raise ProgrammingError(f"there is no column but {_listed(names)}: columns= names it")
        if wanted == names:
            return Given(intake, tuple(names), [], total, [], values)
        targets = wanted
    else:
        wanted, targets = list(columns), _targets(columns)
    unknown = [name for name in wanted if name not in names]
    if unknown:
        raise ProgrammingError(
            f"there is no column {_listed(unknown)} in what was given, which has {_listed(names)}"
        )
    twice = [name for name in wanted if columns is not None and names.count(name) > 1]
    if twice:
        raise ProgrammingError(f"there are two columns of the name {_listed(twice[:1])}")
    places = [names.index(name) for name in wanted]
    intake.want(places)
    return Given(intake, tuple(targets), places, total, [], values)


def _refuse_twice(names: Iterable[str]) -> None:
    """Raise where SQLite would take two names for those of one column."""
    seen: dict[bytes, str] = {}
    for name in names:
        # Of letters, SQLite tells no case apart in ASCII alone; this does the same.
        key = name.encode("utf-8", "surrogatepass").lower()
        if key in seen:
            raise ProgrammingError(f"column {name!r} is given twice, first as {seen[key]!r}")
        seen[key] = name


def _refuse_objects(data: Any, source: Given) -> None:
    """Raise where polars would hand out the addresses of objects."""
    if type(data).__module__.partition(".")[0] != "polars" or type(data).__name__ != "DataFrame":
        return
    names = source.intake.names
    for place in source.places or range(len(names)):
        if str(data.schema[names[place]]) == "Object":
            raise _of_objects(names[place])


def _of_objects(name: str) -> ColumnError:
    error = ColumnError(
        f"column '{name}' is of objects, of which polars hands out nothing: give a list of them"
    )
    error.column = name
    return error


def _targets(columns: Columns) -> list[str]:
    if isinstance(columns, str):
        raise TypeError("columns= is a list of names, and not one of them")
    targets = list(columns.values()) if isinstance(columns, Mapping) else list(columns)
    if not targets:
        raise ProgrammingError("columns= names no column")
    for name in targets:
        if not isinstance(name, str):
            raise TypeError(f"columns= has names of columns, and not {name!r}")
    return targets


def _add(intake: Intake, name: str, column: Any) -> list[Any] | None:
    """Add a column; return its values if they are objects of Python's."""
    if not (is_arrow(column) or _is_numpy(column)) and hasattr(type(column), "__array__"):
        column = _array_of(column)
    if is_arrow(column):
        is_of_polars = type(column).__module__.startswith("polars.")
        if is_of_polars and str(getattr(column, "dtype", "")) == "Object":
            raise _of_objects(name)
        intake.add_arrow(name, column)
        return None
    if _is_numpy(column):
        if _add_array(intake, name, column):
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


def _array_of(column: Any) -> Any:
    """The array that a column makes of itself; another form where this one is not exact."""
    array = column.__array__()
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


def _shows_numbers(column: Any) -> bool:
    return isinstance(column, memoryview) or type(column).__module__ == "array"


def _add_array(intake: Intake, name: str, array: Any) -> bool:
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


def _records(data: Iterable[Any], columns: Columns | None, looks_ahead: int) -> Given:
    # A queue is shorter once something is taken from it.
    total = _length(data)
    iterator = iter(data)
    head = list(itertools.islice(iterator, looks_ahead))
    # Others may go on where they stopped when they are iterated once more, whatever their length.
    begins_anew = type(data) in (list, tuple)
    rows = iter(data) if begins_anew else itertools.chain(head, iterator)
    if not head:
        names = () if columns is None else tuple(_targets(columns))
        intake = Intake.of_records(iter(()), _SEQUENCES, list(names), False)
        return Given(intake, names, [], 0, [], {})
    kind, sources = _kind(head[0], columns)
    names = tuple(sources if columns is None else _targets(columns))
    if kind == _SEQUENCES:
        sources = list(names)
    is_exact = kind == _MAPPINGS and columns is None
    intake = Intake.of_records(rows, kind, sources, is_exact)
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
    if _is_numpy(first):
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


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
