"""The exceptions, as attributes of connections.

Reference: PEP 249, "Optional DB API Extensions".
"""

from onecross.sql import errors


class Exceptions:
    """What has them as attributes, for code that is given a connection and imports nothing."""

    __slots__ = ()

    Warning = errors.Warning
    Error = errors.Error
    InterfaceError = errors.InterfaceError
    DatabaseError = errors.DatabaseError
    DataError = errors.DataError
    OperationalError = errors.OperationalError
    IntegrityError = errors.IntegrityError
    InternalError = errors.InternalError
    ProgrammingError = errors.ProgrammingError
    NotSupportedError = errors.NotSupportedError
