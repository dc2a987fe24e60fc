"""The rows of queries, in forms that are awaited."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Coroutine, Generator, Mapping
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

from onecross._core import (
    ArrowStream,
    AwaitedQuery,
    Parts,
    Rows,
    StrictCursor,
    is_query_at_hand,
    is_query_read,
    read_query_ahead,
)
from onecross._instances import recipe
from onecross.sql._asynchronous.access import Access, closed
from onecross.sql._asynchronous.closing import leave
from onecross.sql._asynchronous.turn import Turn
from onecross.sql.errors import ProgrammingError

if TYPE_CHECKING:
    from onecross.sql._asynchronous.connection import AsyncConnection

Instance = TypeVar("Instance")
Result = TypeVar("Result")

# How many instances are made between two turns of the other tasks.
_INSTANCES = 1024

_NOTHING = object()


class AsyncRows(AwaitedQuery):
    """Rows that are read once, in the form that is awaited; see `onecross.Rows`.

    Each form takes all rows that are left, but `async for`, which takes one after the other, and
    `batches`. To await the rows themselves runs their statement, if no form has done so; to enter
    them by `async with` closes them in the end, too.

    Example:
        ```python
        import asyncio

        import onecross.sql

        async def main() -> None:
            async with onecross.sql.aconnect(":memory:") as connection:
                assert await connection.query("values (1), (2)").tuples() == [(1,), (2,)]

                async with connection.query("select 1 as a") as rows:
                    assert rows.columns == ("a",)
                    assert [row async for row in rows] == [(1,)]

        asyncio.run(main())
        ```
    """

    __slots__ = (
        "__weakref__",
        "_access",
        "_connection",
        "_cursor",
        "_is_asked",
        "_is_fetched",
        "_rows",
        "_statement",
        "_turn",
    )

    def __init__(
        self,
        cursor: StrictCursor,
        rows: Rows,
        connection: AsyncConnection,
        access: Access,
        statement: tuple[Any, Any] | None = None,
        *,
        is_fetched: bool = False,
    ) -> None:
        self._cursor = cursor
        self._rows = rows
        self._connection = connection
        self._access = access
        self._turn = Turn()
        # What is to be run; None once it was.
        self._statement = statement
        self._is_asked = statement is None
        # Whether the cursor has fetched all of them, so that nobody need be waited for.
        self._is_fetched = is_fetched

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns.

        Raises:
            ProgrammingError: The statement was not run yet, or selects nothing.
        """
        if self._statement is not None:
            raise ProgrammingError(
                "the columns are known when the statement was run: await these rows, or one of "
                "their forms"
            )
        description = self._cursor.description
        if description is None:
            raise ProgrammingError("there are no rows: the statement selects nothing")
        return tuple(column[0] for column in description)

    def __await__(self) -> Generator[Any, Any, Self]:
        return self._begun().__await__()

    async def __aenter__(self) -> Self:
        return await self._begun()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await leave(kind, self.aclose, self._give_up)

    async def tuples(self) -> list[tuple[Any, ...]]:
        """All rows that are left, as tuples.

        Raises:
            ColumnError: A value is not of the type that its column is declared with. So it is with
                all forms; the error tells the column, the row and the value.
        """
        return await self._all(self._rows.tuples)

    async def dicts(self) -> list[dict[str, Any]]:
        """All rows that are left, as dicts.

        Raises:
            ProgrammingError: Two columns have the same name.
        """
        return await self._all(self._rows.dicts)

    async def to(
        self, kind: type[Instance], /, *, rename: Mapping[str, str] | None = None
    ) -> list[Instance]:
        """All rows that are left, as instances of a class.

        They are made in the thread of the loop and in the context of the task, for what a class
        does when it is called may not be meant for another thread: at most 1,024 between two turns
        of the other tasks.

        Args:
            kind: The class.
            rename: The names that some columns have in the class.

        Raises:
            ShapeError: There is no column for what the class asks for, or no place for a column.
        """
        if rename is None and (kind is tuple or kind is dict):
            return await self._all(partial(self._rows.to, kind))
        with self._turn:
            return await self._instances(kind, rename)

    async def numpy(self, *, nulls: Literal["masked", "nan"] = "masked") -> dict[str, Any]:
        """All rows that are left, as NumPy's arrays: one for each column, by its name.

        Args:
            nulls: What stands for NULL: "masked" for a masked array where a column has any, "nan"
                for not-a-number, not-a-time or None.

        Raises:
            ColumnError: The values of a column are of different types.
        """
        return await self._all(partial(self._rows.numpy, nulls=nulls))

    async def arrow(self) -> ArrowStream:
        """All rows that are left, as columns in Arrow's layout.

        Raises:
            ColumnError: The values of a column are of different types.
        """
        return await self._all(self._rows.arrow)

    async def json(self, *, blobs: Literal["base64"] | None = None) -> bytes:
        """All rows that are left, as the JSON of a list of objects.

        Args:
            blobs: What bytes become: "base64" for texts; they are an error otherwise.

        Raises:
            ColumnError: A value has no form in JSON.
        """
        return await self._all(partial(self._rows.json, blobs=blobs))

    async def json_lines(self, *, blobs: Literal["base64"] | None = None) -> bytes:
        """The same, each row as an object in a line of its own."""
        return await self._all(partial(self._rows.json_lines, blobs=blobs))

    def batches(self, size: int, /) -> AsyncParts:
        """The rows in parts of at most `size` rows, by `async for`.

        Each part is an `onecross.Rows`, whose rows are in memory: its forms are not awaited. No
        more than one part is read before it is asked for.
        """
        return AsyncParts(partial(self._next, self._rows.batches(size), size))

    async def one(self) -> tuple[Any, ...]:
        """The only row.

        Raises:
            ProgrammingError: There is no row, or more than one.
        """
        return await self._all(self._rows.one)

    async def scalar(self) -> Any:
        """The only value of the only row.

        Raises:
            ProgrammingError: There is no row, more than one, or more than one column.
        """
        return await self._all(self._rows.scalar)

    async def column(self, name: str, /, *, nulls: Literal["masked", "nan"] = "masked") -> Any:
        """One column of all rows that are left, as an array of NumPy's.

        Raises:
            KeyError: There is no such column.
        """
        return await self._all(partial(self._rows.column, name, nulls=nulls))

    async def close(self) -> None:
        """End the query, when nobody reads it any more; what was not read is given up."""
        await self._turn.wait_for_end()
        if self._is_at_rest():
            self._close_here()
        else:
            await self._access.end(self._close_here)

    async def aclose(self) -> None:
        """Close them, unless their connection was closed before; for `contextlib.aclosing`."""
        await self._turn.wait_for_end()
        if not self._access.is_closed:
            await self.close()

    def __del__(self) -> None:
        if not getattr(self, "_is_asked", True):
            message = f"the statement of {self!r} was never run: nobody awaited it"
            warnings.warn(message, RuntimeWarning, source=self, stacklevel=1)

    async def _begun(self) -> Self:
        if self._statement is not None:
            await self._all(lambda: self._rows.columns)
        return self

    async def _all(self, take: Callable[[], Result]) -> Result:
        """Make a call that takes rows, alone."""
        with self._turn:
            return await self._run(take)

    async def _run(self, take: Callable[[], Result]) -> Result:
        """Run the statement, unless it was, and then make a call that takes rows.

        That is made at once if all of them were read, or else by the worker.
        """
        access = self._access
        self._is_asked = True
        if access.is_closed:
            raise closed()
        if self._statement is not None:
            if access.execute_inline(self._cursor, *self._statement):
                self._statement = None
                read_query_ahead(self._rows, sys.maxsize)
                await access.give_turn()
        elif self._is_fetched and access.is_free():
            read_query_ahead(self._rows, sys.maxsize)
        if is_query_read(self._rows):
            return take()
        if not access.blocks.admit():
            # Who closes these rows may be in the block that this waits for.
            self._turn.stall()
        await access.wait_for_turn()
        self._turn.go_on()
        return await access.worker.run(self._run_here, take)

    def _run_here(self, take: Callable[[], Result]) -> Result:
        """The same, in the worker's thread."""
        statement = self._statement
        if statement is not None:
            self._cursor.execute(*statement)
            self._statement = None
        return take()

    async def _next_row(self) -> Any:
        """What iteration awaits where no row was read ahead."""
        row = await self._next(self._rows, None)
        if row is _NOTHING:
            raise StopAsyncIteration
        return row

    async def _next(self, iterator: Rows | Parts, most: int | None) -> Any:
        """The next of the rows or parts, for which the worker reads so many rows."""
        with self._turn:
            if not is_query_at_hand(self._rows):
                await self._run(partial(read_query_ahead, self._rows, most))
            return next(iterator, _NOTHING)

    async def _instances(
        self, kind: type[Instance], rename: Mapping[str, str] | None
    ) -> list[Instance]:
        parts = self._rows.batches(_INSTANCES)
        read_ahead = partial(read_query_ahead, self._rows, _INSTANCES)
        made: list[Instance] = []
        await self._run(read_ahead)
        if not is_query_read(self._rows):
            # What the class asks for is told before rows are taken for it.
            recipe(kind, self._rows.columns, rename)
        try:
            while not is_query_read(self._rows):
                made += next(parts).to(kind, rename=rename)
                await self._run(read_ahead)
        except BaseException:
            self._give_up()
            raise
        made += self._rows.to(kind, rename=rename)
        return made

    def _is_at_rest(self) -> bool:
        """Whether nobody reads, and there is no statement to end or nobody to wait for."""
        if self._turn.is_taken:
            return False
        was_not_run = self._statement is not None
        return was_not_run or is_query_read(self._rows) or self._access.is_free()

    def _close_here(self) -> None:
        self._is_asked = True
        self._statement = None
        self._rows.close()

    def _give_up(self) -> None:
        """Close them, or have the worker do so some time."""
        if self._is_at_rest():
            self._close_here()
        elif not self._access.is_closed:
            self._access.worker.post(self._close_here)


class AsyncParts:
    """Gives rows in parts, by `async for`."""

    __slots__ = ("_next",)

    def __init__(self, following: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        self._next = following

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Rows:
        part = await self._next()
        if isinstance(part, Rows):
            return part
        raise StopAsyncIteration
