"""The native half of onecross: what Rust returns, and the engine under `onecross.graphql`."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from os import PathLike
from types import TracebackType
from typing import Any, Final, Self, TypeVar, final, overload

from _typeshed import SupportsLenAndGetItem
from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    Source,
)
from typing_extensions import Buffer, disjoint_base

from onecross.graphql._awaiting import Awaiting
from onecross.graphql._describe import SchemaDescription
from onecross.graphql._handover import Preparation
from onecross.graphql._runtime import Runtime

__all__ = [
    "CheckedStatement",
    "Completion",
    "Connection",
    "Cursor",
    "GraphQLEngine",
    "JsonResult",
    "Meter",
    "PrepareProtocol",
    "PreparedOperation",
    "Row",
    "Rules",
    "SharedBytes",
    "Suspended",
    "__version__",
    "adapt",
    "adapters",
    "converters",
    "enable_callback_tracebacks",
    "enable_shared_cache",
    "knows_memory_layout",
    "register_adapter",
    "register_converter",
    "sqlite_version",
    "sqlite_version_number",
]

__version__: Final[str]

knows_memory_layout: Final[bool]
"""Whether attributes are read where this build of CPython keeps them.

False on builds that onecross does not know, and when the environment has `ONECROSS_PUBLIC_API=1`:
attributes are then read by name. Answers are the same either way.
"""

@disjoint_base
class SharedBytes(Buffer):
    """Bytes that are handed on without a copy.

    `bytes(shared)` is the one bytes object within, and `memoryview(shared)` a view of it. It is
    equal to bytes, and to other shared bytes, of the same contents, and hashes as they do.
    """

    def __bytes__(self) -> bytes: ...
    if sys.version_info >= (3, 12):
        def __buffer__(self, flags: int, /) -> memoryview: ...

    def __len__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class GraphQLEngine:
    """The engine of one schema, without the face that `onecross.graphql.Engine` gives it.

    All arguments are positional or by name, and none has a default.
    """

    def __new__(
        cls,
        description: SchemaDescription,
        runtime: Runtime,
        default: Callable[[Any], Any] | None,
        cache_count: int,
        cache_bytes: int,
    ) -> Self: ...
    def execute_json(
        self,
        query: str | Source,
        root_value: Any,
        context_value: Any,
        variable_values: dict[str, Any] | None,
        operation_name: str | None,
        awaiting: Awaiting | None,
    ) -> Any:
        """Execute a text; the answer is JSON, or what gives it when what is awaited is there."""

    def execute(
        self,
        query: str | Source,
        root_value: Any,
        context_value: Any,
        variable_values: dict[str, Any] | None,
        operation_name: str | None,
        awaiting: Awaiting | None,
    ) -> Any:
        """Execute a text; the answer is graphql-core's result, or what gives it."""

    def execute_document(
        self,
        document: DocumentNode,
        root_value: Any,
        context_value: Any,
        variable_values: dict[str, Any] | None,
        operation_name: str | None,
    ) -> ExecutionResult:
        """Execute a document that was already parsed. Nothing is validated, nothing is kept."""

    def prepare_operation(
        self, operation: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode]
    ) -> PreparedOperation:
        """Read an operation and the fragments of its document, to be executed often."""

    def adopt_json(self, result: ExecutionResult) -> JsonResult:
        """Make JSON of a result that graphql-core gave."""

    def execute_prepared(
        self, operation: PreparedOperation, preparation: Preparation
    ) -> tuple[Any, list[GraphQLError] | None] | Completion | None:
        """Execute what graphql-core has prepared; `None` when it must be left to graphql-core."""

    def execute_prepared_json(
        self,
        operation: PreparedOperation,
        preparation: Preparation,
        default: Callable[[Any], Any],
    ) -> tuple[Any, list[GraphQLError] | None] | Completion | None:
        """Execute the same with data as JSON."""

    def explain(self, query: str | Source, operation_name: str | None) -> str | list[GraphQLError]:
        """The plan of an operation, or the errors of a text that has some."""

    @property
    def executed(self) -> int:
        """How many operations the engine executed."""

    @property
    def fallbacks(self) -> dict[str, int]:
        """How many operations were left to graphql-core, by reason."""

    @property
    def cached(self) -> tuple[int, int]:
        """How many documents are kept, and about how many bytes they take."""

    def clear_cache(self) -> None:
        """Forget all documents."""

@final
class PreparedOperation:
    """An operation made ready, with its plans; it keeps its fields' nodes alive, not its own."""

@final
class JsonResult(SharedBytes):
    """The answer to a GraphQL request as JSON, ready to be sent.

    `bytes(result)` is the body, uncopied: an object with `data` and, if there are any, `errors`
    and `extensions`, encoded in UTF-8 without white space.

    Example:
        ```python
        from graphql import build_schema
        from onecross.graphql import Engine

        engine = Engine(build_schema("type Query { greeting: String }"))
        result = engine.execute_json_sync("{ greeting }", {"greeting": "Hello"})
        assert bytes(result) == memoryview(result) == b'{"data":{"greeting":"Hello"}}'
        assert len(result) == 29 and result.errors is None
        ```
    """

    @property
    def errors(self) -> list[GraphQLError] | None:
        """The errors, or `None` when there are none; `original_error` is what was raised."""

    @property
    def extensions(self) -> dict[str, Any] | None:
        """The extensions of the response, or `None` when there are none."""

    @property
    def is_request_error(self) -> bool:
        """Whether nothing was executed; the body then has no `data`."""

@final
class Completion:
    """The completion of an operation that awaits something: a coroutine that gives the result."""

    def __await__(self) -> Self: ...
    def __iter__(self) -> Self: ...
    def __next__(self) -> Any: ...
    def send(self, value: Any) -> Any:
        """Go on; there is nothing that a value could be for."""

    def throw(
        self,
        error: BaseException | type[BaseException],
        value: BaseException | object = None,
        traceback: TracebackType | None = None,
    ) -> Any:
        """End it with an error."""

    def close(self) -> None:
        """Give it up, with all that it has begun."""

@final
class Suspended:
    """What a task runs: nothing, until a coroutine is handed to it that was begun under the task.

    It passes for a coroutine itself.
    """

    def __await__(self) -> Self: ...
    def __iter__(self) -> Self: ...
    def __next__(self) -> Any: ...
    def send(self, value: Any) -> Any:
        """Go on with a value."""

    def throw(
        self,
        error: BaseException | type[BaseException],
        value: BaseException | object = None,
        traceback: TracebackType | None = None,
    ) -> Any:
        """Raise an error where the coroutine is suspended."""

    def close(self) -> None:
        """End the coroutine where it is suspended."""

@final
class Meter:
    """Counts what onecross does between `__enter__` and `__exit__` in the same context.

    Other threads and tasks are not counted, unless they were given a copy of the context. Meters
    may be nested: what an inner one counts, the outer one counts too, once the inner one is left.
    `print(meter)` shows where time went, and the counts.

    Raises:
        RuntimeError: A meter that is on is entered again, or one that is not on is left.
    """

    def __new__(cls) -> Self: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exception_type: type[BaseException] | None = None,
        exception: BaseException | None = None,
        traceback: TracebackType | None = None,
        /,
    ) -> None: ...
    @property
    def crossings(self) -> int:
        """Calls into the extension and calls from Rust that ran Python code, together."""

    @property
    def calls_in(self) -> int:
        """Calls from Python into the extension."""

    @property
    def calls_out(self) -> int:
        """Calls from Rust that ran Python code."""

    @property
    def releases(self) -> int:
        """How often the interpreter was released."""

    @property
    def locks(self) -> int:
        """How often a lock was taken."""

    @property
    def reads(self) -> int:
        """Attributes and items read from Python objects."""

    @property
    def makes(self) -> int:
        """Python objects made."""

    @property
    def bytes(self) -> int:
        """Bytes of JSON written."""

    @property
    def fallbacks(self) -> int:
        """Operations left to graphql-core."""

_AnyCursor = TypeVar("_AnyCursor", bound=Cursor)
_Parameters = SupportsLenAndGetItem[Any] | Mapping[str, Any]

sqlite_version: Final[str]
"""The version of SQLite."""

sqlite_version_number: Final[int]
"""The same as one number: 3054001 is 3.54.1."""

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

def enable_callback_tracebacks(enable: int, /) -> None:
    """Shows the exceptions that SQLite's errors stand for, by `sys.unraisablehook`, or not."""

def enable_shared_cache(is_enabled: bool, /) -> None:
    """Has connections that are opened from now on share the cache of the database, or not."""

class PrepareProtocol:
    """The protocol by which an object says what stands for it in a database."""

    def __new__(cls, *_arguments: Any, **_options: Any) -> Self: ...

@final
class Rules:
    """How a connection behaves where PEP 249 and Python's `sqlite3` differ."""

    def __new__(cls, *, strict: bool, deadline: float | None = None) -> Self: ...

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
    def cursor(self, factory: Callable[[Any], _AnyCursor]) -> _AnyCursor: ...
    def execute(self, sql: str, parameters: _Parameters = ..., /) -> Cursor:
        """Runs a statement with a new cursor, and returns that."""

    def executemany(self, sql: str, parameters: Iterable[_Parameters], /) -> Cursor:
        """Runs a statement once for each of many sets of parameters."""

    def executescript(self, sql_script: str, /) -> Cursor:
        """Runs all statements of a text."""

    def interrupt(self) -> None:
        """Stops what the connection is doing, from any thread."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
        /,
    ) -> bool: ...
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
    def execute(self, sql: str, parameters: _Parameters = ..., /) -> Self:
        """Runs a statement."""

    def executemany(self, sql: str, seq_of_parameters: Iterable[_Parameters], /) -> Self:
        """Runs a statement once for each of many sets of parameters."""

    def executescript(self, sql_script: str, /) -> Self:
        """Runs all statements of a text."""

    def fetchone(self) -> Any:
        """The next row, or None."""

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next rows, `size` of them or as many as there are."""

    def fetchall(self) -> list[Any]:
        """All rows that are left."""

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
