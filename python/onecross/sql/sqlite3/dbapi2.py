"""The names of `sqlite3.dbapi2`, on onecross's engine."""

import collections.abc
import datetime
import time
from typing import Any

from onecross import _core
from onecross._core import (
    Cursor,
    PrepareProtocol,
    adapt,
    adapters,
    converters,
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
    Warning,
)

apilevel = "2.0"
paramstyle = "qmark"
threadsafety = 3
version = "2.6.0"

Date = datetime.date
Time = datetime.time
Timestamp = datetime.datetime
Binary = memoryview

PARSE_DECLTYPES = 1
PARSE_COLNAMES = 2
LEGACY_TRANSACTION_CONTROL = -1

version_info = tuple(int(part) for part in version.split("."))
sqlite_version_info = tuple(int(part) for part in sqlite_version.split("."))

_RULES = _core.Rules(strict=False)


class Connection(_core.Connection):
    """A connection that behaves as one of the standard library's does."""

    __slots__ = ()

    DataError = DataError
    DatabaseError = DatabaseError
    Error = Error
    IntegrityError = IntegrityError
    InterfaceError = InterfaceError
    InternalError = InternalError
    NotSupportedError = NotSupportedError
    OperationalError = OperationalError
    ProgrammingError = ProgrammingError
    Warning = Warning

    def __init__(
        self,
        database: Any,
        timeout: float = 5.0,
        detect_types: int = 0,
        isolation_level: str | None = "",
        check_same_thread: bool = True,
        cached_statements: int = 128,
        uri: bool = False,
        *,
        autocommit: int = LEGACY_TRANSACTION_CONTROL,
    ) -> None:
        super().__init__(
            database,
            timeout,
            detect_types,
            isolation_level,
            check_same_thread,
            cached_statements,
            uri,
            autocommit,
            _RULES,
        )


def connect(database: Any, *arguments: Any, factory: Any = Connection, **options: Any) -> Any:
    """Opens a connection; the arguments are those of the standard library's."""
    return factory(database, *arguments, **options)
