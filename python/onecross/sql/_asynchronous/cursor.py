"""Cursors whose statements and rows are awaited."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

from onecross._core import (
    AwaitedRows,
    StrictCursor,
    count_waiting_rows,
    read_rows_ahead,
    remaining_rows,
    take_row,
    take_rows,
)
from onecross.sql._asynchronous.access import Access
from onecross.sql._asynchronous.closing import leave
from onecross.sql._asynchronous.rows import AsyncRows
from onecross.sql.errors import ProgrammingError

if TYPE_CHECKING:
    from onecross._core_sql import Parameters
    from onecross.sql._asynchronous.connection import AsyncConnection

    if sys.version_info >= (3, 14):
        from string.templatelib import Template
    else:
        Template = str

# How many rows the worker reads before they are taken: what of a result is in memory.
BATCH = 4096

_NOTHING = object()


class AsyncCursor(AwaitedRows):
    """A statement being run, and its rows, of which some are read before they are asked for.

    Connections make cursors: see `AsyncConnection.execute` and `AsyncConnection.cursor`.

    Example:
        ```python
        import asyncio

        import onecross.sql

        async def main() -> None:
            async with onecross.sql.aconnect(":memory:") as connection:
                async with connection.execute("values (1), (2)") as cursor:
                    assert [row async for row in cursor] == [(1,), (2,)]

        asyncio.run(main())
        ```
    """

    __slots__ = (
        "__weakref__",
        "_access",
        "_connection",
        "_cursor",
        "_failure",
        "_has_more",
        "_is_closed",
    )

    def __init__(self, cursor: StrictCursor, connection: AsyncConnection, access: Access) -> None:
        self._connection = connection
        self._access = access
        self._cursor = cursor
        self._has_more = False
        self._failure: BaseException | None = None
        self._is_closed = False

    async def execute(self, sql: str | Template, parameters: Parameters | None = None, /) -> Self:
        """Run a statement."""
        if self._access.execute_inline(self._cursor, sql, parameters):
            self._forget()
            await self._access.give_turn()
        else:
            await self._access.run(self._run, self._cursor.execute, sql, parameters)
        return self

    async def executemany(self, sql: str, seq_of_parameters: Iterable[Parameters], /) -> Self:
        """Run a statement once for each of many sets of parameters, which the worker iterates."""
        await self._access.run(self._run, self._cursor.executemany, sql, seq_of_parameters)
        return self

    async def executescript(self, sql_script: str, /) -> Self:
        """Run all statements of a text."""
        await self._access.run(self._run, self._cursor.executescript, sql_script)
        return self

    async def fetchone(self) -> Any:
        """The next row, or None."""
        row = await self._next()
        return None if row is _NOTHING else row

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next rows, `size` of them or as many as there are."""
        most = self._cursor.arraysize if size is None else size
        if most < 0:
            return await self.fetchall()
        await self._read_ahead(most)
        if most > 0 and count_waiting_rows(self._cursor) == 0:
            self._raise_failure()
        return take_rows(self._cursor, most)

    async def fetchall(self) -> list[Any]:
        """All rows that are left."""
        await self._read_ahead(sys.maxsize)
        # Those before a failure are not all: they can be fetched one by one.
        self._raise_failure()
        return take_rows(self._cursor, sys.maxsize)

    def rows(self, *, types: Mapping[str, str | type] | None = None) -> AsyncRows:
        """The rows that are left, in whatever form is awaited.

        Args:
            types: As those of `AsyncConnection.query`.
        """
        failure, self._failure = self._failure, None
        rows = remaining_rows(self._cursor, types, failure)
        is_fetched = not self._has_more
        return AsyncRows(self._cursor, rows, self._connection, self._access, is_fetched=is_fetched)

    async def nextset(self) -> None:
        """Go on to the next result. There is none: what was not fetched is given up."""
        await self._access.end(self._cursor.nextset)
        self._forget()

    async def close(self) -> None:
        """End the statement; the cursor cannot be used any more."""
        await self._access.end(self._cursor.close)
        self._forget()
        self._is_closed = True

    async def aclose(self) -> None:
        """Close it, unless it or its connection was closed before; for `contextlib.aclosing`."""
        if not self._is_closed and not self._access.is_closed:
            await self.close()

    def setinputsizes(self, sizes: Any, /) -> None:
        """Do nothing: there is nothing to prepare for."""

    def setoutputsize(self, size: Any, column: Any = None, /) -> None:
        """Do nothing: values are never cut."""

    async def __aenter__(self) -> Self:
        if self._is_closed:
            raise ProgrammingError("Cannot operate on a closed cursor.")
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_exception: object) -> None:
        await leave(kind, self.aclose, self._abandon)

    @property
    def connection(self) -> AsyncConnection:
        """The connection that the cursor belongs to."""
        return self._connection

    @property
    def description(self) -> tuple[tuple[str, Any, Any, Any, Any, Any, Any], ...] | None:
        """The columns of the result, as PEP 249 describes them; None where there is none."""
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed; -1 where that is not known."""
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The key of the row that was inserted last, or None."""
        return self._cursor.lastrowid

    @property
    def rownumber(self) -> int | None:
        """How many rows were fetched; None where there is no result."""
        return self._cursor.rownumber

    @property
    def messages(self) -> list[Any]:
        """What the database has to say beside errors: nothing."""
        return []

    @property
    def arraysize(self) -> int:
        """How many rows `fetchmany` fetches."""
        return self._cursor.arraysize

    @arraysize.setter
    def arraysize(self, size: int) -> None:
        self._cursor.arraysize = size

    @property
    def row_factory(self) -> Callable[[Any, tuple[Any, ...]], Any] | None:
        """What makes rows of tuples, in the loop's thread: called with a cursor and the tuple."""
        factory: Callable[[Any, tuple[Any, ...]], Any] | None = self._cursor.row_factory
        return factory

    @row_factory.setter
    def row_factory(self, factory: Callable[[Any, tuple[Any, ...]], Any] | None) -> None:
        self._cursor.row_factory = factory

    def _abandon(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._access.worker.post(self._cursor.close)

    def _forget(self) -> None:
        self._has_more = False
        self._failure = None

    async def _next_row(self) -> Any:
        """What iteration awaits where no row was read ahead."""
        row = await self._next()
        if row is _NOTHING:
            raise StopAsyncIteration
        return row

    async def _next(self) -> Any:
        row = take_row(self._cursor, _NOTHING)
        while row is _NOTHING:
            self._raise_failure()
            if not self._has_more:
                break
            await self._access.run(self._read_here, BATCH)
            row = take_row(self._cursor, _NOTHING)
        return row

    async def _read_ahead(self, most: int) -> None:
        """Have rows read until so many can be taken. Who is cancelled meanwhile has taken none."""
        while self._has_more and self._failure is None:
            missing = most - count_waiting_rows(self._cursor)
            if missing <= 0:
                break
            await self._access.run(self._read_here, min(BATCH, missing))

    def _raise_failure(self) -> None:
        """Raise what kept rows from being read, again as long as there are rows before it."""
        failure = self._failure
        if failure is None:
            return
        if count_waiting_rows(self._cursor) == 0:
            self._failure = None
        try:
            raise failure
        finally:
            # The traceback of the error knows this frame.
            del failure

    def _run(self, call: Callable[..., object], *arguments: Any) -> None:
        """Run a statement, and read its first rows: in the worker's thread."""
        self._forget()
        call(*arguments)
        if self._cursor.description is not None:
            self._read_here(BATCH)

    def _read_here(self, most: int) -> None:
        """Read rows: in the worker's thread. A failure is raised behind the rows before it."""
        self._has_more = True
        try:
            self._has_more = read_rows_ahead(self._cursor, most)
        except BaseException as error:  # noqa: BLE001 - it is raised in the task
            self._failure = error
