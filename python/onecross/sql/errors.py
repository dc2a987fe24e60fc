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

Reference: PEP 249, "Exceptions".
"""

from onecross.errors import OnecrossError

__all__ = [
    "DataError",
    "DatabaseError",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "NotSupportedError",
    "OperationalError",
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
    """

    code = "sql"

    sqlite_errorcode: int
    sqlite_errorname: str


class InterfaceError(Error):
    """The interface to the database was used in a way it cannot be."""


class DatabaseError(Error):
    """Something is wrong with the database itself."""


class DataError(DatabaseError):
    """A value is out of range or too long."""


class OperationalError(DatabaseError):
    """The database could not do it now: locked, interrupted, no such table, disk full."""


class IntegrityError(DatabaseError):
    """A constraint would be violated."""


class InternalError(DatabaseError):
    """SQLite reports a defect of its own."""


class ProgrammingError(DatabaseError):
    """A closed connection, wrong parameters, or another misuse."""


class NotSupportedError(DatabaseError):
    """SQLite cannot do it as it was built."""
