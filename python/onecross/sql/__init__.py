"""SQL on embedded SQLite, as PEP 249 has it."""

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

__all__ = [
    "BINARY",
    "DATETIME",
    "NUMBER",
    "ROWID",
    "STRING",
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
