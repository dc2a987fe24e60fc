"""Connections whose statements are awaited, and how they are opened."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from operator import index
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from onecross._core import coming_rows
from onecross.sql._asynchronous.access import Access, Statistics, closed, enter, leave
from onecross.sql._asynchronous.callbacks import AsyncCallbacks
from onecross.sql._asynchronous.closing import Closing, untold_if_cancelled
from onecross.sql._asynchronous.cursor import AsyncCursor
from onecross.sql._asynchronous.rows import AsyncRows
from onecross.sql._asynchronous.statement import AsyncStatement
from onecross.sql._asynchronous.storing import AsyncStoring
from onecross.sql._asynchronous.upkeep import AsyncUpkeep
from onecross.sql._asynchronous.worker import Worker
from onecross.sql._connection import Connection
from onecross.sql._exceptions import Exceptions
from onecross.sql.errors import Error

if TYPE_CHECKING:
    from onecross._core_sql import Parameters

    if sys.version_info >= (3, 14):
        from string.templatelib import Template
    else:
        Template = str

# About half a millisecond of a statement whose pages are in memory.
_INLINE_OPERATIONS = 50_000


class AsyncConnection(Exceptions, AsyncCallbacks, AsyncStoring, AsyncUpkeep):
    """A connection to a database for the tasks of one event loop; see `aconnect`.

    `async with connection:` is a transaction, and within another a savepoint. As long as it is
    open, the connection is that of the task that entered it, and of those begun in it: all others
    wait, as long as `timeout` says.

    Example:
        ```python
        import asyncio

        import onecross.sql

        async def main() -> None:
            async with onecross.sql.aconnect(":memory:") as connection:
                async with connection:
                    await connection.execute("create table seat (number integer primary key)")
                    await connection.executemany("insert into seat values (?)", [(1,), (2,)])
                cursor = await connection.execute("select count(*) from seat")
                assert await cursor.fetchone() == (2,)

        asyncio.run(main())
        ```
    """

    __slots__ = ("__weakref__", "_connection")

    def __init__(self, connection: Connection, access: Access) -> None:
        self._connection = connection
        self._access = access

    def cursor(self) -> Closing[AsyncCursor]:
        """A new cursor."""

        async def make() -> AsyncCursor:
            return self._cursor()

        return Closing(make(), AsyncCursor.aclose)

    def execute(
        self, sql: str | Template, parameters: Parameters | None = None, /
    ) -> Closing[AsyncCursor]:
        """Run a statement with a new cursor, and return that.

        A statement that only reads is run at once, and if it does not end soon, by the worker.
        """

        async def execute() -> AsyncCursor:
            return await self._cursor().execute(sql, parameters)

        return Closing(execute(), AsyncCursor.aclose)

    def executemany(self, sql: str, parameters: Iterable[Parameters], /) -> Closing[AsyncCursor]:
        """Run a statement once for each of many sets of parameters, which the worker iterates."""

        async def execute() -> AsyncCursor:
            return await self._cursor().executemany(sql, parameters)

        return Closing(execute(), AsyncCursor.aclose)

    def executescript(self, sql_script: str, /) -> Closing[AsyncCursor]:
        """Run all statements of a text."""

        async def execute() -> AsyncCursor:
            return await self._cursor().executescript(sql_script)

        return Closing(execute(), AsyncCursor.aclose)

    def query(
        self,
        sql: str,
        parameters: Parameters | None = None,
        /,
        *,
        types: Mapping[str, str | type] | None = None,
    ) -> AsyncRows:
        """The rows of a statement, in whatever form is awaited.

        The statement is run when the first form is awaited, or the rows themselves: at once if it
        only reads and ends soon, else by the worker.

        Args:
            sql: The text of one statement.
            parameters: The values of its parameters.
            types: The types of columns, by their names, that count instead of what is declared:
                as those of `Connection.query`.

        Raises:
            ProgrammingError: The connection is closed.
            ValueError: There is no such type.
        """
        if self._access.is_closed:
            raise closed()
        cursor = self._connection.cursor()
        rows = coming_rows(cursor, types)
        return AsyncRows(cursor, rows, self, self._access, (sql, parameters))

    def prepare(self, sql: str) -> Closing[AsyncStatement]:
        """Keep a statement ready, to run it many times.

        Args:
            sql: The text of one statement.

        Returns:
            A statement to call, or to `execute`.
        """

        async def prepare() -> AsyncStatement:
            return AsyncStatement(self, await self._access.run(self._connection.prepare, sql))

        return Closing(prepare(), AsyncStatement.close)

    async def commit(self) -> None:
        """Make what was changed since the transaction began last.

        A task that is cancelled meanwhile does not know whether it was: `in_transaction` tells.
        """
        await self._end_transaction(self._connection.commit)

    async def rollback(self) -> None:
        """Undo what was changed since the transaction began."""
        await self._end_transaction(self._connection.rollback)

    async def close(self) -> None:
        """Close the connection, and end its thread. What is not committed is lost."""
        await self._access.close()

    async def aclose(self) -> None:
        """Close the connection, unless it was closed before; for `contextlib.aclosing`."""
        if not self._access.is_closed:
            await self._access.close()

    def interrupt(self) -> None:
        """Stop the call that is under way, whichever task asked for it, from any thread."""
        self._connection.interrupt()

    async def __aenter__(self) -> Self:
        access, connection = self._access, self._connection
        block = await access.enter_block()
        try:
            if access.is_free():
                enter(connection, block)
            else:
                await access.worker.finish(enter, connection, block)
        except BaseException:
            # Who is killed does not know whether the worker is yet to enter it, and it may have
            # been left with one around it.
            access.worker.post(leave, connection, access.blocks.leave(block), Error)
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is not GeneratorExit or not self._access.blocks.was_forsaken():
            with untold_if_cancelled(kind):
                await self._leave(kind)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction was open when the last statement had ended."""
        self._check_open()
        if self._access.is_free():
            return self._connection.in_transaction
        return self._access.worker.in_transaction

    @property
    def total_changes(self) -> int:
        """How many rows had been changed since the connection was opened."""
        self._check_open()
        if self._access.is_free():
            return self._connection.total_changes
        return self._access.worker.total_changes

    @property
    def autocommit(self) -> bool:
        """Whether each statement is a transaction of its own; see `set_autocommit`."""
        return bool(self._connection.autocommit)

    @property
    def isolation_level(self) -> str:
        """The word that follows BEGIN, with which a transaction begins before what writes."""
        return self._connection.isolation_level

    @property
    def messages(self) -> list[Any]:
        """What the database has to say beside errors: nothing."""
        return []

    @property
    def statistics(self) -> Statistics:
        """How many statements were run at once, and what was left to the worker."""
        return self._access.statistics

    @property
    def row_factory(self) -> Callable[[Any, tuple[Any, ...]], Any] | None:
        """What makes rows of tuples, in the loop's thread: called with a cursor and the tuple."""
        factory: Callable[[Any, tuple[Any, ...]], Any] | None = self._connection.row_factory
        return factory

    @row_factory.setter
    def row_factory(self, factory: Callable[[Any, tuple[Any, ...]], Any] | None) -> None:
        self._connection.row_factory = factory

    @property
    def text_factory(self) -> Any:
        """What makes objects of the bytes of a text, in the worker's thread."""
        return self._connection.text_factory

    @text_factory.setter
    def text_factory(self, factory: Any) -> None:
        self._connection.text_factory = factory

    def __del__(self) -> None:
        access = getattr(self, "_access", None)
        if access is not None and not access.is_closed:
            access.abandon()
            warnings.warn(f"{self!r} was not closed", ResourceWarning, source=self, stacklevel=1)

    def _abandon(self) -> None:
        self._access.abandon()

    def _check_open(self) -> None:
        if self._access.is_closed:
            raise closed()

    def _cursor(self) -> AsyncCursor:
        self._check_open()
        return AsyncCursor(self._connection.cursor(), self, self._access)

    async def _leave(self, kind: type[BaseException] | None) -> None:
        access, connection = self._access, self._connection
        block = access.blocks.find()
        is_free = access.is_free() and not connection.in_transaction
        # Whoever has the next turn asks the worker behind this, which asks it before it waits: who
        # had it only when the worker is done would be in a block that is left already.
        blocks = access.blocks.leave(block)
        if access.is_closed:
            if kind is None:
                raise closed()
        elif is_free:
            leave(connection, blocks, kind)
        elif kind is GeneratorExit:
            access.worker.post(leave, connection, blocks, kind)
        else:
            try:
                access.worker.listen()
            except RuntimeError:
                # Nobody comes back to a block that could not be left.
                access.worker.post(leave, connection, blocks, Error)
                raise
            await access.worker.finish(leave, connection, blocks, kind)

    async def _end_transaction(self, end: Callable[[], None]) -> None:
        if self._access.is_free() and not self._connection.in_transaction:
            end()
        else:
            await self._access.run(end)


def aconnect(
    database: str | os.PathLike[str],
    *,
    timeout: float = 5.0,
    deadline: float | None = None,
    profile: str | None = None,
    autocommit: bool = False,
    uri: bool = False,
    read_only: bool = False,
    cached_statements: int = 128,
    inline_operations: int = _INLINE_OPERATIONS,
) -> Closing[AsyncConnection]:
    """Open a database for the tasks of an event loop: to be awaited, or entered by `async with`.

    Args:
        database: The path, or ":memory:" for a database of this connection alone.
        timeout: How many seconds to wait for a lock of another connection, or for the block of
            another task.
        deadline: How many seconds one call may take; see `connect`, as for all that follow.
        profile: "secure" where the database or its statements are somebody else's.
        autocommit: Whether each statement is a transaction of its own, outside of blocks.
        uri: Whether `database` may be a URI.
        read_only: Whether nothing is to be written.
        cached_statements: How many statements are kept ready for when they come again.
        inline_operations: How many operations of SQLite's machine a statement may take that is run
            in the thread of the loop, about ten microseconds for each thousand. It is run by the
            worker if it takes more, or more than a millisecond: a million are the most that count.
            None is run in the loop for 0.

    Returns:
        What gives a connection when it is awaited; `async with` closes that in the end, too.

    Raises:
        OperationalError: The file cannot be opened.
        TypeError: The number of operations is no whole number.
        ValueError: There is no such profile, or the number of operations is negative.

    Example:
        ```python
        import asyncio

        import onecross.sql

        async def main() -> None:
            async with onecross.sql.aconnect(":memory:") as connection:
                async with connection.execute("select 6 * ?", (7,)) as cursor:
                    assert await cursor.fetchone() == (42,)

        asyncio.run(main())
        ```
    """
    try:
        operations = index(inline_operations)
    except TypeError:
        message = f"inline_operations must be a whole number, not {inline_operations!r}"
        raise TypeError(message) from None
    if operations < 0:
        raise ValueError(f"inline_operations must be 0 or more, not {operations}")
    connect = partial(
        Connection,
        database,
        timeout=timeout,
        deadline=deadline,
        profile=profile,
        autocommit=autocommit,
        uri=uri,
        read_only=read_only,
        cached_statements=cached_statements,
    )
    return Closing(_opened(connect, timeout, operations), AsyncConnection.aclose)


async def _opened(
    connect: Callable[[], Connection], timeout: float, inline_operations: int
) -> AsyncConnection:
    worker = Worker()

    def open_here() -> Connection:
        worker.connection = connection = connect()
        return connection

    try:
        connection = await worker.finish(open_here)
    except BaseException:
        worker.abandon()
        raise
    return AsyncConnection(connection, Access(connection, worker, timeout, inline_operations))
