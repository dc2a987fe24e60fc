"""What asynchronous connections are made of: at runtime all of it is in `onecross._core`."""

from collections.abc import Awaitable, Mapping
from typing import Any, Self

from typing_extensions import disjoint_base

from onecross._core_rows import Rows
from onecross._core_sql import Connection, Parameters, StrictCursor

@disjoint_base
class AwaitedRows:
    """Rows that are awaited one by one: what was read ahead at once, the rest by `_next_row`."""

    def __new__(cls, cursor: StrictCursor, /, *_arguments: Any) -> Self: ...
    def __aiter__(self) -> Self: ...
    def __anext__(self) -> Awaitable[Any]: ...

@disjoint_base
class AwaitedQuery:
    """Rows that are awaited one by one: what was read ahead at once, the rest by `_next_row`."""

    def __new__(
        cls, cursor: StrictCursor, rows: Rows, /, *_arguments: Any, **_options: Any
    ) -> Self: ...
    def __aiter__(self) -> Self: ...
    def __anext__(self) -> Awaitable[tuple[Any, ...]]: ...

def coming_rows(cursor: StrictCursor, types: Mapping[str, str | type] | None, /) -> Rows:
    """The rows of the statement that a cursor is to run next."""

def remaining_rows(
    cursor: StrictCursor,
    types: Mapping[str, str | type] | None,
    failure: BaseException | None,
    /,
) -> Rows:
    """The rows of a cursor that were not fetched.

    Behind them, what ended its statement is raised.
    """

def read_query_ahead(rows: Rows, most: int | None, /) -> None:
    """Reads so many rows, or as many as are read ahead, unless some are at hand."""

def is_query_at_hand(rows: Rows, /) -> bool:
    """Whether the next row was read, or it is known that there is none."""

def is_query_read(rows: Rows, /) -> bool:
    """Whether all rows were read, so that nobody need wait for what is left."""

def execute_inline(
    cursor: StrictCursor, sql: Any, parameters: Parameters | None, ticks: int, /
) -> int:
    """Runs a statement that only reads, if it ends within so many ticks and waits for nothing.

    Returns:
        How many ticks it took; 0 where it was not tried, and -1 where it was given up: it must be
        run by a thread that may wait then.
    """

def read_rows_ahead(cursor: StrictCursor, most: int, /) -> bool:
    """Reads so many rows, or those that come quickly, to be taken later.

    Returns:
        Whether there may be more.
    """

def take_rows(cursor: StrictCursor, most: int, /) -> list[Any]:
    """The next of the rows that were read ahead, so many or as many as there are."""

def take_row(cursor: StrictCursor, default: Any, /) -> Any:
    """The next of the rows that were read ahead, or what is given for none."""

def count_waiting_rows(cursor: StrictCursor, /) -> int:
    """How many rows were read ahead and not taken."""

def begin_job(connection: Connection, number: int, /) -> None:
    """Tells that what this thread does belongs to the job of that number; to none, for 0."""

def stop_job(connection: Connection, number: int, /) -> None:
    """Stops the job of that number, if it is under way; no other."""

def is_free(connection: Connection, /) -> bool:
    """Whether nobody uses a connection, which is open, so that nobody need be waited for."""
