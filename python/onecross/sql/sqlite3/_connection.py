"""Connections that behave as those of the standard library's `sqlite3` do."""

import functools
import sys
import warnings
from collections.abc import Callable, Iterator
from os import PathLike, fsdecode
from pathlib import Path
from typing import Any, Concatenate, Literal, TypeVar, cast, overload

from onecross import _core
from onecross.sql import errors
from onecross.sql._shared_file import Opening
from onecross.sql.sqlite3 import dump
from onecross.sql.sqlite3._keywords import warns_of_names

LEGACY_TRANSACTION_CONTROL: Literal[-1] = -1

# Where the factory stands among the arguments.
_FACTORY = 5
_RULES = _core.Rules(strict=False)
_HERE = (str(Path(__file__).parent),)

_Function = TypeVar("_Function", bound=Callable[..., Any])
_Database = str | bytes | PathLike[str] | PathLike[bytes]
_Level = Literal["DEFERRED", "EXCLUSIVE", "IMMEDIATE", ""] | None


def _warns_of_places(name: str, most: int) -> Callable[[_Function], _Function]:
    """Has a function warn, from Python 3.13 on, of arguments that should be named."""

    def decorate(function: _Function) -> _Function:
        if sys.version_info < (3, 13):
            return function
        message = (
            f"Passing more than 1 positional argument to {name} is deprecated. Parameters "
            "'timeout', 'detect_types', 'isolation_level', 'check_same_thread', 'factory', "
            "'cached_statements' and 'uri' will become keyword-only parameters in Python 3.15."
        )

        @functools.wraps(function)
        def warning(*arguments: Any, **options: Any) -> Any:
            if len(arguments) > most:
                warnings.warn(message, DeprecationWarning, skip_file_prefixes=_HERE)
            return function(*arguments, **options)

        return cast("_Function", warning)

    return decorate


class Connection(_core.Connection):
    """SQLite database connection object."""

    __slots__ = ()

    DataError = errors.DataError
    DatabaseError = errors.DatabaseError
    Error = errors.Error
    IntegrityError = errors.IntegrityError
    InterfaceError = errors.InterfaceError
    InternalError = errors.InternalError
    NotSupportedError = errors.NotSupportedError
    OperationalError = errors.OperationalError
    ProgrammingError = errors.ProgrammingError
    Warning = errors.Warning

    @_warns_of_places("_sqlite3.Connection()", 2)
    def __init__(
        self,
        database: _Database,
        timeout: float = 5.0,
        detect_types: int = 0,
        isolation_level: _Level = "",
        check_same_thread: bool = True,
        factory: Any = None,  # noqa: ARG002 - `connect` passes on what it was given
        cached_statements: int = 128,
        uri: bool = False,
        *,
        autocommit: int = LEGACY_TRANSACTION_CONTROL,
    ) -> None:
        with Opening() as opening:
            super().__init__(
                database,
                timeout,
                detect_types,
                isolation_level,
                bool(check_same_thread),
                cached_statements,
                bool(uri),
                autocommit,
                _RULES,
            )
            path = fsdecode(self._path)
            try:
                opening.warn_of_sharing(path)
            except BaseException:
                super().close()
                raise

    # What is wrong with the connection is told before what is wrong with the arguments.
    __text_signature__ = "(sql, /)"

    def __call__(self, *sql: str) -> _core.CheckedStatement:
        """Makes a statement of a text, which serves to see whether that has an error."""
        return self._check(*sql)

    if sys.version_info >= (3, 13):
        create_function = warns_of_names(_core.Connection.create_function, "name", "narg", "func")
        create_aggregate = warns_of_names(
            _core.Connection.create_aggregate, "name", "n_arg", "aggregate_class"
        )
        set_authorizer = warns_of_names(_core.Connection.set_authorizer, "authorizer_callback")
        set_progress_handler = warns_of_names(
            _core.Connection.set_progress_handler, "progress_handler"
        )
        set_trace_callback = warns_of_names(_core.Connection.set_trace_callback, "trace_callback")

        def iterdump(self, *, filter: str | None = None) -> Iterator[str]:  # noqa: A002
            """Returns an iterator over the SQL text that makes the database anew.

            Args:
                filter: A pattern of LIKE that the names of what is dumped match.
            """
            return dump._iterdump(self, filter=filter)  # noqa: SLF001

        def __del__(self, _warn: Callable[..., None] = warnings.warn) -> None:
            # The interpreter may be past the end of this module.
            if self._is_open:
                message = f"unclosed database in {self!r}"
                _warn(message, ResourceWarning, stacklevel=2, source=self)

    else:

        def iterdump(self) -> Iterator[str]:
            """Returns an iterator over the SQL text that makes the database anew."""
            return dump._iterdump(self)  # noqa: SLF001


_AnyConnection = TypeVar("_AnyConnection", bound=Connection)


@overload
def connect(
    database: _Database,
    timeout: float = ...,
    detect_types: int = ...,
    isolation_level: _Level = ...,
    check_same_thread: bool = ...,
    cached_statements: int = ...,
    uri: bool = ...,
    *,
    autocommit: int = ...,
) -> Connection: ...
@overload
def connect(
    database: _Database,
    timeout: float,
    detect_types: int,
    isolation_level: _Level,
    check_same_thread: bool,
    factory: Callable[Concatenate[Any, ...], _AnyConnection],
    cached_statements: int = ...,
    uri: bool = ...,
    *,
    autocommit: int = ...,
) -> _AnyConnection: ...
@overload
def connect(
    database: _Database,
    timeout: float = ...,
    detect_types: int = ...,
    isolation_level: _Level = ...,
    check_same_thread: bool = ...,
    *,
    factory: Callable[Concatenate[Any, ...], _AnyConnection],
    cached_statements: int = ...,
    uri: bool = ...,
    autocommit: int = ...,
) -> _AnyConnection: ...
@_warns_of_places("sqlite3.connect()", 1)
@functools.wraps(Connection, assigned=(), updated=())
def connect(*arguments: Any, **options: Any) -> Any:
    """Opens a connection to a database: to a file, or to one in memory for ":memory:".

    Args:
        *arguments: Those of `Connection`; if there is a factory, it is given them all.
        **options: The same, by name.

    Returns:
        What the factory made of them; it is the class `Connection`, if none is given.

    Raises:
        OperationalError: The file cannot be opened.
    """
    factory = arguments[_FACTORY] if len(arguments) > _FACTORY else options.get("factory")
    return (factory or Connection)(*arguments, **options)
