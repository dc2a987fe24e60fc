"""What stands in a database for objects that SQLite does not know."""

import datetime
import decimal
import enum
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from onecross._core import PrepareProtocol
from onecross.sql.errors import ProgrammingError

T = TypeVar("T")

# Looked through for each class of an object's, in the order of its bases.
_ADAPTERS: dict[type, Callable[[Any], object]] = {}
_NATIVE = (int, float, str, bytes, type(None))


def register_adapter(kind: type[T], adapter: Callable[[T], object]) -> None:
    """Tell what stands for objects of a class, and of those derived from it, as a parameter.

    Known from the start are `bool`, `Decimal` (its digits, as text), `UUID` (its 36 characters),
    `date`, `time` and `datetime` (ISO 8601, with a blank between date and time), `Enum` (its
    value), the scalars of NumPy, and `NA` and `NaT` of pandas (NULL). A class can also say
    itself what stands for its objects, by a method `__conform__(self, protocol)`.

    Args:
        kind: The class.
        adapter: A function that makes what SQLite knows of an object: int, float, str, None, or
            anything that shows its bytes.

    Raises:
        TypeError: The class is one that SQLite knows itself.

    Example:
        ```python
        import pathlib

        import onecross.sql

        onecross.sql.register_adapter(pathlib.PurePath, str)
        connection = onecross.sql.connect(":memory:")
        assert connection.execute("select ?", [pathlib.Path("a")]).fetchone() == ("a",)
        ```
    """
    if kind in _NATIVE:
        raise TypeError(f"{kind.__name__} is stored as it is: adapt a class of your own")
    _ADAPTERS[kind] = adapter


def adapt(value: object) -> object:
    """Return what stands for a parameter; itself, where nothing does."""
    for kind in type(value).__mro__:
        adapter = _ADAPTERS.get(kind)
        if adapter is not None:
            return adapter(value)
        if kind.__name__ == "generic" and kind.__module__ == "numpy":
            register_adapter(kind, _of_numpy)
            return _of_numpy(value)
        if kind.__name__ == "NAType" and kind.__module__.startswith("pandas."):
            register_adapter(kind, _of_missing)
            return None
    conform = getattr(type(value), "__conform__", None)
    return value if conform is None else conform(value, PrepareProtocol)


def _of_numpy(scalar: Any) -> object:
    if scalar.dtype.kind == "M":
        is_missing = scalar != scalar
        return None if is_missing else str(scalar).replace("T", " ")
    value = scalar.item()
    if scalar.dtype.kind == "m" or type(value) is type(scalar):
        kind = type(scalar).__name__
        raise ProgrammingError(
            f"numpy.{kind} has no form in SQLite: onecross.sql.register_adapter() gives it one"
        )
    return value


def _of_missing(_: object) -> None:
    return None


def _of_datetime(moment: datetime.datetime) -> str | None:
    # The not-a-time of pandas is a datetime, which equals nothing.
    return None if moment != moment else moment.isoformat(" ")


def _of_enum(member: enum.Enum) -> object:
    return adapt(member.value)


register_adapter(datetime.datetime, _of_datetime)
register_adapter(datetime.date, datetime.date.isoformat)
register_adapter(datetime.time, datetime.time.isoformat)
register_adapter(decimal.Decimal, str)
register_adapter(uuid.UUID, str)
register_adapter(enum.Enum, _of_enum)
