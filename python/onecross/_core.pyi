"""The native half of onecross: what Rust returns, and the engine under `onecross.graphql`."""

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self, final

from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    Source,
)
from typing_extensions import Buffer, disjoint_base

from onecross._core_asynchronous import (
    AwaitedQuery,
    AwaitedRows,
    begin_job,
    coming_rows,
    count_waiting_rows,
    execute_inline,
    is_free,
    is_query_at_hand,
    is_query_read,
    read_query_ahead,
    read_rows_ahead,
    remaining_rows,
    stop_job,
    take_row,
    take_rows,
)
from onecross._core_intake import Intake, load_rows, register_table, unregister_table
from onecross._core_rows import ArrowStream, Parts, Rows
from onecross._core_sql import (
    Blob,
    CheckedStatement,
    Connection,
    Cursor,
    PrepareProtocol,
    Row,
    Rules,
    Statement,
    StrictCursor,
    adapt,
    adapters,
    complete_statement,
    converters,
    enable_callback_tracebacks,
    enable_shared_cache,
    open_databases,
    register_adapter,
    register_converter,
    sqlite_constants,
    sqlite_version,
    sqlite_version_number,
)
from onecross.graphql._awaiting import Awaiting
from onecross.graphql._describe import SchemaDescription
from onecross.graphql._handover import Preparation
from onecross.graphql._runtime import Runtime

__all__ = [
    "ArrowStream",
    "AwaitedQuery",
    "AwaitedRows",
    "Blob",
    "CheckedStatement",
    "Completion",
    "Connection",
    "Cursor",
    "GraphQLEngine",
    "Intake",
    "JsonResult",
    "Meter",
    "Parts",
    "PrepareProtocol",
    "PreparedOperation",
    "Row",
    "Rows",
    "Rules",
    "SharedBytes",
    "Statement",
    "StrictCursor",
    "Suspended",
    "__version__",
    "adapt",
    "adapters",
    "begin_job",
    "coming_rows",
    "complete_statement",
    "converters",
    "count_waiting_rows",
    "enable_callback_tracebacks",
    "enable_shared_cache",
    "execute_inline",
    "is_free",
    "is_query_at_hand",
    "is_query_read",
    "knows_memory_layout",
    "load_rows",
    "open_databases",
    "read_query_ahead",
    "read_rows_ahead",
    "register_adapter",
    "register_converter",
    "register_table",
    "remaining_rows",
    "sqlite_constants",
    "sqlite_version",
    "sqlite_version_number",
    "stop_job",
    "take_row",
    "take_rows",
    "unregister_table",
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
