"""SQL on embedded SQLite, as PEP 249 has it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from onecross._core import Statement, sqlite_version
from onecross._core import StrictCursor as Cursor
from onecross.sql._adapters import register_adapter
from onecross.sql._connection import Connection, connect
from onecross.sql._types import (
    BINARY,
    DATETIME,
    NUMBER,
    ROWID,
    STRING,
    Binary,
    Date,
    DateFromTicks,
    Time,
    TimeFromTicks,
    Timestamp,
    TimestampFromTicks,
)
from onecross.sql.errors import (
    ColumnError,
    DatabaseError,
    DataError,
    DeadlineError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    OutOfRangeError,
    ProgrammingError,
    Warning,  # noqa: A004 - PEP 249 names it
)

if TYPE_CHECKING:
    from onecross.sql._asynchronous.connection import AsyncConnection, aconnect
    from onecross.sql._asynchronous.cursor import AsyncCursor
    from onecross.sql._asynchronous.rows import AsyncRows
    from onecross.sql._asynchronous.statement import AsyncStatement

__all__ = [
    "BINARY",
    "DATETIME",
    "NUMBER",
    "ROWID",
    "STRING",
    "AsyncConnection",
    "AsyncCursor",
    "AsyncRows",
    "AsyncStatement",
    "Binary",
    "ColumnError",
    "Connection",
    "Cursor",
    "DataError",
    "DatabaseError",
    "Date",
    "DateFromTicks",
    "DeadlineError",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "NotSupportedError",
    "OperationalError",
    "OutOfRangeError",
    "ProgrammingError",
    "Statement",
    "Time",
    "TimeFromTicks",
    "Timestamp",
    "TimestampFromTicks",
    "Warning",
    "aconnect",
    "apilevel",
    "connect",
    "paramstyle",
    "register_adapter",
    "sqlite_version",
    "threadsafety",
]

apilevel = "2.0"
paramstyle = "qmark"
threadsafety = 3

# What needs asyncio, whose import takes as long as that of all the rest.
_ASYNCHRONOUS = {
    "AsyncConnection": "connection",
    "AsyncCursor": "cursor",
    "AsyncRows": "rows",
    "AsyncStatement": "statement",
    "aconnect": "connection",
}


def __getattr__(name: str) -> Any:
    if name not in _ASYNCHRONOUS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}._asynchronous.{_ASYNCHRONOUS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
