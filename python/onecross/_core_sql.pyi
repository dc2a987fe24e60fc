"""The SQL of the native half of onecross: at runtime all of it is in `onecross._core`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from os import PathLike
from types import TracebackType
from typing import Any, Final, Self, TypeVar, final, overload

from _typeshed import SupportsLenAndGetItem
from typing_extensions import Buffer, disjoint_base

from onecross._core_rows import Rows

AnyCursor = TypeVar("AnyCursor", bound=Cursor)
Parameters = SupportsLenAndGetItem[Any] | Mapping[str, Any]

sqlite_version: Final[str]
"""The version of SQLite."""

sqlite_version_number: Final[int]
"""The same as one number: 3054001 is 3.54.1."""

sqlite_constants: Final[dict[str, int]]
"""SQLite's constants, by their names in its C interface."""

adapters: Final[dict[tuple[type, Any], Callable[[Any], Any]]]
"""The registered adapters, by type and protocol."""

converters: Final[dict[str, Callable[[bytes], Any]]]
"""The registered converters, by the upper-case name of a type."""

def register_adapter(kind: type, adapter: Callable[[Any], Any], /) -> None:
    """Registers a function that makes objects of a type into what SQLite knows."""

def register_converter(typename: str, converter: Callable[[bytes], Any], /) -> None:
    """Registers a function that makes objects of the bytes of a type's values."""

def adapt(obj: Any, proto: Any = ..., alt: Any = ..., /) -> Any:
    """What stands for an object in a database.

    Raises:
        ProgrammingError: Nothing does, and no alternative is given.
    """

def complete_statement(statement: str) -> bool:
    """Whether a text ends with the semicolon of a statement."""

def enable_callback_tracebacks(enable: int, /) -> None:
    """Shows the exceptions that SQLite's errors stand for, by `sys.unraisablehook`, or not."""

def enable_shared_cache(is_enabled: bool, /) -> None:
    """Has connections that are opened from now on share the cache of the database, or not."""

def open_databases() -> list[bytes]:
    """The files of the databases that this process has open, one for each connection, in the
    encoding of the file system.
    """

class PrepareProtocol:
    """The protocol by which an object says what stands for it in a database."""

    def __new__(cls, *_arguments: Any, **_options: Any) -> Self: ...

@final
class Rules:
    """How a connection behaves where PEP 249 and Python's `sqlite3` differ."""

    def __new__(
        cls, *, strict: bool, deadline: float | None = None, read_only: bool = False
    ) -> Self: ...

@final
class CheckedStatement:
    """A statement, of which nothing can be asked."""

@disjoint_base
class Connection:
    """A connection to a database.

    All arguments but the last are those of `sqlite3.Connection`.
    """

    def __new__(cls, *_arguments: Any, **_options: Any) -> Self: ...
    def __init__(
        self,
        database: str | bytes | PathLike[str] | PathLike[bytes],
        timeout: float,
        detect_types: int,
        isolation_level: str | None,
        check_same_thread: bool,
        cached_statements: int,
        uri: bool,
        autocommit: int,
        rules: Rules,
        /,
    ) -> None: ...
    def close(self) -> None:
        """Closes the connection. What is not committed is lost."""

    def commit(self) -> None:
        """Makes what was changed since the transaction began last."""

    def rollback(self) -> None:
        """Undoes what was changed since the transaction began."""

    @overload
    def cursor(self) -> Cursor: ...
    @overload
    def cursor(self, factory: Callable[[Any], AnyCursor]) -> AnyCursor: ...
    def execute(self, sql: str, parameters: Parameters = ..., /) -> Cursor:
        """Runs a statement with a new cursor, and returns that."""

    def executemany(self, sql: str, parameters: Iterable[Parameters], /) -> Cursor:
        """Runs a statement once for each of many sets of parameters."""

    def executescript(self, sql_script: str, /) -> Cursor:
        """Runs all statements of a text."""

    def query(
        self,
        sql: str,
        parameters: Parameters | None = None,
        /,
        *,
        types: Mapping[str, str | type] | None = None,
    ) -> Rows:
        """The rows of a statement, in whatever form is asked for.

        The statement is prepared at once, and an error in it told; it is run when its first row is
        asked for, but at once if it writes.

        Args:
            sql: The text of one statement.
            parameters: The values of its parameters.
            types: The types of columns, by their names, that count instead of what is declared:
                INTEGER, REAL, TEXT, BLOB, BOOLEAN, DATE, DATETIME, TIMESTAMP, DECIMAL, JSON or ANY,
                or the class that stands for one of them in Python.

        Raises:
            OperationalError: There is an error in the text.
            ValueError: There is no such type.
        """

    def interrupt(self) -> None:
        """Stops the call that is under way, from any thread."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
        /,
    ) -> bool: ...
    def blobopen(
        self, table: str, column: str, row: int, /, *, readonly: bool = ..., name: str = ...
    ) -> Blob:
        """Opens a value that is stored as BLOB or TEXT, to be read and written in parts.

        Args:
            table: The name of the table.
            column: The name of the column.
            row: The key of the row.
            readonly: Whether the blob is only read.
            name: The name of the database.

        Raises:
            OperationalError: There is no such table, column or row, the value is of another type,
                or the column cannot be written because it is indexed.
        """

    def backup(
        self,
        target: Connection,
        *,
        pages: int = ...,
        progress: Callable[[int, int, int], object] | None = None,
        name: str = ...,
        sleep: float = 0.25,
    ) -> None:
        """Copies a database over that of another connection, which nobody can use meanwhile.

        Args:
            target: The connection whose database becomes the copy.
            pages: How many pages to copy at a time; all, if it is not positive.
            progress: Told after each time how it ended, a result code of SQLite's, how many pages
                are left, and how many there are.
            name: The name of the database that is copied.
            sleep: How many seconds to wait before pages that were locked are tried again.

        Raises:
            OperationalError: There is no such database, or the target cannot be written.
        """

    def serialize(self, *, name: str = ...) -> bytes:
        """The bytes of a database: those of its file, or what its file would hold.

        Args:
            name: The name of the database.

        Raises:
            OperationalError: There is no such database, or it is locked.
        """

    def deserialize(self, data: Buffer | str, /, *, name: str = ...) -> None:
        """Puts a database that `serialize` gave in the place of another, in memory.

        Whether the bytes are a database shows when it is first read.

        Args:
            data: The bytes of a database.
            name: The name of the database that is replaced.

        Raises:
            OperationalError: There is no such database, or it is in use.
        """

    def setlimit(self, category: int, limit: int, /) -> int:
        """Sets the limit of a category, one of `SQLITE_LIMIT_*`, and returns the one before.

        A negative limit changes nothing, and one beyond what SQLite was built with becomes that.
        """

    def getlimit(self, category: int, /) -> int:
        """The limit of a category, one of `SQLITE_LIMIT_*`."""

    def setconfig(self, op: int, enable: bool = ..., /) -> None:
        """Turns something on, or off if `enable` is false: one of `SQLITE_DBCONFIG_*`."""

    def getconfig(self, op: int, /) -> bool:
        """Whether something is on, one of `SQLITE_DBCONFIG_*`."""

    def enable_load_extension(self, enable: bool, /) -> None:
        """Allows extensions to be loaded, by SQL, too, or forbids it. They are not, at first."""

    def load_extension(
        self,
        name: str | bytes | PathLike[str] | PathLike[bytes],
        /,
        *,
        entrypoint: str | None = None,
    ) -> None:
        """Loads an extension from a shared library. Its code may do anything this process may.

        Args:
            name: The path of the library.
            entrypoint: The name of the function to call; one that fits the path, if it is None.

        Raises:
            OperationalError: It is not allowed, there is no such library, or it reports an error.
        """

    def create_function(
        self,
        name: str,
        narg: int,
        func: Callable[..., str | Buffer | float | None] | None,
        *,
        deterministic: bool = ...,
    ) -> None:
        """Makes a function of SQL that calls one of Python; None removes it.

        Args:
            name: Its name in SQL.
            narg: How many arguments it takes; any number of them, for -1.
            func: Called with a value for each argument; what it returns is the function's value.
            deterministic: Whether it answers the same for the same arguments.

        Raises:
            OperationalError: SQLite takes no such function, or statements run that might use it.
        """

    def create_aggregate(
        self, name: str, n_arg: int, aggregate_class: Callable[[], Any] | None
    ) -> None:
        """Makes an aggregate function of SQL; None removes it.

        Args:
            name: Its name in SQL.
            n_arg: How many arguments it takes; any number of them, for -1.
            aggregate_class: Called for each group; what it returns has a method `step`, called with
                the values of each row, and a method `finalize`, which returns the value.
        """

    def create_window_function(
        self, name: str, num_params: int, aggregate_class: Callable[[], Any] | None, /
    ) -> None:
        """Makes an aggregate function of SQL that can also be taken over windows; None removes it.

        What the class returns also has a method `inverse`, called with the values of a row that
        leaves the window, and a method `value`, which returns the value of the window as it is.
        """

    def create_collation(self, name: str, callback: Callable[[str, str], int] | None, /) -> None:
        """Makes a collation of SQL; None removes it.

        It is called with two texts, and returns a negative number, 0 or a positive one, as the
        first is before, beside or behind the second.
        """

    def set_authorizer(
        self,
        authorizer_callback: (
            Callable[[int, str | None, str | None, str | None, str | None], int] | None
        ),
    ) -> None:
        """Sets what allows or denies each thing that a statement would do; None allows all.

        Args:
            authorizer_callback: Called with one of SQLite's action codes, two names that depend on
                it, the name of the database, and that of the innermost trigger or view; returns
                `SQLITE_OK`, `SQLITE_DENY`, which is an error, or `SQLITE_IGNORE`, which makes a
                column NULL. It must leave the connection alone. An exception denies.
        """

    def set_progress_handler(self, progress_handler: Callable[[], object] | None, n: int) -> None:
        """Sets what is called while statements run; None ends that.

        Args:
            progress_handler: Called without arguments; what it returns that is true ends the
                statement with an `OperationalError`, as an exception does. It must leave the
                connection alone.
            n: After how many operations of SQLite's machine it is called; never, for 0 and less.
        """

    def set_trace_callback(self, trace_callback: Callable[[str], object] | None) -> None:
        """Sets what is told of each statement that begins; None ends that.

        Args:
            trace_callback: Called with the text of the statement, its parameters replaced by their
                values, unless that would be longer than the connection allows.
        """

    def set_commit_hook(self, hook: Callable[[], object] | None, /) -> None:
        """Sets what is asked before each commit: what it returns that is true, or an exception, has
        the transaction rolled back. It must leave the connection alone, as the hooks below."""

    def set_rollback_hook(self, hook: Callable[[], object] | None, /) -> None:
        """Sets what is told of each transaction that is rolled back; None ends that."""

    def set_update_hook(self, hook: Callable[[str, str, str, int], object] | None, /) -> None:
        """Sets what is told of each row that changes: `"INSERT"`, `"UPDATE"` or `"DELETE"`, the
        names of the database and the table, and the key of the row."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""

    @property
    def total_changes(self) -> int:
        """How many rows were changed since the connection was opened."""

    @property
    def _is_open(self) -> bool: ...
    @property
    def _path(self) -> bytes: ...
    def _check(self, *arguments: Any) -> CheckedStatement: ...

    isolation_level: str | None
    """The word that follows BEGIN where the connection begins transactions, or None."""

    autocommit: int
    """Whether SQLite alone ends transactions (True), one is always open (False), or the isolation
    level decides."""

    row_factory: Any
    """What makes rows of tuples: called with the cursor and the tuple; None leaves them."""

    text_factory: Any
    """What makes objects of the bytes of a text."""

@disjoint_base
class Cursor:
    """A statement being run, and its rows."""

    def __new__(cls, *_arguments: Any, **_options: Any) -> Self: ...
    def __init__(self, connection: Connection, /) -> None: ...
    def execute(self, sql: str, parameters: Parameters = ..., /) -> Self:
        """Runs a statement."""

    def executemany(self, sql: str, seq_of_parameters: Iterable[Parameters], /) -> Self:
        """Runs a statement once for each of many sets of parameters."""

    def executescript(self, sql_script: str, /) -> Self:
        """Runs all statements of a text."""

    def fetchone(self) -> Any:
        """The next row, or None."""

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next rows, `size` of them or as many as there are."""

    def fetchall(self) -> list[Any]:
        """All rows that are left."""

    def rows(self, *, types: Mapping[str, str | type] | None = None) -> Rows:
        """The rows that are left, in whatever form is asked for.

        Args:
            types: As those of `Connection.query`.
        """

    def close(self) -> None:
        """Ends the statement; the cursor cannot be used any more."""

    def setinputsizes(self, sizes: Any, /) -> None:
        """Does nothing: there is nothing to prepare for."""

    def setoutputsize(self, size: Any, column: Any = None, /) -> None:
        """Does nothing: values are never cut."""

    def __iter__(self) -> Self: ...
    def __next__(self) -> Any: ...
    @property
    def connection(self) -> Any:
        """The connection that the cursor belongs to; None where it was never initialised."""

    @property
    def description(self) -> tuple[tuple[str, Any, Any, Any, Any, Any, Any], ...] | None:
        """The columns of the result, as PEP 249 describes them; None where there is none."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed; -1 where that is not known."""

    @property
    def lastrowid(self) -> int | None:
        """The key of the row that was inserted last, or None."""

    arraysize: int
    """How many rows `fetchmany` fetches."""

    row_factory: Any
    """What makes rows of tuples: called with the cursor and the tuple; None leaves them."""

class StrictCursor(Cursor):
    """A statement being run, and its rows, with all that PEP 249 has."""

    def nextset(self) -> None:
        """Goes on to the next result. There is none: what was not fetched is given up.

        Raises:
            ProgrammingError: The last statement selected nothing.
        """

    @property
    def rownumber(self) -> int | None:
        """How many rows of the result were fetched, which is the place of the next; None where
        there is no result."""

    @property
    def messages(self) -> list[Any]:
        """What the database has to say beside errors: nothing."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_exception: object) -> None: ...

@final
class Statement:
    """A statement that is kept ready as long as this is open.

    It is run by cursors, a new one each time, so that the results of two runs can be read beside
    each other.
    """

    def __new__(cls, connection: Connection, sql: str, /) -> Self: ...
    def execute(self, parameters: Parameters | None = None, /) -> StrictCursor:
        """Runs the statement with a new cursor, and returns that."""

    def executemany(self, seq_of_parameters: Iterable[Parameters], /) -> StrictCursor:
        """Runs the statement once for each of many sets of parameters."""

    def __call__(self, *values: Any, **named: Any) -> StrictCursor:
        """Runs the statement with the parameters as arguments, by their places or by their
        names."""

    def close(self) -> None:
        """Keeps the statement ready no longer; it cannot be run any more."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_exception: object) -> None: ...
    @property
    def sql(self) -> str:
        """The text of the statement."""

    @property
    def is_read_only(self) -> bool:
        """Whether the statement writes to no database by itself."""

@disjoint_base
class Row:
    """A row whose values are found by their places and by the names of their columns."""

    def __new__(cls, cursor: Cursor, data: tuple[Any, ...], /) -> Self: ...
    def keys(self) -> list[str]:
        """The names of the columns."""

    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, key: int | str, /) -> Any: ...
    @overload
    def __getitem__(self, key: slice, /) -> tuple[Any, ...]: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

@final
class Blob:
    """A blob of a row, read and written in parts. Its size does not change."""

    def close(self) -> None:
        """Closes the blob, with which what was written may be committed."""

    def read(self, length: int = ..., /) -> bytes:
        """Reads so many bytes from where the blob stands, or all that follow."""

    def write(self, data: Buffer, /) -> None:
        """Writes bytes from where the blob stands.

        Raises:
            ValueError: There is no room for them.
        """

    def seek(self, offset: int, origin: int = ..., /) -> None:
        """Moves to an offset from the beginning (0), from where it stands (1) or the end (2)."""

    def tell(self) -> int:
        """Where the blob stands."""

    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, key: int, /) -> int: ...
    @overload
    def __getitem__(self, key: slice, /) -> bytes: ...
    @overload
    def __setitem__(self, key: int, value: int, /) -> None: ...
    @overload
    def __setitem__(self, key: slice, value: Buffer, /) -> None: ...
    def __delitem__(self, key: int | slice, /) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> bool: ...
