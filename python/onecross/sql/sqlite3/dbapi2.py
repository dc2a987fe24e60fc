"""The names of `sqlite3.dbapi2`, those of the Python that runs it."""

import collections.abc
import datetime
import sys
import time
import warnings
from typing import TYPE_CHECKING, Any

from onecross import _core
from onecross._core import (
    Blob,
    Cursor,
    PrepareProtocol,
    Row,
    adapt,
    adapters,
    complete_statement,
    converters,
    enable_callback_tracebacks,
    register_adapter,
    register_converter,
    sqlite_version,
)
from onecross.sql.errors import (
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    Warning,  # noqa: A004 - PEP 249 names it
)
from onecross.sql.sqlite3 import _actions, _dates
from onecross.sql.sqlite3._actions import *  # noqa: F403 - thirty-odd numbers
from onecross.sql.sqlite3._connection import LEGACY_TRANSACTION_CONTROL, Connection, connect

__all__ = [
    "PARSE_COLNAMES",
    "PARSE_DECLTYPES",
    "Binary",
    "Blob",
    "Connection",
    "Cursor",
    "DataError",
    "DatabaseError",
    "Date",
    "DateFromTicks",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "NotSupportedError",
    "OperationalError",
    "PrepareProtocol",
    "ProgrammingError",
    "Row",
    "Time",
    "TimeFromTicks",
    "Timestamp",
    "TimestampFromTicks",
    "Warning",
    "adapt",
    "adapters",
    "apilevel",
    "complete_statement",
    "connect",
    "converters",
    "enable_callback_tracebacks",
    "paramstyle",
    "register_adapter",
    "register_converter",
    "sqlite_version",
    "sqlite_version_info",
    "threadsafety",
]
__all__ += _actions.__all__

apilevel = "2.0"
paramstyle = "qmark"
threadsafety = 3

sqlite_version_info = tuple(int(part) for part in sqlite_version.split("."))

PARSE_DECLTYPES = 1
PARSE_COLNAMES = 2

Date = datetime.date
Time = datetime.time
Timestamp = datetime.datetime
Binary = memoryview

if TYPE_CHECKING:
    from onecross.sql.constants import *  # noqa: F403 - they are many
else:
    _CONSTANTS = _core.sqlite_constants
    if sys.version_info < (3, 12):
        _CONSTANTS = {
            name: value
            for name, value in _CONSTANTS.items()
            if not name.startswith("SQLITE_DBCONFIG_")
        }
    globals().update(_CONSTANTS)
    __all__ += _CONSTANTS

_DEPRECATED: dict[str, tuple[Any, str]]
if sys.version_info >= (3, 12):
    __all__ += ["LEGACY_TRANSACTION_CONTROL"]

    _NOTICE = "{} is deprecated and will be removed in Python 3.14"
    _DEPRECATED = {"version": ("2.6.0", _NOTICE), "version_info": ((2, 6, 0), _NOTICE)}
else:
    __all__ += ["enable_shared_cache", "version", "version_info"]
    del LEGACY_TRANSACTION_CONTROL

    version = "2.6.0"
    version_info = (2, 6, 0)

    _NOTICE = "{} is deprecated and will be removed in Python 3.12. It is an alias of 'str'."
    _DEPRECATED = {"OptimizedUnicode": (str, _NOTICE)}

    def enable_shared_cache(enable: bool) -> None:
        """Has connections that are opened from now on share their cache, or not."""
        message = (
            "enable_shared_cache is deprecated and will be removed in Python 3.12. Open the "
            "database in URI mode, with cache=shared, if the cache must be shared."
        )
        warnings.warn(message, DeprecationWarning, stacklevel=2)
        _core.enable_shared_cache(bool(enable))


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in _DEPRECATED:
            raise AttributeError(f"module 'sqlite3' has no attribute {name!r}", name=name)
        value, notice = _DEPRECATED[name]
        warnings.warn(notice.format(name), DeprecationWarning, stacklevel=2)
        return value


def DateFromTicks(ticks: float) -> datetime.date:  # noqa: N802 - PEP 249 names it
    """The date of a number of seconds since the epoch, in local time."""
    return datetime.date(*time.localtime(ticks)[:3])


def TimeFromTicks(ticks: float) -> datetime.time:  # noqa: N802 - PEP 249 names it
    """The time of day of a number of seconds since the epoch, in local time."""
    return datetime.time(*time.localtime(ticks)[3:6])


def TimestampFromTicks(ticks: float) -> datetime.datetime:  # noqa: N802 - PEP 249 names it
    """The moment of a number of seconds since the epoch, in local time."""
    return datetime.datetime(*time.localtime(ticks)[:6])


_dates.register()
collections.abc.Sequence.register(Row)
