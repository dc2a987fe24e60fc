"""What SQL raises: the tree of PEP 249, under onecross's own root.

    OnecrossError
    ├── Warning                       something important that is no error
    └── Error                         everything that goes wrong with a database
        ├── InterfaceError            the interface was used in a way it cannot be
        └── DatabaseError             the database itself
            ├── DataError             a value is out of range, too long
            ├── OperationalError      locked, interrupted, no such table, disk full
            ├── IntegrityError        a constraint would be violated
            ├── InternalError         SQLite reports a defect of its own
            ├── ProgrammingError      closed, wrong parameters, misuse
            └── NotSupportedError     SQLite cannot do it as it was built

In brackets the builtin that each also is.

Reference: PEP 249, "Exceptions".
"""

from onecross.errors import OnecrossError

__all__ = [
    "ColumnError",
    "DataError",
    "DatabaseError",
    "DeadlineError",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "NotSupportedError",
    "OperationalError",
    "OutOfRangeError",
    "ProgrammingError",
    "Warning",
]


class Warning(OnecrossError):  # noqa: A001, N818 - PEP 249 names it
    """Something important that is no error."""

    code = "sql_warning"


class Error(OnecrossError):
    """Everything that goes wrong with a database.

    Attributes:
        sqlite_errorcode: SQLite's extended result code, if the error is SQLite's.
        sqlite_errorname: Its name.
        sql: The text of the statement, if the error is about one.
        offset: The place in the text that SQLite names, in characters from its beginning; None
            where it names none.
    """

    code = "sql"

    sqlite_errorcode: int
    sqlite_errorname: str
    sql: str
    offset: int | None


class InterfaceError(Error):
    """The interface to the database was used in a way it cannot be."""

    code = "sql_interface"


class DatabaseError(Error):
    """Something is wrong with the database itself."""

    code = "sql_database"


class DataError(DatabaseError):
    """A value is out of range or too long."""

    code = "sql_data"


class ColumnError(DataError, ValueError):
    """A value has no place in its column, in the form that was asked for.

    Attributes:
        column: The name of the column.
        row: The row of the result, counted from 0.
        value: The value as a message shows it.
    """

    code = "sql_column"

    column: str
    row: int
    value: str


class OutOfRangeError(DataError, OverflowError):
    """An int is wider than the 64 bits of SQLite's INTEGER."""

    code = "sql_out_of_range"


class OperationalError(DatabaseError):
    """The database could not do it now: locked, interrupted, no such table, disk full."""

    code = "sql_operational"


class DeadlineError(OperationalError, TimeoutError):
    """A call took longer than the `deadline` of its connection."""

    code = "sql_deadline"


class IntegrityError(DatabaseError):
    """A constraint would be violated."""

    code = "sql_integrity"


class InternalError(DatabaseError):
    """SQLite reports a defect of its own."""

    code = "sql_internal"


class ProgrammingError(DatabaseError):
    """A closed connection, wrong parameters, or another misuse."""

    code = "sql_programming"


class NotSupportedError(DatabaseError):
    """SQLite cannot do it as it was built."""

    code = "sql_not_supported"
